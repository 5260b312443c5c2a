"""A case in the words of the page's language."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, Literal

from babel import UnknownLocaleError
from babel.dates import format_skeleton, format_time
from babel.units import format_unit

from bot.conversation.consent import public_subject
from bot.desk.cases.promise import Promise, promise_of
from bot.desk.visit import Visit
from bot.handoff.states import State, case_number
from bot.locales import RIGHT_TO_LEFT, Locales
from bot.storage.models import Case


class Words:
    """What templates call to put things into words."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._parts = visit.desk.parts
        self.language = visit.language

    @property
    def office(self) -> str:
        """The office's language, in which staff read what they send."""
        return self._parts.office_language

    def number(self, case_id: int) -> str:
        """Such as W-0042."""
        return case_number(case_id)

    def name_of(self, language: str | None) -> str:
        """A language's name in the page's language."""
        return _name_of(self._parts.locales, language or "und", self.language)

    def direction(self, language: str | None) -> str:
        """`rtl` or `ltr`."""
        return "rtl" if language in RIGHT_TO_LEFT else "ltr"

    def bot(self, key: str, **params: Any) -> str:
        """A text of the bot that staff see as well. Raises `KeyError`."""
        texts = self._parts.locales
        return texts.say(self.language if self.language in texts.languages else self.office, key, params)

    def subject(self, case: Case) -> str:
        """What may be said of the subject."""
        return self.bot(f"desk.subject_{public_subject(case.topic)}")

    def state(self, case: Case) -> str:
        """How the case stands."""
        return self._visit.say(f"case.state_{case.state.lower()}")

    def badge(self, case: Case) -> str:
        """The colour that goes with the state; never without its words."""
        owed = {State.QUEUED: "warn", State.PARKED: "warn", State.CLAIMED: "warn", State.UNREACHABLE: "bad"}
        return owed.get(State(case.state), "good" if State(case.state) is State.RESOLVED else "")

    def promise(self, case: Case) -> Promise:
        """How the promise stands now."""
        return promise_of(case, self._visit.now)

    def lasting(self, duration: timedelta) -> str:
        """The two largest units: `2 Std. 10 Min.`, `3 Tage 4 Std.`; `< 1 Min.`."""
        minutes = int(duration.total_seconds()) // 60
        if minutes < 1:
            return f"< {_unit('minute', 1, self.language)}"
        found = {"day": minutes // 1440, "hour": minutes // 60 % 24, "minute": minutes % 60}
        units = [(unit, value) for unit, value in found.items() if value][:2]
        return " ".join(_unit(unit, value, self.language) for unit, value in units)

    def since(self, moment: datetime) -> str:
        """How long ago."""
        return self.lasting(self._visit.now - moment)

    def left(self, moment: datetime) -> str:
        """How long until then, or how long ago it was."""
        return self.lasting(abs(moment - self._visit.now))

    def at(self, moment: datetime) -> str:
        """Time of the day, with the day unless it is today."""
        local = moment.astimezone(self._parts.locales.zone)
        clock = _clock(local.hour, local.minute, self.language)
        if local.date() == self._visit.today:
            return clock
        skeleton = "MEd" if local.year == self._visit.today.year else "yMEd"
        return f"{_day(skeleton, local.date(), self.language)} {clock}"

    def when(self, moment: datetime) -> str:
        """The whole of it, with weekday."""
        return self._visit.desk.locales.when(self.language, moment)

    def iso(self, moment: datetime) -> str:
        """For `<time datetime>`."""
        return moment.isoformat(timespec="seconds")


@lru_cache(maxsize=1000)
def _unit(unit: str, value: int, language: str) -> str:
    """Kept, because a queue of 200 cases asks for it hundreds of times, and babel takes its time."""
    length: Literal["long", "short"] = "long" if unit == "day" else "short"
    return format_unit(value, f"duration-{unit}", length, locale=language)


@lru_cache(maxsize=3000)
def _clock(hour: int, minute: int, language: str) -> str:
    return format_time(time(hour, minute), "HH:mm", locale=language)


@lru_cache(maxsize=1000)
def _day(skeleton: str, day: date, language: str) -> str:
    return format_skeleton(skeleton, datetime.combine(day, time()), locale=language)


@lru_cache(maxsize=1000)
def _name_of(locales: Locales, language: str, shown_in: str) -> str:
    try:
        return locales.name_of(language, shown_in)
    except (UnknownLocaleError, ValueError):
        return language
