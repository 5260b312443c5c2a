"""Periods, their neighbours, and the weeks that belong to them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.insight.periods import DAY, KINDS, Kind, Period, around, own, quarter

DAYS = st.dates(date(2001, 1, 1), date(2100, 1, 1))
CALENDAR = st.sampled_from([kind for kind in KINDS if kind != "own"])
PERIODS = st.builds(around, CALENDAR, DAYS) | st.builds(own, DAYS, DAYS)


@pytest.mark.parametrize(
    ("kind", "first", "last", "name"),
    [
        ("week", date(2026, 11, 23), date(2026, 11, 29), "2026-W48"),
        ("month", date(2026, 11, 1), date(2026, 11, 30), "2026-11"),
        ("quarter", date(2026, 10, 1), date(2026, 12, 31), "2026-Q4"),
        ("year", date(2026, 1, 1), date(2026, 12, 31), "2026"),
    ],
)
def test_the_period_around_a_day(kind: Kind, first: date, last: date, name: str) -> None:
    period = around(kind, date(2026, 11, 24))
    assert (period, period.name) == (Period(kind, first, last), name)


@given(PERIODS)
def test_periods_follow_each_other_without_a_gap(period: Period) -> None:
    assert period.before.last + DAY == period.first
    assert period.after.first == period.last + DAY
    assert period.after.before == period


@given(DAYS)
def test_a_year_is_its_quarters_and_so_are_its_weeks(day: date) -> None:
    year = around("year", day)
    quarters = year.quarters
    assert (quarters[0].first, quarters[-1].last) == (year.first, year.last)
    assert all(one.after == other for one, other in zip(quarters, quarters[1:], strict=False))
    assert (quarters[0].weeks[0], quarters[-1].weeks[1]) == year.weeks
    assert quarters[0].quarters == ()


@given(PERIODS.filter(lambda period: period.kind != "own"))
def test_every_week_belongs_to_one_period_of_a_kind(period: Period) -> None:
    assert period.after.weeks[0] - period.weeks[1] == timedelta(days=7)
    assert period.weeks[0].weekday() == period.weeks[1].weekday() == 0


def test_a_period_of_ones_own_is_put_in_order_and_has_at_least_a_week_and_at_most_a_year() -> None:
    assert own(date(2026, 7, 31), date(2026, 7, 1)) == Period("own", date(2026, 7, 1), date(2026, 7, 31))
    assert own(date(2026, 7, 1), date(2026, 7, 1)).last == date(2026, 7, 7)
    assert own(date(2020, 1, 1), date(2026, 1, 1)).last == date(2020, 12, 31)


@pytest.mark.parametrize("text", ["2026-Q3", "2026q3", " 2026-q3 "])
def test_a_quarter_is_read(text: str) -> None:
    assert quarter(text) == Period("quarter", date(2026, 7, 1), date(2026, 9, 30))


@pytest.mark.parametrize("text", ["", "2026-Q5", "Q3", "1026-Q1", "2026-Q0", "2026-07"])
def test_what_is_no_quarter_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="2026-Q3"):
        quarter(text)
