"""From scores to confidences, and how sure is sure enough: fitted per language on the evaluation's messages.

Pure functions on arrays; needs NumPy only. The messages are none of the examples that were learnt from, so that scores
for them are as uncertain as those for what people will write.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from nlu.decision import OUT_OF_SCOPE, Thresholds, decide, is_entry
from nlu.examples import BadExamplesError

CALIBRATION = "calibration.json"  # its name in the model's archive
FEWEST = 100  # messages of a language from which it gets values of its own
_TEMPERATURES = np.geomspace(0.05, 2, 60)
_SURE = np.round(np.arange(0.30, 0.96, 0.01), 2)
_URGENT = np.round(np.arange(0.06, 0.60, 0.01), 2)


@dataclass(frozen=True)
class Allowed:
    """Shares of messages, between 0 and 1, that may go wrong.

    `wrong`: answered as sure with the wrong intent, but none of `urgent`. `out_of_scope`: of those that no entry is
    about, answered with one. `urgent`: per intent that must not be overlooked, those that are taken for it and are not.
    """

    wrong: float = 0.02
    out_of_scope: float = 0.05
    urgent: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Calibration:
    """A temperature and thresholds per language; the language "" holds for all others."""

    temperatures: Mapping[str, float]
    thresholds: Mapping[str, Thresholds]

    def temperature(self, language: str) -> float:
        """What to divide scores of a message in `language` by."""
        return self.temperatures.get(language, self.temperatures[""])

    def thresholds_for(self, language: str) -> Thresholds:
        """What decides about a message in `language`."""
        return self.thresholds.get(language, self.thresholds[""])

    def to_json(self) -> str:
        """As the model's archive keeps it."""
        return json.dumps(asdict(self), indent=1)

    @classmethod
    def from_json(cls, text: str) -> Calibration:
        """Read what `to_json` made."""
        document = json.loads(text)
        thresholds = {language: Thresholds(**values) for language, values in document["thresholds"].items()}
        return cls(document["temperatures"], thresholds)

    def table(self) -> Iterator[str]:
        """The lines of a table for the report: a language each, `others` for those without values of their own."""
        urgent = list(self.thresholds[""].urgent)
        yield "".join(f"{name:>16}" for name in ("thresholds", "temperature", "answer", "smalltalk", "choose", *urgent))
        for language, one in sorted(self.thresholds.items(), key=lambda pair: (pair[0] == "", pair[0])):
            values = (self.temperature(language), one.answer, one.smalltalk, one.choose, *map(one.urgent.get, urgent))
            yield f"{language or 'others':>16}" + "".join(f"{value:16.2f}" for value in values)


@dataclass(frozen=True)
class Scored:
    """Messages with their scores (a row each, a column per label), right labels and languages."""

    scores: Any
    labels: Sequence[str]
    right: Sequence[str]
    languages: Sequence[str]

    def only(self, language: str) -> Scored:
        """Those in one language."""
        kept = [row for row, own in enumerate(self.languages) if own == language]
        return Scored(self.scores[kept], self.labels, [self.right[row] for row in kept], [language] * len(kept))


def calibrate(scored: Scored, allowed: Allowed) -> Calibration:
    """Fit everything for all languages together and for each that has enough messages.

    Raises `BadExamplesError` if there are no examples of an intent that must not be overlooked.
    """
    parts = {"": scored}
    for language in sorted(set(scored.languages)):
        own = scored.only(language)
        if len(own.right) >= FEWEST:
            parts[language] = own
    nameless = [intent for intent in allowed.urgent if intent not in scored.labels]
    if nameless:
        raise BadExamplesError(f"config.yml: `urgent` names {', '.join(nameless)}, of which there is no example")
    temperatures = {language: best_temperature(part) for language, part in parts.items()}
    thresholds = {language: _thresholds(part, temperatures[language], allowed) for language, part in parts.items()}
    return Calibration(temperatures, thresholds)


def softmax(scores: Any) -> Any:
    """Each row of `scores` as probabilities."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def best_temperature(scored: Scored) -> float:
    """The temperature under which the right labels are likeliest; 1 without messages."""
    if not scored.right:
        return 1.0
    rows = np.arange(len(scored.right))
    columns = np.searchsorted(scored.labels, scored.right)

    def loss(temperature: float) -> float:
        return float(-np.log(softmax(scored.scores / temperature)[rows, columns] + 1e-12).mean())

    return min(map(float, _TEMPERATURES), key=loss)


def _thresholds(scored: Scored, temperature: float, allowed: Allowed) -> Thresholds:
    if not scored.right:
        return Thresholds()
    confidences = softmax(scored.scores / temperature)
    urgent = {intent: _urgent(scored, confidences, intent, share) for intent, share in allowed.urgent.items()}
    rankings = [_ranking(row, scored.labels) for row in confidences]
    for sure in map(float, _SURE):
        thresholds = Thresholds(answer=sure, urgent=urgent)
        taken = [decide(ranking, thresholds) for ranking in rankings]
        answered = [intent if decision == "answer" else "" for decision, intent in taken]
        if _within(answered, scored.right, allowed):
            return thresholds
    return Thresholds(answer=float(_SURE[-1]), urgent=urgent)


def _within(answered: Sequence[str], right: Sequence[str], allowed: Allowed) -> bool:
    # What is taken for something urgent has a share of its own, and no other threshold changes it.
    pairs = [("" if intent in allowed.urgent else intent, own) for intent, own in zip(answered, right, strict=True)]
    wrong = sum(bool(intent) and intent != own for intent, own in pairs if own != OUT_OF_SCOPE)
    outside = [intent for intent, own in pairs if own == OUT_OF_SCOPE]
    return wrong <= allowed.wrong * (len(pairs) - len(outside)) and sum(map(is_entry, outside)) <= (
        allowed.out_of_scope * len(outside)
    )


def _urgent(scored: Scored, confidences: Any, intent: str, share: float) -> float:
    """The lowest confidence from which not more than `share` of the other messages are taken for `intent`."""
    column = list(scored.labels).index(intent)
    others = np.array([own != intent for own in scored.right])
    alarms = confidences[others, column]
    return next(
        (float(value) for value in _URGENT if (alarms >= value).sum() <= share * len(alarms)), float(_URGENT[-1])
    )


def _ranking(row: Any, labels: Sequence[str]) -> list[tuple[str, float]]:
    best = (-row).argsort(kind="stable")[:10]
    return [(labels[column], float(row[column])) for column in best]
