"""`python -m nlu.train [--force]`: train the model for the present data unless there is one; print its path.

Running Rasa servers of this checkout take it over at once.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import logging
import os
import sys
from pathlib import Path

from nlu.examples import BadExamplesError
from nlu.fingerprint import ROOT, model_path
from nlu.quiet import be_quiet
from nlu.servers import load_everywhere

KEPT = 3
"""Models that stay on the disk, the newest ones."""


def main() -> None:
    """Train if needed, and tell the servers. The path is the only thing on standard output."""
    parser = argparse.ArgumentParser(prog="nlu.train", description=__doc__)
    parser.add_argument("--force", action="store_true", help="train although there is a model for the present data")
    force = parser.parse_args().force
    path = model_path()
    if force or not path.exists():
        train(path)
    sys.stdout.write(f"{path}\n")
    sys.stdout.flush()
    for line in load_everywhere(path):
        sys.stderr.write(f"{line}\n")


def train(path: Path) -> None:
    """Train with Rasa into `path`, which appears only when it is complete; all but the newest models are deleted.

    Examples that cannot be used end the process with 1 and a line that names them.
    """
    be_quiet(ROOT)
    said = io.StringIO()  # in the end where the model is while it is not finished
    with contextlib.redirect_stdout(said):
        from rasa.model_training import train as rasa_train
        from rasa.utils.common import configure_logging_and_warnings
        from rasa.utils.log_utils import configure_structlog

        configure_logging_and_warnings(log_level=logging.WARNING)
        configure_structlog(logging.WARNING)
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = f"{path.name.removesuffix('.tar.gz')}.{os.getpid()}.part.tar.gz"
        names = {"output": str(path.parent), "fixed_model_name": unfinished}
        try:
            rasa_train("flows", "config.yml", ["flows"], force_training=True, **names)
        except Exception as error:
            _end_if_examples_are_bad(error)
            raise
    if not (path.parent / unfinished).exists():
        sys.exit(f"the model could not be trained:\n{said.getvalue()}")
    os.replace(path.parent / unfinished, path)
    drop_old(path.parent)


def _end_if_examples_are_bad(error: BaseException) -> None:
    """Rasa wraps what its components raise."""
    for one in (error, error.__cause__):
        if isinstance(one, BadExamplesError):
            sys.exit(str(one))


def drop_old(folder: Path) -> None:
    """Delete all but the newest models. Servers have theirs in memory and do not miss it."""
    models = [path for path in folder.glob("*.tar.gz") if not path.name.endswith(".part.tar.gz")]
    for path in sorted(models, key=lambda path: path.stat().st_mtime, reverse=True)[KEPT:]:
        path.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
