"""The words of an evaluation: what rows, columns and periods are called, and how a figure is written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from babel.dates import format_date, format_skeleton

from bot.conversation.turn import Parts
from bot.insight.evaluation import ANSWERS, CASE_TABLES, ENTRIES, FLOWS, LANGUAGES, TOPICS, WEEKS
from bot.insight.periods import Period
from bot.insight.shares import HOUR, Share
from bot.insight.suppression import Figure, Mark
from bot.locales import Locales
from bot.storage.visits import ALL

NAMED_ROWS = {ANSWERS, "helped", FLOWS, *CASE_TABLES}
"""Tables whose rows have texts of their own: `insight.<table>_<row>`."""
DAY = 24 * HOUR
UNIT_CHANGES = 2 * DAY


@dataclass(frozen=True)
class Words:
    """Writes an evaluation in one of the desk's languages. `locales`: the desk's own texts."""

    locales: Locales
    parts: Parts
    language: str

    def say(self, key: str, **params: Any) -> str:
        """A text of the evaluation."""
        return self.locales.say(self.language, f"insight.{key}", params)

    @property
    def content_language(self) -> str:
        """The language in which entries and topics are named: that of the page, if the bot speaks it."""
        known = self.parts.locales.languages
        return self.language if self.language in known else self.parts.office_language

    def period(self, period: Period) -> str:
        """Its name, for reading."""
        if period.kind == "month":
            return self.locales.month(self.language, period.first)
        if period.kind == "quarter":
            return self.say("name_quarter", quarter=(period.first.month + 2) // 3, year=period.first.year)
        if period.kind == "year":
            return str(period.first.year)
        ends = {"first": self.day(period.first), "last": self.day(period.last)}
        return self.say(f"name_{period.kind}", week=period.first.isocalendar().week, **ends)

    def day(self, day: date) -> str:
        """A date in figures."""
        return format_date(day, "medium", locale=self.language)

    def short(self, day: str) -> str:
        """The same without its year, for below a column."""
        return format_skeleton("Md", date.fromisoformat(day), locale=self.language)

    def topic(self, topic: str) -> str:
        """What a topic is called, without the sign before it."""
        if topic in {"", ALL}:
            return self.say("no_topic" if topic == "" else "total")
        locales = self.parts.locales
        if f"topic.{topic}" not in locales.keys:
            return self.say("other")
        named = locales.say(self.content_language, f"topic.{topic}")
        first, _, rest = named.partition(" ")
        return named if first.isalnum() else rest

    def entry(self, entry: str) -> str:
        """The question that the entry answers; its id if it has been withdrawn."""
        library = self.parts.library
        return library.entry(entry, self.content_language).question if library.has(entry) else entry

    def row(self, table: str, key: str) -> str:
        """What a row is called."""
        if key == ALL:
            return self.say("total")
        if table == TOPICS:
            return self.topic(key)
        if table == LANGUAGES:
            return self.locales.name_of(key, self.language)
        if table == ENTRIES:
            return self.entry(key)
        if table == WEEKS:
            return self.day(date.fromisoformat(key))
        name = f"{table}_{key}" if table in NAMED_ROWS else ""
        return self.say(name) if f"insight.{name}" in self.locales.keys else self.say("other")

    def figure(self, figure: Figure | None) -> str:
        """A number as it may be seen; None: it is not counted."""
        if figure is None:
            return self.say("not_counted")
        if figure.value is None:
            return self.say("few" if figure.mark is Mark.FEW else "hidden")
        return self.locales.number(self.language, figure.value)

    def share(self, share: Share | None) -> str:
        """Per cent."""
        if share is None:
            return self.say("unknown")
        return self.say(share.bound or "percent", percent=share.percent)

    def duration(self, seconds: int | None) -> str:
        """Minutes, hours, or days if it is long."""
        if seconds is None:
            return self.say("unknown")
        if seconds >= UNIT_CHANGES:
            return self.say("days", days=self._decimal(seconds / DAY))
        hours, minutes = divmod(seconds // 60, 60)
        if not hours:
            return self.say("minutes", minutes=minutes)
        return self.say("hours_minutes" if minutes else "hours", hours=hours, minutes=minutes)

    def _decimal(self, value: float) -> str:
        written = f"{value:.1f}".removesuffix(".0")
        return written.replace(".", ",") if self.language == "de" else written

    def change(self, now: Figure | None, before: Figure | None) -> str:
        """How much more or less it is, in per cent; empty where that cannot be said."""
        if now is None or before is None or now.value is None or not before.value:
            return ""
        percent = round(100 * (now.value - before.value) / before.value)
        return self.say("change", sign="+" if percent > 0 else "−" if percent < 0 else "±", percent=abs(percent))
