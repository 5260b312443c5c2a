"""What the contenders are measured on: our evaluation, CLINC150 and MASSIVE, each read into the same shape.

Labels of the public sets get a prefix: `LinearClassifier` calibrates itself on those of our messages whose label it
knows, and must know none of them here.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml

from nlu.evaluation_set import evaluation_messages
from nlu.examples import Example, read_examples

MASSIVE = {"ar": "ar-SA", "de": "de-DE", "en": "en-US", "fa": "fa-IR", "pl": "pl-PL", "ru": "ru-RU", "tr": "tr-TR"}
"""Our languages that MASSIVE has, and its name for them."""


class MissingDataError(Exception):
    """A public data set is not where it was looked for; says what to do."""


@dataclass(frozen=True)
class Task:
    """Examples to learn from and messages to understand; `out` is the label of those that no other label fits.

    `entries` are the texts that answer, with the label they answer; empty if there are none.
    """

    name: str
    train: Sequence[Example]
    test: Sequence[Example]
    out: str = ""
    entries: Sequence[Example] = ()


def ours(root: Path) -> Task:
    """Our examples and evaluation, in the checkout `root`."""
    test = [Example(message["text"], message["id"], message["lang"]) for message in evaluation_messages()]
    train = read_examples(root / "nlu" / "data")
    return Task("our evaluation", train, test, "out_of_scope", read_entries(root / "knowledge" / "content"))


def clinc150(data: Path) -> Task:
    """CLINC150 as published: 150 intents, and out of scope 100 examples and 1000 messages. Raises MissingDataError."""
    folder = _folder(data, "clinc150")
    train, test = ([*_lines(folder / part), *_lines(folder / "oos" / part)] for part in ("train", "test"))
    return Task("CLINC150", train, test, "clinc_oos")


def massive(data: Path, each: int, tests: int) -> Task:
    """MASSIVE in our languages: `each` examples per intent and language, `tests` messages per language.

    Raises MissingDataError.
    """
    folder = _folder(data, "massive")
    labels = {row["id"]: row for row in _rows(folder / "labels.tsv")}
    parts: dict[str, list[Example]] = {"train": [], "dev": [], "test": []}
    for language, locale in MASSIVE.items():
        for row in _rows(folder / f"{locale}.tsv"):
            label = labels[row["id"]]
            parts[label["partition"]].append(Example(row["utt"], f"massive_{label['intent']}", language))
    return Task("MASSIVE", sample(parts["train"], each), some(parts["test"], tests))


def read_entries(content: Path) -> list[Example]:
    """Question and text of every `<topic>/<name>.<language>.md`, with the entry's id."""
    found = []
    for path in sorted(content.glob("*/*.*.md")):
        _, front, body = path.read_text(encoding="utf-8").split("---\n", 2)
        fields = yaml.safe_load(front)
        name, language = path.name.split(".")[:2]
        label = f"{path.parent.name}.{name}" if path.parent.name != "smalltalk" else name
        found.append(Example(f"{fields.get('question', '')} {body}", label, language))
    return found


def sample(examples: Iterable[Example], each: int) -> list[Example]:
    """At most `each` of a label and language, drawn at random but always alike, in their order."""
    groups: dict[tuple[str, str], list[tuple[int, Example]]] = defaultdict(list)
    for number, example in enumerate(examples):
        groups[example.label, example.language].append((number, example))
    kept = (group[row] for group in groups.values() for row in _drawn(len(group), each))
    return [example for _, example in sorted(kept, key=lambda pair: pair[0])]


def at_most(examples: Sequence[Example], limit: int) -> list[Example]:
    """As many of every label and language as fit into `limit`, but at least one."""
    each = 1
    while len(sample(examples, each)) < len(examples) and len(sample(examples, each + 1)) <= limit:
        each += 1
    return sample(examples, each)


def some(examples: Sequence[Example], each: int) -> list[Example]:
    """At most `each` of every language, drawn at random but always alike."""
    found: list[Example] = []
    for language in sorted({example.language for example in examples}):
        group = [example for example in examples if example.language == language]
        found += [group[row] for row in _drawn(len(group), each)]
    return found


def _drawn(size: int, number: int) -> list[int]:
    return sorted(np.random.default_rng(0).permutation(size)[:number].tolist())


def _folder(data: Path, name: str) -> Path:
    if not (data / name).is_dir():
        raise MissingDataError(
            f"{data / name} is missing: put the public data sets into a folder (nlu/bench/README.md says which) and "
            f"name it: make bench-nlu DATA=<folder>"
        )
    return data / name


def _lines(folder: Path) -> list[Example]:
    texts, labels = ((folder / name).read_text(encoding="utf-8").splitlines() for name in ("seq.in", "label"))
    return [Example(text, f"clinc_{label}", "en") for text, label in zip(texts, labels, strict=True)]


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
