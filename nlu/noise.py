"""Spoils examples the way phones and hurry do, so that the classifier has seen such messages before.

Every program takes the words of an example in normalised spelling and a random generator, whose seed is the text: the
same text is always spoilt the same way. Case and diacritics need no program: `nlu.text.normalise` has removed them.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from itertools import pairwise

from nlu.latin import in_latin

# Rows of keys as they lie next to each other. The German row covers English and Turkish but for a few letters.
_LATIN = ("qwertzuiop", "asdfghjkl", "yxcvbnm", "qwertyuiop", "zxcvbnm")
_ARABIC = ("ضصثقفغعهخحجد", "شسيبلاتنمكط", "رلاوزظ")
_CYRILLIC = ("йцукенгшщзхъ", "фывапролджэ", "фивапролджє", "ячсмитьбю")

Program = Callable[[list[str], random.Random], list[str]]


def neighbours(rows: Sequence[str]) -> dict[str, str]:
    """For each letter those whose keys lie beside its own."""
    beside: dict[str, str] = {}
    for row in rows:
        for left, right in pairwise(row):
            beside[left] = beside.get(left, "") + right
            beside[right] = beside.get(right, "") + left
    return beside


_BESIDE = neighbours(_LATIN + _ARABIC + _CYRILLIC)


def spoil(text: str) -> str:
    """`text` (words joined by blanks) with about one slip in every four words, at least one.

    One text in four that has another script than Latin is written in Latin letters as well.
    """
    rng = random.Random(text)
    words = text.split()
    if rng.random() < 0.25:
        words = [in_latin(word, rng) or word for word in words]
    for _ in range(1 + len(words) // 4):
        if words:
            words = rng.choice(PROGRAMS)(words, rng)
    return " ".join(words)


def swap(words: list[str], rng: random.Random) -> list[str]:
    """Two letters in the wrong order."""
    return _in_a_word(words, rng, lambda word, at: word[:at] + word[at : at + 2][::-1] + word[at + 2 :])


def drop(words: list[str], rng: random.Random) -> list[str]:
    """A letter missing."""
    return _in_a_word(words, rng, lambda word, at: word[:at] + word[at + 1 :])


def double(words: list[str], rng: random.Random) -> list[str]:
    """A letter twice."""
    return _in_a_word(words, rng, lambda word, at: word[: at + 1] + word[at:])


def slip(words: list[str], rng: random.Random) -> list[str]:
    """The key beside the right one."""

    def hit(word: str, at: int) -> str:
        return word[:at] + rng.choice(_BESIDE.get(word[at], word[at])) + word[at + 1 :]

    return _in_a_word(words, rng, hit)


def glue(words: list[str], rng: random.Random) -> list[str]:
    """A blank missing."""
    if len(words) < 2:
        return words
    at = rng.randrange(len(words) - 1)
    return [*words[:at], words[at] + words[at + 1], *words[at + 2 :]]


def omit(words: list[str], rng: random.Random) -> list[str]:
    """A short word missing, as in messages typed in a hurry."""
    short = [at for at, word in enumerate(words) if len(word) <= 4]
    if len(words) < 4 or not short:
        return words
    at = rng.choice(short)
    return words[:at] + words[at + 1 :]


PROGRAMS: tuple[Program, ...] = (swap, drop, double, slip, glue, omit)


def _in_a_word(words: list[str], rng: random.Random, change: Callable[[str, int], str]) -> list[str]:
    """`words` with one of them, of three letters or more, changed at some place."""
    long = [at for at, word in enumerate(words) if len(word) >= 3]
    if not long:
        return words
    at = rng.choice(long)
    changed = change(words[at], rng.randrange(len(words[at]) - 1))
    return [*words[:at], changed, *words[at + 1 :]]
