"""Which funding lines suit a group, and why others do not: decided by the lines, the answers and the day alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from math import prod

from knowledge.model import in_language

DONT_KNOW = "dont_know"
AMOUNT = "amount"
SLOTS: Mapping[str, tuple[str, ...]] = {
    "registered": ("yes", "no", "in_progress", DONT_KNOW),
    "seat": ("wiesbaden", "hesse", "elsewhere", DONT_KNOW),
    "charitable": ("yes", "no", "applied", DONT_KNOW),
    "own_rooms": ("yes", "no", DONT_KNOW),
    "purpose": ("project", "running", "equipment", "staff"),
    "field": ("education", "language", "work", "health", "sport", "culture", "diversity", "women", "youth", "other"),
    AMOUNT: ("up_to_500", "up_to_2500", "up_to_10000", "more", DONT_KNOW),
}
"""What the flow `funding_finder` asks, and what may be answered."""

Texts = Mapping[str, str]
"""One text by language; German is always there."""


class Kind(StrEnum):
    """How an answer misses a condition; also the name of the text that says so in `funding_lines.yml`."""

    NO = "no"
    """It rules the line out."""
    CHANGE = "change"
    """The line could fit if the group changed something."""
    FIND_OUT = "find_out"
    """Nobody knows yet."""


class Per(StrEnum):
    """What one amount is paid for."""

    PROJECT = "project"
    MONTH = "month"
    YEAR = "year"
    YEAR_FOR_ALL = "year_for_all"
    """A year's money for everybody who applies, not for one group."""


@dataclass(frozen=True, kw_only=True)
class Condition:
    """One rule of a funder about one question of the finder."""

    id: str
    slot: str
    any_of: tuple[str, ...]
    nearly: tuple[str, ...] = ()
    reason: str
    """Name of the texts that say how it is missed."""
    source: str
    """Where the rule stands."""
    texts: Mapping[Kind, Texts]

    @property
    def missing(self) -> dict[str, Kind]:
        """Every answer that does not meet the condition, and how it misses it."""
        return {choice: kind for choice in SLOTS[self.slot] if (kind := self.missed_by(choice))}

    def missed_by(self, choice: str) -> Kind | None:
        """How an answer misses the condition; None if it meets it."""
        if choice in self.any_of:
            return None
        if choice == DONT_KNOW:
            return Kind.FIND_OUT
        return Kind.CHANGE if choice in self.nearly else Kind.NO


@dataclass(frozen=True, kw_only=True)
class Amount:
    """What the funder gives at most, or how long; read from a fact of the entry, so that both always agree."""

    value: int
    unit: str
    """`EUR` or `months`."""
    per: Per
    as_of: str
    """YYYY, YYYY-MM or YYYY-MM-DD."""
    source: str
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Answers by slot for which it holds; empty: for all."""

    def holds_for(self, answers: Mapping[str, str]) -> bool:
        """Whether it may concern a group; what they do not know leaves it possible."""
        return all(answers[slot] in (*choices, DONT_KNOW) for slot, choices in self.only.items())


@dataclass(frozen=True, kw_only=True)
class FundingLine:
    """One way to get money or things, as its funder describes it. Texts come in the reader's language."""

    id: str
    entry: str
    """The entry that explains it."""
    funder: str
    """Id of the contact."""
    titles: Texts
    summaries: Texts
    notes: tuple[Texts, ...]
    """Conditions of the funder that the finder does not ask about."""
    amounts: tuple[Amount, ...]
    conditions: tuple[Condition, ...]
    to_check: tuple[str, ...]
    """What the sources do not say and the office has to find out; in German, for staff only."""
    source: str
    as_of: str
    review_by: date
    opens: date | None = None
    """First day for applications."""
    deadline: date | None = None
    """Last day for applications."""
    valid_until: date | None = None
    """Last day of the programme."""

    def title(self, language: str) -> str:
        """Its name, as on a button or in a heading."""
        return in_language(self.titles, language)

    def summary(self, language: str) -> str:
        """What it is, in one line."""
        return in_language(self.summaries, language)

    def also(self, language: str) -> tuple[str, ...]:
        """What the funder wants besides the conditions that were asked about, a line each."""
        return tuple(in_language(note, language) for note in self.notes)

    def amounts_for(self, answers: Mapping[str, str]) -> tuple[Amount, ...]:
        """The amounts that may concern a group with these answers."""
        return tuple(amount for amount in self.amounts if amount.holds_for(answers))

    @property
    def last_day(self) -> date | None:
        """The last day on which one can apply; None where no end is on file."""
        return min(filter(None, (self.deadline, self.valid_until)), default=None)

    def closed(self, today: date) -> bool:
        """Whether nobody can apply on that day: it is over, or (`opens`) has not begun."""
        over = self.last_day is not None and self.last_day < today
        return over or (self.opens is not None and today < self.opens)

    @property
    def breadth(self) -> Fraction:
        """The share of all possible answers that it is open to: the smaller, the more specific."""
        return prod((Fraction(len(one.any_of), len(SLOTS[one.slot])) for one in self.conditions), start=Fraction(1))


