"""How many: the one number that an answer names, in figures or words."""

from __future__ import annotations

import re

from flows.values.clock import with_hours
from flows.values.symbols import as_pattern, symbols

LARGEST = 10_000_000
"""Beyond it nobody counts people or euro here: a phone number or a slip."""
_WEAK_ALONE = 3
"""Words of a message up to which "ein" or "bir" counts as a number."""
_OTHER = as_pattern(
    r"(?:\d+ (?:-|to|or|and|from) )?(?:(?:hour|clock)=\S+|\d+ (?:\. )?(?:j?month=\S+|unit=\S+|%))"
    r"|j?date=\S+|nth=\S+|vague \d+"
)
"""Times, dates, durations and shares: numbers, but not how many."""
_RANGE = as_pattern(
    r"between (\d+) (?:and|to|-) (\d+)|(?:weak=)?(\d+) (?:-|minus|to|or|from) (\d+)|(\d+) and (\d+)(?: to)? between"
)
_BARE_RANGE = as_pattern(r"(\d+) (\d+)")
_NUMBER = as_pattern(r"(\d+)")
_WEAK = as_pattern(r"weak=(\d+)")
_NEGATIVE = as_pattern(r"minus (?:weak=)?\d+")


def read_number(text: str, language: str) -> int | None:
    """The number that an answer names: a count, or an amount in whole euro (cents are rounded).

    Of a range the larger end ("30-40": rooms and forms have to suffice). None if there is no number, a negative one,
    several that are no range, or only such as belong to a time or a date.

    Raises:
        LookupError: nothing is known about the language.
    """
    said = symbols(text, language)
    if "bad" in said:
        return None
    line = _OTHER.sub("~", with_hours(_amounts(" ".join(said))))
    line = _BARE_RANGE.sub(_neighbours, _RANGE.sub(_larger, line))
    found = _numbers(_NUMBER, line) or (_numbers(_WEAK, line) if len(said) <= _WEAK_ALONE else set())
    fits = len(found) == 1 and max(found) <= LARGEST and not _NEGATIVE.search(line)
    return found.pop() if fits else None


def _numbers(text: re.Pattern[str], line: str) -> set[int]:
    return {int(number) for number in text.findall(line)}


def _amounts(line: str) -> str:
    """With whole euro for "12.50"; "2.5" is no amount and no count and stays as it is, and so does a time."""
    return _EURO.sub(lambda pair: str(int(pair[1]) + (int(pair[2]) >= 50)), line)


_EURO = as_pattern(r"(?<!at )pair=(\d+)\.(\d\d)(?! oclock)")


def _larger(found: re.Match[str]) -> str:
    return str(max(int(number) for number in found.groups() if number))


def _neighbours(found: re.Match[str]) -> str:
    """Two numbers side by side are an estimate if they are near, as in "otuz kırk kişi" and "سی چهل نفر"."""
    first, second = int(found[1]), int(found[2])
    return str(second) if first < second <= 2 * first else found[0]
