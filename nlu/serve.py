"""`python -m nlu.serve --port 5005`: the Rasa server, on loopback, with the model for the present data.

Trains first if there is none, in the same process: importing Rasa twice would take longer than starting the server.
"""

from __future__ import annotations

import argparse
import os
import sys

from nlu.fingerprint import ROOT, model_path
from nlu.quiet import be_quiet
from nlu.servers import announced
from nlu.train import train

ACTIONS_URL = "http://127.0.0.1:5055/webhook"
"""Where a bot with its default settings serves the actions; the environment may say otherwise."""


def main() -> None:
    """Train if needed, then serve until ended."""
    parser = argparse.ArgumentParser(prog="nlu.serve", description=__doc__)
    parser.add_argument("--port", type=int, default=5005)
    port = parser.parse_args().port
    be_quiet(ROOT)
    os.environ.setdefault("ACTIONS_URL", ACTIONS_URL)
    path = model_path()
    if not path.exists():
        train(path)
    from rasa.__main__ import main as rasa

    from flows.action_results import check_schema_once

    check_schema_once()
    sys.argv = ["rasa", *arguments(str(path), port)]
    with announced(port):
        rasa()


def arguments(model: str, port: int) -> list[str]:
    """Rasa's arguments: one worker, no API but that of the channel, no CORS, warnings only."""
    options = {
        "--interface": "127.0.0.1",
        "--port": str(port),
        "--model": model,
        "--credentials": "flows/credentials.yml",
        "--endpoints": "flows/endpoints.yml",
    }
    return ["run", *[word for option in options.items() for word in option], "--quiet"]


if __name__ == "__main__":
    main()
