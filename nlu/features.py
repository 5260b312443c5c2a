"""What the classifier looks at: tf-idf of words and pairs of words, of letters within words, and of concepts.

The same as scikit-learn's TfidfVectorizer (sublinear, analyzer char_wb for the letters), but the letters of each word
are counted once, not once per text: over 100,000 texts that takes seconds instead of half a minute. Needs NumPy, SciPy.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, hstack

from nlu.concepts import concepts

SHORTEST, LONGEST = 2, 5
"""Letters per feature; from 3 on, spelling mistakes in short words and Arabic cost accuracy."""
Vocabulary = dict[str, int]


class Tfidf:
    """Weights of one kind of feature; `fewest` texts must have it for it to count."""

    def __init__(self, fewest: int) -> None:
        self._fewest = fewest
        self.terms: list[str] = []
        self.idf: Any = np.zeros(0, np.float32)

    def learn(self, counts: csr_matrix, vocabulary: Vocabulary) -> csr_matrix:
        """Choose the terms worth keeping from `counts` (a row per text, a column per term) and weigh them."""
        texts_with = np.bincount(counts.indices, minlength=counts.shape[1])
        kept = np.flatnonzero(texts_with >= self._fewest)
        terms = list(vocabulary)
        self.terms = [terms[column] for column in kept]
        self.idf = (np.log((1 + counts.shape[0]) / (1 + texts_with[kept])) + 1).astype(np.float32)
        return self.weigh(counts[:, kept].tocsr())

    def weigh(self, counts: csr_matrix) -> csr_matrix:
        """Rows of length 1: (1 + log count) * idf."""
        counts.data = (1 + np.log(counts.data)) * self.idf[counts.indices]
        length = np.sqrt(counts.multiply(counts).sum(axis=1)).A1
        length[length == 0] = 1
        counts.data /= np.repeat(length, np.diff(counts.indptr))
        return counts


class Features:
    """Turns texts (words joined by blanks) and their languages into rows of numbers.

    `weights` are those of words, letters and concepts against each other.
    """

    def __init__(self, weights: Sequence[float]) -> None:
        self._weights = weights
        self.parts = {"words": Tfidf(fewest=2), "letters": Tfidf(fewest=2), "concepts": Tfidf(fewest=2)}
        self._index: dict[str, Vocabulary] = {name: {} for name in self.parts}

    def learn(self, texts: Sequence[str], languages: Sequence[str]) -> csr_matrix:
        """The rows of `texts`, whose terms become the columns."""
        seen: dict[str, Vocabulary] = {name: {} for name in self.parts}
        counted = _count(texts, languages, seen, grow=True)
        rows = [part.learn(counted[name], seen[name]) for name, part in self.parts.items()]
        self.index()
        return self._join(rows)

    def index(self) -> None:
        """Make the terms findable; needed once after the terms of a part have changed."""
        for name, part in self.parts.items():
            self._index[name] = {term: column for column, term in enumerate(part.terms)}

    def __call__(self, texts: Sequence[str], languages: Sequence[str]) -> csr_matrix:
        """The rows of `texts`; terms that were not learnt count for nothing."""
        counted = _count(texts, languages, self._index, grow=False)
        return self._join([part.weigh(counted[name]) for name, part in self.parts.items()])

    def _join(self, rows: Sequence[csr_matrix]) -> csr_matrix:
        weighed = [row * weight for row, weight in zip(rows, self._weights, strict=True)]
        return hstack(weighed, format="csr", dtype=np.float32)


def _count(
    texts: Sequence[str], languages: Sequence[str], index: Mapping[str, Vocabulary], *, grow: bool
) -> dict[str, csr_matrix]:
    """Counts of each kind of term. Letters: those of each different word, times the words of each text."""
    split = [text.split() for text in texts]
    different: Vocabulary = {}
    of_texts = _counts(split, different, grow=True)
    of_words = _counts(map(_letters_of, different), index["letters"], grow=grow)
    ideas = map(concepts, texts, languages)
    return {
        "words": _counts(map(_words_of, split), index["words"], grow=grow),
        "letters": (of_texts @ of_words).tocsr(),
        "concepts": _counts(ideas, index["concepts"], grow=grow),
    }


def _words_of(words: Sequence[str]) -> list[str]:
    return [*words, *(f"{left} {right}" for left, right in pairwise(words))]


def _letters_of(word: str) -> Iterator[str]:
    padded = f" {word} "
    for length in range(SHORTEST, LONGEST + 1):
        if length >= len(padded):
            yield padded
            return
        for start in range(len(padded) - length + 1):
            yield padded[start : start + length]


def _counts(documents: Iterable[Iterable[str]], vocabulary: Vocabulary, *, grow: bool) -> csr_matrix:
    """How often each term of `vocabulary`, to which new ones are added if it may `grow`, stands in each document."""
    columns: list[int] = []
    ends = [0]
    for terms in documents:
        if grow:
            columns.extend(vocabulary.setdefault(term, len(vocabulary)) for term in terms)
        else:
            columns.extend(vocabulary[term] for term in terms if term in vocabulary)
        ends.append(len(columns))
    ones: Any = np.ones(len(columns), np.float32)
    counts = csr_matrix((ones, np.array(columns, np.int32), ends), shape=(len(ends) - 1, len(vocabulary)))
    counts.sum_duplicates()
    return counts
