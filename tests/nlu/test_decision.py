"""How sure is sure enough."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.decision import ANSWER, CHOOSE, GIVE_UP, Thresholds, decide

THRESHOLDS = Thresholds(answer=0.5, smalltalk=0.45, choose=0.4, urgent={"crisis": 0.2})


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
    assert decide(ranking, THRESHOLDS) == decision


@given(st.lists(st.tuples(st.sampled_from(["a.b", "c.d", "greet", "crisis"]), st.floats(0, 1)), max_size=5))
def test_there_is_always_a_decision(ranking: list[tuple[str, float]]) -> None:
    assert decide(ranking, THRESHOLDS)[0] in (ANSWER, CHOOSE, GIVE_UP)
