"""The office's calendar: when somebody answers, why nobody does, and what is promised (E21 and E22 of handoff.md)."""

from __future__ import annotations

import time as clocks
from dataclasses import replace
from datetime import UTC, date, time, timedelta

import pytest

from bot.handoff.calendar import Calendar, Closure, SpecialDay, Why
from bot.handoff.hours import Week
from tests.bot.handoff.calendars import BERLIN, BRIDGE, CHRISTMAS_EVE, HOUR, SUMMER, WEEK, at, office, written


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [("2026-11-24T09:00", True), ("2026-11-24T11:59", True), ("2026-11-24T12:00", False), ("2026-11-24T12:30", False),
     ("2026-11-24T13:00", True), ("2026-11-24T16:00", False), ("2026-11-24T08:59", False), ("2026-11-27T13:30", False),
     ("2026-11-28T10:00", False)],
)  # fmt: skip
def test_open_from_the_first_minute_to_before_the_last_and_closed_at_lunch(moment: str, *, is_open: bool) -> None:
    assert office().is_open(at(moment)) is is_open


@pytest.mark.parametrize(
    ("day", "name"),
    [
        pytest.param("2026-04-03", "Karfreitag", id="E21-good-friday"),
        pytest.param("2026-06-04", "Fronleichnam", id="E21-corpus-christi-in-hesse"),
        pytest.param("2026-12-25", "Erster Weihnachtstag", id="E21-christmas"),
        pytest.param("2027-03-29", "Ostermontag", id="E21-easter-monday-of-another-year"),
    ],
)
def test_public_holidays_of_hesse_are_closed_and_have_a_german_name(day: str, name: str) -> None:
    assert office().holiday_name(date.fromisoformat(day)) == name
    assert office().why_closed(at(f"{day}T10:00")) is Why.HOLIDAY
    assert office().spans(date.fromisoformat(day)) == ()


def test_all_saints_is_no_holiday_in_hesse_but_in_bavaria() -> None:
    sundays_too = office("Mon-Sun 09:00-16:00")
    all_saints = at("2026-11-01T10:00")
    assert sundays_too.is_open(all_saints)
    assert sundays_too.holiday_name(date(2026, 11, 1)) is None
    assert not replace(sundays_too, subdivision="BY").is_open(all_saints)


def test_without_a_country_there_are_no_holidays_and_without_a_subdivision_only_those_of_all() -> None:
    corpus_christi, christmas = at("2026-06-04T10:00"), at("2026-12-25T10:00")
    nowhere, germany = replace(office(), country=""), replace(office(), subdivision="")
    assert (nowhere.is_open(corpus_christi), nowhere.is_open(christmas)) == (True, True)
    assert (germany.is_open(corpus_christi), germany.is_open(christmas)) == (True, False)


@pytest.mark.parametrize(("country", "subdivision"), [("XX", ""), ("DE", "XX")])
def test_an_unknown_country_or_subdivision_is_refused_when_the_calendar_is_made(country: str, subdivision: str) -> None:
    with pytest.raises(ValueError, match="no public holidays are known for .*XX"):
        Calendar({}, BERLIN, country=country, subdivision=subdivision)


def test_e21_over_ascension_and_the_bridge_day_the_promise_skips_to_monday() -> None:
    wednesday_evening = at("2026-05-13T15:30")
    bridged = office(closures=(BRIDGE,))
    assert bridged.why_closed(at("2026-05-14T10:00")) is Why.HOLIDAY
    assert bridged.why_closed(at("2026-05-15T10:00")) is Why.CLOSURE
    assert bridged.promise(wednesday_evening, HOUR) == at("2026-05-18T09:30")
    assert office().promise(wednesday_evening, HOUR) == at("2026-05-15T09:30")


def test_a_closed_fortnight_is_closed_from_its_first_to_its_last_day() -> None:
    closed = office(closures=(SUMMER,))
    assert closed.closure(date(2026, 7, 26)) is closed.closure(date(2026, 8, 8)) is None
    assert closed.closure(date(2026, 7, 27)) == closed.closure(date(2026, 8, 7)) == SUMMER
    assert closed.next_opening(at("2026-07-24T12:00")) == at("2026-08-10T09:00")


