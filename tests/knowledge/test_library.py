"""What the bot gets from a library, also when files are broken."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge.model import Entry, Status
from tests.knowledge.shelf_builder import Content, fact


def said(content: Content, *languages: str) -> list[str]:
    return [str(problem) for problem in content.load(*languages).problems]


def test_entry_carries_text_steps_and_what_the_source_says(content: Content) -> None:
    content.source(text="Kurz.\n\n<!-- steps -->\n1. Lang.", facts=[fact("7")], counsel=True)
    content.translation("en", text="Short.\n\n<!-- steps -->\n1. Long.")
    entry = content.load("de", "en").entry("founding.steps", "en")
    assert (entry.language, entry.text, entry.steps) == ("en", "Short.", "1. Long.")
    assert (entry.topic, entry.version, entry.counsel, entry.review_by) == ("founding", 1, True, date(2027, 5, 31))
    assert [one.value for one in entry.facts] == ["7"]


def test_missing_language_falls_back_to_english_then_german(content: Content) -> None:
    content.source()
    assert content.load("de", "en", "tr").entry("founding.steps", "tr").language == "de"
    content.translation("en")
    library = content.load("de", "en", "tr")
    assert library.entry("founding.steps", "tr").language == "en"
    assert library.status("founding.steps", "tr") is Status.MISSING


def test_unknown_id_is_a_key_error(content: Content) -> None:
    content.source()
    library = content.load()
    assert library.has("founding.steps")
    assert not library.has("founding.nothing")
    with pytest.raises(KeyError):
        library.entry("founding.nothing", "de")


def test_topics_and_entries_keep_the_order_of_the_list_and_leave_out_smalltalk(content: Content) -> None:
    for id in ("rooms.second", "rooms.a_first", "smalltalk.crisis", "funding.only"):
        content.source(id)
    library = content.load()
    assert library.topics == ("rooms", "funding")
    assert [entry.id for entry in library.entries("rooms", "de")] == ["rooms.second", "rooms.a_first"]
    assert library.entry("smalltalk.crisis", "de").text


@pytest.mark.parametrize(
    ("method", "translation_of", "status"),
    [
        ("reviewed", 2, Status.CURRENT),
        ("native", 2, Status.CURRENT),
        ("machine_draft", 2, Status.DRAFT),
        ("reviewed", 1, Status.OUTDATED),
        ("machine_draft", 1, Status.OUTDATED),
    ],
)
def test_status_follows_from_method_and_versions(
    content: Content, method: str, translation_of: int, status: Status
) -> None:
    content.source(version=2)
    content.translation("en", method=method, translation_of=translation_of)
    library = content.load("de", "en")
    assert library.entry("founding.steps", "en").status is status
    assert library.entry("founding.steps", "de").status is Status.CURRENT


def test_entry_expires_the_day_after_its_review_day(content: Content) -> None:
    content.source(review_by="2027-05-31")
    entry: Entry = content.load().entry("founding.steps", "de")
    assert not entry.expired(date(2027, 5, 31))
    assert entry.expired(date(2027, 6, 1))


def test_broken_translation_is_dropped_and_listed_while_others_stay(content: Content) -> None:
    content.source()
    content.translation("en")
    content.translation("tr", translation_of=None)
    library = content.load("de", "en", "tr")
    assert library.entry("founding.steps", "tr").language == "en"
    assert [str(problem) for problem in library.problems] == [
        "knowledge/content/founding/steps.tr.md:2: translation_of is missing"
    ]


def test_broken_source_takes_its_entry_out_of_every_language(content: Content) -> None:
    content.source(version="many")
    content.translation("en")
    content.source("founding.board")
    library = content.load("de")
    assert not library.has("founding.steps")
    assert [entry.id for entry in library.entries("founding", "de")] == ["founding.board"]


def test_file_of_an_unknown_id_or_odd_name_is_a_problem(content: Content) -> None:
    content.source()
    content.write("content/founding/extra.de.md", "---\n---\n")
    content.write("content/founding/notes.txt", "x")
    problems = said(content)
    assert any("extra.de.md:1: unknown id founding.extra" in problem for problem in problems)
    assert any("notes.txt:1: is not named" in problem for problem in problems)


def test_id_that_contradicts_the_file_name_is_a_problem(content: Content) -> None:
    content.source()
    path = content.folder / "founding" / "steps.de.md"
    path.write_text(path.read_text().replace("id: founding.steps", "id: founding.board"))
    library = content.load()
    assert not library.has("founding.steps")
    assert "id must be founding.steps" in str(library.problems[0])


def test_references_that_lead_nowhere_are_listed_and_not_offered(content: Content) -> None:
    content.source(contacts=["office", "nobody"], related=["founding.gone"], keywords=["Amt", "Verein"])
    library = content.load()
    entry = library.entry("founding.steps", "de")
    assert (entry.contacts, entry.related, entry.keywords) == (("office",), (), ("Verein",))
    assert {problem.what for problem in library.problems} == {
        "contacts names nobody, which does not exist",
        "related names founding.gone, which does not exist",
        "keywords names Amt, which the glossary does not explain",
    }


def test_contact_has_details_and_one_broken_contact_leaves_the_others(content: Content) -> None:
    content.write("contacts.yml", """\
        good:
          name: "Amt"
          about: {de: "hilft"}
          phone: {value: "0611", as_of: 2026, source: "test", verified: true}
        bad:
          name: "Amt"
        """)  # fmt: skip
    content.source(contacts=["good"])
    library = content.load()
    assert library.contact("good").details["phone"].value == "0611"
    assert said(content) == ["knowledge/contacts.yml:5: bad: about is missing"]
    with pytest.raises(KeyError):
        library.contact("bad")


@pytest.mark.parametrize("name", ["topics.yml", "contacts.yml", "asking.yml", "glossary/de.yml"])
@pytest.mark.parametrize("text", ["- a\n", "a: [\n", "text", "a: b\n", ""])
def test_broken_side_files_never_raise(content: Content, name: str, text: str) -> None:
    content.source()
    content.write(name, text)
    library = content.load()
    assert library.problems


def test_source_is_read_even_if_its_language_is_not_asked_for(content: Content) -> None:
    content.source()
    library = content.load("en")
    assert library.languages == ("en",)
    assert library.entry("founding.steps", "en").language == "de"
