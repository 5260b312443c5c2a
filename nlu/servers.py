"""The Rasa servers of this checkout that run, so that a model just trained gets to them. Knows no Rasa.

Each server leaves a file `var/servers/<port>.json` that only its user can read, with a random token. Whoever has the
token may make it load one of the models in `var/models` (`PUT /model` in flows/channel.py), nothing else.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nlu.fingerprint import ROOT

FOLDER = ROOT / "var" / "servers"
TOKEN = "WEGWEISER_RASA_TOKEN"
"""The environment variable by which the server's own process knows its token."""
RASA_TOKEN = "RASA_TOKEN"
"""The one by which it knows the secret that it shares with the bot."""
PATIENCE = 120
"""Seconds that a server may take to load a model."""
_open = urllib.request.build_opener(urllib.request.ProxyHandler({})).open  # never by way of a proxy


@contextlib.contextmanager
def announced(port: int, folder: Path = FOLDER) -> Iterator[None]:
    """Leave the file, and the token in the environment, as long as the block runs."""
    token = os.environ[TOKEN] = secrets.token_urlsafe(32)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{port}.json"
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
        json.dump({"port": port, "pid": os.getpid(), "token": token}, file)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def load_everywhere(model: Path, folder: Path = FOLDER) -> list[str]:
    """Ask every running server to load a model of `var/models`; a line about each, or that there is none."""
    said = [load(server, model) for server in running(folder)]
    return said or ["no Rasa server of this checkout is running; the next one that starts uses the model"]


def running(folder: Path = FOLDER) -> Iterator[dict[str, Any]]:
    """What stands in the files of servers that are alive; the files of others are removed."""
    for path in sorted(folder.glob("*.json")):
        try:
            server = json.loads(path.read_text(encoding="utf-8"))
            os.kill(server["pid"], 0)
        except (OSError, ValueError, KeyError, TypeError):
            path.unlink(missing_ok=True)
        else:
            yield server


def load(server: dict[str, Any], model: Path) -> str:
    """Ask one of the `running` servers to load a model, and wait for it; a line about how that went."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{server['port']}/model", json.dumps({"model": model.name}).encode(), method="PUT",
        headers={"Authorization": f"Bearer {server['token']}"},
    )  # fmt: skip
    which = f"the Rasa server on port {server['port']}"
    try:
        with _open(request, timeout=PATIENCE):
            return f"{which} uses the model now"
    except urllib.error.HTTPError as error:
        return f"{which} keeps its old model: it answered {error.code}"
    except OSError as error:
        return f"{which} keeps its old model: it does not answer ({type(error).__name__})"