def test_e21_at_lunch_it_is_a_break_that_ends_the_same_day() -> None:
    lunch = at("2026-11-24T12:00")
    assert office().in_break(lunch)
    assert office().why_closed(lunch) is Why.BREAK
    assert office().next_opening(lunch) == at("2026-11-24T13:00")
    assert office().promise(lunch, HOUR) == at("2026-11-24T14:00")
    assert not office().in_break(at("2026-11-24T13:00"))


@pytest.mark.parametrize("evening", ["2026-11-24T08:00", "2026-11-24T16:00", "2026-11-27T12:30", "2026-11-28T10:00"])
def test_before_and_after_the_hours_of_the_day_it_is_no_break(evening: str) -> None:
    assert not office().in_break(at(evening))
    assert office().why_closed(at(evening)) is Why.HOURS


def test_while_open_there_is_no_reason_for_being_closed() -> None:
    assert office().why_closed(at("2026-11-24T10:00")) is None


def test_a_special_day_opens_the_office_on_a_holiday_and_within_a_closure() -> None:
    unity = SpecialDay(date(2026, 10, 3), ((time(10), time(14)),))
    summer = SpecialDay(date(2026, 7, 28), ((time(10), time(11)),))
    special = office(WEEK, unity, summer, closures=(SUMMER,))
    assert written(special, "2026-10-03") == [("10:00", "14:00")]
    assert special.is_open(at("2026-07-28T10:30"))
    assert special.why_closed(at("2026-10-03T14:00")) is Why.HOURS
    assert special.next_opening(at("2026-07-24T12:00")) == at("2026-07-28T10:00")


def test_a_special_day_goes_before_the_hours_of_the_weekday_and_without_spans_it_is_closed() -> None:
    special = office(WEEK, CHRISTMAS_EVE, SpecialDay(date(2026, 11, 24), ()))
    assert written(special, "2026-12-24") == [("09:00", "11:00")]
    assert special.why_closed(at("2026-11-24T10:00")) is Why.CLOSURE


def test_a_closure_over_holidays_is_named_before_them_as_it_lasts_longer() -> None:
    between_the_years = office(closures=(Closure(date(2026, 12, 21), date(2027, 1, 3)),))
    assert between_the_years.why_closed(at("2026-12-25T10:00")) is Why.CLOSURE
    assert between_the_years.why_closed(at("2026-12-27T23:00")) is Why.CLOSURE


def test_exceptions_that_end_before_they_begin_are_refused() -> None:
    with pytest.raises(ValueError, match="2026-08-07"):
        Closure(date(2026, 8, 8), date(2026, 8, 7))
    with pytest.raises(ValueError, match="2026-08-07"):
        SpecialDay(date(2026, 8, 7), ((time(9), time(9)),))


@pytest.mark.parametrize(
    ("moment", "closing"),
    [("2026-11-24T10:00", "2026-11-24T16:00"), ("2026-11-24T12:30", "2026-11-24T16:00"),
     ("2026-11-24T15:59:50", "2026-11-24T16:00"), ("2026-11-27T11:00", "2026-11-27T12:00"),
     ("2026-11-24T08:59", None), ("2026-11-24T16:00", None), ("2026-11-28T10:00", None)],
)  # fmt: skip
def test_closing_is_the_end_of_the_day_also_during_lunch(moment: str, closing: str | None) -> None:
    assert office().closing(at(moment)) == (closing and at(closing))


def test_e22_ten_seconds_before_closing_the_office_is_open_and_the_promise_is_for_the_next_morning() -> None:
    last_seconds = at("2026-11-24T15:59:50")
    assert office().is_open(last_seconds)
    assert office().closing(last_seconds) == at("2026-11-24T16:00")
    assert office().promise(last_seconds, 2 * HOUR) == at("2026-11-25T10:59:50")


def test_opening_time_is_promised_to_the_end_of_the_day_if_it_is_just_enough() -> None:
    assert office().promise(at("2026-11-24T08:00"), 6 * HOUR) == at("2026-11-24T16:00")
    assert office().promise(at("2026-11-24T08:00"), 3 * HOUR) == at("2026-11-24T12:00")


@pytest.mark.parametrize("close", ["2026-11-24T12:00", "2026-11-24T16:00", "2026-11-25T00:00"])
def test_no_more_opening_time_from_the_end_of_a_span_is_that_end(close: str) -> None:
    assert office(f"{WEEK}, Tue 20:00-24:00").after(at(close), timedelta()) == at(close)


