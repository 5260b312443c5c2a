"""A day and a time are understood as they are meant, or not at all."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from importlib.util import find_spec
from zoneinfo import ZoneInfo

import pytest
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st

from flows.values.moments import Moment, read_moment
from tests.flows.values.phrasings import ANY_MESSAGE, LANGUAGES, phrasings

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=ZoneInfo("Europe/Berlin"))
"""A Tuesday."""
FRIDAY = NOW + timedelta(days=3)
LOCALES = {"en": "en_GB"}
"""English with the day first, as people in Germany write it."""


def _told(moment: Moment | None) -> str:
    """As the tables write it."""
    if moment is None:
        return "null"
    until = f"-{moment.end:%H:%M}" if moment.end else ""
    times = (f"{moment.start:%H:%M}" if moment.start else "") + until
    return " ".join(filter(None, (str(moment.day or ""), times)))


@pytest.mark.parametrize(("language", "text", "expected"), phrasings("moments"))
def test_moment_is_read_as_people_write_it(language: str, text: str, expected: str) -> None:
    assert _told(read_moment(text.removeprefix("past "), language, NOW, past=text.startswith("past "))) == expected


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", ["short", "long", "full"])
def test_every_date_of_two_years_is_read_back(language: str, width: str) -> None:
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(731)]
    written = {day: format_date(day, width, locale=LOCALES.get(language, language)) for day in days}
    assert {text: read_moment(text, language, NOW) for text in written.values()} == {
        text: Moment(day, None, None) for day, text in written.items()
    }


@given(ANY_MESSAGE, st.sampled_from([{"past": True}, {"past": False}]))
def test_any_text_gives_a_moment_or_none(message: tuple[str, str], tense: dict[str, bool]) -> None:
    language, text = message
    moment = read_moment(text, language, NOW, **tense)
    assert moment is None or {type(part) for part in (moment.day, moment.start, moment.end)} & {date, time}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "nächsten Samstag"),
        ("en", "next Saturday"),
        ("tr", "gelecek cumartesi"),
        ("ar", "السبت القادم"),
        ("ru", "следующая суббота"),
        ("uk", "наступна субота"),
        ("pl", "następna sobota"),
        ("fa", "شنبه بعد"),
    ],
)
def test_next_saturday_said_on_a_friday_is_not_tomorrow(language: str, text: str) -> None:
    assert read_moment(text, language, FRIDAY) == Moment(date(2026, 12, 5), None, None)


def test_saturday_said_on_a_friday_is_tomorrow() -> None:
    assert read_moment("Samstag", "de", FRIDAY) == Moment(date(2026, 11, 28), None, None)


def test_a_day_without_year_may_be_today_in_both_directions() -> None:
    today = Moment(NOW.date(), None, None)
    assert read_moment("24.11.", "de", NOW) == read_moment("24.11.", "de", NOW, past=True) == today


def test_a_day_without_year_is_never_past_unless_asked_for() -> None:
    assert read_moment("23.11.", "de", NOW) == Moment(date(2027, 11, 23), None, None)
    assert read_moment("23.11.", "de", NOW, past=True) == Moment(date(2026, 11, 23), None, None)


def test_an_explicit_past_date_is_returned_as_it_is() -> None:
    assert read_moment("5.12.2020", "de", NOW) == Moment(date(2020, 12, 5), None, None)


def test_a_weekday_that_contradicts_its_date_gives_no_day() -> None:
    assert read_moment("Freitag, 5.12.2026", "de", NOW) is None


def test_a_choice_of_days_gives_no_day() -> None:
    assert read_moment("Samstag oder Sonntag um 15 Uhr", "de", NOW) == Moment(None, time(15), None)


def test_29_february_without_year_is_in_the_next_leap_year() -> None:
    assert read_moment("29.2.", "de", NOW) == Moment(date(2028, 2, 29), None, None)


def test_an_event_past_midnight_ends_earlier_than_it_starts() -> None:
    assert read_moment("von 22 bis 2 Uhr", "de", NOW) == Moment(None, time(22), time(2))


@pytest.mark.parametrize("text", ["۱۵ آذر", "۱۴۰۵/۹/۱۵", "15 قوس"])
def test_persian_calendar_is_understood_or_asked_about_again(text: str) -> None:
    known = find_spec("convertdate") is not None
    assert read_moment(text, "fa", NOW) == (Moment(date(2026, 12, 6), None, None) if known else None)
