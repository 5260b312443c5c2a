"""The day that a line of symbols names, counted from today."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from flows.values.symbols import as_pattern as pattern

_FURTHEST = 8
"""Years until a 29 February comes at the latest."""
_SOON = 2
"""Days; see `_weekday`."""
_UNIT = r"unit=(?P<unit>day|week|month|year)"
_COUNT = r"(?:(?:weak=)?(?P<count>\d{1,3}) )"
_WEEKDAY = r"(?:weekday|maybe)=(?P<weekday>\d)"
_WHICH = r"(?P<which>next|this|last|afternext)"


class NoSuchDay(ValueError):
    """What is named is not one day: 31 February, or the 5th to the 7th."""


@dataclass(frozen=True)
class Today:
    """What days are counted from."""

    day: date
    past: bool
    """Whether a day without a year, or a weekday, is the latest such day instead of the next."""


@dataclass(frozen=True)
class Reading:
    """One way in which a line names a day."""

    text: re.Pattern[str]
    day: Callable[[re.Match[str], Today], date]


def read_day(line: str, today: Today) -> tuple[date | None, str]:
    """The day, and the line without what names it; no day if none is named, or several that differ.

    Raises:
        NoSuchDay: a date that does not exist, or cannot be told from a time or from several days.
    """
    if _UNCLEAR.search(line):
        raise NoSuchDay
    days: set[date] = set()
    weekdays: set[int] = set()
    for reading in (*_DAYS, *_WEEKDAYS):
        for found in reading.text.finditer(line):
            if reading in _WEEKDAYS and days:
                weekdays.add(int(found["weekday"]))
            else:
                days.add(reading.day(found, today))
        line = reading.text.sub("~", line)
    agree = len(days) == 1 and all(day.weekday() in weekdays for day in days if weekdays)
    return (days.pop() if agree else None), line


def read_day_of_month(line: str, today: Today) -> date | None:
    """The day of "on the 5th", in a line without other days and without times.

    Raises:
        NoSuchDay: there is none.
    """
    found = _NTH.findall(line)
    numbers = {int(number) for pair in found for number in pair if number}
    if len(numbers) != 1:
        return None
    number = numbers.pop()
    months = ((today.day.year + (today.day.month - 1 + ahead) // 12, (today.day.month - 1 + ahead) % 12 + 1)
              for ahead in range(-12, 13))  # fmt: skip
    return _nearest((day for year, month in months if (day := _gregorian(year, month, number))), today)


_UNCLEAR = re.compile(
    r"(?<!\S)(?:\d{1,2}(?: \.)? (?:-|to|or|and) (?:(?:nth=)?\d{1,2}(?: \.)? j?month=|j?date=)"
    r"|(?:weekday|maybe)=\d \d{1,2}$)"
)
"""Days from one to another, and "Saturday 5", which may be the day of the month or the hour."""
_NTH = pattern(r"(?<!from )(?<!to )nth=(\d+)|on (\d{1,2}) \.")


def _gregorian(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _jalali(year: int, month: int, day: int) -> date | None:
    """A day of the Persian calendar; None if there is none, or nothing is installed that knows that calendar."""
    persian = _persian()
    try:
        found = date(*persian.to_gregorian(year, month, day)) if persian else None
    except ValueError:
        return None
    # convertdate counts on past the end of a month
    exists = found and persian and persian.from_gregorian(found.year, found.month, found.day) == (year, month, day)
    return found if exists else None


@cache
def _persian() -> ModuleType | None:
    """The package `convertdate` is not among the requirements yet; once it is, Persian dates are understood."""
    return import_module("convertdate.persian") if find_spec("convertdate") else None


def _nearest(days: Iterator[date], today: Today) -> date:
    """The next of the days on or after today, or the latest not after it."""
    if today.past:
        return max((day for day in days if day <= today.day), default=None) or _none()
    return min((day for day in days if day >= today.day), default=None) or _none()


def _none() -> date:
    raise NoSuchDay


def _of_calendar(year: str | None, month: str, day: str, today: Today, *, jalali: bool) -> date:
    """A date of a calendar; without a year, the nearest such day."""
    convert = _jalali if jalali else _gregorian
    if year:
        return convert(int(year), int(month), int(day)) or _none()
    this = today.day.year - (621 if jalali else 0)
    years = range(this - _FURTHEST, this + _FURTHEST + 1)
    return _nearest((found for each in years if (found := convert(each, int(month), int(day)))), today)


def _date(found: re.Match[str], today: Today) -> date:
    return _of_calendar(found["year"], found["month"], found["day"], today, jalali=bool(found["jalali"]))


def _in_days(found: re.Match[str], today: Today) -> date:
    return today.day + timedelta(days=int(found["days"]))


def _ahead(found: re.Match[str], today: Today) -> date:
    return _moved(today.day, int(found["count"] or 1), found["unit"])


def _ago(found: re.Match[str], today: Today) -> date:
    return _moved(today.day, -int(found["count"] or 1), found["unit"])


def _moved(day: date, number: int, unit: str) -> date:
    """So many days, weeks, months or years on; the last of the month if it is too short."""
    if unit in ("day", "week"):
        return day + timedelta(days=number * (7 if unit == "week" else 1))
    months = day.year * 12 + day.month - 1 + number * (12 if unit == "year" else 1)
    year, month = months // 12, months % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _weekday(found: re.Match[str], today: Today) -> date:
    """The day that is meant by a weekday.

    "Next Saturday", said on a Friday or Saturday, is the one of the week after: who means tomorrow or today says so.
    Said earlier in the week it is the coming one, as most people mean it; the bot shows the date and asks.
    """
    named = found["before"] or found["after"] or ""
    ahead = (int(found["weekday"]) - today.day.weekday()) % 7
    if named == "last" or (today.past and named not in ("next", "afternext")):
        return today.day - timedelta(days=(-ahead % 7) or (7 if named == "last" else 0))
    later = (named == "next" and ahead < _SOON) + (named == "afternext")
    return today.day + timedelta(days=ahead + 7 * later)


def _weekday_of_week(found: re.Match[str], today: Today) -> date:
    """ "Friday next week": weeks begin on Monday here."""
    monday = today.day - timedelta(days=today.day.weekday())
    weeks = {"next": 1, "this": 0, "last": -1, "afternext": 2}[found["which"]]
    return monday + timedelta(days=7 * weeks + int(found["weekday"]))


_MONTH = r"(?P<jalali>j?)month=(?P<month>\d+)"
_DAY = r"(?:nth=|weak=)?(?P<day>\d{1,2})"
_YEAR = r"(?: (?P<year>\d{4}))?"
_BEFORE, _AFTER = _WHICH.replace("which", "before"), _WHICH.replace("which", "after")
_ON = r"(?: (?:on|in|at))?"
_DAYS = (
    Reading(pattern(r"(?P<jalali>j?)date=(?P<year>\d*)-(?P<month>\d+)-(?P<day>\d+)"), _date),
    Reading(pattern(r"(?P<jalali>)pair=(?P<day>\d+)\.(?P<month>\d+)(?P<year>)"), _date),
    Reading(pattern(rf"{_DAY}(?: (?:\.|from))? {_MONTH}{_YEAR}"), _date),
    Reading(pattern(rf"{_MONTH} {_DAY}{_YEAR}"), _date),
    Reading(pattern(rf"(?:day=0 )?(?:in(?= \d| weak=)|after) {_COUNT}?{_UNIT}"), _ahead),
    Reading(pattern(rf"{_COUNT}{_UNIT} (?:later|next)"), _ahead),
    Reading(pattern(rf"ago {_COUNT}?{_UNIT}"), _ago),
    Reading(pattern(rf"{_COUNT}{_UNIT} (?:ago|last)"), _ago),
    Reading(pattern(rf"(?P<count>){_UNIT} ago"), _ago),
    Reading(pattern(r"day=(?P<days>-?\d+)"), _in_days),
)
_WEEKDAYS = (
    Reading(pattern(rf"(?:{_WHICH} unit=week){_ON} {_WEEKDAY}"), _weekday_of_week),
    Reading(pattern(rf"unit=week {_WHICH}{_ON} {_WEEKDAY}"), _weekday_of_week),
    Reading(pattern(rf"{_WEEKDAY}{_ON} {_WHICH} unit=week"), _weekday_of_week),
    Reading(pattern(rf"{_WEEKDAY}{_ON} unit=week {_WHICH}"), _weekday_of_week),
    Reading(pattern(rf"(?:{_BEFORE} )?{_WEEKDAY}(?: {_AFTER})?"), _weekday),
)
