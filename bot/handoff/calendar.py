"""When somebody at the office answers: weekly hours with breaks, other hours on single days, closed weeks, holidays.

Opening hours are wall-clock times in the office's zone; how long it has been open is counted in elapsed time. A time
that the spring night skips, or the autumn night repeats, is read as RFC 5545, 3.3.5 says: with the offset before the
change. All datetimes are aware, those returned in the office's zone. Python compares two of one zone by their wall
clock: in the repeated hour compare in UTC.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property, lru_cache
from itertools import islice
from zoneinfo import ZoneInfo

import holidays

from bot.handoff.hours import Week

AHEAD_DAYS = 400
"""Days that are searched for the next opening: over a year, so that an office open on one date a year is found."""

Spans = tuple[tuple[datetime, datetime], ...]
"""Opening times of one day as (opens, closes), in order, without overlap; closed at the moment `closes`."""


class Why(StrEnum):
    """Why nobody answers now."""

    BREAK = "break"
    HOURS = "hours"
    HOLIDAY = "holiday"
    CLOSURE = "closure"


@dataclass(frozen=True)
class Closure:
    """Closed from `first` to `last`, both included; `reason` may be empty. Raises `ValueError` if reversed."""

    first: date
    last: date
    reason: str = ""

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"a closure ends on {self.last}, before it begins on {self.first}")


@dataclass(frozen=True)
class SpecialDay:
    """Other hours on one day, before weekday, holiday and closure; no spans: closed. `time.max` closes at midnight.

    Raises `ValueError` for a span that closes before it opens.
    """

    day: date
    spans: tuple[tuple[time, time], ...]

    def __post_init__(self) -> None:
        if any(opens >= closes for opens, closes in self.spans):
            raise ValueError(f"the hours of {self.day} close before they open")


@dataclass(frozen=True)
class Calendar:
    """The office's calendar. Do not change `week` afterwards: days are worked out once.

    A special day that is given twice has the hours given last.
    Without weekday hours nothing is known, whatever else is given: one special day must not close all others.
    `country` and `subdivision` are ISO 3166 codes ("DE", "HE") for the library `holidays`; an empty country has no
    holidays, an empty subdivision only those of the whole country. Raises `ValueError` for an unknown one.
    """

    week: Week = field(hash=False)
    zone: ZoneInfo
    closures: tuple[Closure, ...] = ()
    special: tuple[SpecialDay, ...] = ()
    country: str = "DE"
    subdivision: str = "HE"

    def __post_init__(self) -> None:
        # Refuses unknown ones, and loads the library (0.4 s) before messages come.
        _public_holidays(self.country, self.subdivision)

    @property
    def known(self) -> bool:
        """Whether the office has given any weekday hours."""
        return any(self.week.values())

    def spans(self, day: date) -> Spans:
        """When the office is open on that local day; breaks lie between the spans. Empty: closed or unknown."""
        return tuple((self._local(opens), self._local(closes)) for opens, closes in self._instants(day))

    def holiday_name(self, day: date) -> str | None:
        """The German name of the public holiday on `day`, else None (English for countries without German names)."""
        return _public_holidays(self.country, self.subdivision).get(day)

    def closure(self, day: date) -> Closure | None:
        """The first closure that `day` falls into, whether or not a special day opens the office nevertheless."""
        return next((closure for closure in self.closures if closure.first <= day <= closure.last), None)

    def is_open(self, now: datetime) -> bool:
        """Whether somebody answers at `now`. True while no hours are known: nothing says it is closed."""
        return not self.known or any(opens <= _utc(now) < closes for opens, closes in self._today(now))

    def in_break(self, now: datetime) -> bool:
        """Whether `now` lies between two spans of the same day."""
        return self.closing(now) is not None and not self.is_open(now)

    def why_closed(self, now: datetime) -> Why | None:
        """Why nobody answers at `now`; None if open or unknown.

        What holds for the day goes first, a closure before a holiday, also in the evening or on a weekend.
        """
        if self.is_open(now):
            return None
        return Why.BREAK if self.in_break(now) else self._why_day(self._local(now).date())

    def next_opening(self, now: datetime) -> datetime | None:
        """The next start of a span strictly after `now`; None if unknown or not within `AHEAD_DAYS`."""
        at = _utc(now)
        return next((self._local(opens) for opens, _ in self._ahead(at) if opens > at), None)

    def closing(self, now: datetime) -> datetime | None:
        """The end of today's last span while `now` is inside a span or a break of today; else None."""
        today = self._today(now)
        return self._local(today[-1][1]) if today and today[0][0] <= _utc(now) < today[-1][1] else None

    def after(self, moment: datetime, working: timedelta) -> datetime | None:
        """The first moment within opening hours, or at their end, when `working` of them have passed since `moment`.

        Unknown hours: `moment + working`. None if the next `AHEAD_DAYS` hold too few. Raises `ValueError` if negative.
        """
        if working < timedelta():
            raise ValueError("working time cannot be negative")
        at = _utc(moment)
        if not self.known:
            return self._local(at + working)
        for opens, closes in self._ahead(at):
            start = max(opens, at)
            if start <= closes and working <= closes - start:
                return self._local(start + working)
            working -= max(closes - start, timedelta())
        return None

    def open_between(self, start: datetime, end: datetime) -> timedelta:
        """How much of the time from `start` to `end` lies in opening hours; none where these are unknown."""
        begin, until = _utc(start), _utc(end)
        days = (self._local(end).date() - self._local(start).date()).days
        spans = (span for ahead in range(-1, days + 1)
                 for span in self._instants(self._local(start).date() + timedelta(days=ahead)))  # fmt: skip
        return sum((max(min(closes, until) - max(opens, begin), timedelta()) for opens, closes in spans), timedelta())

    def working_days_after(self, moment: datetime, days: int) -> datetime:
        """The last closing of the `days`-th (from 1) day with opening hours after the local date of `moment`.

        Days of 24 hours where hours are unknown or none follow within `AHEAD_DAYS`, so that a time limit always ends.
        Raises `ValueError` if `days` is below 1.
        """
        if days < 1:
            raise ValueError("working days are counted from 1")
        today = self._local(moment).date()
        following = (self._instants(today + timedelta(days=ahead)) for ahead in range(1, AHEAD_DAYS + 1))
        found = next(islice(filter(None, following), days - 1, None), None)
        return self._local(found[-1][1] if found else _utc(moment) + timedelta(days=days))

    def promise(self, now: datetime, working: timedelta) -> datetime | None:
        """The latest time of an answer that a person who asks at `now` is told; None: nothing can be promised."""
        return self.after(now, working) if self.known else None

    def _local(self, moment: datetime) -> datetime:
        return moment.astimezone(self.zone)

    def _today(self, now: datetime) -> Spans:
        return self._instants(self._local(now).date())

    def _ahead(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Spans in UTC from yesterday's on: at midnight, `at` may still be the end of one of them."""
        today = self._local(at).date()
        for ahead in range(-1, AHEAD_DAYS + 1) if self.known else ():
            yield from self._instants(today + timedelta(days=ahead))

    def _why_day(self, day: date) -> Why:
        if day in self._special:
            return Why.HOURS if self._special[day] else Why.CLOSURE
        if self.closure(day):
            return Why.CLOSURE
        return Why.HOLIDAY if self.holiday_name(day) else Why.HOURS

    @cached_property
    def _special(self) -> dict[date, tuple[tuple[time, time], ...]]:
        return {special.day: special.spans for special in self.special}

    @cached_property
    def _instants(self) -> Callable[[date], Spans]:
        """`_work_out`, remembered; the size holds two searches of `AHEAD_DAYS` that do not overlap."""
        return lru_cache(maxsize=2 * AHEAD_DAYS + 4)(self._work_out)

    def _work_out(self, day: date) -> Spans:
        """The spans of a local day in UTC, where comparing and subtracting mean elapsed time."""
        return _merged((self._instant(day, opens), self._instant(day, closes)) for opens, closes in self._clock(day))

    def _clock(self, day: date) -> tuple[tuple[time, time], ...]:
        if not self.known:
            return ()
        if day in self._special:
            return self._special[day]
        return () if self.closure(day) or self.holiday_name(day) else self.week.get(day.weekday(), ())

    def _instant(self, day: date, clock: time) -> datetime:
        if clock == time.max:  # how `24:00` is written in a Week
            day, clock = day + timedelta(days=1), time.min
        return _utc(datetime.combine(day, clock, self.zone))


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


def _merged(spans: Iterable[tuple[datetime, datetime]]) -> Spans:
    """In order, those that touch or overlap made one; without those that the spring night leaves nothing of."""
    merged: list[tuple[datetime, datetime]] = []
    for opens, closes in sorted(span for span in spans if span[0] < span[1]):
        if merged and opens <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(closes, merged[-1][1]))
        else:
            merged.append((opens, closes))
    return tuple(merged)


@lru_cache
def _public_holidays(country: str, subdivision: str) -> holidays.HolidayBase | dict[date, str]:
    """Public holidays by date; the library works a year out when it is first asked for, and keeps it."""
    if not country:
        return {}
    try:
        return holidays.country_holidays(country, subdiv=subdivision, language="de")
    except NotImplementedError as error:
        raise ValueError(f"no public holidays are known for {country} {subdivision}".rstrip()) from error
