"""Periods that an evaluation is about: week, month, quarter, year, or from one day to another."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from bot.storage.visits import week_of

Kind = Literal["week", "month", "quarter", "year", "own"]
KINDS: tuple[Kind, ...] = ("week", "month", "quarter", "year", "own")
MONTHS: dict[Kind, int] = {"month": 1, "quarter": 3, "year": 12}
LONGEST_OWN = 366
SHORTEST_OWN = 7
"""Days: in fewer there is little to count and much to find out about single people."""
DAY, WEEK = timedelta(days=1), timedelta(days=7)
FIRST_YEAR, LAST_YEAR = 2000, 2999
THURSDAY = timedelta(days=3)
_QUARTER = re.compile(r"(\d{4})-?Q([1-4])", re.IGNORECASE)


@dataclass(frozen=True)
class Period:
    """From `first` to `last`, both included."""

    kind: Kind
    first: date
    last: date

    @property
    def name(self) -> str:
        """What it is called in the name of a file: 2026-Q3, 2026-07, 2026-W30, 2026, or both days."""
        if self.kind == "week":
            year, week, _ = self.first.isocalendar()
            return f"{year}-W{week:02}"
        if self.kind == "own":
            return f"{self.first}_{self.last}"
        ends = {"month": f"-{self.first.month:02}", "quarter": f"-Q{(self.first.month + 2) // 3}", "year": ""}
        return f"{self.first.year}{ends[self.kind]}"

    @property
    def before(self) -> Period:
        """The one of the same kind, or of as many days, just before it."""
        if self.kind == "own":
            return Period("own", self.first - (self.last - self.first + DAY), self.first - DAY)
        return around(self.kind, self.first - DAY)

    @property
    def after(self) -> Period:
        """The one just after it."""
        if self.kind == "own":
            return Period("own", self.last + DAY, self.last + (self.last - self.first + DAY))
        return around(self.kind, self.last + DAY)

    @property
    def quarters(self) -> tuple[Period, ...]:
        """Those of a year; of any other period none."""
        if self.kind != "year":
            return ()
        return tuple(around("quarter", date(self.first.year, month, 1)) for month in (1, 4, 7, 10))

    @property
    def weeks(self) -> tuple[date, date]:
        """The Mondays of its first and last week: a week belongs where its Thursday lies, as in the ISO calendar."""
        return week_of(self.first + THURSDAY), week_of(self.last - THURSDAY)


def around(kind: Kind, day: date) -> Period:
    """The week, month, quarter or year that the day lies in."""
    if kind == "own":
        raise ValueError("what lies around a day is no period of one's own")
    if kind == "week":
        return Period(kind, week_of(day), week_of(day) + WEEK - DAY)
    months = MONTHS[kind]
    month = (day.month - 1) // months * months + 1
    first = date(day.year, month, 1)
    past, ends = divmod(month - 1 + months, 12)
    return Period(kind, first, date(day.year + past, ends + 1, 1) - DAY)


def own(first: date, last: date) -> Period:
    """From one day to another, put in order; made longer or shorter at its end where it must be."""
    first, last = sorted((first, last))
    days = min(max((last - first).days + 1, SHORTEST_OWN), LONGEST_OWN)
    return Period("own", first, first + (days - 1) * DAY)


def known(day: date) -> bool:
    """Whether there is a period before and after it, for the calendar has an end."""
    return FIRST_YEAR <= day.year <= LAST_YEAR


def quarter(text: str) -> Period:
    """`2026-Q3`. Raises `ValueError` for anything else."""
    found = _QUARTER.fullmatch(text.strip())
    if found is None or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        raise ValueError(f"a quarter is written like 2026-Q3, not {text!r}")
    return around("quarter", date(int(found[1]), 3 * int(found[2]), 1))
