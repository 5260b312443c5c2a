"""What a translation changed that it must not change; pure, no service is asked.

It warns, it does not judge: a warning too many costs a glance at the original, which is shown with it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from bot.translation.names import has_name
from bot.translation.negation import changed_negations
from bot.translation.reading import Found, Kind, read
from flows.values.lexicon import lexicon
from flows.values.tokens import tokens

LARGEST_SPELLED = 20
"""Up to it people write numbers as words, and so do translators."""


@dataclass(frozen=True)
class Fact:
    """A fact as it is written in the original and in the translation; None: it is not there."""

    kind: Kind
    original: str | None
    translation: str | None


def changed_facts(
    original: str, translation: str, source: str, target: str, names: Collection[str] = ()
) -> list[Fact]:  # fmt: skip
    """Numbers, dates, times, amounts, percentages, phones, links, `names` and negations that differ.

    `source` and `target` are the languages of the two texts. Raises `LookupError` for a language that is none of the
    bot's own eight.
    """
    lost, added = _unmatched(read(original, source), read(translation, target))
    lost, added = _unless_names(lost, added)
    lost, added = (
        _not_spelled(lost, _spelled(translation, target) - _spelled(original, source)),
        _not_spelled(added, _spelled(original, source) - _spelled(translation, target)),
    )
    return [
        *_paired(lost, added),
        *_changed_names(original, translation, source, target, names),
        *(Fact("negation", *pair) for pair in changed_negations(original, translation, source, target)),
    ]


def _unmatched(first: list[Found], second: list[Found]) -> tuple[list[Found], list[Found]]:
    """What remains of both when pairs are taken away: first those that mean the same, then those that may."""
    first, second = _without(first, second), _without(second, first)
    rest, left = list(second), []
    for fact in first:
        partner = next((other for other in rest if fact.readings & other.readings), None)
        if partner is None:
            left.append(fact)
        else:
            rest.remove(partner)
    return left, rest


def _without(facts: list[Found], others: list[Found]) -> list[Found]:
    """The facts that are left when each of `others` takes away one with the same readings."""
    there, left = Counter(other.readings for other in others), []
    for fact in facts:
        there[fact.readings] -= 1
        if there[fact.readings] < 0:
            left.append(fact)
    return left


def _unless_names(lost: list[Found], added: list[Found]) -> tuple[list[Found], list[Found]]:
    """Without names of months and days, unless one stands for another: alone they may be any word."""
    if any(fact.weak for fact in lost) and any(fact.weak for fact in added):
        return lost, added
    return [fact for fact in lost if not fact.weak], [fact for fact in added if not fact.weak]


def _spelled(text: str, language: str) -> Counter[int]:
    """Small numbers that are written as words."""
    meanings = (lexicon(language).meaning(token) for token in tokens(text) if token.isalpha())
    found = (int(meaning[0][1:]) for meaning in meanings if meaning and _counts(meaning))
    return Counter(number for number in found if number <= LARGEST_SPELLED)


def _counts(meaning: Sequence[str]) -> bool:
    return meaning[0][:1] in ("#", "@") and meaning[0][1:].isdecimal()


def _not_spelled(facts: Iterable[Found], spelled: Counter[int]) -> list[Found]:
    """Without the numbers that the other text has as words."""
    left, spelled = [], spelled.copy()
    for fact in facts:
        number = next((n for n in spelled if fact.kind == "number" and ("number", n) in fact.readings), None)
        if number is None:
            left.append(fact)
        else:
            spelled -= Counter((number,))
    return left


def _paired(lost: list[Found], added: list[Found]) -> list[Fact]:
    """Of each kind the first lost one with the first added one, and so on."""
    return [
        Fact(kind, gone, new)
        for kind in dict.fromkeys(fact.kind for fact in (*lost, *added))
        for gone, new in zip_longest(_written(lost, kind), _written(added, kind))
    ]


def _written(facts: list[Found], kind: Kind) -> list[str]:
    return [fact.words for fact in facts if fact.kind == kind]


def _changed_names(
    original: str, translation: str, source: str, target: str, names: Collection[str]
) -> list[Fact]:  # fmt: skip
    found = ((name, has_name(original, name, source), has_name(translation, name, target)) for name in names)
    return [
        Fact("name", name if before else None, name if after else None)
        for name, before, after in found
        if None not in (before, after) and before != after
    ]
