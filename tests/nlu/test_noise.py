"""Spoiling is repeatable, mild, and copes with any words."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.latin import in_latin
from nlu.noise import PROGRAMS, Program, neighbours, spoil

TEXTS = st.lists(st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=12), max_size=12).map(" ".join)


@given(TEXTS)
def test_the_same_text_is_spoilt_the_same_way(text: str) -> None:
    assert spoil(text) == spoil(text)


@given(TEXTS)
def test_a_text_never_loses_all_its_words(text: str) -> None:
    assert bool(spoil(text)) == bool(text.split())


@pytest.mark.parametrize("word", ["статут", "установа", "جمعيه", "انجمن"])
@given(seed=st.integers(0, 99))
def test_in_latin_letters_no_other_letter_is_left(word: str, seed: int) -> None:
    assert in_latin(word, random.Random(seed)).isascii()


def test_latin_words_stay_as_they_are_in_latin_letters() -> None:
    assert in_latin("verein", random.Random(1)) == "verein"


@pytest.mark.parametrize("program", PROGRAMS)
@given(seed=st.integers(0, 99))
def test_every_program_changes_at_most_a_little(program: Program, seed: int) -> None:
    words = ["wir", "suchen", "im", "mai", "einen", "saal"]
    spoilt = program(list(words), random.Random(seed))
    assert abs(len(" ".join(spoilt)) - len(" ".join(words))) <= 5
    assert len(set(words) - set(spoilt)) <= 2


def test_keys_lie_beside_each_other_both_ways() -> None:
    assert neighbours(["abc"]) == {"a": "b", "b": "ac", "c": "b"}
