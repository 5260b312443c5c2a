"""A small model that knows an entry which the present data does not have."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from nlu.fingerprint import ROOT

NEW_ENTRY = "founding.only_for_the_test"
NEW_QUESTION = "Dürfen Papageien Mitglied im Verein werden?"
EXAMPLES = f"""\
version: "3.1"
nlu:
- intent: {NEW_ENTRY}
  examples: |
    - Papagei als Mitglied
    - {NEW_QUESTION}
    - Kann mein Papagei dem Verein beitreten?
    - sind papageien erlaubt
    - Unser Papagei will Mitglied werden, geht das?
"""


def train_another(target: Path) -> None:
    """Train on German small talk and the new entry alone, in a copy of the project, and put the model at `target`."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        shutil.copytree(ROOT / "nlu", copy / "nlu", ignore=shutil.ignore_patterns("data", "evaluation", "__pycache__"))
        shutil.copytree(ROOT / "flows", copy / "flows", ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "config.yml", copy)
        for path in ("nlu/data/de/smalltalk.yml", "nlu/evaluation/de.jsonl"):
            (copy / path).parent.mkdir(parents=True)
            shutil.copy(ROOT / path, copy / path)
        (copy / "nlu/data/de/founding.yml").write_text(EXAMPLES, encoding="utf-8")
        env = {**os.environ, "PYTHONPATH": str(copy)}
        command = [sys.executable, "-m", "nlu.train"]
        done = subprocess.run(command, cwd=copy, env=env, stdout=subprocess.PIPE, text=True, check=True)
        shutil.copy(done.stdout.strip(), target)
