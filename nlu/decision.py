"""The one place that weighs how sure is sure enough. Pure; knows neither Rasa nor scikit-learn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

ANSWER, CHOOSE, GIVE_UP = "answer", "choose", "give_up"
OUT_OF_SCOPE = "out_of_scope"
Ranking = Sequence[tuple[str, float]]


@dataclass(frozen=True)
class Thresholds:
    """Confidences between 0 and 1, fitted by `nlu.calibration`.

    `answer`: from here the likeliest intent is taken, if it is an entry or out of scope; any other, which costs
    little when wrong, from `smalltalk`. `choose`: from here, summed over the three likeliest entries of
    the catalogue, it is worth asking which was meant; below, nothing was understood. `urgent`: intents that win as soon
    as they reach their own, lower value, wherever they stand in the ranking.
    """

    answer: float = 0.75
    smalltalk: float = 0.5
    choose: float = 0.1
    urgent: Mapping[str, float] = field(default_factory=dict)

    def needed(self, intent: str) -> float:
        """The confidence that `intent` needs to be taken as sure."""
        return self.answer if is_entry(intent) or intent == OUT_OF_SCOPE else self.smalltalk


def is_entry(intent: str) -> bool:
    """Whether it is an entry of the catalogue; smalltalk labels have no topic."""
    return "." in intent


def decide(ranking: Ranking, thresholds: Thresholds) -> tuple[str, str]:
    """The decision and the intent it is about, for a `ranking` that is best first and may be empty."""
    for intent, confidence in ranking:
        if confidence >= thresholds.urgent.get(intent, 2.0):
            return ANSWER, intent
    if ranking and ranking[0][1] >= thresholds.needed(ranking[0][0]):
        return ANSWER, ranking[0][0]
    entries = [confidence for intent, confidence in ranking if is_entry(intent)]  # only these have a question to show
    if entries and sum(entries[:3]) >= thresholds.choose:
        return CHOOSE, ranking[0][0]
    return GIVE_UP, ""
