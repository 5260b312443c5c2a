"""`python -m nlu.train [--force]`: train the model for the present data unless there is one; print its path."""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
import sys
from pathlib import Path

from nlu.fingerprint import ROOT, model_path
from nlu.quiet import be_quiet


def main() -> None:
    """Train if needed. The path is the only thing on standard output."""
    parser = argparse.ArgumentParser(prog="nlu.train", description=__doc__)
    parser.add_argument("--force", action="store_true", help="train although there is a model for the present data")
    force = parser.parse_args().force
    path = model_path()
    if force or not path.exists():
        train(path)
    sys.stdout.write(f"{path}\n")


def train(path: Path) -> None:
    """Train with Rasa into `path`, which appears only when it is complete."""
    be_quiet(ROOT)
    with contextlib.redirect_stdout(sys.stderr):
        from rasa.model_training import train as rasa_train
        from rasa.utils.common import configure_logging_and_warnings
        from rasa.utils.log_utils import configure_structlog

        configure_logging_and_warnings(log_level=logging.WARNING)
        configure_structlog(logging.WARNING)
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = f"{path.name.removesuffix('.tar.gz')}.{os.getpid()}.part.tar.gz"
        names = {"output": str(path.parent), "fixed_model_name": unfinished}
        rasa_train("flows", "config.yml", ["flows"], force_training=True, **names)
        os.replace(path.parent / unfinished, path)


if __name__ == "__main__":
    main()