def test_who_asks_on_friday_afternoon_is_promised_monday() -> None:
    assert office().promise(at("2026-11-27T14:00"), 4 * HOUR) == at("2026-11-30T14:00")


def test_negative_working_time_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        office().after(at("2026-11-24T10:00"), -HOUR)


@pytest.mark.parametrize(
    ("moment", "days", "close"),
    [("2026-11-24T15:00", 1, "2026-11-25T16:00"), ("2026-11-24T00:00", 1, "2026-11-25T16:00"),
     ("2026-11-26T15:00", 1, "2026-11-27T12:00"), ("2026-11-27T11:00", 1, "2026-11-30T16:00"),
     ("2026-11-24T15:00", 5, "2026-12-01T16:00"), ("2026-04-02T15:00", 1, "2026-04-07T16:00")],
)  # fmt: skip
def test_working_days_after_a_promise_end_with_the_office_hours_and_skip_closed_days(
    moment: str, days: int, close: str
) -> None:
    assert office().working_days_after(at(moment), days) == at(close)


def test_working_days_are_counted_from_the_local_date_not_that_of_utc() -> None:
    just_past_midnight = at("2026-11-24T00:30")
    assert just_past_midnight.date() == date(2026, 11, 23)
    assert office().working_days_after(just_past_midnight, 1) == at("2026-11-25T16:00")


@pytest.mark.parametrize("days", [0, -1])
def test_less_than_one_working_day_is_refused(days: int) -> None:
    with pytest.raises(ValueError, match="from 1"):
        office().working_days_after(at("2026-11-24T10:00"), days)


@pytest.mark.parametrize("week", [{}, {0: ()}])
def test_without_known_hours_nothing_is_closed_and_nothing_is_promised(week: Week) -> None:
    now = at("2026-12-25T03:00")
    unknown = Calendar(week, BERLIN, (Closure(date(2026, 12, 25), date(2026, 12, 25)),), (CHRISTMAS_EVE,))
    assert not unknown.known
    assert unknown.is_open(now)
    assert (unknown.why_closed(now), unknown.in_break(now)) == (None, False)
    assert (unknown.next_opening(now), unknown.closing(now), unknown.promise(now, HOUR)) == (None, None, None)
    assert unknown.spans(date(2026, 12, 24)) == ()
    assert unknown.after(now, 5 * HOUR) == now + 5 * HOUR
    assert unknown.working_days_after(now, 2) == now + timedelta(days=2)


def test_an_office_closed_for_good_promises_nothing_but_its_time_limits_still_end() -> None:
    now = at("2026-11-24T10:00")
    shut = office(closures=(Closure(date(2026, 1, 1), date(2036, 1, 1)),))
    assert shut.known
    assert shut.why_closed(now) is Why.CLOSURE
    assert (shut.next_opening(now), shut.promise(now, HOUR)) == (None, None)
    assert shut.working_days_after(now, 1) == now + timedelta(days=1)


def test_an_opening_over_a_year_ahead_is_found_but_not_one_behind_the_horizon() -> None:
    now, shut = at("2026-01-01T10:00"), (Closure(date(2026, 1, 1), date(2036, 1, 1)),)
    far, too_far = (SpecialDay(date(2026, 1, 1) + timedelta(days), ((time(9), time(10)),)) for days in (400, 401))
    assert office(WEEK, far, closures=shut).next_opening(now) == at("2027-02-05T09:00")
    assert office(WEEK, too_far, closures=shut).next_opening(now) is None


def test_open_until_24_00_closes_at_midnight() -> None:
    late = office("Tue 20:00-24:00")
    assert late.is_open(at("2026-11-24T23:59:59.999999"))
    assert late.closing(at("2026-11-24T23:00")) == at("2026-11-25T00:00")
    assert not late.is_open(at("2026-11-25T00:00"))
    assert late.after(at("2026-11-24T20:00"), 4 * HOUR) == at("2026-11-25T00:00")


