"""The one place that weighs how sure is sure enough. Pure; knows neither Rasa nor scikit-learn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

ANSWER, CHOOSE, GIVE_UP = "answer", "choose", "give_up"
Ranking = Sequence[tuple[str, float]]


@dataclass(frozen=True)
class Thresholds:
    """Confidences between 0 and 1, from the gate's part of config.yml.

    `answer`: from here the likeliest intent is taken, if it is an entry or out of scope; any other, which costs
    little when wrong, from `smalltalk`. `choose`: from here, summed over the three likeliest entries of
    the catalogue, it is worth asking which was meant; below, nothing was understood. `urgent`: intents that win as soon
    as they reach their own, lower value, wherever they stand in the ranking. `languages`: the same keys for one of
    them.
    """

    answer: float = 0.75
    smalltalk: float = 0.5
    choose: float = 0.25
    urgent: Mapping[str, float] = field(default_factory=dict)
    languages: Mapping[str, Thresholds] = field(default_factory=dict)

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Thresholds:
        """Read them; raises ValueError naming the key for one that is no confidence."""
        base = {key: _confidence(key, config[key]) for key in ("answer", "smalltalk", "choose") if key in config}
        urgent = {name: _confidence(name, value) for name, value in config.get("urgent", {}).items()}
        languages = {
            language: cls.from_config({**config, "languages": {}, **own})
            for language, own in (config.get("languages") or {}).items()
        }
        return cls(**base, urgent=urgent, languages=languages)

    def needed(self, intent: str) -> float:
        """The confidence that `intent` needs to be taken as sure."""
        return self.answer if "." in intent or intent == "out_of_scope" else self.smalltalk


def decide(ranking: Ranking, thresholds: Thresholds, language: str) -> tuple[str, str]:
    """The decision and the intent it is about, for a `ranking` that is best first and may be empty."""
    own = thresholds.languages.get(language, thresholds)
    for intent, confidence in ranking:
        if confidence >= own.urgent.get(intent, 2.0):
            return ANSWER, intent
    if ranking and ranking[0][1] >= own.needed(ranking[0][0]):
        return ANSWER, ranking[0][0]
    entries = [confidence for intent, confidence in ranking if "." in intent]  # only these have a question to show
    if entries and sum(entries[:3]) >= own.choose:
        return CHOOSE, ranking[0][0]
    return GIVE_UP, ""


def _confidence(key: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 1:
        raise ValueError(f"{key}: {value!r} is no confidence between 0 and 1")
    return float(value)
