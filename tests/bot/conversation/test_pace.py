"""How much is done in a minute, for one person and for all."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.conversation.pace import BUSY, MOST, OK, SLOW_DOWN, Kind, Pace, Window
from tests.conftest import Clock


def said(pace: Pace, clock: Clock, times: int, chat: int = 1) -> list[tuple[str, bool]]:
    verdicts = [pace.verdict(chat, clock()) for _ in range(times)]
    return [(verdict.text, verdict.tell) for verdict in verdicts if verdict is not OK]


def test_a_flood_is_asked_to_wait_once_a_minute_and_then_served_again(clock: Clock) -> None:
    pace = Pace(3)
    assert said(pace, clock, 6) == [(SLOW_DOWN, True), (SLOW_DOWN, False), (SLOW_DOWN, False)]
    clock.forward(seconds=61)
    assert pace.verdict(1, clock()) is OK


def test_whoever_keeps_flooding_is_told_once_a_minute(clock: Clock) -> None:
    pace, verdicts = Pace(3), []
    for _ in range(120):
        clock.forward(seconds=1)
        verdicts.append(pace.verdict(1, clock()))
    assert [verdict.tell for verdict in verdicts if verdict.text].count(True) == 2
    assert verdicts[3].tell


def test_somebody_at_a_human_pace_is_never_stopped(clock: Clock) -> None:
    pace = Pace(3)
    for _ in range(100):
        clock.forward(seconds=21)
        assert pace.verdict(1, clock()) is OK


def test_one_persons_flood_does_not_slow_another_nor_use_up_what_all_have(clock: Clock) -> None:
    pace = Pace(1, of_all=3)
    assert said(pace, clock, 50) == [(SLOW_DOWN, True), *[(SLOW_DOWN, False)] * 48]
    assert pace.verdict(2, clock()) is OK


def test_all_together_have_a_limit_and_each_is_told_once(clock: Clock) -> None:
    pace = Pace(10, of_all=2)
    pace.verdict(1, clock())
    pace.verdict(2, clock())
    assert said(pace, clock, 2, chat=1) == [(BUSY, True), (BUSY, False)]
    assert said(pace, clock, 1, chat=3) == [(BUSY, True)]
    clock.forward(seconds=61)
    assert pace.verdict(3, clock()) is OK


def test_newcomers_wait_while_those_who_are_known_are_served(clock: Clock) -> None:
    pace = Pace(10, newcomers=2)
    verdicts = [pace.verdict(chat, clock(), is_new=True) for chat in range(4)]
    assert [verdict.text for verdict in verdicts] == ["", "", BUSY, BUSY]
    assert pace.verdict(99, clock()) is OK


@pytest.mark.parametrize("kind", MOST)
def test_each_kind_is_counted_by_itself(clock: Clock, kind: Kind) -> None:
    pace = Pace(1)
    pace.verdict(1, clock())
    verdicts = [pace.verdict(1, clock(), kind) for _ in range(MOST[kind] + 1)]
    assert [verdict is OK for verdict in verdicts] == [True] * MOST[kind] + [False]


def test_a_clock_that_is_put_back_makes_nobody_wait(clock: Clock) -> None:
    pace = Pace(1)
    said(pace, clock, 2)
    clock.time -= timedelta(hours=1)
    assert pace.verdict(1, clock()) is OK


def test_a_flood_of_strangers_leaves_nothing_behind(clock: Clock) -> None:
    """Each message forgets those who fell silent, without looking through all who are there."""
    window = Window(2)
    for chat in range(10_000):
        window.is_over(chat, clock())
    clock.forward(seconds=61)
    window.is_over("one", clock())
    assert len(window) == 1
