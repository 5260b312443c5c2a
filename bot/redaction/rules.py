"""A rule: where personal data of one kind stands in a text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.redaction.marks import Kind


@dataclass(frozen=True)
class Passage:
    """A text being worked on: `text` as written, `folded` in one spelling, character by character; its language."""

    text: str
    folded: str
    language: str


Span = tuple[int, int]
Rule = Callable[[Passage], Iterator[Span]]
KindOfRule = tuple[Kind, Rule]


def matches(
    compiled: re.Pattern[str], *, unless: Callable[[Passage, int, int], bool] = lambda *_: False, group: int = 0
) -> Rule:
    """The rule that takes what the pattern matches in the folded text, `unless` that says otherwise."""

    def find(passage: Passage) -> Iterator[Span]:
        for found in compiled.finditer(passage.folded):
            start, end = found.span(group)
            if start < end and not unless(passage, start, end):
                yield start, end

    return find


def digits_in(passage: Passage, start: int, end: int) -> int:
    """How many digits stand there."""
    return sum(letter.isdecimal() for letter in passage.folded[start:end])


def is_capital(passage: Passage, at: int) -> bool:
    """Whether a word that begins there is written with a capital."""
    return passage.text[at].isupper() or passage.text[at].istitle()
