"""How people ask what a word means, and by which names they call a term. Pure; forgives small typing mistakes."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from knowledge.model import Term
from knowledge.spelling import spoken, words

LONGEST = 16
"""Words of a message, fillers left out, beyond which it asks for more than one word's meaning."""
FORGIVEN = ((11, 2), (6, 1))
"""From so many letters on, so many mistakes are taken for typing; shorter names have to be right."""
NEAR = 62.0
"""Likeness (0 to 100) from which a name is worth offering for one that is not known."""
Slot = Sequence[str]


def mistakes_forgiven(letters: int) -> int:
    """How many letters of a word of this length may be wrong, missing, too many or swapped."""
    return next((mistakes for length, mistakes in FORGIVEN if letters >= length), 0)


class Fillers:
    """Greetings, thanks, articles: what may stand around a question without changing which word it is about."""

    def __init__(self, phrases: Iterable[str]) -> None:
        known = sorted({" ".join(spoken(phrase)) for phrase in phrases}, key=len, reverse=True)
        self._pattern = re.compile(rf"(?<!\S)(?:{'|'.join(map(re.escape, known))})(?!\S)") if known else None

    def without(self, text: str) -> list[str]:
        """What is said, word for word, less the fillers."""
        said, before = " ".join(spoken(text)), ""
        while self._pattern and said != before:  # without one filler, the words around it may be another
            before, said = said, " ".join(self._pattern.sub(" ", said).split())
        return said.split()


@dataclass(frozen=True)
class Frame:
    """The words around the term in a question such as `was bedeutet {}`, in the one spelling."""

    before: tuple[str, ...]
    after: tuple[str, ...]
    language: str

    @staticmethod
    def read(text: str, language: str, fillers: Fillers) -> Frame:
        """From what an editor typed; `{}` is the term."""
        before, _, after = text.partition("{}")
        return Frame(tuple(fillers.without(before)), tuple(fillers.without(after)), language)

    @property
    def says_nothing(self) -> bool:
        """Whether it is made of fillers alone, so that any message would fit."""
        return not self.before and not self.after

    def slot(self, said: Sequence[str]) -> Slot | None:
        """What stands in the place of the term; None if the words around it are others."""
        end = len(said) - len(self.after)
        if end <= len(self.before):
            return None
        around = chain(zip(said, self.before, strict=False), zip(said[end:], self.after, strict=True))
        return said[len(self.before) : end] if all(_same(one, other) for one, other in around) else None


def _same(typed: str, word: str) -> bool:
    typed, word = typed.replace("'", ""), word.replace("'", "")
    if typed == word:
        return True
    if abs(len(typed) - len(word)) > 1:
        return False
    forgiven = min(1, mistakes_forgiven(len(word)))
    return bool(forgiven) and OSA.distance(typed, word, score_cutoff=forgiven) <= forgiven


def _joined(said: Iterable[str]) -> str:
    """One string without the gaps, because people write `Co-Working` and `coworking`."""
    return "".join(said).replace("'", "")


class Names:
    """What the terms are called, language by language: word, forms, and the word without its brackets."""

    def __init__(self, terms: Mapping[str, Iterable[Term]], fillers: Fillers, known: Collection[str]) -> None:
        self._ids = {language: _by_name(tuple(of_language), fillers) for language, of_language in terms.items()}
        self._known = known

    def exact(self, slot: Slot, languages: Iterable[str]) -> str | None:
        """The id of the term that is called so; the languages are looked through in order."""
        readings = (_joined(slot), _joined(word.split("'")[0] for word in slot))
        found = (self._ids.get(code, {}).get(reading) for code in languages for reading in readings)
        return next((id for id in found if id), None)

    def alike(self, slot: Slot, languages: Iterable[str]) -> str | None:
        """The id of the term meant by a name with typing mistakes; None if several are as near.

        A word that is known as another one is no typing mistake ("Sitzung" is not "Satzung").
        """
        typed = _joined(slot)
        forgiven = mistakes_forgiven(len(typed))
        if not forgiven or typed in self._known:
            return None
        for code in languages:
            near = self._near(typed, code, forgiven)
            if near:
                best = min(distance for _, distance in near)
                ids = {id for id, distance in near if distance == best}
                return ids.pop() if len(ids) == 1 else None
        return None

    def _near(self, typed: str, language: str, forgiven: int) -> list[tuple[str, float]]:
        ids = self._ids.get(language, {})
        found = process.extract(typed, ids.keys(), scorer=OSA.distance, score_cutoff=forgiven, limit=None)
        return [(ids[name], distance) for name, distance, _ in found]

    def nearest(self, text: str, languages: Iterable[str], limit: int) -> list[str]:
        """Ids of the terms whose names resemble a word that is none, the likeliest first."""
        likeness: dict[str, float] = {}
        for code in languages:
            ids = self._ids.get(code, {})
            for name, score, _ in process.extract(_joined(words(text)), ids.keys(), scorer=fuzz.WRatio,
                                                  score_cutoff=NEAR, limit=4 * limit):  # fmt: skip
                likeness[ids[name]] = max(score, likeness.get(ids[name], 0.0))
        return sorted(likeness, key=lambda id: -likeness[id])[:limit]


def _by_name(terms: Sequence[Term], fillers: Fillers) -> dict[str, str]:
    """Name -> id. A full name goes before one without brackets or fillers, which several terms may share."""
    ids: dict[str, str] = {}
    for term in terms:
        for name in names_of(term):
            ids.setdefault(name, term.id)
    shorter: dict[str, set[str]] = {}
    for term in terms:
        for said in (spoken(term.base), *(fillers.without(name) for name in (term.word, term.base, *term.forms))):
            shorter.setdefault(_joined(said), set()).add(term.id)
    for name, owners in shorter.items():
        if len(owners) == 1 and name:
            ids.setdefault(name, *owners)
    return ids


def names_of(term: Term) -> Iterator[str]:
    """Word and forms as they are compared."""
    for name in (term.word, *term.forms):
        key = _joined(spoken(name))
        if key:
            yield key
