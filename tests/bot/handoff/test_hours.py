"""The office's timetable: how it is read."""

from __future__ import annotations

import contextlib
from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.handoff.hours import parse_hours
from bot.handoff.states import case_number


def test_a_timetable_is_read_with_ranges_and_several_spans_a_day() -> None:
    week = parse_hours("Mon-Tue 09:00-12:00, tue 13:00-24:00")
    assert week == {0: ((time(9), time(12)),), 1: ((time(9), time(12)), (time(13), time.max))}
    assert sorted(parse_hours("Sat-Mon 10:00-11:00")) == [0, 5, 6]
    assert parse_hours("") == {}


@pytest.mark.parametrize(
    "wrong",
    ["Mon", "Mon 9-16", "Mo-Do 09:00-16:00", "Mon 09:00", "Mon 16:00-09:00", "Mon 09:00-09:00", "Mon 09:00-25:00",
     "Mon 09:61-10:00", "Mon-Fri 09:00-16:00; Sat 10:00-12:00", "always"],
)  # fmt: skip
def test_what_cannot_be_read_is_named(wrong: str) -> None:
    with pytest.raises(ValueError, match=wrong):
        parse_hours(f"Fri 09:00-12:00, {wrong}")


@given(st.text(max_size=40))
def test_any_text_is_either_read_or_refused_as_a_value_error(text: str) -> None:
    with contextlib.suppress(ValueError):
        assert parse_hours(text).keys() <= set(range(7))


def test_case_numbers_are_easy_to_read_out() -> None:
    assert (case_number(7), case_number(12345)) == ("W-0007", "W-12345")
