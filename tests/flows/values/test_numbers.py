"""A number is understood as it is meant, or not at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from num2words import num2words

from flows.values.numbers import LARGEST, read_number
from tests.flows.values.phrasings import ANY_MESSAGE, LANGUAGES, phrasings

WRONG_IN_NUM2WORDS = {"ar": {2000}}
"""It writes "ألفا", a form that only stands before a noun, and elsewhere is a thousand."""


@pytest.mark.parametrize(("language", "text", "expected"), phrasings("numbers"))
def test_number_is_read_as_people_write_it(language: str, text: str, expected: str) -> None:
    assert read_number(text, language) == (None if expected == "null" else int(expected))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_in_words_is_read_back(language: str) -> None:
    numbers = {*range(1000), *range(1000, 100_001, 1000)} - WRONG_IN_NUM2WORDS.get(language, set())
    wrong = {number: said for number in numbers if read_number(said := _words(number, language), language) != number}
    assert not wrong


def _words(number: int, language: str) -> str:
    return str(num2words(number, lang=language))


@given(ANY_MESSAGE)
def test_any_text_gives_a_number_that_can_be_or_none(message: tuple[str, str]) -> None:
    language, text = message
    number = read_number(text, language)
    assert number is None or 0 <= number <= LARGEST


@given(st.integers(0, LARGEST), st.sampled_from(LANGUAGES))
def test_every_number_in_figures_is_read_back(number: int, language: str) -> None:
    grouped = f"{number:,}"
    assert {read_number(text, language) for text in (str(number), grouped, grouped.replace(",", "."))} == {number}


def test_a_language_without_words_is_named() -> None:
    with pytest.raises(LookupError, match="'xx'"):
        read_number("40", "xx")
