"""A message in any of the languages as one line of symbols, so that dates, times and numbers need one grammar only.

"nächsten Samstag um halb vier" becomes `next weekday=5 at half_to 4`, "в следующую субботу в полчетвёртого" the same.
The symbols:
- `40`, `nth=5`, `dec=2.5`, `pair=5.12` (amount, date or time), `weak=1` (a number or another word), `minus`, `%`;
- `date=2026-12-5`, `date=-12-5`, `jdate=1405-9-15` (year, month, day; `j`: Persian calendar), `day=1` (from today);
- `clock=15:30` (of 24 hours), `hour=3:30` (as spoken), `daypart=evening`, `afternoon_or_days` (Russian "дня" is both);
- `weekday=0` (Monday), `maybe=0` (a weekday or another word), `weekend`, `workdays`, `everyday`;
- `except` (days follow), `excepted` (days stand before: "hariç");
- `month=1`, `jmonth=1`, `unit=week`, `next`, `this`, `last`, `afternext`, `in` (a number follows), `after`, `later`,
  `ago`;
- `at`, `oclock`, `past`, `half`, `half_to`, `half_past`, `quarter`, `quarter_past`, `quarter_to`, `quarter_into`;
- `from`, `to`, `between`, `and`, `or`, `on`, and the signs `-`, `.`, `,`;
- `vague` ("a few"), `bad` (figures that are no number, as of a phone), `_` (any other word).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from flows.values.lexicon import Lexicon, lexicon
from flows.values.spelled import joined
from flows.values.tokens import scan, surface

OTHER_WORD = "_"
"""The symbol of a word that is none of numbers, days and times."""
LONGEST = 300
"""Letters that are looked at: an answer to a question of a form is shorter."""
_FIGURES = 9
"""Figures of the longest number; more are a phone's or an account's."""
_SIGNS = {"minus": "minus", "dash": "-", "dot": ".", "percent": "%", "comma": ","}
_JALALI = range(1300, 1500)
"""Years that are of the Persian calendar if a living person names them."""


@cache
def as_pattern(text: str) -> re.Pattern[str]:
    """A regular expression that begins and ends where symbols do, for a line of symbols with one blank between them."""
    return re.compile(rf"(?<!\S)(?:{text})(?!\S)")


def symbols(text: str, language: str) -> list[str]:
    """The symbols of a message, in order.

    Raises:
        LookupError: nothing is known about the language.
    """
    known = lexicon(language)
    parts = list(scan(text[:LONGEST]))
    found = list(_looked_up(parts, [surface(part) for part in parts], known))
    return joined([symbol for symbol in found if symbol], tens_last=known.tens_last, weak=known.weak)


def _looked_up(parts: Sequence[re.Match[str]], words: Sequence[str], known: Lexicon) -> Iterator[str]:
    place = 0
    while place < len(parts):
        length, phrase = _phrase(words[place : place + known.longest], known)
        yield from phrase if phrase is not None else (_single(parts[place], words[place], known))
        place += length


def _phrase(words: Sequence[str], known: Lexicon) -> tuple[int, Sequence[str] | None]:
    """The longest phrase that these words begin with, and its length."""
    for length in range(len(words), 0, -1):
        found = known.phrases.get(tuple(words[:length]))
        if found is not None:
            return length, found
    return 1, None


def _single(part: re.Match[str], word: str, known: Lexicon) -> Sequence[str]:
    kind = part.lastgroup or ""
    if kind == "word":
        return known.meaning(word) or (OTHER_WORD,)
    return (_SIGNS[kind] if kind in _SIGNS else _FIGURES_OF[kind](part),)


def _date(part: re.Match[str]) -> str:
    year, month, day = (next(filter(None, (part[name] for name in names)), "") for names in _DATE)
    year = f"20{year}" if len(year) == 2 else year.strip()
    return f"{'j' if year and int(year) in _JALALI else ''}date={year}-{int(month)}-{int(day)}"


_DATE = (("year", "year2"), ("month", "month2", "month3", "month4"), ("day", "day2", "day3", "day4"))


def _clock(part: re.Match[str]) -> str:
    spoken = not part["hour"].startswith("0") and int(part["hour"]) < 13
    return f"{'hour' if spoken else 'clock'}={int(part['hour'])}:{part['minute']}"


def _grouped(part: re.Match[str]) -> str:
    digits = re.sub(r"\D", "", part["whole"])
    return _decimal_of(digits, part["cents"] or "0") if not digits.startswith("0") else "bad"


def _decimal(part: re.Match[str]) -> str:
    units, fraction = part["units"], part["fraction"]
    if len(units) <= 2 >= len(fraction) and part["point"] == ".":
        return f"pair={units}.{fraction}"
    return _decimal_of(units, fraction)


def _decimal_of(units: str, fraction: str) -> str:
    """Cents are rounded to whole euro; one figure after the comma is kept for "2,5 thousand"."""
    if len(units) > _FIGURES or len(fraction) > _FIGURES:
        return "bad"
    if len(fraction) == 2:
        return str(int(units) + (int(fraction) >= 50))
    return f"dec={int(units)}.{fraction}" if int(fraction) else str(int(units))


def _integer(part: re.Match[str]) -> str:
    digits = part.group()
    unusual = len(digits) > _FIGURES or (len(digits) > 2 and digits.startswith("0"))
    return "bad" if unusual else str(int(digits))


_FIGURES_OF = {
    "date": _date,
    "clock": _clock,
    "grouped": _grouped,
    "ordinal": lambda part: f"nth={int(part['nth'])}",
    "thousands": lambda part: str(int(part["units2"]) * 1000 + int(part["fraction2"] or 0) * 100),
    "decimal": _decimal,
    "integer": _integer,
}
