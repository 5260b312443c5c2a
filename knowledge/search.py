"""Finding entries by words when Rasa is down: rare words count most, typing mistakes are forgiven."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from heapq import nlargest
from math import log

from rapidfuzz import fuzz

from knowledge.glossary import Glossary
from knowledge.model import Entry
from knowledge.spelling import words

WEIGHTS = (("question", 1.0), ("label", 1.0), ("names", 0.9), ("meanings", 0.5), ("text", 0.45))
"""How much a word says about an entry, by where it stands."""
ALIKE = 0.78
"""Share of letters two words must have in common to be taken for the same word with a typing mistake."""
SHORT = 4
"""Words of fewer letters are only found as they are written."""
STEM = 5
"""Letters two words must begin with in common to be taken for forms of one word."""
SAME_STEM = 0.85
"""The worth of a match by stem alone."""
CLOSE = 0.26
"""Share of a question's weight an entry must cover to be offered."""
BESIDE = 0.5
"""Share of the best entry's score that a second or third one needs to be offered beside it."""
LONGEST = 60
"""Words of a message that are looked at; the point of a longer one is in its beginning."""


class Index:
    """The words of all entries, and of the terms they need, as one language shows them."""

    def __init__(self, entries: Sequence[Entry], glossary: Glossary, language: str) -> None:
        self._postings: dict[str, dict[str, float]] = defaultdict(dict)
        for entry in entries:
            for word, weight in _weighted(entry, glossary, language):
                places = self._postings[word]
                places[entry.id] = max(weight, places.get(entry.id, 0.0))
        self._count = len(entries)

    def search(self, text: str, limit: int) -> list[str]:
        """Ids of the entries that cover most of the text, best first; empty if none covers enough of it."""
        scores: dict[str, float] = defaultdict(float)
        whole = 0.0
        for word in list(dict.fromkeys(words(text)))[:LONGEST]:
            weight, places = self._lookup(word)
            whole += weight
            for id, worth in places.items():
                scores[id] += weight * worth
        best = max(scores.values(), default=0.0)
        if not whole or best / whole < CLOSE:
            return []
        ranking = sorted(scores, key=lambda id: -scores[id])
        return [id for id in ranking[:limit] if scores[id] >= best * BESIDE]

    def _lookup(self, word: str) -> tuple[float, Mapping[str, float]]:
        """How rare a word is, and the entries it stands in with the worth of the match."""
        places: dict[str, float] = {}
        for known, alike in self._matches(word):
            for id, weight in self._postings[known].items():
                places[id] = max(places.get(id, 0.0), weight * alike)
        return log(1 + self._count / (1 + len(places))), places

    def _matches(self, word: str) -> list[tuple[str, float]]:
        if word in self._postings:
            return [(word, 1.0)]
        rated = ((known, _alike(word, known)) for known in self._postings)
        return nlargest(3, (pair for pair in rated if pair[1] >= ALIKE), key=lambda pair: pair[1])


def _alike(one: str, other: str) -> float:
    """Share of agreement; forms of one word ("Vereine", "Vereins") agree even where their ends differ."""
    if min(len(one), len(other)) < SHORT:
        return 0.0
    ratio = fuzz.ratio(one, other, score_cutoff=100 * ALIKE) / 100
    if one[:STEM] == other[:STEM] and abs(len(one) - len(other)) < STEM:
        return max(SAME_STEM, ratio)
    return ratio


def _weighted(entry: Entry, glossary: Glossary, language: str) -> Iterable[tuple[str, float]]:
    terms = [glossary.term(id, language) for id in entry.keywords]
    fields = {
        "question": entry.question,
        "label": entry.label,
        "names": " ".join(f"{term.id} {term.word} {' '.join(term.forms)}" for term in terms),
        "meanings": " ".join(term.explanation for term in terms),
        "text": f"{entry.text} {entry.steps or ''}",
    }
    for name, weight in WEIGHTS:
        for word in words(fields[name]):
            yield word, weight
