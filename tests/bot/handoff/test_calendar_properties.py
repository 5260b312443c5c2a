"""What holds for the office's calendar at any moment, also in the nights in which the clock is changed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from bot.handoff.calendar import Calendar, SpecialDay, Why
from bot.handoff.hours import Week, format_hours, parse_hours
from tests.bot.handoff.calendars import BERLIN, BRIDGE, CHRISTMAS_EVE, HOUR, SUMMER, WEEK, at, office


@st.composite
def weeks(draw: st.DrawFn) -> Week:
    """Weekly hours to the minute, as the desk may store them: several spans a day, also until midnight."""
    minutes = st.integers(0, 24 * 60)
    day = st.lists(st.tuples(minutes, minutes).filter(lambda span: span[0] < span[1]), min_size=1, max_size=3)
    raw = draw(st.dictionaries(st.integers(0, 6), day))
    return {weekday: tuple((clock(first), clock(last)) for first, last in spans) for weekday, spans in raw.items()}


def clock(minutes: int) -> time:
    return time.max if minutes == 24 * 60 else time(*divmod(minutes, 60))


@given(weeks())
def test_hours_that_are_written_out_are_read_back_the_same(week: Week) -> None:
    assert parse_hours(format_hours(week)) == week


def test_weekdays_in_a_row_with_the_same_hours_are_written_together() -> None:
    assert format_hours(parse_hours("Fri 09:00-12:00, " + WEEK.rpartition(",")[0])) == WEEK
    assert format_hours(parse_hours("Sun-Mon 10:00-24:00")) == "Mon 10:00-24:00, Sun 10:00-24:00"
    assert format_hours({0: (), 1: ((time(9), time(10)),)}) == "Tue 09:00-10:00"
    assert format_hours({}) == ""


OFFICES = (
    office(closures=(SUMMER, BRIDGE)),
    office(WEEK, CHRISTMAS_EVE, SpecialDay(date(2026, 10, 3), ((time(10), time(14)),))),
    office("Sat-Sun 00:00-24:00, Mon 00:00-03:00, Wed 22:00-24:00"),
    office("Mon-Sun 01:30-02:30, Mon-Sun 02:45-03:15"),
)
"""An ordinary office, one with exceptions, two with hours in the nights in which the clock is changed."""
offices = st.sampled_from(OFFICES)
moments = st.one_of(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 1), timezones=st.just(UTC)),
    st.datetimes(datetime(2026, 10, 24, 20), datetime(2026, 10, 25, 8), timezones=st.just(UTC)),
    st.datetimes(datetime(2027, 3, 27, 20), datetime(2027, 3, 28, 8), timezones=st.just(UTC)),
    st.integers(0, 700 * 48).map(lambda half_hours: at("2026-01-01T00:00") + half_hours * HOUR / 2),
)
"""Any moment of two years, more often the nights in which the clock is changed and half and full hours."""
lengths = st.one_of(st.timedeltas(timedelta(), timedelta(hours=60)), st.integers(0, 60).map(lambda hours: hours * HOUR))


@given(offices, moments)
def test_everything_is_told_in_the_time_zone_of_the_office(calendar: Calendar, now: datetime) -> None:
    told = [calendar.next_opening(now), calendar.closing(now), calendar.after(now, HOUR)]
    told += [calendar.working_days_after(now, 1), *(end for span in calendar.spans(now.date()) for end in span)]
    assert {moment.tzinfo for moment in told if moment} == {BERLIN}


@given(offices, moments)
def test_the_next_opening_is_later_and_open_and_nothing_opens_before(calendar: Calendar, now: datetime) -> None:
    opening = calendar.next_opening(now)
    assert opening is not None
    assert opening.astimezone(UTC) > now
    assert calendar.is_open(opening)
    between = opening.astimezone(UTC) - timedelta(microseconds=1)
    assert calendar.is_open(now) or not calendar.is_open(between)
    if between > now:
        assert calendar.next_opening(between) == opening


@given(offices, moments)
def test_closed_always_has_a_reason_and_open_never(calendar: Calendar, now: datetime) -> None:
    assert (calendar.why_closed(now) is None) is calendar.is_open(now)
    assert (calendar.why_closed(now) is Why.BREAK) is calendar.in_break(now)


@given(offices, moments, lengths)
def test_a_promise_always_falls_into_opening_hours_or_on_their_end(
    calendar: Calendar, now: datetime, working: timedelta
) -> None:
    promised = calendar.promise(now, working)
    assert promised is not None
    assert now <= promised.astimezone(UTC)
    just_before = promised.astimezone(UTC) - timedelta(microseconds=1)
    assert calendar.is_open(promised) or calendar.is_open(just_before)


@given(offices, moments, lengths, lengths)
def test_opening_time_adds_up(calendar: Calendar, now: datetime, first: timedelta, second: timedelta) -> None:
    between = calendar.after(now, first)
    assert between is not None
    assert calendar.after(between, second) == calendar.after(now, first + second)


@given(offices, moments, moments, lengths)
def test_who_asks_later_is_not_promised_an_earlier_answer(
    calendar: Calendar, one: datetime, other: datetime, working: timedelta
) -> None:
    earlier, later = (calendar.after(moment, working) for moment in sorted((one, other)))
    assert earlier is not None
    assert later is not None
    assert earlier.astimezone(UTC) <= later.astimezone(UTC)


@given(offices, moments, lengths, lengths)
def test_more_working_time_is_never_over_sooner(
    calendar: Calendar, now: datetime, one: timedelta, other: timedelta
) -> None:
    assume(one != other)
    less, more = (calendar.after(now, working) for working in sorted((one, other)))
    assert less is not None
    assert more is not None
    assert less.astimezone(UTC) < more.astimezone(UTC)


@given(offices, moments, lengths)
def test_the_opening_time_up_to_a_promise_is_what_was_asked_for(
    calendar: Calendar, now: datetime, working: timedelta
) -> None:
    promised = calendar.after(now, working)
    assert promised is not None
    end = promised.astimezone(UTC)
    days = (now.astimezone(BERLIN).date() + timedelta(days=ahead) for ahead in range((end - now).days + 3))
    spans = ((opens.astimezone(UTC), closes.astimezone(UTC)) for day in days for opens, closes in calendar.spans(day))
    open_for = (min(closes, end) - max(opens, now) for opens, closes in spans)
    assert sum((length for length in open_for if length > timedelta()), timedelta()) == working


@given(offices, moments, st.integers(1, 10))
def test_working_days_end_at_a_closing_on_as_many_open_days_later(calendar: Calendar, now: datetime, days: int) -> None:
    end, today = calendar.working_days_after(now, days), now.astimezone(BERLIN).date()
    # 24:00 is the midnight after the last of these days.
    last = (end - timedelta(microseconds=1)).date()
    between = (today + timedelta(days=ahead) for ahead in range(1, (last - today).days + 1))
    assert sum(1 for day in between if calendar.spans(day)) == days
    assert end == calendar.spans(last)[-1][1]
