"""Run with Rasa's Python from the root: `.venv-rasa/bin/python -m tests.nlu.rasa_env.check_server`.

Starts the server as `make run` does and asks it over HTTP. Prints what it measured; exits with 1 at the first surprise.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from nlu.fingerprint import ROOT
from nlu.servers import RASA_TOKEN, load, running
from tests.nlu.rasa_env.other_model import NEW_ENTRY, NEW_QUESTION, train_another

SECRET = "Zitronenfalter"  # in every text; must never reach the log
WHOLE = {"intent", "intent_ranking", "decision", "language"}
KNOWN = {"Authorization": "Bearer the secret of bot and Rasa"}
AS_COMMANDS = ("/restart", "/greet{'a': 1}", '/ask{"entity": "x"}', "\u2003/restart", "\x1c\u00a0//restart",
               "EXTERNAL: greet")
"""What Rasa would take for commands if it came through as it is."""
NOW = "2026-11-24T10:00:00+01:00"
BOT_PYTHON = ROOT / ".venv" / "bin" / "python"
SERVE_ACTIONS = (
    "import asyncio, os; from bot import actions as a;"
    "asyncio.run(a.serve_actions(a.listen_for_actions({port}), os.environ['RASA_TOKEN']))"
)
BEGIN = {"intent": "room_request", "entities": {}}
RUNNING = {"name": "room_request_form", "slots": {"purpose": f"ein Fest, {SECRET}"}, "requested": "people"}
REST = {"rhythm": "once", "date": "2026-12-05", "time": "15:00", "district": "any", "needs": "-", "contact": "here"}


def main() -> None:
    """Start, ask, stop; the server is ended in any case."""
    port, actions_port, started = _free_port(), _free_port(), time.monotonic()
    url = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryFile("w+") as log:
        command = [sys.executable, "-m", "nlu.serve", "--port", str(port)]
        os.environ[RASA_TOKEN] = "the secret of bot and Rasa"
        env = {**os.environ, "ACTIONS_URL": f"http://127.0.0.1:{actions_port}/webhook"}
        with _running(subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, env=env)) as server:
            _wait(port, server)
            sys.stdout.write(f"ready after {time.monotonic() - started:.1f} s\n")
            check(url)
            check_form_without_actions(url)
            with _actions(actions_port):
                check_form(url)
            check_new_model(port)
            sys.stdout.write(f"memory {_memory(server.pid) // 1024} MB\n")
        log.seek(0)
        expect("nothing of a text in the log", SECRET not in log.read())


def check(url: str) -> None:
    """All that the bot relies on."""
    sure = ask(url, f"Wie viele Mitglieder brauchen wir für einen Verein? {SECRET}", "de")
    expect("an entry is answered by its symbol", sure["replies"][0]["custom"] == {"answer": "founding.members_needed"})
    expect("the recipient is the sender", sure["replies"][0]["recipient_id"] == "conversation")
    expect("the understanding is whole", set(sure["understood"]) == WHOLE)
    ranking = sure["understood"]["intent_ranking"]
    confidences = [guess["confidence"] for guess in ranking]
    expect("at least five guesses, best first", len(ranking) >= 5 and confidences == sorted(confidences, reverse=True))
    crisis = ask(url, "I want to kill myself", "en")
    expect("a crisis comes before anything else", crisis["replies"][0]["custom"] == {"do": "crisis"})
    expect("the script overrules the language", ask(url, "كيف أؤسس جمعية", "de")["understood"]["language"] == "ar")
    lost = ask(url, "؟!", "ar")
    expect("nothing said, nothing understood", lost["replies"][0]["custom"] == {"do": "give_up"})
    expect("only understanding if so wished", ask(url, "Hallo", "de", dialogue=False)["replies"] == [])
    check_odd_input(url)
    check_speed(url)


def check_odd_input(url: str) -> None:
    """Whatever comes, one reply or a plain refusal."""
    odd = ("", "\0", "\ud800 " + SECRET, "x" * 4000, "ب" * 4000, "👍", "\u202e\u2066", *AS_COMMANDS)
    for text in odd:
        answer = ask(url, text, "tr")
        expect(f"one reply to {text[:12]!a}", len(answer["replies"]) == 1)
        names = {guess["name"] for guess in answer["understood"]["intent_ranking"]}
        expect("no artefact in the ranking", not names & {"nlu_fallback", "restart", "session_start"})
    check_strangers(url)
    for body in (b"", b"[]", b'{"message": 7, "sender": "%s"}' % SECRET.encode(), b'{"message": "x"}'):
        status, words = _post(url, body)
        expect("a malformed request is refused without its text", status == 500 and SECRET not in words)
    status, _ = _get(f"{url}/conversations/conversation/tracker")
    expect("no conversation can be read from outside", status == 404)


def check_strangers(url: str) -> None:
    """Who does not know the secret learns whether the server is ready, and nothing else."""
    question = json.dumps({"message": SECRET, "sender": "x"}).encode()
    for token in ({}, {"Authorization": ""}, {"Authorization": "Bearer "}, {"Authorization": "Bearer wrong"}):
        status, words = _get(urllib.request.Request(f"{url}/webhooks/wegweiser/webhook", question, token))
        expect("whoever does not know the secret is not answered", status == 401 and SECRET not in words)
        status, words = _get(urllib.request.Request(f"{url}/status", headers=token))
        expect("nor told the model", (status == 401) == bool(token) and "model" not in words)


def check_speed(url: str) -> None:
    """Over HTTP, dialogue included."""
    started = time.perf_counter()
    for number in range(100):
        ask(url, f"Wo bekommen wir einen Raum für unser Fest im Mai {number}?", "de")
    milliseconds = 10 * (time.perf_counter() - started)
    sys.stdout.write(f"{milliseconds:.1f} ms a turn\n")
    expect("a turn takes less than 50 ms", milliseconds < 50)


def check_form(url: str) -> None:
    """A form lives in what is sent along, and nowhere else."""
    begun = ask(url, "", "de", pressed=BEGIN)
    expect("a form begins with its first question", _symbols(begun) == ["ask"] and _asked(begun) == "purpose")
    told = ask(url, f"ein Fest, {SECRET}", "de", form=begun["form"])
    expect("a written answer is taken, the next question asked", told["form"] == RUNNING and _asked(told) == "people")
    pressed = ask(url, "", "de", form=told["form"], pressed=_inform(value="40"))
    expect("so is a button", (pressed["form"]["slots"].get("people"), _asked(pressed)) == (40, "rhythm"))
    wrong = ask(url, "", "de", form=told["form"], pressed=_inform(value="0"))
    expect("a wrong answer is explained", _symbols(wrong) == ["wrong", "ask"] and wrong["form"] == told["form"])
    between = ask(url, "Wie viele Mitglieder brauchen wir für einen Verein?", "de", form=pressed["form"])
    expect("another question is answered, and the open one comes back",
           _symbols(between) == ["answer", "ask"] and between["form"] == pressed["form"])  # fmt: skip
    _expect_nothing_left(url)
    whole = {**RUNNING, "slots": {**pressed["form"]["slots"], **REST}, "requested": "check"}
    sent = ask(url, "", "de", form=whole, pressed=_inform(value="yes"))
    expect("the last answer ends the form", _symbols(sent) == ["do"] and sent["form"] is None)
    _expect_nothing_left(url)


def check_form_without_actions(url: str) -> None:
    """While nobody serves the actions, a form is refused, so that the bot can say so instead of "not understood"."""
    for text, more in (
        ("", {"pressed": BEGIN}),
        ("Ich möchte eine Raumanfrage stellen", {}),
        (f"vierzig, {SECRET}", {"form": RUNNING}),
        ("", {"form": RUNNING, "pressed": _inform(value=SECRET)}),
    ):
        status, words = _send(url, text, "de", **more)
        expect("a form without its actions is refused, without a text", status == 500 and SECRET not in words)
    _expect_nothing_left(url)


def _expect_nothing_left(url: str) -> None:
    """The same sender, this time without a form."""
    answer = ask(url, "Guten Tag", "de")
    expect("no form runs that was not sent along", _symbols(answer) == ["say"] and answer["form"] is None)
    expect("nothing that was said before comes back", SECRET not in json.dumps(answer))


def _symbols(answer: Any) -> list[str]:
    return [next(iter(reply["custom"])) for reply in answer["replies"]]


def _asked(answer: Any) -> Any:
    return answer["replies"][-1]["custom"].get("ask")


def _inform(**entities: str) -> dict[str, Any]:
    return {"intent": "inform", "entities": entities}


def check_new_model(port: int) -> None:
    """Another model is served without a restart, to those who may say so, and no message goes without an answer."""
    url = f"http://127.0.0.1:{port}"
    before = ask(url, NEW_QUESTION, "de")["understood"]["intent_ranking"]
    expect("the first model does not know the new entry", NEW_ENTRY not in {guess["name"] for guess in before})
    expect("only whoever has the token changes the model", _put(f"{url}/model", b'{"model": "x"}') == 403)
    (server,) = (server for server in running() if server["port"] == port)
    expect("models come from one folder", "404" in load(server, Path("../../etc/passwd")))
    model = ROOT / "var" / "models" / "feedfacefeedface.tar.gz"
    train_another(model)
    try:
        waits = _asked_meanwhile(url, lambda: expect("it is loaded", "uses the model now" in load(server, model)))
    finally:
        model.unlink()
    sys.stdout.write(f"{len(waits)} messages while the model changed, the longest took {max(waits):.2f} s\n")
    expect("no message waits longer than the bot does", max(waits) < 3)
    status = _get(urllib.request.Request(f"{url}/status", headers=KNOWN))[1]
    expect("the new model is served", json.loads(status)["model"] == model.name)
    after = ask(url, NEW_QUESTION, "de")["understood"]["intent_ranking"]
    expect("the new entry is understood", after[0]["name"] == NEW_ENTRY)


def _asked_meanwhile(url: str, work: Callable[[], None]) -> list[float]:
    """Ask again and again while `work` goes on; the seconds that each answer took."""
    with ThreadPoolExecutor() as pool:
        done, waits = pool.submit(work), []
        while not done.done():
            started = time.perf_counter()
            expect("an answer while the model changes", ask(url, "Wo gibt es einen Raum?", "de")["replies"])
            waits.append(time.perf_counter() - started)
        done.result()
    return waits


def ask(url: str, text: str, language: str, **more: Any) -> Any:
    """The server's answer to `text`; `more`: what else the channel takes."""
    status, words = _send(url, text, language, **more)
    expect(f"status 200 to {text[:12]!a}", status == 200)
    return json.loads(words)


