"""The training examples: `nlu/data/<lang>/<topic>.yml` in Rasa's format, read without Rasa.

Rasa's own reader validates every file against a schema and compares all examples at each merge, which takes longer than
learning from them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The one in C where PyYAML has it: ten times as fast."""


class BadExamplesError(Exception):
    """A file of examples cannot be used; says which, where and why."""


@dataclass(frozen=True)
class Example:
    """A text with its right answer (a catalogue id or a label) and language."""

    text: str
    label: str
    language: str


def read_examples(data: Path) -> list[Example]:
    """All examples in `<lang>/<topic>.yml` below `data`, in the order of the files. Raises `BadExamplesError`."""
    return [example for path in sorted(data.glob("*/*.yml")) for example in _read(path)]


def _read(path: Path) -> Iterator[Example]:
    try:
        document = yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadExamplesError(f"{path}: cannot be read as YAML: {_first_line(error)}") from error
    blocks = document.get("nlu") if isinstance(document, dict) else None
    if not isinstance(blocks, list):
        raise BadExamplesError(f"{path}: must have a list `nlu` of intents with examples")
    for number, block in enumerate(blocks, 1):
        if not isinstance(block, dict) or not all(isinstance(block.get(key), str) for key in ("intent", "examples")):
            raise BadExamplesError(f"{path}: block {number} needs `intent: <id>` and `examples: |`")
        yield from _lines(path, block["intent"], block["examples"])


def _lines(path: Path, label: str, examples: str) -> Iterator[Example]:
    for line in filter(None, map(str.strip, examples.splitlines())):
        if not line.startswith("- "):
            where = f"{path}: line {_number(path, line)}: {label}"
            raise BadExamplesError(f"{where}: every example begins with `- `, this one does not: {line[:40]!r}")
        yield Example(line[2:].strip(), label, path.parent.name)


def _number(path: Path, line: str) -> int:
    """In which line of the file a line of an example stands first."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return next((number for number, other in enumerate(lines, 1) if other.strip() == line), 1)


def _first_line(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    where = f"line {mark.line + 1}: " if mark else ""
    return where + str(getattr(error, "problem", None) or error).splitlines()[0]
