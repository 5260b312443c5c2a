"""The glossary finds the word that somebody asks about, in eight languages, and nothing where nobody asks."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.glossary import PAGE, Glossary
from knowledge.library import Library
from knowledge.spelling import alphabetical
from tests.knowledge import glossaries
from tests.knowledge.shelf_builder import LANGUAGES, Content


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    content = Content(Path(tmp_path_factory.mktemp("glossary")))
    glossaries.write(content)
    return content.load(*LANGUAGES)


@pytest.fixture
def glossary(library: Library) -> Glossary:
    return library.glossary


def asked(glossary: Glossary, text: str, language: str) -> str | None:
    term = glossary.asked_about(text, language)
    return term.id if term else None


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Was bedeutet Satzung?"), ("de", "was ist eine Vereinssatzung"), ("de", "Satzung, was ist das?"),
        ("en", "What is a Satzung?"), ("en", "what does statutes mean"), ("en", "What's Satzung?"),
        ("tr", "Satzung ne demek?"), ("tr", "tüzük nedir"), ("tr", "Tüzüğün ne demek"), ("tr", "Satzung'un ne demek?"),
        ("ar", "ما معنى Satzung؟"), ("ar", "شو يعني نظام اساسي"), ("ar", "ما معنى النظام الأساسي؟"),
        ("ar", "الـSatzung شو يعني"), ("ru", "Что такое Satzung?"), ("ru", "что значит устав"),
        ("ru", "Что такое устава"), ("uk", "Що таке статут?"), ("uk", "що означає Satzung"),
        ("pl", "Co to jest statut?"), ("pl", "co znaczy statucie"),
        ("fa", "Satzung یعنی چه؟"), ("fa", "اساسنامه چیست"), ("fa", "اساس نامه یعنی چه"),
    ],
)  # fmt: skip
def test_the_meaning_is_asked_for_in_every_language_with_any_form_of_the_word(
    glossary: Glossary, language: str, text: str
) -> None:
    term = glossary.asked_about(text, language)
    assert term is not None
    assert (term.id, term.language) == ("Satzung", language)


MISTYPED = [
    "was bedeuted satzung", "Was bedeutet Satzng", "was ist satzugn", "Was ist eine Satsung?", "WAS IST SATZUNG",
    "was bedeutet die vereinsatzung",
]  # fmt: skip
POLITE = [
    "Hallo, können Sie mir bitte sagen, was eine Satzung bedeutet?", "Was ist bitte eigentlich das Wort Satzung?",
    "hallo!! was ist eine satzung?? bitte",
]  # fmt: skip


@pytest.mark.parametrize("text", MISTYPED + POLITE)
def test_small_typing_mistakes_and_politeness_do_not_matter(glossary: Glossary, text: str) -> None:
    assert asked(glossary, text, "de") == "Satzung"


@pytest.mark.parametrize(
    "text",
    ["was ist ein e.V.?", "was ist e. V.", "was bedeutet eV", "Was ist ein eingetragener Verein?",
     "what is a eingetragener Verein (e.V.)"],
)  # fmt: skip
def test_an_abbreviation_is_found_however_it_is_written(glossary: Glossary, text: str) -> None:
    assert asked(glossary, text, "de") == "eingetragener Verein (e.V.)"


@pytest.mark.parametrize(
    "text",
    ["was ist mit dem Raum?", "Was ist mit der Satzung?", "Was ist die Sitzung?", "Satzung", "Was ist?", "ist das was?",
     "Was ist in der Satzung zu beachten?", "Wer schreibt die Satzung?", "was ist Frost", "ne demek", "?", "",
     "was ist eine Vorsitzende", "Was ist eine Ablehnung?",
     "Wir brauchen Geld für ein Fest und eine Halle und Essen und Musik und Technik und was ist eine Satzung",
     "was bedeutet " * 400],
)  # fmt: skip
def test_other_messages_are_left_to_the_understanding(glossary: Glossary, text: str) -> None:
    assert asked(glossary, text, "de") is None


@pytest.mark.parametrize("text", ["Was ist ein Verwendungsnachweis?", "was ist ein verwendungsnachweiss"])
def test_a_term_with_an_entry_of_its_own_is_left_to_the_entry(glossary: Glossary, text: str) -> None:
    assert asked(glossary, text, "de") is None
    term = glossary.find("verwendungsnachweis", "de")
    assert term is not None
    assert term.entry == "funding.proof_of_use"


def test_the_readers_own_word_goes_before_the_same_word_of_another_language(glossary: Glossary) -> None:
    assert asked(glossary, "co to jest termin", "pl") == "Frist"
    assert asked(glossary, "was ist ein Termin", "de") == "Termin"


def test_a_question_in_another_language_than_the_chats_is_understood(glossary: Glossary) -> None:
    term = glossary.asked_about("tüzük ne demek", "de")
    assert term is not None
    assert (term.id, term.language) == ("Satzung", "de")


@pytest.mark.parametrize(
    ("text", "id"),
    [("Satzung", "Satzung"), ("die satzungen bitte", "Satzung"), ("TÜZÜK", "Satzung"), ("Quark", None), ("", None)],
)
def test_a_word_alone_is_looked_up(glossary: Glossary, text: str, id: str | None) -> None:
    term = glossary.find(text, "tr")
    assert (term.id if term else None) == id


def test_for_an_unknown_word_the_nearest_are_named(glossary: Glossary) -> None:
    assert [term.id for term in glossary.nearest("Satzungsänderung", "de")][:1] == ["Satzung"]
    assert glossary.nearest("Xylophon", "de") == []


def test_what_a_language_lacks_is_explained_in_english_then_german(content: Content) -> None:
    content.source()
    content.glossary("de", plain=2)
    content.glossary("en", plain=1)
    content.glossary("tr")
    glossary = content.load("de", "en", "tr").glossary
    assert [glossary.term(id, "tr").language for id in ("Verein", "Wort 0")] == ["en", "de"]
    with pytest.raises(KeyError):
        glossary.term("Quark", "tr")


@pytest.mark.parametrize(
    ("language", "words"),
    [("tr", ["çare", "dernek", "ışık", "şube"]), ("uk", ["ефект", "єдність", "зал", "и", "інший", "клуб"]),
     ("fa", ["بانک", "پول", "تاریخ", "کار", "گروه", "مهلت"]), ("pl", ["łatwy", "małe", "życie"]),
     ("de", ["Amt", "Übung", "Verein"])],
)  # fmt: skip
def test_words_are_sorted_as_readers_look_for_them(language: str, words: list[str]) -> None:
    assert sorted(set(words), key=alphabetical) == words, language


def test_pages_hold_every_term_once_and_are_never_long(content: Content) -> None:
    content.source()
    glossary = content.load("de", "en").glossary
    pages = glossary.pages("en")
    assert [term for page in pages for term in page] == list(glossary.terms("en"))
    assert len(glossary.terms("en")) == 120
    assert {len(page) for page in pages} == {PAGE}


def test_links_lead_to_their_term_and_to_nothing_else(glossary: Glossary) -> None:
    slugs = {term.slug: term.id for term in glossary.terms("de")}
    assert slugs["eingetragener-verein-e-v"] == "eingetragener Verein (e.V.)"
    assert {slug: glossary.by_slug(slug) for slug in slugs} == slugs
    assert glossary.by_slug("quark") is None


def test_an_entry_that_asks_for_the_term_is_offered_before_one_that_only_needs_it(library: Library) -> None:
    assert library.about(library.glossary.term("Satzung", "tr")) == ["founding.statutes", "founding.board"]
    assert library.about(library.glossary.term("Verwendungsnachweis", "de")) == ["funding.proof_of_use"]
    assert library.about(library.glossary.term("Frist", "de")) == []


def test_search_finds_an_entry_by_the_readers_word_and_the_explanation_of_its_terms(library: Library) -> None:
    assert set(library.search("tüzük", "tr")) == {"founding.statutes", "founding.board"}
    assert set(library.search("Vereinssatzung", "de")) == {"founding.statutes", "founding.board"}
