"""Everything the bot itself says, one gettext catalogue per language, read from the `.po` files as they stand.

Message ids are symbols (`handoff.consent`), so that a sentence is found by one search and its rule by one more.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from gettext import GNUTranslations
from pathlib import Path
from string import Formatter
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time, get_day_names
from babel.lists import format_list
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

FOLDER = Path(__file__).parent
LONGEST_SHORT_DAY = 4
"""Letters of a weekday that fit into a seventh of a phone's width."""
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ps", "ur", "ckb"})


class LocaleError(Exception):
    """A catalogue is missing or incomplete; the text names the language and the message id."""


class Locales:
    """The texts of the configured languages. Reading fails if any language lacks any text."""

    def __init__(self, languages: Sequence[str], zone: ZoneInfo, folder: Path = FOLDER) -> None:
        self.languages = tuple(languages)
        self.zone = zone
        self._catalogs = {language: _read(folder, language) for language in self.languages}
        problems = compare(self._catalogs)
        if problems:
            raise LocaleError("\n".join(problems))
        self._texts = {language: _compile(catalog) for language, catalog in self._catalogs.items()}

    @cached_property
    def keys(self) -> frozenset[str]:
        """All message ids."""
        return frozenset(_ids(next(iter(self._catalogs.values()))))

    def say(self, language: str, key: str, params: Mapping[str, Any] | None = None) -> str:
        """The text `key` in `language`, blanks filled; a `count` among the params chooses the plural form.

        Times and days are written in the language, times in the office's zone. Raises `KeyError` for an unknown text.
        """
        texts, params = self._texts[language], params or {}
        if key not in self.keys:
            raise KeyError(key)
        text = texts.ngettext(key, key, params["count"]) if "count" in params else texts.gettext(key)
        return text.format_map({name: self._write(language, value) for name, value in params.items()})

    def name_of(self, language: str, shown_in: str | None = None) -> str:
        """A language's name, in itself or in `shown_in`."""
        name = Locale.parse(language).get_display_name(shown_in or language) or language
        return name if shown_in else name[:1].upper() + name[1:]

    def when(self, language: str, moment: datetime) -> str:
        """Weekday, date and time of `moment` in the language, for example `Dienstag, 24. November 2026, 10:00`."""
        local = moment.astimezone(self.zone)
        pattern = str(Locale.parse(language).datetime_formats["medium"])
        day, clock = format_date(local, "full", locale=language), format_time(local, "HH:mm", locale=language)
        return pattern.replace("{1}", day).replace("{0}", clock)

    def day(self, language: str, day: date) -> str:
        """Weekday and date, for example `Samstag, 5. Dezember 2026`."""
        return format_date(day, "full", locale=language)

    def as_of(self, language: str, day: str) -> str:
        """`2026-11` as month and year in the language, `2020` as it stands, `2026-11-21` as a date."""
        parts = [int(part) for part in day.split("-")]
        if len(parts) == 1:
            return day
        if len(parts) == 2:
            return self.month(language, date(parts[0], parts[1], 1))
        return format_date(date(parts[0], parts[1], parts[2]), "long", locale=language)

    def month(self, language: str, day: date) -> str:
        """Month and year, for example `Dezember 2026`."""
        return format_skeleton("yMMMM", day, locale=language)

    def weekday(self, language: str, day: int, *, short: bool = False) -> str:
        """A weekday's name, 0 for Monday; `short`: as it stands above a column."""
        if not short:
            return str(get_day_names("wide", context="stand-alone", locale=language)[day])
        abbreviated = get_day_names("abbreviated", context="stand-alone", locale=language)
        # Arabic and Persian have no abbreviations: there a letter has to do.
        fits = all(len(name) <= LONGEST_SHORT_DAY for name in abbreviated.values())
        return str((abbreviated if fits else get_day_names("narrow", context="stand-alone", locale=language))[day])

    def number(self, language: str, value: int) -> str:
        """A number with the language's own signs between thousands."""
        return format_decimal(value, locale=language)

    def listed(self, language: str, items: Sequence[str]) -> str:
        """Several things in one breath: `Küche, Parkplatz und Beamer`."""
        return format_list(list(items), locale=language)

    def _write(self, language: str, value: Any) -> str:
        if isinstance(value, datetime):
            return self.when(language, value)
        return self.day(language, value) if isinstance(value, date) else str(value)


def _read(folder: Path, language: str) -> Catalog:
    path = folder / f"{language}.po"
    try:
        with path.open("rb") as file:
            return read_po(file, locale=language)
    except FileNotFoundError as error:
        raise LocaleError(
            f"setting LANGUAGES: language {language} has no texts, {path.name} is missing in bot/locales"
        ) from error


def _compile(catalog: Catalog) -> GNUTranslations:
    buffer = io.BytesIO()
    write_mo(buffer, catalog, use_fuzzy=True)
    buffer.seek(0)
    return GNUTranslations(buffer)


def _ids(catalog: Catalog) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for message in catalog:
        if message.id:
            key = message.id if isinstance(message.id, str) else message.id[0]
            strings = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
            found[key] = strings
    return found


def blanks(text: str) -> frozenset[str]:
    """The names of the blanks `{name}` in a text."""
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name)


def compare(catalogs: Mapping[str, Catalog]) -> list[str]:
    """Every text that is missing, empty or has other blanks than in the first language, a line each."""
    texts = {language: _ids(catalog) for language, catalog in catalogs.items()}
    reference = next(iter(texts.values()))
    every_key = sorted({key for found in texts.values() for key in found})
    problems = []
    for language, found in texts.items():
        for key in every_key:
            strings = found.get(key, ())
            if not strings or not all(strings):
                problems.append(f"bot/locales/{language}.po: {key} has no text")
            elif key in reference and any(blanks(text) - blanks(reference[key][-1]) for text in strings):
                problems.append(f"bot/locales/{language}.po: {key} has a blank that is not in the original")
            elif key in reference and blanks(strings[-1]) != blanks(reference[key][-1]):
                problems.append(f"bot/locales/{language}.po: {key} lacks a blank of the original")
    return problems
