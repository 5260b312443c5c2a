"""Environment for every process that imports Rasa: no telemetry, no chatter. Set before the first import of it."""

from __future__ import annotations

import os
import sys
import warnings
from pathlib import Path

SETTINGS = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "OMP_NUM_THREADS": "2",
    "LOG_LEVEL_LIBRARIES": "ERROR",
}


def be_quiet(root: Path) -> None:
    """Apply the settings to this process (and what it starts) and go to `root`, where Rasa looks for our modules."""
    for name, value in SETTINGS.items():
        os.environ.setdefault(name, value)
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(root), os.environ.get("PYTHONPATH")]))
    os.environ.setdefault("PYTHONWARNINGS", "ignore")
    # Rasa's old dependencies switch deprecation warnings back on; nobody who runs the bot can act on them.
    warnings.showwarning = _not_shown
    _keep_bytecode(root / "var" / "pycache")
    os.chdir(root)
    sys.path.insert(0, str(root))


def _keep_bytecode(folder: Path) -> None:
    """Compiled modules are kept in `folder`, even where the environment says not to: Rasa's take 9 s to compile."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix = str(folder)
    sys.dont_write_bytecode = False


def _not_shown(*_: object, **__: object) -> None:
    """Takes the place of `warnings.showwarning`."""
