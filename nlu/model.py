"""The classifier itself: a linear model on `nlu.features`, and a temperature that makes its scores confidences.

Needs scikit-learn, not Rasa. Texts are words in normalised spelling (`nlu.text`) joined by blanks.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import SGDClassifier

from nlu.features import Features
from nlu.noise import spoil

DEFAULTS: Mapping[str, float | int] = {
    "alpha": 1e-5,  # how far to keep from following the examples
    "rounds": 5,  # through all examples
    "word_weight": 0.5,  # of words against letters; words alone mislead when misspelt
    "concept_weight": 0.5,  # of concepts against letters
    "spoilt": 0.3,  # share of the examples that are learnt from misspelt as well, see nlu/noise.py
}
_THREADS = 2


class TextModel:
    """Learns which label a text has; gives scores and, with a temperature, confidences."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self._settings = {**DEFAULTS, **settings}
        self._features = Features((self._settings["word_weight"], 1.0, self._settings["concept_weight"]))
        self.labels: list[str] = []
        self._coef: Any = np.zeros((0, 0), np.float16)
        self._intercept: Any = np.zeros(0, np.float32)

    def fit(self, texts: Sequence[str], labels: Sequence[str], languages: Sequence[str]) -> TextModel:
        """Learn from all `texts`, and from a share of them misspelt."""
        self.labels = sorted(set(labels))
        targets: Any = np.searchsorted(self.labels, labels)
        chosen = np.flatnonzero(np.random.default_rng(0).random(len(texts)) < self._settings["spoilt"]).tolist()
        spoilt = [spoil(texts[row]) for row in chosen]
        features = self._features.learn([*texts, *spoilt], [*languages, *(languages[row] for row in chosen)])
        machine = SGDClassifier(
            loss="hinge",
            alpha=self._settings["alpha"],
            max_iter=self._settings["rounds"],
            tol=None,
            n_jobs=_THREADS,
            random_state=0,
        )
        machine.fit(features.astype(np.float64), np.concatenate([targets, targets[chosen]]))
        # A row per feature, as a text needs a few of them; 80 MB in half precision, which costs no accuracy.
        self._coef = np.ascontiguousarray(machine.coef_.T, np.float16)
        self._intercept = machine.intercept_.astype(np.float32)
        return self

    def scores(self, texts: Sequence[str], languages: Sequence[str]) -> Any:
        """An array of float32 with a row per text and a column per label; all 0 where nothing of a text is known."""
        rows = [self._scores(text, language) for text, language in zip(texts, languages, strict=True)]
        return np.array(rows, np.float32).reshape(len(texts), len(self.labels))

    def _scores(self, text: str, language: str) -> Any:
        columns, values = self._features(text, language)
        if not len(columns):
            return np.zeros_like(self._intercept)
        # Not `@`: BLAS shares out even these 200 rows among threads that wait for each other at full speed.
        return np.einsum("t,tl->l", values, self._coef.take(columns, axis=0)) + self._intercept

    def save(self, folder: Path) -> None:
        """Write it as numbers and JSON: nothing that could be executed when it is read.

        Packed: Rasa packs the archive at gzip's slowest level, which took longer than learning.
        """
        parts = self._features.parts
        numbers: dict[str, Any] = {name: part.idf for name, part in parts.items()}
        numbers |= {"coef": self._coef, "intercept": self._intercept}
        np.savez_compressed(folder / "weights.npz", **numbers)
        document = {"labels": self.labels, **{name: list(part.columns) for name, part in parts.items()}}
        with gzip.open(folder / "model.json.gz", "wt", compresslevel=1, encoding="utf-8") as file:
            json.dump(document, file)

    @classmethod
    def load(cls, folder: Path, settings: Mapping[str, Any]) -> TextModel:
        """Read what `save` wrote."""
        model = cls(settings)
        with gzip.open(folder / "model.json.gz", "rt", encoding="utf-8") as file:
            document = json.load(file)
        weights = np.load(folder / "weights.npz", allow_pickle=False)
        model.labels = document["labels"]
        model._coef, model._intercept = weights["coef"], weights["intercept"]
        for name, part in model._features.parts.items():
            part.columns = {term: column for column, term in enumerate(document[name])}
            part.idf = weights[name]
        return model
