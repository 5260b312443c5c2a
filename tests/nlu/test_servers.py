"""A model just trained gets to the servers that run, and to nobody else; old models go."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from nlu.servers import TOKEN, announced, load_everywhere
from nlu.train import KEPT, drop_old

MODEL = Path("0123456789abcdef.tar.gz")
NOBODY = ["no Rasa server of this checkout is running; the next one that starts uses the model"]


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(TOKEN, "")


@contextmanager
def listening(status: int) -> Iterator[tuple[int, list[tuple[str, str, object]]]]:
    """A server on loopback that answers every PUT with `status`, and what it was asked."""
    asked: list[tuple[str, str, object]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            asked.append((self.path, self.headers["authorization"], body))
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port, asked
        server.shutdown()


def test_running_server_is_asked_with_its_token(tmp_path: Path) -> None:
    with listening(200) as (port, asked), announced(port, tmp_path):
        assert load_everywhere(MODEL, tmp_path) == [f"the Rasa server on port {port} uses the model now"]
        assert asked == [("/model", f"Bearer {os.environ[TOKEN]}", {"model": MODEL.name})]
    assert load_everywhere(MODEL, tmp_path) == NOBODY


def test_server_that_refuses_or_is_not_up_yet_keeps_its_model_and_stays_known(tmp_path: Path) -> None:
    with listening(500) as (port, _), announced(port, tmp_path):
        (said,) = load_everywhere(MODEL, tmp_path)
        assert said == f"the Rasa server on port {port} keeps its old model: it answered 500"
    with announced(port, tmp_path):
        for _ in range(2):
            (said,) = load_everywhere(MODEL, tmp_path)
            assert "keeps its old model: it does not answer" in said


def test_file_of_a_server_is_closed_to_others_and_has_a_new_token_each_time(tmp_path: Path) -> None:
    tokens = set()
    for _ in range(2):
        with announced(5005, tmp_path):
            assert (tmp_path / "5005.json").stat().st_mode & 0o077 == 0
            tokens.add(json.loads((tmp_path / "5005.json").read_text())["token"])
    assert len(tokens) == 2
    assert list(tmp_path.iterdir()) == []


def test_file_of_a_server_that_was_killed_is_removed(tmp_path: Path) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    (tmp_path / "5005.json").write_text(json.dumps({"port": 5005, "pid": gone.pid, "token": "x"}))
    (tmp_path / "5006.json").write_text("{")
    assert load_everywhere(MODEL, tmp_path) == NOBODY
    assert list(tmp_path.iterdir()) == []


def test_only_the_newest_models_stay(tmp_path: Path) -> None:
    names = [f"{number:016x}.tar.gz" for number in range(KEPT + 2)]
    for age, name in enumerate([*names, "x.1.part.tar.gz"]):
        (tmp_path / name).write_bytes(b"")
        os.utime(tmp_path / name, (1_000_000 - age, 1_000_000 - age))
    drop_old(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [*names[:KEPT], "x.1.part.tar.gz"]