@dataclass(frozen=True)
class Reason:
    """Why a line does not fit as it stands; `condition` says which rule it comes from."""

    condition: Condition
    kind: Kind

    def text(self, language: str) -> str:
        """The reason as people read it."""
        return in_language(self.condition.texts[self.kind], language)


@dataclass(frozen=True)
class Match:
    """A line as it looks for one group; `being_checked`: its day of review has passed, say so where it is shown."""

    line: FundingLine
    reasons: tuple[Reason, ...]
    being_checked: bool


@dataclass(frozen=True)
class Result:
    """Every line in exactly one list, the closest and most specific first.

    `fits` has no reasons; `nearly` has what to change or find out; `not_fitting` only what rules the line out;
    `closed` are lines that nobody can apply for on the day, whatever the answers, without reasons.
    """

    fits: tuple[Match, ...]
    nearly: tuple[Match, ...]
    not_fitting: tuple[Match, ...]
    closed: tuple[Match, ...]


def match(lines: Iterable[FundingLine], answers: Mapping[str, str], today: date) -> Result:
    """Sort the lines for a group; `answers` has one choice for each of `SLOTS`, or ValueError is raised.

    Other answers of the conversation may stand there as well.
    """
    _refuse_unknown(answers)
    found = sorted((_match(line, answers, today) for line in lines), key=_nearness)
    still_open = [one for one in found if not one.line.closed(today)]
    return Result(
        fits=tuple(one for one in still_open if not one.reasons),
        nearly=tuple(one for one in still_open if one.reasons and not _ruled_out(one)),
        not_fitting=tuple(one for one in still_open if _ruled_out(one)),
        closed=tuple(one for one in found if one.line.closed(today)),
    )


def _match(line: FundingLine, answers: Mapping[str, str], today: date) -> Match:
    reasons = () if line.closed(today) else _telling([
        Reason(condition, kind)
        for condition in line.conditions
        if (kind := condition.missed_by(answers[condition.slot]))
    ])  # fmt: skip
    return Match(line, reasons, line.review_by < today)


def _telling(reasons: Sequence[Reason]) -> tuple[Reason, ...]:
    """What to change is of no use where something else rules the line out."""
    return tuple(one for one in reasons if one.kind is Kind.NO) or tuple(reasons)


def _ruled_out(found: Match) -> bool:
    return any(reason.kind is Kind.NO for reason in found.reasons)


def _nearness(found: Match) -> tuple[int, Fraction]:
    return len(found.reasons), found.line.breadth


def _refuse_unknown(answers: Mapping[str, str]) -> None:
    for slot, choices in SLOTS.items():
        if answers.get(slot) not in choices:
            raise ValueError(f"{slot} is {answers.get(slot)!r}, must be one of {', '.join(choices)}")
