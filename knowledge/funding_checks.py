"""What reading alone does not show about the funding lines: too long, old figures, closed, still to find out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from knowledge.funding import AMOUNT, FundingLine, Per
from knowledge.funding_reader import LINES, REASONS, FundingFile, texts_in
from knowledge.loader import Shelf
from knowledge.model import SOURCE_LANGUAGE, Fact, Problem, Severity
from knowledge.numbers import undeclared
from knowledge.reader import Place

LONGEST = {"title": 60, "summary": 160}
LONGEST_OTHER = 120
"""Letters, in every language: a result shows several lines in one message."""
MORE_THAN = {"up_to_500": 0, "up_to_2500": 500, "up_to_10000": 2500, "more": 10_000}
"""What somebody who chose this needs at least, in EUR: those who need less chose another."""
TIMES_A_YEAR = {Per.PROJECT: 1, Per.MONTH: 12, Per.YEAR: 1}
"""How often one group gets an amount; what all groups share says nothing about one of them."""


def check_funding(shelf: Shelf, today: date) -> Iterator[Problem]:
    """All problems but those of reading, which stand in `shelf.problems`."""
    yield from _texts(shelf)
    yield from _unused(shelf.funding)
    for line in shelf.funding.lines:
        yield from _amount(shelf.funding, line)
        yield from _age(shelf.funding, line, today)
        if line.to_check:
            what = f"the office still has to find out: {' / '.join(line.to_check)}"
            yield shelf.funding.problem((LINES, line.id, "to_check"), what, Severity.NOTICE)


def _texts(shelf: Shelf) -> Iterator[Problem]:
    facts, names = _declared(shelf)
    for place, texts in texts_in(shelf.funding):
        longest = LONGEST.get(str(place[2]), LONGEST_OTHER)
        for language, text in texts.items():
            for what in _wrong_with(text, longest, facts.get(place[:2], ()), names.get(place[:2], ())):
                name = ".".join(str(step) for step in place[2:])
                yield shelf.funding.problem((*place, language), f"{name} {what}", language=language)


def _declared(shelf: Shelf) -> tuple[dict[Place, tuple[Fact, ...]], dict[Place, tuple[str, ...]]]:
    """The facts that keep a line's figures up to date, and names that may contain figures."""
    lines = {(LINES, line.id): line for line in shelf.funding.lines}
    facts: dict[Place, tuple[Fact, ...]] = {
        place: shelf.entries[line.entry, SOURCE_LANGUAGE].facts for place, line in lines.items()
    }
    return facts, {place: (shelf.contacts[line.funder].name,) for place, line in lines.items()}


def _wrong_with(text: str, longest: int, facts: tuple[Fact, ...], names: tuple[str, ...]) -> Iterator[str]:
    if len(text) > longest:
        yield f"has {len(text)} letters, {longest} is the most"
    for _, number in undeclared(text, facts, names):
        yield f"contains {number}, which no fact of the entry declares"


def _unused(file: FundingFile) -> Iterator[Problem]:
    named = {condition.reason for line in file.lines for condition in line.conditions}
    for id in file.part(REASONS):
        if id not in named:
            yield file.problem((REASONS, id), "no condition names this reason", Severity.WARNING)


def _amount(file: FundingFile, line: FundingLine) -> Iterator[Problem]:
    """Whether somebody fits who needs more than there is."""
    given = [TIMES_A_YEAR[one.per] * one.value for one in line.amounts if one.unit == "EUR" and one.per in TIMES_A_YEAR]
    for index, condition in enumerate(line.conditions if given else ()):
        for choice in condition.any_of:
            if condition.slot == AMOUNT and MORE_THAN[choice] >= max(given):
                what = f"condition {condition.id}: {choice} must not fit, there are {max(given)} EUR a year at most"
                yield file.problem((LINES, line.id, "conditions", index), what)


def _age(file: FundingFile, line: FundingLine, today: date) -> Iterator[Problem]:
    if line.last_day and line.closed(today):
        yield file.problem((LINES, line.id), f"is closed, its last day was {line.last_day}", Severity.NOTICE)
    if line.review_by < today:
        what = f"review was due by {line.review_by}"
        yield file.problem((LINES, line.id, "review_by"), what, Severity.WARNING)
