"""`python -m nlu.serve --port 5005`: the Rasa server, on loopback unless `--host` says otherwise, with the model for
the present data. The environment holds the secret that it shares with the bot (RASA_TOKEN), and says where the actions
are (ACTIONS_URL) and which endpoints hold (RASA_ENDPOINTS).

Trains first if there is none, in the same process: importing Rasa twice would take longer than starting the server.
"""

from __future__ import annotations

import argparse
import os
import sys

from nlu.fingerprint import ROOT, model_path
from nlu.quiet import be_quiet
from nlu.servers import RASA_TOKEN, announced
from nlu.train import train

ACTIONS_URL = "http://127.0.0.1:5055/webhook"
"""Where a bot with its default settings serves the actions; the environment may say otherwise."""

ENDPOINTS = "flows/endpoints.yml"


def main() -> None:
    """Train if needed, then serve until ended."""
    parser = argparse.ArgumentParser(prog="nlu.serve", description=__doc__)
    parser.add_argument("--port", type=int, default=5005)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on; only bots may reach it")
    options = parser.parse_args()
    if not os.environ.get(RASA_TOKEN):
        parser.error(f"{RASA_TOKEN} is missing: give this server and the bot the same secret (see README, Settings)")
    be_quiet(ROOT)
    os.environ.setdefault("ACTIONS_URL", ACTIONS_URL)
    path = model_path()
    if not path.exists():
        train(path)
    from rasa.__main__ import main as rasa

    from flows.action_results import check_schema_once

    check_schema_once()
    sys.argv = ["rasa", *arguments(str(path), options.port, options.host)]
    with announced(options.port):
        rasa()


def arguments(model: str, port: int, host: str = "127.0.0.1") -> list[str]:
    """Rasa's arguments: one worker, no API but that of the channel, no CORS, warnings only."""
    options = {
        "--interface": host,
        "--port": str(port),
        "--model": model,
        "--credentials": "flows/credentials.yml",
        "--endpoints": os.environ.get("RASA_ENDPOINTS") or ENDPOINTS,
    }
    return ["run", *[word for option in options.items() for word in option], "--quiet"]


if __name__ == "__main__":
    main()
