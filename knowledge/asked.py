"""Whether people find an entry by asking: its training examples, and how well the last model understood the topic.

The only module of this room that knows `nlu`; the bot gets along without it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from knowledge.library import Library
from knowledge.model import SMALLTALK, Problem, Severity
from nlu.examples import BadExamplesError, read_examples
from nlu.figures import FILE, kept
from nlu.fingerprint import fingerprint

FEWEST = 5
"""Examples of an entry in a language below which its questions are hardly ever understood."""
LINE = re.compile(r"\bline (\d+): ")
"""How `nlu.examples` names a line in what it says."""

Counts = Mapping[tuple[str, str], int]
"""A number by id or topic, and language."""


@dataclass(frozen=True)
class Accuracy:
    """Messages of the evaluation, and those understood at first guess, by language and topic; `note` says whose."""

    note: str
    right: Counts = field(default_factory=dict)
    asked: Counts = field(default_factory=dict)


def checkout(folder: Path) -> Path:
    """The folder that holds `knowledge/` and `nlu/`, for a content folder."""
    return folder.parent.parent


def example_files(folder: Path, id: str) -> dict[str, Path]:
    """The file of training examples of an entry for every language that has any, existing or not."""
    data = checkout(folder) / "nlu" / "data"
    return {path.name: path / f"{id.partition('.')[0]}.yml" for path in sorted(data.glob("*")) if path.is_dir()}


def count_examples(folder: Path) -> Counts:
    """Training examples by id and language. Raises `BadExamplesError`."""
    return Counter((example.label, example.language) for example in read_examples(checkout(folder) / "nlu" / "data"))


def gaps(library: Library) -> list[Problem]:
    """A warning for each entry with too few examples in a language, an error for examples of no entry.

    Nothing where no language has examples, as beside content that was made for a test.
    """
    folder = library.shelf.folder
    try:
        counts = count_examples(folder)
    except BadExamplesError as error:
        return [_unreadable(str(error).removeprefix(f"{checkout(folder)}/"))]
    languages = [language for language in library.languages if (checkout(folder) / "nlu" / "data").exists()]
    return [*_few(library, counts, languages), *_unknown(library, counts)]


def accuracy(folder: Path) -> Accuracy:
    """The figures of the last `make evaluate`, and whether they are those of the present data."""
    figures = kept(checkout(folder) / FILE)
    if figures is None:
        return Accuracy("accuracy: not measured yet; `make evaluate` does")
    note = f"accuracy: messages of nlu/evaluation, without the hard ones, understood at first guess on {figures.day}"
    if figures.model != fingerprint(checkout(folder)):
        note += f"\n  by another model ({figures.model}) than that of the present data: `make evaluate` measures anew"
    return Accuracy(note, figures.right, figures.asked)


def _few(library: Library, counts: Counts, languages: list[str]) -> list[Problem]:
    found = []
    for id in library.shelf.ids:
        for language in languages if library.has(id) and not id.startswith(f"{SMALLTALK}.") else ():
            count = counts.get((id, language), 0)
            if count < FEWEST:
                what = f"{id} has {count or 'no'} training examples; write at least {FEWEST}, better 40"
                found.append(_problem(library, id, language, what, Severity.WARNING))
    return found


def _unknown(library: Library, counts: Counts) -> list[Problem]:
    return [
        _problem(library, id, language, f"examples for {id}, which does not stand in topics.yml", Severity.ERROR)
        for id, language in sorted(counts)
        if "." in id and id not in library.shelf.ids
    ]


def _problem(library: Library, id: str, language: str, what: str, severity: Severity) -> Problem:
    """A gap at the line where the entry's examples begin, or ought to."""
    file = f"nlu/data/{language}/{id.partition('.')[0]}.yml"
    path = checkout(library.shelf.folder) / file
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    line = next((number for number, line in enumerate(lines, 1) if line.split() == ["-", "intent:", id]), 1)
    return Problem(file, line, what, severity, language)


def _unreadable(said: str) -> Problem:
    """What `nlu.examples` says about a file, which names the line where it knows it."""
    file, _, what = said.partition(": ")
    line = LINE.search(what)
    return Problem(file, int(line[1]) if line else 1, LINE.sub("", what))
