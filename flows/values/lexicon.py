"""What the words of a language stand for: CLDR's names, num2words' numbers, and `words/<language>.yml` on top."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

from flows.values.tokens import tokens

FOLDER = Path(__file__).parent / "words"
WITH_ENDING = 3
"""Letters a word needs before an ending is taken off: shorter ones are too many other words."""
LONGEST_NUMBER = 40
"""Letters up to which a word may be a number; "siebenhundertsiebenundsiebzigtausend" has 37."""
Symbols = tuple[str, ...]
_SPELT = (*range(21), *range(30, 100, 10), *range(100, 1000, 100), 1000)
"""What a language has words of its own for; the rest is put together from these."""
_ABBREVIATED = 2
"""Letters from which a weekday's or a month's short name is taken: single ones ("M", "ش") are no words."""


@dataclass(frozen=True)
class Lexicon:
    """What one language's words stand for."""

    phrases: Mapping[Symbols, Symbols]
    """From words in the one spelling to symbols (listed in `flows.values.symbols`)."""
    longest: int
    """Words of the longest phrase."""
    prefixes: Mapping[str, str]
    """What is written onto the front of a word, and the symbol it stands for ("": none)."""
    endings: Mapping[str, str]
    """What is written onto the end of a word, and the symbol it stands for after a number ("": none)."""
    tens_last: bool
    """Whether the ones are said before the tens."""
    joint: str
    """What stands between ones and tens that are written as one word ("": nothing)."""
    weak: frozenset[int]
    """Numbers whose word is another word as well ("ein", "نه")."""

    def meaning(self, word: str) -> Symbols | None:
        """The symbols of one word, with or without what is written onto it; None if it is unknown."""
        return self._plain(word) or self._with_prefix(word) or self._with_ending(word)

    def _plain(self, word: str) -> Symbols | None:
        return self.phrases.get((word,)) or self._joined_numbers(word) or self._joined_pair(word)

    def _with_prefix(self, word: str) -> Symbols | None:
        for prefix, symbol in self.prefixes.items():
            found = self._plain(word.removeprefix(prefix)) if word.startswith(prefix) else None
            if found:
                return (*symbol.split(), *found)
        return None

    def _with_ending(self, word: str) -> Symbols | None:
        for length in range(1, min(5, len(word) - WITH_ENDING) + 1):
            found = self._plain(word[:-length]) if word[-length:] in self.endings else None
            if found:
                return (*found, *(self.endings[word[-length:]].split() if found[-1][:1] in ("#", "@") else ()))
        return None

    def _joined_numbers(self, word: str) -> Symbols | None:
        """Numbers written as one word ("fünfundvierzig", "ikibinbeşyüz"); a longer first part is tried first."""
        for end in range(len(word) if len(word) <= LONGEST_NUMBER else 0, 1, -1):
            first = self._number(word[:end])
            rest = self._joined_numbers(word[end:].removeprefix(self.joint)) if first and end < len(word) else ()
            if first and rest is not None:
                joint = ("and",) if self.joint and word[end:].startswith(self.joint) else ()
                return (*first, *joint, *rest)
        return None

    def _number(self, word: str) -> Symbols | None:
        symbols = self.phrases.get((word,), ("",))
        return symbols if all(symbol[:1] in ("#", "@") for symbol in symbols) else None

    def _joined_pair(self, word: str) -> Symbols | None:
        """Two words written as one: "samstagabend"."""
        for end in range(4, len(word) - 2):
            first, second = self.phrases.get((word[:end],)), self.phrases.get((word[end:],))
            if first and second and first[0].startswith(("weekday", "day")) and second[0].startswith("daypart"):
                return first + second
        return None


@cache
def lexicon(language: str) -> Lexicon:
    """The words of a language (code as in `words/`). Built when first asked for: a tenth of a second.

    Raises:
        LookupError: the language has no file in `words/`.
    """
    path = FOLDER / f"{language}.yml"
    if not path.is_file():
        raise LookupError(f"no words for language {language!r} in {FOLDER}")
    own: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    phrases = dict(_phrases(_all_names(language, own), own.get("spellings", {})))
    phrases.update(_phrases(_own_words(own), own.get("spellings", {})))
    return Lexicon(
        phrases=phrases,
        longest=max(map(len, phrases)),
        prefixes=_affixes(own.get("prefixes", {})),
        endings=_affixes(own.get("endings", {})),
        tens_last=own.get("tens_last", False),
        joint=own.get("joint", ""),
        weak=frozenset(own.get("weak", [1])),
    )


def _phrases(names: Iterable[tuple[str, str]], spellings: Mapping[str, str]) -> Iterator[tuple[Symbols, Symbols]]:
    respelt = str.maketrans(dict(spellings))
    for symbol, name in names:
        for spelling in {name, name.translate(respelt)}:
            yield tuple(tokens(spelling.rstrip("."))), tuple(symbol.split()) or ("",)


def _own_words(own: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    return ((symbol, word) for symbol, words in own["symbols"].items() for word in words)


def _affixes(own: Mapping[str, str]) -> dict[str, str]:
    return {tokens(affix)[0]: symbol for affix, symbol in own.items()}


def _all_names(language: str, own: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield from _ordinals(language, **own["ordinals"])
    yield from _numbers(language)
    for locale in (*own.get("locales", ()), language):
        yield from _names(locale)


def _numbers(language: str) -> Iterator[tuple[str, str]]:
    from num2words import num2words  # here, because loading every language of it takes a tenth of a second

    names = ((number, num2words(number, lang=language)) for number in _SPELT)
    # "one thousand" is one and thousand, or "twenty-one thousand" would be twenty and a thousand
    return ((f"#{number}", name) for number, name in names if number < 100 or len(tokens(name)) == 1)


def _ordinals(language: str, *, cut: int, endings: Iterable[str]) -> Iterator[tuple[str, str]]:
    from num2words import num2words

    for number in range(1, 32):
        name = num2words(number, lang=language, to="ordinal")
        if " " not in name.strip() and "-" not in name:
            yield from ((f"@{number}", name[: len(name) - cut] + ending) for ending in endings)


def _names(locale: str) -> Iterator[tuple[str, str]]:
    """Months and weekdays as CLDR writes them; its narrow names are single letters, which are no words."""
    from babel.dates import get_day_names, get_month_names  # here, because loading it takes a tenth of a second

    contexts: tuple[Literal["format", "stand-alone"], ...] = ("format", "stand-alone")
    widths: tuple[Literal["wide", "abbreviated"], ...] = ("wide", "abbreviated")
    for context in contexts:
        yield from _long_enough("weekday", get_day_names("short", context, locale))
        for width in widths:
            yield from _long_enough("weekday", get_day_names(width, context, locale))
            yield from _long_enough("month", get_month_names(width, context, locale))


def _long_enough(kind: str, names: Mapping[int, str]) -> Iterator[tuple[str, str]]:
    return ((f"{kind}={number}", name) for number, name in names.items() if len(name.rstrip(".")) >= _ABBREVIATED)
