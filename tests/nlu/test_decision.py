"""How sure is sure enough."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.decision import ANSWER, CHOOSE, GIVE_UP, Thresholds, decide

CONFIG = {
    "answer": 0.5,
    "smalltalk": 0.45,
    "choose": 0.4,
    "urgent": {"crisis": 0.2},
    "languages": {"ar": {"answer": 0.7}},
}
THRESHOLDS = Thresholds.from_config(CONFIG)


@pytest.mark.parametrize(
    ("ranking", "decision"),
    [
        ([("rooms.event", 0.6), ("greet", 0.2)], (ANSWER, "rooms.event")),
        ([("rooms.event", 0.3), ("rooms.overview", 0.2)], (CHOOSE, "rooms.event")),
        ([("rooms.event", 0.2), ("rooms.overview", 0.1)], (GIVE_UP, "")),
        ([("greet", 0.45), ("thank", 0.4)], (ANSWER, "greet")),
        ([("greet", 0.44), ("thank", 0.4)], (GIVE_UP, "")),
        ([("out_of_scope", 0.45), ("thank", 0.4)], (GIVE_UP, "")),
        ([("rooms.event", 0.75), ("crisis", 0.2)], (ANSWER, "crisis")),
        ([], (GIVE_UP, "")),
    ],
)
def test_a_ranking_leads_to_a_decision(ranking: list[tuple[str, float]], decision: tuple[str, str]) -> None:
    assert decide(ranking, THRESHOLDS, "de") == decision


def test_a_language_may_ask_for_more_certainty() -> None:
    assert decide([("rooms.event", 0.6)], THRESHOLDS, "ar") == (CHOOSE, "rooms.event")


def test_a_language_keeps_the_urgent_intents_of_all() -> None:
    assert decide([("rooms.event", 0.8), ("crisis", 0.2)], THRESHOLDS, "ar") == (ANSWER, "crisis")


@pytest.mark.parametrize("value", [1.5, -0.1, "0.5", True, None])
def test_what_is_no_confidence_is_refused_by_name(value: object) -> None:
    with pytest.raises(ValueError, match="answer"):
        Thresholds.from_config({"answer": value})


@given(st.lists(st.tuples(st.sampled_from(["a.b", "c.d", "greet", "crisis"]), st.floats(0, 1)), max_size=5), st.text())
def test_there_is_always_a_decision(ranking: list[tuple[str, float]], language: str) -> None:
    assert decide(ranking, THRESHOLDS, language)[0] in (ANSWER, CHOOSE, GIVE_UP)
