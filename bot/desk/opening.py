"""Opening hours as somebody types them into a form: pairs of from and to, two a day or more."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, time, timedelta
from itertools import pairwise
from typing import NamedTuple

from bot.desk.fields import Fields
from bot.handoff.calendar import Calendar

PAIRS = 2
"""From and to before a break, and after it."""
_CLOCK = re.compile(r"(\d{1,2})(?:[:.]?(\d{2}))?\s*(?:uhr|h)?", re.IGNORECASE)

Spans = tuple[tuple[time, time], ...]


class HoursError(Exception):
    """The message id (in the desk's texts) that says what is wrong with the hours of a day."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


class Pair(NamedTuple):
    """What stands in two fields."""

    opens: str
    closes: str


def read_clock(text: str) -> time:
    """`9`, `9:30`, `9.30 Uhr`, `0930`; `24:00` is the end of the day. Raises `HoursError`."""
    match = _CLOCK.fullmatch(text.strip())
    hour, minute = (int(match[1]), int(match[2] or 0)) if match else (99, 0)
    if (hour, minute) == (24, 0):
        return time.max
    if hour > 23 or minute > 59:
        raise HoursError("calendar.bad_time")
    return time(hour, minute)


def write_clock(clock: time) -> str:
    """As `read_clock` and OFFICE_HOURS read it."""
    return "24:00" if clock == time.max else clock.isoformat("minutes")


def read_spans(pairs: Iterable[Pair]) -> Spans:
    """The spans of a day in order; empty pairs are left out. Raises `HoursError`."""
    spans = sorted(_span(pair) for pair in pairs if pair.opens or pair.closes)
    if any(before[1] > after[0] for before, after in pairwise(spans)):
        raise HoursError("calendar.overlap")
    return tuple(spans)


def _span(pair: Pair) -> tuple[time, time]:
    if not pair.opens or not pair.closes:
        raise HoursError("calendar.half")
    opens, closes = read_clock(pair.opens), read_clock(pair.closes)
    if opens >= closes:
        raise HoursError("calendar.reversed")
    return opens, closes


def pairs_in(fields: Fields, prefix: str) -> list[Pair]:
    """The pairs of fields `<prefix>_<number>_from` and `..._to`, as they were typed."""
    found: list[Pair] = []
    names = fields.texts()
    while f"{prefix}_{len(found)}_from" in names or f"{prefix}_{len(found)}_to" in names:
        found.append(Pair(*(fields.text(f"{prefix}_{len(found)}_{end}", 12) for end in ("from", "to"))))
    return found


def as_pairs(spans: Spans) -> list[Pair]:
    """Spans as they are shown, with empty fields up to `PAIRS`."""
    written = [Pair(write_clock(opens), write_clock(closes)) for opens, closes in spans]
    return written + [Pair("", "")] * (PAIRS - len(written))


def written_spans(spans: Spans) -> str:
    """`09:00-12:00, 13:00-16:00`, as in the table of exceptions."""
    return ", ".join(f"{write_clock(opens)}-{write_clock(closes)}" for opens, closes in spans)


def holidays_of(year: int, calendar: Calendar) -> Iterator[tuple[date, str]]:
    """The public holidays of a year where the office is, with their German names."""
    day = date(year, 1, 1)
    while day.year == year:
        name = calendar.holiday_name(day)
        if name:
            yield day, name
        day += timedelta(days=1)
