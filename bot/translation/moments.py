"""Dates, weekdays and times of the day in a running text, as each language writes them."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable
from datetime import date
from functools import cache
from typing import Literal

from babel.dates import get_day_names, get_month_names

Readings = frozenset[Hashable]
"""All that a piece of text may mean; two pieces agree if they share one of these."""
Pattern = tuple[re.Pattern[str], Callable[[re.Match[str]], Readings]]
CENTURY = 2000
LEAP_YEAR = 2024
"""Stands in for a year that is not named, so that 29 February is a date."""
MONTH_FIRST = frozenset({"en"})
"""Languages in which 11/24/2026 is a date as well (CLDR's short format)."""
_NAMES_OF = {"ar": ("ar", "ar_SY")}
"""Arabic has two sets of month names, from the west and from the east of the Arab world."""
_ALEFS = re.compile("[أإآا]")
_CASES = {"ru": {"а": "уе", "я": "юе"}, "uk": {"а": "уі", "я": "юі"}, "pl": {"a": "ęu"}}
"""Last letters of names as CLDR has them, and what they become after "in" and "on" ("в ноябре", "w środę")."""
_IRREGULAR = {"pl": {"lutym": 2, "listopadzie": 11}, "uk": {"лютому": 2}}
_NUMERIC_END = r"(?![\d/])"
_NUMERIC_BEGIN = r"(?<![\d.,/:-])"
_NTH = r"(?:\.|st\b|nd\b|rd\b|th\b|-?(?:го|е|ого)\b)?"
_YEAR = r"(?:,?\s*(?:(?:سال|عام|سنة)\s+)?(\d{4}))?(?!\d)"
_AFTERNOON = {
    "de": "nachmittags|abends|am nachmittag|am abend", "en": r"p\.?\s?m\b\.?|in the (?:afternoon|evening)",
    "tr": "öğleden sonra|akşam|ÖS", "ar": "مساءً|مساء|عصرا|عصرًا|بعد الظهر|م(?!\\w)", "ru": "вечера|дня|пополудни",
    "uk": "вечора|дня|пополудні", "pl": "po południu|wieczorem", "fa": "بعد ?از ?ظهر|عصر|ب\\.ظ",
}  # fmt: skip
_MORNING = {
    "de": "morgens|vormittags|am morgen|am vormittag|früh|nachts", "en": r"a\.?\s?m\b\.?|in the morning",
    "tr": "sabah|ÖÖ", "ar": "صباحًا|صباحا|ص(?!\\w)", "ru": "утра|ночи", "uk": "ранку|ночі", "pl": "rano|w nocy",
    "fa": "صبح|بامداد|ق\\.ظ",
}  # fmt: skip
_BEFORE_HOUR = r"(?:\bsaat(?:i|te)?|\bgodz\.|\bgodz[^\W\d]*|الساعة|ساعت|\bat)"
_AFTER_HOUR = r"(?:uhr\b|o['’]?clock\b|час[^\W\d]*|ч\.|годин[^\W\d]*)"
_BESIDE_A_NUMBER = {"fa": {"می": 5}}
"""Names that only a number makes into a month; alone they are something else."""
SHORTEST_INFLECTED = 2
"""Letters of a name beyond which its last one is an ending ("мая")."""
NOON = 12
DAY = 24
HOUR = 60


def day_month(first: str, second: str, language: str, year: str | None = None) -> Readings:
    """What two numbers may mean as a date: the day first, in English also the month first; empty if nothing."""
    found = {_date(second, first, year)}
    if language in MONTH_FIRST:
        found.add(_date(first, second, year))
    return frozenset(found - {None})


def clock(hour: str, minute: str | None, second: str | None = None) -> tuple[str, int, int, int] | None:
    """A time of the day by the 24-hour clock; None if there is no such time."""
    h, m, s = int(hour), int(minute or 0), int(second or 0)
    return ("time", h, m, s) if h <= DAY and m < HOUR and s < HOUR else None


def date_patterns(language: str) -> list[Pattern]:
    """How full dates, and days with their month, are written; earlier patterns go first."""
    slashed = rf"{_NUMERIC_BEGIN}(\d{{1,2}})([./-])\s?(\d{{1,2}})\2\s?(\d{{4}}|\d{{2}})(?!\d){_NUMERIC_END}"
    return [
        (re.compile(rf"{_NUMERIC_BEGIN}(\d{{4}})([-/.])(\d{{1,2}})\2(\d{{1,2}}){_NUMERIC_END}"),
         lambda found: _only(_date(found[3], found[4], found[1]))),
        (re.compile(slashed), lambda found: day_month(found[1], found[3], language, found[4])),
        *_with_names(language),
        (re.compile(rf"{_NUMERIC_BEGIN}(\d{{1,2}})\.\s?(\d{{1,2}})\.(?!\d)"),
         lambda found: day_month(found[1], found[2], language)),
        (re.compile(rf"{_NUMERIC_BEGIN}(\d{{1,2}})/(\d{{1,2}}){_NUMERIC_END}"),
         lambda found: day_month(found[1], found[2], language)),
    ]  # fmt: skip


def name_patterns(language: str) -> list[Pattern]:
    """Months and weekdays that stand alone; their names are other words too, so they prove little."""
    days = {
        spelling: number
        for number, name in get_day_names("wide", "format", language).items()
        for spelling in _spellings(name, language)
    }
    months = _months(language, ("wide",))
    return [
        (_words(days), lambda found: _only(("weekday", _number(days, found[0])))),
        (_words(months), lambda found: _only(("month", _number(months, found[0])))),
    ]


def time_patterns(language: str) -> list[Pattern]:
    """How times are written: 10:30, 10.30 Uhr, 3 pm, saat 10."""
    number, dotted = r"(?<![\d.,:])(\d{1,2})", r"(?:[.:](\d{2})(?!\d))?"
    part = f"(?:{_AFTERNOON[language]}|{_MORNING[language]})" if language in {"en", "ar"} else r"(?!)"
    return [
        (re.compile(rf"{number}:(\d{{2}})(?::(\d{{2}}))?(?![\d:])"), lambda found: _time(found, language)),
        (re.compile(rf"{number}{dotted}()\s*(?:{_AFTER_HOUR}|(?={part}))", re.IGNORECASE),
         lambda found: _time(found, language)),
        (re.compile(rf"{_BEFORE_HOUR}\s*(\d{{1,2}}){dotted}()(?![\d:.,]\d|\d|\s*[%€$])", re.IGNORECASE),
         lambda found: _time(found, language)),
    ]  # fmt: skip


def _time(found: re.Match[str], language: str) -> Readings:
    told = clock(found[1], found[2], found[3])
    part = _part_of_day(found, language)
    if told is None:
        return frozenset()
    if part is not None and told[1] <= NOON:
        return _only((told[0], told[1] % NOON + (NOON if part == "afternoon" else 0), *told[2:]))
    # "10 Uhr" is "10 часов", and nothing else says that this is a time
    return frozenset({told} if found[2] else {told, ("number", int(found[1]))})


def _part_of_day(found: re.Match[str], language: str) -> Literal["afternoon", "morning"] | None:
    after, before = found.string[found.end() : found.end() + 20], found.string[: found.start()][-25:]
    for part, words in (("afternoon", _AFTERNOON[language]), ("morning", _MORNING[language])):
        if re.match(rf"\s*(?:{words})", after, re.IGNORECASE) or re.search(rf"(?:{words})\s*$", before, re.IGNORECASE):
            return part  # type: ignore[return-value]
    return None


def _with_names(language: str) -> list[Pattern]:
    months = _months(language, ("wide", "abbreviated")) | _BESIDE_A_NUMBER.get(language, {})
    name = f"({_alternatives(months)})(?!\\w)\\.?"
    patterns: list[Pattern] = [
        (re.compile(rf"(?<![\d.,:])(\d{{1,2}}){_NTH}\s*(?:of\s+)?{name}{_YEAR}", re.IGNORECASE),
         lambda found: _only(_date(_number(months, found[2]), found[1], found[3]))),
        (re.compile(rf"(?<!\w){name},?\s*(?:عام\s+|سال\s+)?(\d{{4}})(?!\d)", re.IGNORECASE),
         lambda found: _only(("month", _number(months, found[1]), int(found[2])))),
    ]  # fmt: skip
    if language in MONTH_FIRST:
        month_first = re.compile(rf"(?<!\w){name}\s*(?:the\s+)?(\d{{1,2}})(?!\d){_NTH}{_YEAR}", re.IGNORECASE)
        patterns.insert(0, (month_first, lambda found: _only(_date(_number(months, found[1]), found[2], found[3]))))
    return patterns


def _date(month: str | int, day: str, year: str | None) -> tuple[str, int | None, int, int] | None:
    number = None if year is None else int(year) + (CENTURY if len(year) == 2 else 0)
    try:
        date(number or LEAP_YEAR, int(month), int(day))
    except ValueError:
        return None
    return ("date", number, int(month), int(day))


def _only(reading: Hashable) -> Readings:
    return frozenset() if reading is None else frozenset({reading})


@cache
def _months(language: str, widths: tuple[Literal["wide", "abbreviated"], ...]) -> dict[str, int]:
    contexts: tuple[Literal["format", "stand-alone"], ...] = ("format", "stand-alone")
    names = {
        spelling: number
        for locale in _NAMES_OF.get(language, (language,)) for width in widths for context in contexts
        for number, name in get_month_names(width, context, locale).items()
        for spelling in _spellings(name, language) if len(spelling) > 1
    }  # fmt: skip
    return names | _IRREGULAR.get(language, {})


def _spellings(name: str, language: str) -> set[str]:
    """In lower case without the dot, in other cases, and as hurried people type "März" and "أغسطس"."""
    plain = name.casefold().rstrip(".")
    endings = _CASES.get(language, {}).get(plain[-1:], "") if len(plain) > SHORTEST_INFLECTED else ""
    return {plain, plain.replace("ä", "ae"), _ALEFS.sub("ا", plain), *(plain[:-1] + ending for ending in endings)}


def _number(months: dict[str, int], written: str) -> int:
    plain = written.casefold().rstrip(".")
    return months.get(plain) or months[_ALEFS.sub("ا", plain)]


def _alternatives(names: dict[str, int]) -> str:
    return "|".join(re.escape(name).replace("ا", "[أإآا]") for name in sorted(names, key=len, reverse=True))


def _words(names: dict[str, int]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{_alternatives(names)})(?!\w)", re.IGNORECASE)
