"""The office's weekly timetable, as it is written in settings and forms."""

from __future__ import annotations

import re
from datetime import time
from itertools import groupby

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_RANGE = re.compile(r"^(\w{3})(?:-(\w{3}))?\s+(\d{2}:\d{2})-(\d{2}:\d{2})$")

Week = dict[int, tuple[tuple[time, time], ...]]


def parse_hours(text: str) -> Week:
    """Read `Mon-Thu 09:00-16:00, Fri 09:00-12:00` into weekday (0 = Monday) -> opening spans.

    An empty text means that nothing is known. Raises `ValueError` naming the part that cannot be read.
    """
    week: dict[int, tuple[tuple[time, time], ...]] = {}
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        match = _RANGE.match(part)
        first, last = (match[1].lower(), (match[2] or match[1]).lower()) if match else ("", "")
        if not match or first not in WEEKDAYS or last not in WEEKDAYS:
            raise ValueError(f"cannot read {part!r} (example: Mon-Thu 09:00-16:00, Fri 09:00-12:00)")
        opens, closes = _clock(match[3], part), _clock(match[4], part)
        if opens >= closes:
            raise ValueError(f"{part!r} closes before it opens")
        for day in _days(WEEKDAYS.index(first), WEEKDAYS.index(last)):
            week[day] = (*week.get(day, ()), (opens, closes))
    return week


def format_hours(week: Week) -> str:
    """Write a timetable (hours to the minute) as `parse_hours` reads it: `Mon-Thu 09:00-16:00, Fri 09:00-12:00`.

    Weekdays in a row with the same spans are put together; a weekday without spans is left out.
    """
    rows = [(_names(list(days)), spans) for spans, days in groupby(range(7), lambda day: week.get(day, ()))]
    return ", ".join(
        f"{names} {_written(opens)}-{_written(closes)}" for names, spans in rows for opens, closes in spans
    )


def parse_spans(text: str) -> tuple[tuple[time, time], ...]:
    """Read the hours of one day, `09:00-12:00, 13:00-16:00`, in order; an empty text is a closed day.

    Raises `ValueError` naming the part that cannot be read.
    """
    return tuple(sorted(span for part in text.split(",") if part.strip()
                        for span in parse_hours(f"Mon {part.strip()}")[0]))  # fmt: skip


def _clock(text: str, part: str) -> time:
    try:
        return time.max if text == "24:00" else time.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"{part!r} holds a time that does not exist") from error


def _days(first: int, last: int) -> list[int]:
    return [day % 7 for day in range(first, (last if last >= first else last + 7) + 1)]


def _names(days: list[int]) -> str:
    return "-".join(WEEKDAYS[day].capitalize() for day in dict.fromkeys((days[0], days[-1])))


def _written(clock: time) -> str:
    return "24:00" if clock == time.max else clock.isoformat("minutes")
