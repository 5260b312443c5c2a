"""The facts that a text states: what a translation must not change, wherever it stands in the sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Literal
from urllib.parse import urlsplit

from bot.translation.moments import (
    Pattern,
    Readings,
    clock,
    date_patterns,
    day_month,
    name_patterns,
    time_patterns,
)
from knowledge.numbers import western

Kind = Literal["url", "email", "date", "time", "phone", "percentage", "amount", "number", "name", "negation"]
DECIMAL_COMMA = frozenset({"de", "tr", "ru", "uk", "pl"})
"""Languages that write 1.500,50; the others write 1,500.50 (CLDR)."""
PHONE_DIGITS = 7
"""Digits from which a number that begins with + or 0 is one to call."""
_SPACE = "[ \u00a0\u202f\u2009]"
_NUMBER = rf"(?<!\d)(?<!\d[.,٫٬'’])(?>\d{{1,3}}(?:{_SPACE}\d{{3}})++(?!\d)(?:[.,٫]\d++)?|\d++(?:[.,٫٬'’]\d++)*+)"
"""A whole number with all signs in it; found in one go, so that no text takes long to read."""
_LETTER = r"[^\W\d]"
"""For the endings of units: `\\w` would swallow the digits of what follows."""
_CURRENCIES = {
    "EUR": r"€|EUR\b|euro\w{0,3}\b|eura\b|avro\w{0,3}\b|يورو\w*|یورو\w*|евро\b|євро\b",
    "USD": r"(?:US-?)?\$|USD\b|(?:US-?|US )?(?:dollar\w{0,2}\b|dolar\w{0,4}\b)|دولار\w*|دلار\w*|доллар\w*|долар\w*",
    "GBP": r"£|GBP\b",
    "TRY": r"₺|TRY\b|TL\b|lira\w{0,4}\b|лир\w{0,2}\b|лір\w{0,2}\b|ليرة|لیر\w*",
    "UAH": r"₴|UAH\b|грн\b\.?|грив[еє]?н\w*|hr[yi]w?v?n\w*",
    "RUB": r"₽|RUB\b|руб\w*\.?|rub[el]\w{0,3}\b|روبل",
    "PLN": r"zł\b|PLN\b|złot\w{0,3}\b|z[lł]oty\w{0,2}\b|злот\w{0,3}\b|زلوتي|زلوتی",
    "CHF": r"CHF\b|Franken\b|francs?\b",
}
"""Codes (ISO 4217) and what stands for them in any of the languages: symbol, name, inflected."""
_CURRENCY = "|".join(f"(?P<{code}>{words})" for code, words in _CURRENCIES.items()).replace(r"\w", _LETTER)
_PERCENT = r"(?:%|٪|prozent\w*|per ?cent\b|procent\w*|процент\w*|відсот\w*|درصد|(?:في|ب)? ?ال?م[ائ]+ة)".replace(
    r"\w", _LETTER
)
_PERCENT_FIRST = r"(?:%|yüzde\s)"
_MASK = "\0"


@dataclass(frozen=True)
class Found:
    """A fact of a text: as it is written, and all it may mean."""

    kind: Kind
    words: str
    readings: Readings
    weak: bool = False
    """A name of a month or day that may be another word as well."""


def read(text: str, language: str) -> list[Found]:
    """All facts of `text` but names and negations; digits of any script are shown as Western ones."""
    rest, found = western(text), []
    for kind, (pattern, meaning), weak in _steps(language):
        facts, rest = _take(rest, kind, pattern, meaning, weak=weak)
        found += facts
    return found + list(_numbers(rest, language))


def _take(
    text: str, kind: Kind, pattern: re.Pattern[str], meaning: object, *, weak: bool
) -> tuple[list[Found], str]:  # fmt: skip
    """What the pattern finds, and the text with it blanked out, so that its digits are not found again."""
    facts: list[Found] = []

    def blank(found: re.Match[str]) -> str:
        readings: Readings = meaning(found)  # type: ignore[operator]
        if not readings:
            return found[0]
        facts.append(Found(kind, found[0].strip(" ,"), readings, weak))
        return _MASK * len(found[0])

    return facts, pattern.sub(blank, text)


@cache
def _steps(language: str) -> tuple[tuple[Kind, Pattern, bool], ...]:
    """What is looked for, in this order: a link may hold a date, a date an amount's digits."""
    number = re.compile(r"(?<![\w.@-])(?:\+|0)\d?[\d\s()/.–‑-]{4,}\d")
    return (
        *(("url", (pattern, _link), False) for pattern in _LINKS),
        ("email", (_MAIL, lambda found: frozenset({("email", found[0].casefold())})), False),
        *(("date", pattern, False) for pattern in date_patterns(language)),
        ("phone", (number, _phone), False),
        *(("time", pattern, False) for pattern in time_patterns(language)),
        *(("percentage", (pattern, lambda found: _measured(found, "percent", language)), False)
          for pattern in _PERCENTAGES),
        *(("amount", (pattern, lambda found: _measured(found, _code(found), language)), False)
          for pattern in _AMOUNTS),
        *(("date", pattern, True) for pattern in name_patterns(language)),
    )  # fmt: skip


