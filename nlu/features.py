"""What the classifier looks at: tf-idf of words and pairs of words, of letters within words, and of concepts.

The same as scikit-learn's TfidfVectorizer (sublinear, analyzer char_wb for the letters). What is learnt from is counted
in sparse matrices, the letters of each word once, not once per text: over 100,000 texts that takes seconds instead of
half a minute. A text that is asked about comes alone and is counted in a dictionary: SciPy's checks of a dozen tiny
matrices would take several times as long. Needs NumPy, SciPy.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, hstack

from nlu.concepts import concepts

SHORTEST, LONGEST = 2, 5
"""Letters per feature; from 3 on, spelling mistakes in short words and Arabic cost accuracy."""
Vocabulary = dict[str, int]
Row = tuple[Any, Any]
"""What is not 0 in a row of numbers: columns (int64, each once) and values (float32), both of shape (terms found,)."""


class Tfidf:
    """Weights of one kind of feature; `fewest` texts must have it for it to count."""

    def __init__(self, fewest: int) -> None:
        self._fewest = fewest
        self.columns: Vocabulary = {}
        self.idf: Any = np.zeros(0, np.float32)

    def learn(self, counts: csr_matrix, vocabulary: Vocabulary) -> csr_matrix:
        """Choose the terms worth keeping from `counts` (a row per text, a column per term) and weigh them."""
        texts_with = np.bincount(counts.indices, minlength=counts.shape[1])
        kept = np.flatnonzero(texts_with >= self._fewest)
        terms = list(vocabulary)
        self.columns = {terms[column]: place for place, column in enumerate(kept)}
        self.idf = (np.log((1 + counts.shape[0]) / (1 + texts_with[kept])) + 1).astype(np.float32)
        return self._weigh_all(counts[:, kept].tocsr())

    def __call__(self, terms: Iterable[str]) -> Row:
        """The row of a text with these `terms`; those that were not learnt count for nothing."""
        counts = Counter(map(self.columns.get, terms))
        counts.pop(None, None)
        columns: Any = np.fromiter(counts.keys(), np.int64, len(counts))
        values = self._weigh(np.fromiter(counts.values(), np.float32, len(counts)), columns)
        return columns, values / (np.sqrt(values @ values) or 1)

    def _weigh_all(self, counts: csr_matrix) -> csr_matrix:
        counts.data = self._weigh(counts.data, counts.indices)
        length = np.sqrt(counts.multiply(counts).sum(axis=1)).A1
        length[length == 0] = 1
        counts.data /= np.repeat(length, np.diff(counts.indptr))
        return counts

    def _weigh(self, counts: Any, columns: Any) -> Any:
        """(1 + log count) * idf of each count; then rows still need to be brought to length 1."""
        return (1 + np.log(counts)) * self.idf[columns]


class Features:
    """Turns texts (words joined by blanks) and their languages into rows of numbers.

    `weights` are those of words, letters and concepts against each other.
    """

    def __init__(self, weights: Sequence[float]) -> None:
        self._weights = weights
        self.parts = {"words": Tfidf(fewest=2), "letters": Tfidf(fewest=2), "concepts": Tfidf(fewest=2)}

    def learn(self, texts: Sequence[str], languages: Sequence[str]) -> csr_matrix:
        """The rows of `texts`, whose terms become the columns."""
        seen: dict[str, Vocabulary] = {name: {} for name in self.parts}
        counted = _count(texts, languages, seen)
        return self._join([part.learn(counted[name], seen[name]) for name, part in self.parts.items()])

    def __call__(self, text: str, language: str) -> Row:
        """The row of `text`, as `learn` would make it; terms that were not learnt count for nothing."""
        words = text.split()
        letters = chain.from_iterable(map(_letters_of, words))
        terms = {"words": _words_of(words), "letters": letters, "concepts": concepts(text, language)}
        columns, values, first = [], [], 0
        for (name, part), weight in zip(self.parts.items(), self._weights, strict=True):
            own, weights = part(terms[name])
            columns.append(own + first)
            values.append(weights * weight)
            first += len(part.idf)
        return np.concatenate(columns), np.concatenate(values)

    def _join(self, rows: Sequence[csr_matrix]) -> csr_matrix:
        weighed = [row * weight for row, weight in zip(rows, self._weights, strict=True)]
        return hstack(weighed, format="csr", dtype=np.float32)


def _count(texts: Sequence[str], languages: Sequence[str], seen: dict[str, Vocabulary]) -> dict[str, csr_matrix]:
    """Counts of each kind of term. Letters: those of each different word, times the words of each text."""
    split = [text.split() for text in texts]
    different: Vocabulary = {}
    of_texts = _counts(split, different)
    of_words = _counts(map(_letters_of, different), seen["letters"])
    return {
        "words": _counts(map(_words_of, split), seen["words"]),
        "letters": (of_texts @ of_words).tocsr(),
        "concepts": _counts(map(concepts, texts, languages), seen["concepts"]),
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


def _counts(documents: Iterable[Iterable[str]], vocabulary: Vocabulary) -> csr_matrix:
    """How often each term stands in each document; terms that are new to `vocabulary` are added to it."""
    columns: list[int] = []
    ends = [0]
    for terms in documents:
        columns.extend(vocabulary.setdefault(term, len(vocabulary)) for term in terms)
        ends.append(len(columns))
    ones: Any = np.ones(len(columns), np.float32)
    counts = csr_matrix((ones, np.array(columns, np.int32), ends), shape=(len(ends) - 1, len(vocabulary)))
    counts.sum_duplicates()
    return counts
