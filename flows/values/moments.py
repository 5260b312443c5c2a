"""When: the day and the times that an answer names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from flows.values.clock import read_times, with_hours
from flows.values.days import NoSuchDay, Today, read_day, read_day_of_month
from flows.values.symbols import symbols

_DENIED = {"except", "excepted"}
"""With "not on Monday" it is not known when."""


@dataclass(frozen=True)
class Moment:
    """What an answer says about when; at least one part is known."""

    day: date | None
    start: time | None
    """In the office's zone, without one attached."""
    end: time | None
    """May be earlier than the start: then it is past midnight."""


def read_moment(text: str, language: str, now: datetime, *, past: bool = False) -> Moment | None:
    """The day, the beginning and the end that an answer names; None if it names none, or a day that does not exist.

    `now` is aware, in the office's zone. A day without a year is the next such day on or after today; with `past`, as
    for "when did it happen?", the latest not after it. What is explicitly past ("yesterday") is so in both cases.

    Raises:
        LookupError: nothing is known about the language.
    """
    said = symbols(text, language)
    unsure = "_" in said  # "so" is Sunday only where nothing else is left over that it could belong to
    line = with_hours(" ".join(symbol for symbol in said if symbol != "," and not (unsure and symbol[:6] == "maybe=")))
    if _DENIED & set(said):
        return None
    try:
        day, rest = _day(line, Today(now.date(), past=past))
    except NoSuchDay:
        return None
    start, end = read_times(rest)
    return Moment(day, start, end) if day or start or end else None


def _day(line: str, today: Today) -> tuple[date | None, str]:
    """The day and the rest of the line; "Saturday the 5th" is the 5th, if that is a Saturday."""
    day, rest = read_day(line, today)
    of_month = read_day_of_month(rest, today)
    if day and of_month and day.weekday() != of_month.weekday():
        raise NoSuchDay
    return of_month or day, rest
