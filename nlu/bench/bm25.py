"""Plain Okapi BM25 (k1 1.5, b 0.75): a message is looked up among one document per label and language. Without Rasa."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer

from nlu.bench.measures import Answer
from nlu.examples import Example

_K1, _B = 1.5, 0.75
_LISTED = 10
Words = Callable[[str, str], str]
"""Makes words joined by blanks of a text in a language."""


class Bm25:
    """An index per language. Its confidences are BM25's scores: no shares, only an order."""

    def __init__(self, texts: Sequence[Example], words: Words) -> None:
        self._words = words
        documents: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for text in texts:
            documents[text.language][text.label].append(words(text.text, text.language))
        self._indexes = {language: _Index(labels) for language, labels in documents.items()}

    def __call__(self, message: Example) -> Answer:
        """What is found for `message`; nothing if no document shares a word with it."""
        index = self._indexes.get(message.language)
        found = index.rank(self._words(message.text, message.language)) if index else []
        return Answer(message.label, message.language, tuple(found))

    @property
    def size(self) -> int:
        """Bytes of the numbers that it looks up in."""
        return sum(index.weights.data.nbytes + index.weights.indices.nbytes for index in self._indexes.values())


class _Index:
    def __init__(self, documents: dict[str, list[str]]) -> None:
        self._labels = list(documents)
        self._counter = CountVectorizer(analyzer=str.split)
        counts: Any = self._counter.fit_transform([" ".join(texts) for texts in documents.values()]).tocsc()
        lengths = np.asarray(counts.sum(axis=1)).ravel()
        with_term = np.diff(counts.indptr)
        idf = np.log(1 + (len(self._labels) - with_term + 0.5) / (with_term + 0.5))
        floor = _K1 * (1 - _B + _B * lengths / max(1.0, lengths.mean()))
        counts.data = counts.data * (_K1 + 1) / (counts.data + floor[counts.indices]) * np.repeat(idf, with_term)
        self.weights = counts.astype(np.float32).T.tocsr()

    def rank(self, words: str) -> list[tuple[str, float]]:
        scores = (self._counter.transform([words]) @ self.weights).toarray()[0]
        best = (-scores).argsort(kind="stable")[:_LISTED]
        return [(self._labels[column], float(scores[column])) for column in best if scores[column] > 0]
