"""The office's timetable: how it is read, and when somebody answers."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.handoff.hours import OfficeHours, parse_hours
from bot.handoff.states import case_number

BERLIN = ZoneInfo("Europe/Berlin")
WEEK = "Mon-Thu 09:00-12:00, Mon-Thu 13:00-16:00, Fri 09:00-12:00"


def at(text: str) -> datetime:
    """A wall clock time in Wiesbaden, as the rest of the bot hands it over (UTC)."""
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


def office(text: str = WEEK) -> OfficeHours:
    return OfficeHours(parse_hours(text), BERLIN)


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


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [("2026-11-24T09:00", True), ("2026-11-24T11:59", True), ("2026-11-24T12:00", False), ("2026-11-24T12:30", False),
     ("2026-11-24T13:00", True), ("2026-11-24T16:00", False), ("2026-11-24T08:59", False), ("2026-11-27T13:30", False),
     ("2026-11-28T10:00", False)],
)  # fmt: skip
def test_open_from_the_first_minute_to_before_the_last_and_closed_at_lunch(moment: str, *, is_open: bool) -> None:
    assert office().is_open(at(moment)) is is_open


@pytest.mark.parametrize(
    ("moment", "opening"),
    [("2026-11-24T07:00", "2026-11-24T09:00"), ("2026-11-24T12:15", "2026-11-24T13:00"),
     ("2026-11-24T16:00", "2026-11-25T09:00"), ("2026-11-27T12:00", "2026-11-30T09:00"),
     ("2026-11-29T23:59", "2026-11-30T09:00")],
)  # fmt: skip
def test_the_next_opening_skips_lunch_and_the_weekend(moment: str, opening: str) -> None:
    assert office().next_opening(at(moment)) == at(opening)


def test_the_only_opening_of_the_week_is_found_a_week_ahead() -> None:
    assert office("Tue 09:00-10:00").next_opening(at("2026-11-24T09:30")) == at("2026-12-01T09:00")


def test_closing_is_the_end_of_the_present_span_only() -> None:
    assert office().closing(at("2026-11-24T10:00")) == at("2026-11-24T12:00")
    assert office().closing(at("2026-11-24T12:30")) is None


def test_without_known_hours_nothing_is_closed_and_nothing_is_promised() -> None:
    unknown, now = office(""), at("2026-11-29T03:00")
    assert not unknown.known
    assert unknown.is_open(now)
    assert (unknown.next_opening(now), unknown.closing(now)) == (None, None)


@pytest.mark.parametrize(
    ("before", "opening", "hours"),
    [("2027-03-27T16:00", "2027-03-28T09:00", 16), ("2026-10-24T16:00", "2026-10-25T09:00", 18)],
)
def test_in_the_nights_when_the_clock_is_changed_the_wall_clock_counts(before: str, opening: str, hours: int) -> None:
    daily = office("Mon-Sun 09:00-16:00")
    found = daily.next_opening(at(before))
    assert found == at(opening)
    assert found - at(before) == timedelta(hours=hours)
    assert daily.is_open(found)


@given(st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)))
def test_the_next_opening_is_later_and_open_and_nothing_opens_before(now: datetime) -> None:
    hours = office()
    opening = hours.next_opening(now)
    assert opening is not None
    assert opening > now
    assert hours.is_open(opening)
    assert not hours.is_open(opening - timedelta(minutes=1))


def test_case_numbers_are_easy_to_read_out() -> None:
    assert (case_number(7), case_number(12345)) == ("W-0007", "W-12345")
