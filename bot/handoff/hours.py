"""When somebody at the office answers: a weekly timetable. Holidays and staff on duty are not known here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

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


def _clock(text: str, part: str) -> time:
    try:
        return time.max if text == "24:00" else time.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"{part!r} holds a time that does not exist") from error


def _days(first: int, last: int) -> list[int]:
    return [day % 7 for day in range(first, (last if last >= first else last + 7) + 1)]


@dataclass(frozen=True)
class OfficeHours:
    """The weekly timetable in the office's time zone; unknown when `week` is empty."""

    week: Week
    zone: ZoneInfo

    @property
    def known(self) -> bool:
        """Whether the office has given any hours."""
        return bool(self.week)

    def is_open(self, now: datetime) -> bool:
        """Whether somebody answers at `now` (aware). True while no hours are known: nothing says it is closed."""
        local = now.astimezone(self.zone)
        spans = self.week.get(local.weekday(), ())
        return not self.known or any(opens <= local.time() < closes for opens, closes in spans)

    def next_opening(self, now: datetime) -> datetime | None:
        """The next time (in the office's zone) at which the office opens after `now`; None while no hours are known."""
        local = now.astimezone(self.zone)
        for ahead in range(8):
            day = local.date() + timedelta(days=ahead)
            for opens, _ in sorted(self.week.get(day.weekday(), ())):
                opening = datetime.combine(day, opens, self.zone)
                if opening > local:
                    return opening
        return None

    def closing(self, now: datetime) -> datetime | None:
        """When the span that is open at `now` ends; None if closed or unknown."""
        local = now.astimezone(self.zone)
        for opens, closes in self.week.get(local.weekday(), ()):
            if opens <= local.time() < closes:
                return datetime.combine(local.date(), closes, self.zone)
        return None
