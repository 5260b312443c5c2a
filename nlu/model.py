"""The classifier itself: tf-idf of words and of letters within words, a linear model, a fitted temperature.

Needs scikit-learn, not Rasa. Texts are words in normalised spelling (`nlu.text`) joined by blanks.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from nlu.noise import spoil

DEFAULTS: Mapping[str, float | int] = {
    "C": 1.0,  # how closely to follow the examples
    "word_weight": 0.5,  # of word features against letter features; words alone mislead when misspelt
    "spoilt_copies": 1,  # of each example, see nlu/noise.py
}
_FOLDS = 2


class TextModel:
    """Learns which label a text has; gives calibrated confidences."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self._settings = {**DEFAULTS, **settings}
        common: dict[str, Any] = {"sublinear_tf": True, "lowercase": False, "dtype": np.float32}
        self._words = TfidfVectorizer(ngram_range=(1, 2), token_pattern=r"\S+", **common)
        self._letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=2, **common)
        self.labels: list[str] = []
        self._coef = self._intercept = np.zeros(0, np.float32)
        self._temperature = 1.0

    def fit(self, texts: Sequence[str], labels: Sequence[str], groups: Sequence[str]) -> TextModel:
        """Learn from all. `groups` (the language of each) keep the temperature's folds alike."""
        self.labels = sorted(set(labels))
        copies = int(self._settings["spoilt_copies"])
        spoilt = [spoil(text, seed) for seed in range(copies) for text in texts]
        features = self._features([*texts, *spoilt], learn=True)
        targets = np.searchsorted(self.labels, labels)
        fold = np.array(folds(labels, groups))
        self._temperature = self._fit_temperature(features, targets, fold)
        self._coef, self._intercept = self._fit(features, np.tile(targets, copies + 1))
        return self

    def confidences(self, texts: Sequence[str]) -> Any:
        """An array with a row per text and a column per label; rows add up to 1."""
        scores = self._features(texts) @ self._coef + self._intercept
        return softmax(scores / self._temperature)

    def save(self, folder: Path) -> None:
        """Write it as numbers and JSON: nothing that could be executed when it is read.

        Half precision and packed: Rasa packs the archive at gzip's slowest level, which took longer than learning.
        """
        idf = {"words": self._words.idf_, "letters": self._letters.idf_}
        numbers = {"coef": self._coef.astype(np.float16), "intercept": self._intercept, **idf}
        np.savez_compressed(folder / "weights.npz", **numbers)
        document = {
            "labels": self.labels,
            "temperature": self._temperature,
            "words": self._words.get_feature_names_out().tolist(),
            "letters": self._letters.get_feature_names_out().tolist(),
        }
        (folder / "model.json").write_text(json.dumps(document), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, settings: Mapping[str, Any]) -> TextModel:
        """Read what `save` wrote."""
        model = cls(settings)
        document = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        weights = np.load(folder / "weights.npz", allow_pickle=False)
        model.labels, model._temperature = document["labels"], document["temperature"]
        model._coef, model._intercept = weights["coef"].astype(np.float32), weights["intercept"]
        for name, vectorizer in (("words", model._words), ("letters", model._letters)):
            vectorizer.vocabulary_ = {term: column for column, term in enumerate(document[name])}
            vectorizer.idf_ = weights[name]
        return model

    def _features(self, texts: Sequence[str], *, learn: bool = False) -> csr_matrix:
        words, letters = (
            vectorizer.fit_transform(texts) if learn else vectorizer.transform(texts)
            for vectorizer in (self._words, self._letters)
        )
        # The weights' own type: otherwise scipy converts all of them for every message.
        return hstack([words * self._settings["word_weight"], letters]).tocsr().astype(np.float32)

    def _fit(self, features: csr_matrix, targets: Any) -> tuple[Any, Any]:
        """Weights (a row per feature, a column per label, in the order in which they are read) and intercepts."""
        machine = LinearSVC(C=self._settings["C"], random_state=0).fit(features, targets)
        return np.ascontiguousarray(machine.coef_.T, np.float32), machine.intercept_.astype(np.float32)

    def _fit_temperature(self, features: csr_matrix, targets: Any, fold: Any) -> float:
        """From scores for examples that were not learnt from, by a model of the others."""
        clean = features[: len(targets)]
        scores = np.zeros((len(targets), len(self.labels)), np.float32)
        for held_out in range(_FOLDS):
            coef, intercept = self._fit(clean[fold != held_out], targets[fold != held_out])
            scores[fold == held_out] = clean[fold == held_out] @ coef + intercept
        return best_temperature(scores, targets)


def folds(labels: Sequence[str], groups: Sequence[str]) -> list[int]:
    """For each example the fold it is held out in, so that every fold has all labels of all groups."""
    seen: Counter[tuple[str, str]] = Counter()
    result = []
    for key in zip(labels, groups, strict=True):
        result.append(seen[key] % _FOLDS)
        seen[key] += 1
    return result


def softmax(scores: Any) -> Any:
    """Each row of `scores` as probabilities."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def best_temperature(scores: Any, targets: Any) -> float:
    """The temperature under which the right labels are likeliest."""
    rows = np.arange(len(targets))

    def loss(temperature: float) -> float:
        return float(-np.log(softmax(scores / temperature)[rows, targets] + 1e-12).mean())

    return min((float(value) for value in np.geomspace(0.02, 2, 60)), key=loss)
