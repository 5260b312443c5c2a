"""What the benchmark says of its steps is what was measured; nothing that went wrong is left out."""

from __future__ import annotations

import pytest

from tests.bench.figures import ALL, TARGET, Step, by_step, figures, percentile, table, verdict
from tests.bench.machine import Usage, costs, others


def steps(name: str, *milliseconds: float) -> list[Step]:
    return [Step(name, one / 1000) for one in milliseconds]


@pytest.mark.parametrize(("share", "expected"), [(50, 50.5), (95, 95.05), (99, 99.01), (100, 100)])
def test_percentiles_lie_between_their_neighbours(share: int, expected: float) -> None:
    assert percentile([float(one) for one in range(1, 101)], share) == pytest.approx(expected)


def test_a_single_time_is_every_percentile_and_none_is_none() -> None:
    assert [percentile([0.2], share) for share in (50, 95, 100)] == [0.2, 0.2, 0.2]
    assert percentile([], 95) is None


def test_times_may_come_in_any_order() -> None:
    found = figures("people", steps("people", 300, 100, 200))
    assert (found.median, found.longest) == pytest.approx((0.2, 0.3))


def test_a_press_without_an_answer_is_an_error_and_no_time() -> None:
    found = figures("people", [*steps("people", 100, 100), Step("people", None)])
    assert (found.count, found.errors, found.longest) == (3, 1, 0.1)
    assert not found.meets(TARGET)


def test_each_step_is_told_apart_and_all_come_last() -> None:
    rows = by_step([*steps("begin", 10), *steps("people", 20, 40), *steps("begin", 30)])
    assert [(row.name, row.count) for row in rows] == [("begin", 2), ("people", 2), (ALL, 4)]


def test_one_slow_step_misses_the_target_although_all_together_meet_it() -> None:
    rows = by_step([*steps("begin", *[10] * 99), *steps("check", TARGET * 1000 + 1)])
    assert [row.name for row in rows if not row.meets(TARGET)] == ["check"]
    assert verdict(rows).endswith("MISSED by check (301 ms, 0 errors).")


def test_a_target_that_every_step_misses_is_not_said_step_by_step() -> None:
    assert verdict(by_step(steps("begin", 400))).endswith("MISSED by every step.")


def test_a_p95_of_just_the_target_meets_it() -> None:
    assert verdict(by_step(steps("begin", TARGET * 1000))).endswith(" met.")


def test_another_target_is_judged_by_itself() -> None:
    rows = by_step(steps("place in the queue", 1999))
    assert verdict(rows, 2.0) == "Target, p95 of every step <= 2000 ms: met."
    assert not verdict(rows, 1.9).endswith(" met.")


def test_a_step_that_was_never_answered_has_a_row() -> None:
    lines = list(table(by_step([Step("begin", None)])))
    assert [cell.strip() for cell in lines[2].strip("|").split("|")] == ["begin", "1", "–", "–", "–", "–", "1"]


def test_only_what_was_used_between_the_two_looks_counts() -> None:
    before, after = {"bot": Usage(10, 100, 90)}, {"bot": Usage(12, 150, 120)}
    row = list(costs(before, after, seconds=4, steps=100))[2]
    assert [cell.strip() for cell in row.strip("|").split("|")] == ["bot", "2.0", "0.50", "20.0", "90", "120", "150"]


def test_work_of_other_programs_is_told_apart() -> None:
    before, after = {"bot": Usage(cpu=10, peak=100)}, {"bot": Usage(cpu=12, peak=150)}
    assert others(before, after, busy_seconds=5) == 3
