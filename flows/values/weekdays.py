"""Which days of the week an answer names."""

from __future__ import annotations

import re

from flows.values.symbols import as_pattern, symbols

_EVERY = frozenset(range(7))
_DAY = r"(?:weekday|maybe)=(\d)"
_SPAN = as_pattern(rf"(?:from )?{_DAY} (?:-|to|from) {_DAY}")
_EXCEPTED = as_pattern(r"((?:weekday=\d|and|or)(?: (?:weekday=\d|and|or))*) excepted")
_LIST = {"weekend": frozenset({5, 6}), "workdays": frozenset(range(5)), "everyday": _EVERY}
"""As the week is in Germany, in whatever language it is asked for."""


def read_weekdays(text: str, language: str) -> frozenset[int]:
    """The days of the week that an answer names, 0 for Monday to 6 for Sunday; empty if it names none.

    Raises:
        LookupError: nothing is known about the language.
    """
    said = symbols(text, language)
    certain = any(symbol.startswith("weekday=") for symbol in said)
    # "mo, mi" are days, the "so" in "so gegen acht" is none
    kept = [symbol for symbol in said if symbol != "," and (certain or "_" not in said or symbol[:6] != "maybe=")]
    wanted, unwanted = map(_days, _sides(" ".join(kept)))
    return (wanted or (_EVERY if unwanted else frozenset())) - unwanted


def _sides(line: str) -> tuple[str, str]:
    """What is said to be wanted and what not: after "except", or before "hariç"."""
    found = _EXCEPTED.search(line)
    if found:
        return line[: found.start()] + line[found.end() :], found[1]
    wanted, _, unwanted = line.partition("except")
    return wanted, unwanted


def _days(line: str) -> frozenset[int]:
    spans = [_span(int(found[1]), int(found[2])) for found in _SPAN.finditer(line)]
    single = {int(number) for number in re.findall(rf"(?<!\S){_DAY}", _SPAN.sub("~", line))}
    return frozenset(single).union(*spans, *(_LIST.get(symbol, ()) for symbol in line.split()))


def _span(first: int, last: int) -> frozenset[int]:
    """From one day to another, over the end of the week if need be."""
    return frozenset((first + ahead) % 7 for ahead in range((last - first) % 7 + 1))
