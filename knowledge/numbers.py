"""Numbers, phones and links in texts of any script: is a declared fact there, and is anything there undeclared?"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from knowledge.model import Fact, FactKind
from knowledge.spelling import ByLetter

SPACES = "\u00a0\u202f\u2009 "
NUMBER = re.compile(rf"\d+(?:[.,'’٬{SPACES}]\d{{3}}(?!\d))*")
"""Digits, with what different languages put between thousands."""
LIST_NUMBER = re.compile(r"^(\s*)\d+[.)](?=\s)")
LINK = re.compile(r"(?:https?://|www\.)[^\s)>\]]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
BETWEEN_DIGITS = rf"[{SPACES}\-‑–/().]*"


def _western(letter: str) -> str | None:
    """A letter as a Western digit, as itself, or as nothing if it is a mere mark."""
    return None if unicodedata.category(letter) == "Cf" else str(unicodedata.decimal(letter, letter))


_WESTERN = ByLetter(_western)


def western(text: str) -> str:
    """The text with Western digits and without invisible direction marks."""
    return text if text.isascii() else text.translate(_WESTERN)


def holds(text: str, fact: Fact) -> bool:
    """Whether a text states the fact's value; words around the digits may differ, as may a month's name."""
    text = "\n".join(_lines(text))
    if fact.kind is FactKind.PHONE:
        return _phone(fact).search(text) is not None
    if fact.kind is FactKind.LINK:
        return _bare_link(fact.value) in text.casefold()
    parts = [reading[0] for reading in _numbers(fact.value)]
    needed = re.findall(r"\d+", fact.value)[::2] if fact.kind is FactKind.DATE else parts
    standing = {number for reading in _numbers(text) for number in reading}
    return {_short(number) for number in needed} <= standing


def undeclared(text: str, facts: Sequence[Fact], names: Sequence[str] = ()) -> list[tuple[int, str]]:
    """Numbers and links no fact declares, each with its line counted from 0; numbers in `names` are no facts."""
    allowed = _allowed(facts)
    found = []
    for number, line in enumerate(_lines(text)):
        rest = _without_declared(line, facts, names)
        found += [(number, link) for link in LINK.findall(rest)]
        found += [(number, joined) for joined, *parts in _numbers(LINK.sub(" ", rest))
                  if joined not in allowed and not (parts and allowed.issuperset(parts))]  # fmt: skip
    return found


def _lines(text: str) -> list[str]:
    return [LIST_NUMBER.sub(r"\1", line) for line in western(text).split("\n")]


def _without_declared(line: str, facts: Sequence[Fact], names: Sequence[str]) -> str:
    for name in sorted(names, key=len, reverse=True):
        line = line.replace(western(name), " ")
    for fact in sorted(facts, key=lambda fact: -len(fact.value)):
        if fact.kind is FactKind.PHONE:
            line = _phone(fact).sub(" | ", line)
        elif fact.kind is FactKind.LINK:
            line = re.sub(rf"(https?://)?(www\.)?{re.escape(_bare_link(fact.value))}", " | ", line, flags=re.IGNORECASE)
    return line


def _allowed(facts: Iterable[Fact]) -> set[str]:
    allowed: set[str] = set()
    for fact in facts:
        if fact.kind is FactKind.DATE:
            allowed |= {_short(part) for part in re.findall(r"\d+", fact.value)}
        elif fact.kind not in (FactKind.PHONE, FactKind.LINK):
            allowed |= {number for reading in _numbers(fact.value) for number in reading}
    return allowed


def _numbers(text: str) -> Iterator[tuple[str, ...]]:
    """Every number as it may be read: without separators; where spaces separate, its parts as well."""
    for match in NUMBER.finditer(western(text)):
        parts = re.split(f"[{SPACES}]", match.group())
        joined = _short(re.sub(r"\D", "", match.group()))
        yield (joined, *(_short(re.sub(r"\D", "", part)) for part in parts)) if len(parts) > 1 else (joined,)


def _short(number: str) -> str:
    return number.lstrip("0") or "0"


def _phone(fact: Fact) -> re.Pattern[str]:
    digits = re.findall(r"\d", western(fact.value))
    return re.compile(rf"(?<!\d)\+?{BETWEEN_DIGITS.join(digits)}(?!\d)")


def _bare_link(value: str) -> str:
    return re.sub(r"^(https?://)?(www\.)?", "", western(value).strip().casefold()).rstrip("/")
