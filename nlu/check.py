"""`python -m nlu.check`: Rasa's own checks, run as part of `make test`: the data validates, the test stories pass.

Everything runs as the command that a person would type; the first failure ends it.
"""

from __future__ import annotations

import subprocess
import sys

from nlu.fingerprint import ROOT, model_path
from nlu.quiet import be_quiet

_RASA = [sys.executable, "-m", "rasa"]
_DATA = ["--domain", "flows", "--data", "nlu/data", "flows", "--config", "config.yml"]


def checks() -> list[list[str]]:
    """The commands, in order: data and rules fit together; the stories of every flow; server; tracker store."""
    return [
        [*_RASA, "data", "validate", "--fail-on-warnings", *_DATA],
        [sys.executable, "-m", "nlu.train"],
        [*_RASA, "test", "core", "--stories", "flows", "--model", str(model_path()), "--out", "var/rasa-test",
         "--fail-on-prediction-errors", "--no-plot"],
        [sys.executable, "-m", "tests.nlu.rasa_env.check_tracker_store"],
        [sys.executable, "-m", "tests.nlu.rasa_env.check_server"],
    ]  # fmt: skip


def main() -> int:
    """Run the checks; prints the output of one that fails. Returns its exit code, or 0."""
    be_quiet(ROOT)
    for command in checks():
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            sys.stderr.write(f"failed: {' '.join(command)}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}\n")
            return done.returncode
        sys.stdout.write(f"passed: {' '.join(command[1:6])}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
