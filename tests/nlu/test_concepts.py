"""Words of any language that stand for the same idea become the same concept."""

from __future__ import annotations

import pytest

from nlu.concepts import FOLDER, BadLexiconError, concepts, lexicon, read_lexicon
from nlu.text import normalise

LANGUAGES = sorted(path.stem for path in FOLDER.glob("*.yml"))


@pytest.mark.parametrize(
    ("forms", "text"),
    [
        ("geld", "Geld"),
        ("geld*", "Geldes"),
        ("*geld", "Fördergeld"),
        ("zu hause", "bei uns zu Hause"),
        ("grün", "GRUN"),
    ],
)
def test_a_form_finds_its_word_and_stars_stand_for_any_beginning_or_end(forms: str, text: str) -> None:
    read = read_lexicon(f'IDEA: "{forms}"', "de")
    words = [normalise(word, "de") for word in text.split()]
    assert "IDEA" in [*(concept for word in words for concept in read.of_word(word)), *read.of_phrases(words)]


def test_an_unstarred_form_is_a_whole_word() -> None:
    assert read_lexicon('MONEY: "geld"', "de").of_word("geldern") == ()


def test_arabic_words_are_found_behind_article_and_conjunction() -> None:
    read = read_lexicon('ROOM: "قاعة"', "ar")
    assert [read.of_word(normalise(word, "ar")) for word in ("القاعة", "والقاعة", "بالقاعة")] == [("ROOM",)] * 3


def test_what_people_write_does_not_pile_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nlu.concepts.MOST_REMEMBERED", 3)
    read = read_lexicon('MONEY: "geld"', "de")
    assert [read.of_word(word) for word in ("eins", "geld", "zwei", "drei", "vier", "geld")].count(("MONEY",)) == 2
    assert len(read.known) <= 3


def test_german_words_count_in_every_language() -> None:
    assert set(concepts("satzung", "tr")) & set(concepts("satzung", "de"))


@pytest.mark.parametrize("text", ["A: [1]", "- a", "A: {"])
def test_a_broken_lexicon_is_named(text: str) -> None:
    with pytest.raises(BadLexiconError, match="nlu/lexicon/de.yml"):
        read_lexicon(text, "de")


def test_all_languages_have_the_same_concepts() -> None:
    lines = {language: (FOLDER / f"{language}.yml").read_text(encoding="utf-8").splitlines() for language in LANGUAGES}
    names = {language: [line.partition(":")[0] for line in found[1:]] for language, found in lines.items()}
    assert [language for language in LANGUAGES if names[language] != names["de"]] == []


@pytest.mark.parametrize(
    ("language", "text"),
    [("de", "miete"), ("en", "rent"), ("tr", "kira"), ("ar", "ايجار"), ("ru", "аренда"), ("uk", "оренда"),
     ("pl", "czynsz"), ("fa", "اجاره")],
)  # fmt: skip
def test_rent_is_the_same_idea_everywhere(language: str, text: str) -> None:
    assert lexicon(language).exact or lexicon(language).beginning
    assert set(concepts(normalise(text, language), language)) & set(concepts("miete", "de"))
