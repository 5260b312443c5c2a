"""Days of the week are understood as they are meant."""

from __future__ import annotations

import pytest
from babel.dates import get_day_names
from hypothesis import given

from flows.values.weekdays import read_weekdays
from tests.flows.values.phrasings import ANY_MESSAGE, LANGUAGES, phrasings


@pytest.mark.parametrize(("language", "text", "expected"), phrasings("weekdays"))
def test_weekdays_are_read_as_people_write_them(language: str, text: str, expected: list[str]) -> None:
    assert read_weekdays(text, language) == {int(day) for day in expected}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_full_and_abbreviated_name_is_read_back(language: str) -> None:
    names = [(day, name) for width in ("wide", "abbreviated") for context in ("format", "stand-alone")
             for day, name in get_day_names(width, context, language).items()]  # fmt: skip
    assert [(day, name) for day, name in names if read_weekdays(name, language) != {day}] == []


@given(ANY_MESSAGE)
def test_any_text_gives_days_of_the_week(message: tuple[str, str]) -> None:
    language, text = message
    assert read_weekdays(text, language) <= set(range(7))
