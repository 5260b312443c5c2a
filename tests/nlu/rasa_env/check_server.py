"""Run with Rasa's Python from the root: `.venv-rasa/bin/python -m tests.nlu.rasa_env.check_server`.

Starts the server as `make run` does and asks it over HTTP. Prints what it measured; exits with 1 at the first surprise.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from nlu.fingerprint import ROOT
from nlu.servers import load, running
from tests.nlu.rasa_env.other_model import NEW_ENTRY, NEW_QUESTION, train_another

SECRET = "Zitronenfalter"  # in every text; must never reach the log
WHOLE = {"intent", "intent_ranking", "decision", "language"}


def main() -> None:
    """Start, ask, stop; the server is ended in any case."""
    port, started = _free_port(), time.monotonic()
    with tempfile.TemporaryFile("w+") as log:
        command = [sys.executable, "-m", "nlu.serve", "--port", str(port)]
        server = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
        try:
            _wait(port, server)
            sys.stdout.write(f"ready after {time.monotonic() - started:.1f} s\n")
            check(f"http://127.0.0.1:{port}")
            check_new_model(port)
            sys.stdout.write(f"memory {_memory(server.pid) // 1024} MB\n")
        finally:
            server.terminate()
            server.wait(20)
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
    odd = ("", "\0", "\ud800 " + SECRET, "x" * 4000, "ب" * 4000, "/restart", "/greet{'a': 1}", "👍", "\u202e\u2066")
    for text in odd:
        answer = ask(url, text, "tr")
        expect(f"one reply to {text[:12]!a}", len(answer["replies"]) == 1)
        names = {guess["name"] for guess in answer["understood"]["intent_ranking"]}
        expect("no artefact in the ranking", not names & {"nlu_fallback", "restart", "session_start"})
    for body in (b"", b"[]", b'{"message": 7, "sender": "%s"}' % SECRET.encode(), b'{"message": "x"}'):
        status, words = _post(url, body)
        expect("a malformed request is refused without its text", status == 500 and SECRET not in words)
    status, _ = _get(f"{url}/conversations/conversation/tracker")
    expect("no conversation can be read from outside", status == 404)


def check_speed(url: str) -> None:
    """Over HTTP, dialogue included."""
    started = time.perf_counter()
    for number in range(100):
        ask(url, f"Wo bekommen wir einen Raum für unser Fest im Mai {number}?", "de")
    milliseconds = 10 * (time.perf_counter() - started)
    sys.stdout.write(f"{milliseconds:.1f} ms a turn\n")
    expect("a turn takes less than 50 ms", milliseconds < 50)


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
    expect("the new model is served", json.loads(_get(f"{url}/status")[1])["model"] == model.name)
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


def ask(url: str, text: str, language: str, *, dialogue: bool = True) -> Any:
    """The server's answer to `text`."""
    question = {"message": text, "sender": "conversation", "metadata": {"language": language}, "dialogue": dialogue}
    status, words = _post(url, json.dumps(question).encode())
    expect(f"status 200 to {text[:12]!a}", status == 200)
    return json.loads(words)


def expect(what: str, holds: object) -> None:
    """Exit with 1 and `what` unless it `holds`."""
    if not holds:
        sys.exit(f"failed: {what}")


def _post(url: str, body: bytes) -> tuple[int, str]:
    return _get(urllib.request.Request(f"{url}/webhooks/wegweiser/webhook", body))


def _put(url: str, body: bytes) -> int:
    return _get(urllib.request.Request(url, body, method="PUT"))[0]


def _get(request: str | urllib.request.Request) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(request, timeout=20) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


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
