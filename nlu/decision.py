"""The one place that weighs how sure is sure enough. Pure; knows neither Rasa nor scikit-learn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flows.guide.form import FLOWS

ANSWER, CHOOSE, GIVE_UP = "answer", "choose", "give_up"
OUT_OF_SCOPE = "out_of_scope"
Ranking = Sequence[tuple[str, float]]
SURE_FLOW = 0.8
"""Confidence from which a guided flow begins by itself. Of the evaluation's messages 13 questions were taken for a flow
with 0.5 and more, 5 with 0.8; of 204 wishes for one 193 stay (2026-11-21)."""


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


def in_doubt_the_entry(ranking: Ranking) -> list[tuple[str, float]]:
    """The ranking, best first, in which a guided flow that is not sure counts no more than the likeliest entry.

    Who only asks shall get the answer, and finds the flow's button under it; the other way round an answer is missing.
    """
    entry = max((confidence for intent, confidence in ranking if is_entry(intent)), default=0.0)
    weighed = [(intent, min(confidence, entry) if intent in FLOWS and confidence < SURE_FLOW else confidence)
               for intent, confidence in ranking]  # fmt: skip
    return sorted(weighed, key=lambda guess: (-guess[1], guess[0] in FLOWS))


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
