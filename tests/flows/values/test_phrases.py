"""Yes, no, "no idea", skip and back are understood as people type them, and never as their opposite."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
import yaml
from hypothesis import given

from flows.values.phrases import FILE, MEANINGS, meaning
from tests.flows.values.phrasings import ANY_MESSAGE, LANGUAGES

CONTENT: dict[str, dict[str, Any]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))


@pytest.mark.parametrize(("language", "named"), list(product(LANGUAGES, MEANINGS)))
def test_every_phrase_is_understood(language: str, named: str) -> None:
    phrases = CONTENT[language][named]
    assert len(phrases) >= 8
    assert {phrase: meaning(phrase, language) for phrase in phrases} == dict.fromkeys(phrases, named)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_means_something_else_is_not_taken_for_the_phrase_beside_it(language: str) -> None:
    others = CONTENT[language]["other"]
    assert {phrase: meaning(phrase, language) for phrase in others} == dict.fromkeys(others)


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("de", "Überspringn", "skip"),
        ("de", "  KEINE AHNUNG!!! ", "dont_know"),
        ("de", "jaaaaa", "yes"),
        ("de", "zurük", "back"),
        ("de", "nö", "no"),
        ("en", "I don’t know.", "dont_know"),
        ("en", "previus question", "back"),
        ("en", "👍🏽", "yes"),
        ("tr", "Farketmez", "skip"),
        ("tr", "BİLMİYORUM", "dont_know"),
        ("tr", "hayir", "no"),
        ("ar", "لا أعرِف", "dont_know"),
        ("ar", "نعــم", "yes"),
        ("ar", "السؤال التالى", "skip"),
        ("ru", "Ещё не знаю", "dont_know"),
        ("ru", "пропустит", "skip"),
        ("uk", "не памятаю", "dont_know"),
        ("uk", "Пропустити!", "skip"),
        ("pl", "pomin", "skip"),
        ("pl", "nie wim jeszcze", "dont_know"),
        ("fa", "نمي‌دانم", "dont_know"),
        ("fa", "نمیدانم", "dont_know"),
        ("fa", "سئوال بعدی", "skip"),
    ],
)
def test_phrase_is_understood_as_it_is_typed(language: str, text: str, expected: str) -> None:
    assert meaning(text, language) == expected


def test_a_persian_phrase_without_its_negation_is_not_the_same() -> None:
    """One letter turns "I do not know" into "I know" there."""
    negated = [phrase for texts in CONTENT["fa"].values() for phrase in texts if "نمی" in phrase]
    affirmed = [phrase.replace("نمی", "می") for phrase in negated]
    assert [text for text in affirmed if meaning(text, "fa") in ("no", "dont_know", "skip")] == []
    assert len(negated) > 10


@pytest.mark.parametrize(
    ("language", "text"),
    [("de", "ja, aber erst im Mai"), ("en", "we are 40"), ("ru", "знаю"), ("fa", "می‌دانم"), ("tr", "biliyorum"),
     ("de", ""), ("de", "...")],
)  # fmt: skip
def test_anything_longer_or_other_is_left_to_the_question(language: str, text: str) -> None:
    assert meaning(text, language) is None


def test_a_language_without_phrases_is_named() -> None:
    with pytest.raises(LookupError, match="'xx'"):
        meaning("ja", "xx")


@given(ANY_MESSAGE)
def test_any_text_has_a_known_meaning_or_none(message: tuple[str, str]) -> None:
    language, text = message
    assert meaning(text, language) in (*MEANINGS, None)
