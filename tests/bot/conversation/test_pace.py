"""How many messages a minute are answered."""

from __future__ import annotations

from bot.conversation.pace import Pace
from tests.conftest import Clock


def test_a_flood_is_asked_to_wait_once_a_minute_and_then_served_again(clock: Clock) -> None:
    pace = Pace(3)
    assert [pace.verdict(1, clock()) for _ in range(6)] == ["ok"] * 3 + ["first_too_many", "too_many", "too_many"]
    clock.forward(seconds=61)
    assert pace.verdict(1, clock()) == "ok"


def test_whoever_keeps_flooding_is_told_once_a_minute(clock: Clock) -> None:
    pace, verdicts = Pace(3), []
    for _ in range(120):
        clock.forward(seconds=1)
        verdicts.append(pace.verdict(1, clock()))
    assert verdicts.count("first_too_many") == 2
    assert verdicts[3] == "first_too_many"


def test_somebody_at_a_human_pace_is_never_stopped(clock: Clock) -> None:
    pace = Pace(3)
    for _ in range(100):
        clock.forward(seconds=21)
        assert pace.verdict(1, clock()) == "ok"


def test_one_persons_flood_does_not_slow_another(clock: Clock) -> None:
    pace = Pace(1)
    pace.verdict(1, clock())
    assert pace.verdict(1, clock()) == "first_too_many"
    assert pace.verdict(2, clock()) == "ok"
