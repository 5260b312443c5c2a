"""`python -m nlu.serve --port 5005`: become the Rasa server, on loopback, with the model for the present data."""

from __future__ import annotations

import argparse
import os
import sys

from nlu.fingerprint import ROOT, model_path
from nlu.quiet import be_quiet


def main() -> None:
    """Replace this process by the server, or exit with 2 and a plain word if there is no model."""
    parser = argparse.ArgumentParser(prog="nlu.serve", description=__doc__)
    parser.add_argument("--port", type=int, default=5005)
    arguments = parser.parse_args()
    path = model_path()
    if not path.exists():
        sys.exit(_no_model())
    be_quiet(ROOT)
    os.execv(sys.executable, command(str(path), arguments.port))


def command(model: str, port: int) -> list[str]:
    """The command line of the server: one worker, no API but /status and the channel, no CORS, warnings only."""
    options = {
        "--interface": "127.0.0.1",
        "--port": str(port),
        "--model": model,
        "--credentials": "flows/credentials.yml",
        "--endpoints": "flows/endpoints.yml",
    }
    flags = [word for option in options.items() for word in option]
    return [sys.executable, "-m", "rasa", "run", *flags, "--quiet"]


def _no_model() -> int:
    sys.stderr.write("no model for the present data: run `python -m nlu.train` (or `make train`) first\n")
    return 2


if __name__ == "__main__":
    main()