_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_LINKS = (
    re.compile(r"(?:https?://|www\.)[^\s<>«»\"]*[^\s<>«»\".,;:!?)\]،؟]", re.IGNORECASE),
    re.compile(r"(?<![\w@.-])[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:de|org|com|net|eu|info|me|io)\b(?!@)(?:/[\w/?=&#%.-]*[\w/])?",
               re.IGNORECASE),
)  # fmt: skip
_PERCENTAGES = (
    re.compile(rf"(?P<n>{_NUMBER}){_SPACE}?{_PERCENT}", re.IGNORECASE),
    re.compile(rf"{_PERCENT_FIRST}{_SPACE}?(?P<n>{_NUMBER})", re.IGNORECASE),
)
_AMOUNTS = (
    re.compile(rf"(?P<n>{_NUMBER})(?:,[-–]+)?{_SPACE}?(?:{_CURRENCY})", re.IGNORECASE),
    re.compile(rf"(?:€|\$|£|₺|₴|₽|\b(?:EUR|USD|GBP|TRY|UAH|RUB|PLN|CHF)){_SPACE}?(?P<n>{_NUMBER})"),
)
_SYMBOLS = {"€": "EUR", "$": "USD", "£": "GBP", "₺": "TRY", "₴": "UAH", "₽": "RUB"}
_ANY_NUMBER = re.compile(_NUMBER)
_PAIR = re.compile(r"(\d{1,2})\.(\d{1,2})")


def _link(found: re.Match[str]) -> Readings:
    link = found[0] if "://" in found[0] else f"//{found[0]}"
    parts = urlsplit(link) if "[" not in link and "]" not in link else None
    return frozenset({("url", found[0] if parts is None else parts._replace(netloc=parts.netloc.lower()).geturl())})


def _phone(found: re.Match[str]) -> Readings:
    digits = re.sub(r"\D", "", found[0])
    plain = "+" + digits if found[0][0] == "+" else re.sub("^00", "+", digits)
    return frozenset({("phone", plain)}) if len(digits) >= PHONE_DIGITS else frozenset()


def _measured(found: re.Match[str], unit: str, language: str) -> Readings:
    values = _values(found["n"], language)
    return frozenset({(unit, values[0])}) if len(values) == 1 else frozenset()


def _code(found: re.Match[str]) -> str:
    named = next((code for code, words in found.groupdict().items() if words and code != "n"), None)
    return named or next((code for sign, code in _SYMBOLS.items() if sign in found[0]), found[0][:3])


def _numbers(text: str, language: str) -> Iterator[Found]:
    for found in _ANY_NUMBER.finditer(text):
        values = _values(found[0], language)
        also = _moments(found[0], language) if len(values) == 1 else frozenset()
        for value in values:
            words = found[0] if len(values) == 1 else str(value)
            yield Found("number", words, frozenset({("number", value)}) | also)


def _moments(written: str, language: str) -> Readings:
    """ "10.12" is a number, and perhaps a date or a time: what stands around it differs from language to language."""
    pair = _PAIR.fullmatch(written)
    if pair is None:
        return frozenset()
    told = clock(pair[1], pair[2]) if len(pair[2]) == 2 else None
    return day_month(pair[1], pair[2], language) | (frozenset({told}) if told else frozenset())


def _values(written: str, language: str) -> list[Decimal]:
    """The number that is written; several if the signs between the digits make no single number of them."""
    groups = re.split(r"\D", written)
    signs = re.sub(r"\d", "", written)
    whole = all(len(group) == 3 for group in groups[1:])
    thousands = 1 <= len(groups[0]) <= 3 and groups[0] != "0"
    if not signs or (thousands and whole and _groups_thousands(signs, language)):
        return [Decimal("".join(groups))]
    mixed = len(set(signs)) == 2 and len(set(signs[:-1])) == 1 and all(len(group) == 3 for group in groups[1:-1])
    if len(signs) == 1 and signs in ".,٫" or thousands and mixed and signs[-1] in ".,٫":
        return [Decimal("".join(groups[:-1]) + "." + groups[-1])]
    return [Decimal(group) for group in groups]


def _groups_thousands(signs: str, language: str) -> bool:
    sign = "." if language in DECIMAL_COMMA else ","
    return len(set(signs)) == 1 and (len(signs) > 1 or signs == sign or signs not in ".,٫")
