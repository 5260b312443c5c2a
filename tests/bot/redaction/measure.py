"""How much of the personal data in a set of messages is found, and how much of what is taken out was personal.

Recall is strict: every letter and digit of a passage must be covered. Precision counts what was taken out and touches
no personal passage at all. What is taken for another kind counts as found: it is gone all the same.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import yaml

from bot.redaction import Found, Kind, find
from bot.redaction.spelling import clean

ITEMS = Path(__file__).parent / "items"
PARTS = ("developed", "held_out", "fresh")
"""What the rules were made with; what was written later and showed what they lacked; what nothing was changed for."""
HARD = "hard"
"""Where nothing tells that it is personal: to know what is not found."""
STRUCTURED = (Kind.EMAIL, Kind.PHONE, Kind.IBAN, Kind.DOCUMENT, Kind.LINK, Kind.USERNAME, Kind.CARD, Kind.NUMBER)
_MARKED = re.compile(r"\{([a-z-]+)\|([^}]*)\}")


@dataclass(frozen=True)
class Item:
    """A message of the set, with the passages in it that are personal."""

    language: str
    part: str
    text: str
    passages: tuple[Found, ...]


@dataclass
class Tally:
    """`personal` passages, of which `found`; `taken` out, of which `wrong` touch nothing personal."""

    personal: int = 0
    found: int = 0
    taken: int = 0
    wrong: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        return self.found / self.personal if self.personal else 1.0

    @property
    def precision(self) -> float:
        return 1 - self.wrong / self.taken if self.taken else 1.0


@cache
def items() -> Sequence[Item]:
    """The whole set."""
    read = []
    for path in sorted(ITEMS.glob("*.yml")):
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        for part in (*PARTS, HARD):
            read += [_item(line, path.stem, part) for line in document.get(part, "").splitlines() if line.strip()]
    return read


def _item(line: str, language: str, part: str) -> Item:
    text, passages = "", []
    for place, piece in enumerate(_MARKED.split(line.replace("\\n", "\n"))):
        if place % 3 == 1:
            kind = Kind(piece)
            continue
        piece = clean(piece)
        if place % 3 == 2:
            passages.append(Found(kind, len(text), len(text) + len(piece)))
        text += piece
    assert clean(text) == text, line
    return Item(language, part, text, tuple(passages))


def measure(some: Iterable[Item]) -> dict[tuple[Kind, str], Tally]:
    """A tally per kind and language."""
    tallies: dict[tuple[Kind, str], Tally] = defaultdict(Tally)
    for item in some:
        taken = find(item.text, item.language)
        covered = {at for one in taken for at in range(one.start, one.end)}
        for passage in item.passages:
            tally = tallies[passage.kind, item.language]
            tally.personal += 1
            missed = [at for at in range(passage.start, passage.end) if item.text[at].isalnum() and at not in covered]
            tally.found += not missed
            tally.faults += [f"missed in: {item.text}"] * bool(missed)
        for one in taken:
            touched = any(one.start < passage.end and passage.start < one.end for passage in item.passages)
            tally = tallies[one.kind, item.language]
            tally.taken += 1
            tally.wrong += not touched
            tally.faults += [] if touched else [f"taken from: {item.text} -> {item.text[one.start : one.end]}"]
    return tallies


def together(tallies: Iterable[Tally]) -> Tally:
    """The sum."""
    whole = Tally()
    for one in tallies:
        whole.personal += one.personal
        whole.found += one.found
        whole.taken += one.taken
        whole.wrong += one.wrong
        whole.faults += one.faults
    return whole