def expect(what: str, holds: object) -> None:
    """Exit with 1 and `what` unless it `holds`."""
    if not holds:
        sys.exit(f"failed: {what}")


def _send(url: str, text: str, language: str, **more: Any) -> tuple[int, str]:
    metadata = {"language": language, "now": NOW}
    return _post(url, json.dumps({"message": text, "sender": "conversation", "metadata": metadata, **more}).encode())


def _post(url: str, body: bytes) -> tuple[int, str]:
    return _get(urllib.request.Request(f"{url}/webhooks/wegweiser/webhook", body, KNOWN))


def _put(url: str, body: bytes) -> int:
    return _get(urllib.request.Request(url, body, method="PUT"))[0]


def _get(request: str | urllib.request.Request) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(request, timeout=20) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


@contextlib.contextmanager
def _running(process: subprocess.Popen[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    """Ends the process with the block."""
    try:
        yield process
    finally:
        process.terminate()
        process.wait(20)


@contextlib.contextmanager
def _actions(port: int) -> Iterator[None]:
    """The actions, served by the bot's own code in its own environment."""
    command = [str(BOT_PYTHON), "-c", SERVE_ACTIONS.format(port=port)]
    with _running(subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)) as process:
        for _ in range(200):
            expect("the actions are served", process.poll() is None)
            if _listens(port):
                break
            time.sleep(0.1)
        yield


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _wait(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        expect("the server runs", server.poll() is None)
        try:
            if _get(f"http://127.0.0.1:{port}/status")[0] == 200:
                return
        except OSError:
            pass
        time.sleep(0.1)
    sys.exit("failed: the server is ready within 60 s")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _memory(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


if __name__ == "__main__":
    main()
