"""Something is away: two lines in the log, growing pauses, and one that tries for all."""

from __future__ import annotations

import logging

import pytest

from bot.operations.outages import Line, Outage, Pauses

LOG = logging.getLogger("test.outages")


class Steady:
    """A clock that nobody sets."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def _line(clock: Steady, failures: int = 1) -> Line:
    pauses = Pauses(1.0, 8.0, chance=lambda: 1.0)
    return Line(Outage(LOG, "it is away", clock), pauses, failures=failures, longest_try=30.0, clock=clock)


def test_an_outage_is_one_line_at_each_end_however_often_it_fails(caplog: pytest.LogCaptureFixture) -> None:
    clock = Steady()
    outage = Outage(LOG, "it is away", clock)
    for _ in range(5):
        outage.begin("connection")
        clock.now += 20
    outage.end()
    outage.end()
    assert [record.getMessage() for record in caplog.records] == [
        "it is away (connection); the bot keeps trying", "over after 100 s: it is away"]  # fmt: skip


def test_pauses_grow_up_to_a_limit_and_differ_by_chance() -> None:
    longest, shortest = (Pauses(1.0, 8.0, chance=lambda of=of: float(of)) for of in (1, 0))  # type: ignore[misc]
    assert [longest.next() for _ in range(6)] == [1, 2, 4, 8, 8, 8]
    assert [shortest.next() for _ in range(4)] == [0.5, 1, 2, 4]
    longest.reset()
    assert longest.next() == 1


def test_a_single_failure_among_many_calls_keeps_nobody_waiting() -> None:
    line = _line(Steady(), failures=3)
    for _ in range(10):
        line.failed("NetworkError")
        line.failed("NetworkError")
        line.worked()
    assert line.rest() == 0


def test_while_it_is_away_one_tries_for_all_after_each_pause() -> None:
    clock = Steady()
    line = _line(clock)
    assert line.failed("NetworkError") == 1
    assert line.rest() == 1
    clock.now += 1
    assert [line.rest(), line.rest()] == [0, 30]
    assert line.failed("NetworkError") == 2
    clock.now += 2
    assert line.rest() == 0
    line.untried()
    assert line.rest() == 0


def test_when_it_is_back_all_go_on_at_once() -> None:
    woken: list[bool] = []
    line = _line(Steady())
    line.is_back = lambda: woken.append(True)
    line.failed("NetworkError")
    line.worked()
    line.worked()
    assert (woken, line.rest()) == ([True], 0)
    assert line.failed("NetworkError") == 1
