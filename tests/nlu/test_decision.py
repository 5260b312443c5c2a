"""How sure is sure enough."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.decision import ANSWER, CHOOSE, GIVE_UP, Thresholds, decide, in_doubt_the_entry

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


def test_an_unsure_flow_stands_behind_the_likeliest_entry() -> None:
    ranking = [("room_request", 0.7), ("rooms.event", 0.2), ("greet", 0.1)]
    assert in_doubt_the_entry(ranking) == [("rooms.event", 0.2), ("room_request", 0.2), ("greet", 0.1)]
    assert decide(in_doubt_the_entry(ranking), Thresholds(answer=0.5, choose=0.1)) == (CHOOSE, "rooms.event")


@pytest.mark.parametrize(
    "ranking", [[], [("room_request", 0.8), ("rooms.event", 0.2)], [("greet", 0.6), ("thank", 0.4)]]
)
def test_a_sure_flow_and_anything_without_a_flow_stay_as_they_are(ranking: list[tuple[str, float]]) -> None:
    assert in_doubt_the_entry(ranking) == ranking