def test_spans_that_overlap_or_touch_are_one_and_are_counted_once() -> None:
    merged = office("Tue 13:00-16:00, Tue 09:00-12:00, Tue 10:00-10:30, Tue 11:00-13:00")
    assert written(merged, "2026-11-24") == [("09:00", "16:00")]
    assert merged.after(at("2026-11-24T09:00"), 4 * HOUR) == at("2026-11-24T13:00")


def test_the_last_of_two_special_days_for_one_date_counts() -> None:
    twice = office(WEEK, SpecialDay(date(2026, 12, 24), ()), CHRISTMAS_EVE)
    assert written(twice, "2026-12-24") == [("09:00", "11:00")]


@pytest.mark.parametrize(
    ("before", "opening", "hours"),
    [("2027-03-27T16:00", "2027-03-28T09:00", 16), ("2026-10-24T16:00", "2026-10-25T09:00", 18)],
)
def test_in_the_nights_when_the_clock_is_changed_the_wall_clock_counts(before: str, opening: str, hours: int) -> None:
    found = office("Mon-Sun 09:00-16:00").next_opening(at(before))
    assert found == at(opening)
    assert found - at(before) == timedelta(hours=hours)


@pytest.mark.parametrize(("day", "hours"), [("2027-03-28", 23), ("2026-10-25", 25), ("2026-11-24", 24)])
def test_a_day_open_round_the_clock_is_as_long_as_it_really_is(day: str, hours: int) -> None:
    always, midnight = office("Mon-Sun 00:00-24:00"), at(f"{day}T00:00")
    assert always.after(midnight, hours * HOUR) == midnight + hours * HOUR
    closing = always.closing(midnight)
    assert closing is not None
    assert f"{closing:%H:%M}" == "00:00"
    assert closing.astimezone(UTC) - midnight == hours * HOUR


def test_opening_time_that_passes_while_the_clock_is_changed_is_elapsed_time() -> None:
    night = office("Sun 00:00-06:00")
    assert night.after(at("2027-03-28T01:00"), 2 * HOUR) == at("2027-03-28T04:00")
    second_time = night.after(at("2026-10-25T01:00"), 2 * HOUR)
    assert second_time is not None
    assert second_time.astimezone(UTC) == at("2026-10-25T02:00", fold=1)


def test_hours_that_the_spring_night_skips_are_moved_or_left_out() -> None:
    assert written(office("Sun 02:30-05:00"), "2027-03-28") == [("03:30", "05:00")]
    assert written(office("Sun 02:30-03:00"), "2027-03-28") == []
    assert office("Sun 02:30-03:00").next_opening(at("2027-03-27T12:00")) == at("2027-04-04T02:30")


def test_hours_that_the_autumn_night_has_twice_are_open_the_first_time() -> None:
    night = office("Sun 02:15-02:45")
    assert night.is_open(at("2026-10-25T02:30", fold=0))
    assert not night.is_open(at("2026-10-25T02:30", fold=1))


def test_equal_calendars_are_one_key() -> None:
    assert {office(): 1}[office()] == 1
    assert office() != office("Mon 09:00-10:00")


def test_asking_the_calendar_takes_far_less_than_a_message_may() -> None:
    # The longest search there is: it finds nothing. Best of many, as other work may hold the machine up.
    shut, now = office(closures=(Closure(date(2026, 1, 1), date(2036, 1, 1)),)), at("2026-11-24T10:00")
    durations = []
    for _ in range(20):
        start = clocks.perf_counter()
        shut.next_opening(now)
        durations.append(clocks.perf_counter() - start)
    assert min(durations) < 0.001


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [("2026-11-24T10:00", "2026-11-24T11:00", 1), ("2026-11-24T11:00", "2026-11-24T14:00", 2),
     ("2026-11-24T17:00", "2026-11-25T08:00", 0), ("2026-11-27T11:00", "2026-11-30T10:00", 2),
     ("2026-12-24T08:00", "2026-12-28T10:00", 3), ("2026-11-24T11:00", "2026-11-24T10:00", 0)],
)  # fmt: skip
def test_how_long_it_was_open_between_two_moments(start: str, end: str, hours: int) -> None:
    assert office(WEEK, CHRISTMAS_EVE).open_between(at(start), at(end)) == hours * HOUR


def test_where_no_hours_are_known_none_were_open() -> None:
    assert office("").open_between(at("2026-11-24T10:00"), at("2026-11-25T10:00")) == timedelta()
