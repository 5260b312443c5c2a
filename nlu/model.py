"""The classifier itself: tf-idf of words and of letters within words, a linear model, a fitted temperature.

Needs scikit-learn, not Rasa, so that variants can be measured without it. Texts are normalised words joined by blanks.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

FOLDS = 3


class TextModel:
    """Learns `labels` of `texts`; gives calibrated confidences."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self._settings = settings
        self._words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, lowercase=False, token_pattern=r"\S+", dtype=np.float32)
        self._letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, lowercase=False, min_df=2, dtype=np.float32)
        self.temperature = 1.0

    def fit(self, texts: Sequence[str], labels: Sequence[str]) -> TextModel:
        """Learn from all, after fitting the temperature on cross-validated scores."""
        self.labels = np.array(sorted(set(labels)))
        y = np.searchsorted(self.labels, labels)
        X = hstack([self._words.fit_transform(texts), self._letters.fit_transform(texts)]).tocsr()
        scores = np.zeros((len(y), len(self.labels)))
        for train, test in StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(X, y):
            m = self._fit(X[train], y[train])
            scores[test] = X[test] @ m[0].T + m[1]
        self.temperature = _temperature(scores, y)
        self.coef, self.intercept = self._fit(X, y)
        return self

    def _fit(self, X: csr_matrix, y: Any) -> tuple[Any, Any]:
        m = LinearSVC(C=self._settings["C"]).fit(X, y)
        return m.coef_.astype(np.float32), m.intercept_.astype(np.float32)

    def confidences(self, texts: Sequence[str]) -> Any:
        """A row per text, a column per label, rows adding up to 1."""
        X = hstack([self._words.transform(texts), self._letters.transform(texts)]).tocsr()
        return softmax((X @ self.coef.T + self.intercept) / self.temperature)

    def save(self, folder: Path) -> None:
        """Write it as numbers and JSON; nothing that would be executed when read."""
        np.savez(folder / "weights.npz", coef=self.coef, intercept=self.intercept, words=self._words.idf_, letters=self._letters.idf_)
        document = {
            "labels": self.labels.tolist(), "temperature": self.temperature,
            "words": list(self._words.get_feature_names_out()), "letters": list(self._letters.get_feature_names_out()),
        }
        (folder / "model.json").write_text(json.dumps(document), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, settings: dict[str, Any]) -> TextModel:
        """Read what `save` wrote."""
        model = cls(settings)
        document = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        weights = np.load(folder / "weights.npz")
        model.labels, model.temperature = np.array(document["labels"]), document["temperature"]
        model.coef, model.intercept = weights["coef"], weights["intercept"]
        for name, v in (("words", model._words), ("letters", model._letters)):
            v.vocabulary_ = {word: i for i, word in enumerate(document[name])}
            v.fixed_vocabulary_ = True
            v.idf_ = weights[name]
        return model


def softmax(z: Any) -> Any:
    """Rows to probabilities."""
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def _temperature(scores: Any, y: Any) -> float:
    grid = np.geomspace(0.02, 2, 60)
    loss = [-np.log(softmax(scores / t)[np.arange(len(y)), y] + 1e-12).mean() for t in grid]
    return float(grid[int(np.argmin(loss))])
