"""The clock on the wall jumps."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.operations.timekeeper import DOUBTED_FOR, Timekeeper
from tests.conftest import Clock


class Hand:
    """Both clocks; time passes on both, and the one on the wall can be set."""

    def __init__(self) -> None:
        self.wall, self.steady = Clock(), 0.0
        self.keeper = Timekeeper(self.wall, lambda: self.steady)

    def passes(self, seconds: float) -> timedelta:
        """Time goes by; the jump that is then noticed."""
        self.wall.forward(seconds=seconds)
        self.steady += seconds
        return self.keeper.look()

    def set(self, **by: float) -> timedelta:
        """Somebody sets the clock on the wall; the jump that is noticed."""
        self.wall.forward(**by)
        return self.keeper.look()


@pytest.fixture
def hand() -> Hand:
    return Hand()


def test_time_that_passes_is_no_jump_however_long(hand: Hand) -> None:
    assert [hand.passes(1), hand.passes(86_400)] == [timedelta(0)] * 2


def test_small_corrections_are_no_jump(hand: Hand) -> None:
    assert [hand.set(seconds=4), hand.set(seconds=-4)] == [timedelta(0)] * 2
    assert not hand.keeper.in_doubt()


def test_an_hour_back_is_noticed_once_and_holds_nothing_up(hand: Hand) -> None:
    assert hand.set(hours=-1) == timedelta(hours=-1)
    assert hand.passes(1) == timedelta(0)
    assert not hand.keeper.in_doubt()


def test_a_day_ahead_is_doubted_until_it_is_mended(hand: Hand) -> None:
    assert hand.set(days=1) == timedelta(days=1)
    hand.passes(DOUBTED_FOR / 2)
    assert hand.keeper.in_doubt()
    assert hand.set(days=-1) == timedelta(days=-1)
    assert not hand.keeper.in_doubt()


def test_a_day_ahead_that_nobody_mends_is_believed_in_the_end(hand: Hand) -> None:
    hand.set(days=1)
    hand.passes(DOUBTED_FOR + 1)
    assert not hand.keeper.in_doubt()
    assert hand.set(hours=-1) == timedelta(hours=-1)
    assert not hand.keeper.in_doubt()


def test_mended_only_in_part_it_is_still_doubted(hand: Hand) -> None:
    hand.set(days=2)
    hand.set(days=-1)
    assert hand.keeper.in_doubt()
