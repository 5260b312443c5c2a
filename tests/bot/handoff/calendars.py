"""What the tests of the office's calendar share: an office with a lunch break, its exceptions, and times."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.handoff.calendar import Calendar, Closure, SpecialDay
from bot.handoff.hours import parse_hours

BERLIN = ZoneInfo("Europe/Berlin")
WEEK = "Mon-Thu 09:00-12:00, Mon-Thu 13:00-16:00, Fri 09:00-12:00"
SUMMER = Closure(date(2026, 7, 27), date(2026, 8, 7), "Sommerpause")
BRIDGE = Closure(date(2026, 5, 15), date(2026, 5, 15), "Brückentag")
CHRISTMAS_EVE = SpecialDay(date(2026, 12, 24), ((time(9), time(11)),))
HOUR = timedelta(hours=1)


def at(text: str, *, fold: int = 0) -> datetime:
    """A wall clock time in Wiesbaden, as the rest of the bot hands it over (UTC)."""
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN, fold=fold).astimezone(UTC)


def office(
    text: str = WEEK, *special: SpecialDay, closures: tuple[Closure, ...] = (), zone: ZoneInfo = BERLIN
) -> Calendar:
    return Calendar(parse_hours(text), zone, closures, special)


def written(calendar: Calendar, day: str) -> list[tuple[str, str]]:
    """The spans of a day as they stand on the door."""
    return [(f"{opens:%H:%M}", f"{closes:%H:%M}") for opens, closes in calendar.spans(date.fromisoformat(day))]
