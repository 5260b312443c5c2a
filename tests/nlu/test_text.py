"""Spellings that mean the same look the same to the classifier."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.text import is_word, language_of, normalise

ANY_TEXT = st.text(alphabet=st.characters(), max_size=60)  # lone surrogates and NUL included
LANGUAGES = st.sampled_from(["de", "en", "tr", "ar", "fa", "", "xx"])


@given(ANY_TEXT, LANGUAGES)
def test_normalising_twice_changes_nothing_more(text: str, language: str) -> None:
    once = normalise(text, language)
    assert normalise(once, language) == once


@given(ANY_TEXT, st.one_of(st.none(), st.integers(), ANY_TEXT, LANGUAGES))
def test_every_text_has_a_language_whatever_the_metadata_say(text: str, given_language: object) -> None:
    assert language_of(text, given_language)


@given(ANY_TEXT)
def test_any_text_can_be_asked_whether_it_is_a_word(text: str) -> None:
    assert is_word(text) in (True, False)


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("de", "Förderung", "foerderung"),
        ("de", "STRASSE", "straße"),
        ("de", "haaaallo", "hallo"),
        ("tr", "ISPARTA", "ısparta"),
        ("tr", "İzin", "izin"),
        ("tr", "dernek için", "DERNEK ICIN"),
        ("en", "café", "CAFE"),
        ("ar", "جَمْعِيَّة", "جمعيه"),
        ("ar", "أنا", "انا"),
        ("ar", "مـــرحبا", "مرحبا"),
        ("ar", "٧ أعضاء", "7 اعضاء"),
        ("ar", "مستشفى", "مستشفي"),
    ],
)
def test_variants_are_one(language: str, one: str, other: str) -> None:
    assert normalise(one, language) == normalise(other, language)


@pytest.mark.parametrize("word", ["neue", "bauen", "quelle"])
def test_german_e_after_a_vowel_stays_where_it_is_no_umlaut(word: str) -> None:
    assert normalise(word, "de") == word


@pytest.mark.parametrize(
    ("text", "given_language", "read_in"),
    [
        ("كيف أؤسس جمعية؟", "de", "ar"),
        ("كيف أؤسس Verein؟", "ar", "ar"),
        ("wie gründet man einen Verein", "ar", "en"),
        ("dernek nasıl kurulur", "ar", "tr"),
        ("dernek nasıl kurulur", "tr", "tr"),
        ("hello", "de", "de"),
        ("hello", None, "en"),
        ("", "tr", "tr"),
    ],
)
def test_the_script_overrules_the_chats_language(text: str, given_language: object, read_in: str) -> None:
    assert language_of(text, given_language) == read_in


@pytest.mark.parametrize(("token", "speaks"), [("?!", False), ("", False), ("7", True), ("👍", True), ("ja", True)])
def test_punctuation_is_no_word_but_a_thumb_is(token: str, *, speaks: bool) -> None:
    assert is_word(token) is speaks
