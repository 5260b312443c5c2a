"""Search by words finds an entry despite typing mistakes, and nothing where nothing fits."""

from __future__ import annotations

import pytest

from knowledge.library import Library
from tests.knowledge.shelf_builder import Content

GERMAN = {
    "founding.members_needed": ("Wie viele Mitglieder brauchen wir?", "Für einen Verein brauchen Sie genug Personen."),
    "funding.deadlines": ("Bis wann muss der Antrag gestellt sein?", "Jede Förderstelle setzt ihre Frist."),
    "rooms.event": ("Wir brauchen einen Saal für ein Fest.", "Schreiben Sie uns Datum und Zahl der Menschen."),
    "rooms.equipment": ("Wo können wir Technik ausleihen?", "Fragen Sie zuerst, was gerade frei ist."),
}
ARABIC = {"founding.members_needed": "كم عدد الأعضاء؟", "rooms.event": "نحتاج إلى قاعة لحفلة"}


@pytest.fixture
def library(content: Content) -> Library:
    for id, (question, text) in GERMAN.items():
        content.source(id, text, question=question)
    for id, question in ARABIC.items():
        content.translation("ar", id, "نص", question=question)
    return content.load("de", "ar")


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("Wie viele Mitglieder?", "founding.members_needed"),
        ("wieviele mitglider brauch ich", "founding.members_needed"),
        ("technik ausleien", "rooms.equipment"),
        ("FRIST???", "funding.deadlines"),
        ("Säle für Feste", "rooms.event"),
    ],
)
def test_finds_the_entry_despite_typing_mistakes(library: Library, text: str, id: str) -> None:
    assert library.search(text, "de")[:1] == [id]


@pytest.mark.parametrize(
    ("text", "id"), [("عدد الاعضاء", "founding.members_needed"), ("القاعة", "rooms.event"), ("قَاعَة", "rooms.event")]
)
def test_finds_arabic_with_or_without_article_and_vowel_signs(library: Library, text: str, id: str) -> None:
    assert library.search(text, "ar")[:1] == [id]


def test_finds_what_the_language_lacks_by_its_german_words(library: Library) -> None:
    assert library.search("Technik ausleihen", "ar") == ["rooms.equipment"]
    assert library.search("Technik ausleihen", "xx") == ["rooms.equipment"]


@pytest.mark.parametrize("text", ["", "?!", "123", "👍", "Pizza bestellen", "x" * 4096, "a b c"])
def test_nothing_close_gives_nothing(library: Library, text: str) -> None:
    assert library.search(text, "de") == []


def test_gives_no_more_than_asked_for(library: Library) -> None:
    assert len(library.search("brauchen wir", "de", limit=1)) == 1
