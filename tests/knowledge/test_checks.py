"""Every rule of the content finds its gap and says where."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from knowledge.checks import check
from knowledge.library import CONTENT, load
from knowledge.loader import MISSING_TRANSLATION, is_untranslated, languages_in
from knowledge.model import Severity
from tests.knowledge.shelf_builder import Content, fact

TODAY = date(2026, 11, 21)


def found(content: Content, *languages: str, severity: Severity = Severity.ERROR) -> list[str]:
    problems = check(content.load("de", *languages), TODAY)
    return [problem.what for problem in problems if problem.severity is severity]


def test_sound_content_has_no_gap(content: Content) -> None:
    content.source(text="Mit **7** Leuten.\n\n- a\n\n<!-- steps -->\n1. b", facts=[fact("7")])
    content.translation("ar", text="مع ٧ أشخاص\n\n<!-- steps -->\n1. ب")
    assert check(content.load("de", "ar"), TODAY) == []


@pytest.mark.parametrize(
    ("front", "text", "what"),
    [
        ({}, "a" * 701, "text has 701 letters, 700 is the most"),
        ({}, "a\n<!-- steps -->\n" + "a" * 901, "steps has 901 letters, 900 is the most"),
        ({"question": "a" * 61}, "a", "question has 61 letters, 60 is the most"),
        ({"label": "a" * 29}, "a", "label has 29 letters, 28 is the most"),
        ({}, "# Titel", "text contains a heading, which Telegram cannot show"),
        ({}, "a\n\n| a |\n|---|\n| b |", "text contains a table, which Telegram cannot show"),
        ({}, "a ![b](c)", "text contains an image, which Telegram cannot show"),
        ({}, "a\n\n<!-- step -->\nb", "text contains HTML or a comment, which Telegram cannot show"),
        ({}, "Es kostet 50 Euro.", "50 stands in the text, but no fact declares it"),
        ({"facts": [fact("7")]}, "Sieben.", "fact one (7) stands neither in the text nor in the steps"),
        ({"facts": [fact("7"), fact("8")]}, "7 und 8", "fact one stands twice"),
        ({"keywords": ["Verein", "Amt"]}, "a", "keywords names Amt, which the glossary does not explain"),
    ],
)
def test_gap_of_a_source_is_an_error(content: Content, front: dict[str, Any], text: str, what: str) -> None:
    content.source(text=text, **front)
    assert found(content) == [what]


@pytest.mark.parametrize(
    ("front", "text", "what"),
    [
        ({}, "7 people. " + "a" * 901, "text has 911 letters, 900 is the most"),
        ({}, "8 people.", "8 stands in the text, but no fact declares it"),
        ({}, "Seven people.", "fact one (7) is missing in the text"),
        ({}, "7\n<!-- steps -->\na", "steps are not in the German source"),
        ({"translation_of": 2}, "7", "translation_of is 2, but the German source has version 1"),
    ],
)
def test_gap_of_a_translation_is_an_error(content: Content, front: dict[str, Any], text: str, what: str) -> None:
    content.source(text="7 Leute.", facts=[fact("7")])
    content.translation("en", text=text, **front)
    assert what in found(content, "en")


def test_translation_has_each_fact_in_the_part_where_the_source_has_it(content: Content) -> None:
    content.source(text="7 Leute.\n<!-- steps -->\nRufen Sie 7 Leute an.", facts=[fact("7")])
    content.translation("en", text="7 people.\n<!-- steps -->\nCall people.")
    assert found(content, "en") == ["fact one (7) is missing in the steps"]


def test_missing_translation_is_an_error_at_the_file_to_write(content: Content) -> None:
    content.source()
    problems = check(content.load("de", "en"), TODAY)
    assert [str(problem) for problem in problems] == [
        f"knowledge/content/founding/steps.en.md:1: {MISSING_TRANSLATION}"
    ]


def test_long_button_of_another_language_is_only_a_warning(content: Content) -> None:
    content.source()
    content.translation("en", question="a" * 71, label="a" * 34)
    assert found(content, "en", severity=Severity.WARNING) == ["question has 71 letters, 70 is the most"]
    assert found(content, "en") == []


def test_marks_of_bold_and_lists_do_not_count_as_letters(content: Content) -> None:
    content.source(text="- **aa** b\n" * 140)
    assert found(content) == []
    content.source(text="- **aa** bb\n" * 140)
    assert found(content) == ["text has 839 letters, 700 is the most"]


def test_what_has_grown_old_is_a_warning(content: Content) -> None:
    content.source(text="Bis 20.11.2026.", version=2, review_by="2026-11-20", facts=[fact("2026-11-20", "date")])
    content.translation("en", text="Until 20/11/2026.")
    assert found(content, "en", severity=Severity.WARNING) == [
        "fact one: the day 2026-11-20 is past",
        "review was due by 2026-11-20",
        "outdated: made from version 1, the German source has 2",
    ]


def test_what_the_office_has_to_supply_or_confirm_is_a_notice(content: Content) -> None:
    content.source()
    content.write("contacts.yml", """\
        office:
          name: "Amt"
          about: {de: "hilft"}
          phone: {value: "0611", as_of: 2026, source: "test", verified: false}
          to_fill: [email, web]
        """)  # fmt: skip
    assert found(content, severity=Severity.NOTICE) == [
        "office: the office still has to supply email, web",
        "office: not yet confirmed by the office: phone",
    ]
    assert found(content) == []


def test_contact_without_a_language_is_a_warning(content: Content) -> None:
    content.source()
    content.translation("fa")
    assert [str(problem) for problem in check(content.load("de", "fa"), TODAY)] == [
        "knowledge/contacts.yml:3: office: about in fa is missing"
    ]


def test_real_content_has_no_errors() -> None:
    library = load(languages_in(CONTENT))
    errors = [problem for problem in check(library, date.today()) if problem.severity is Severity.ERROR]
    assert [str(problem) for problem in errors if not is_untranslated(problem)] == []
    assert library.topics == ("founding", "funding", "rooms", "discrimination", "office", "network")
