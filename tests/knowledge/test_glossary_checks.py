"""Every gap of the glossary is found, and said with file and line."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import yaml

from knowledge.checks import check
from knowledge.library import CONTENT, load
from knowledge.loader import languages_in
from knowledge.model import Severity
from tests.knowledge.shelf_builder import TERMS, Content

TODAY = date(2026, 11, 21)
STALE = "Amt: explanation contains a number or a link, which no fact keeps up to date"


def found(content: Content, *languages: str) -> list[str]:
    content.source()
    return [str(problem) for problem in check(content.load("de", *languages), TODAY)]


def german(content: Content, terms: dict[str, Any] | None = None, *ask: str) -> None:
    content.glossary("de", terms, ask=ask, plain=len(TERMS))


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"explanation": "a" * 111}, "Amt: explanation has 111 letters, 110 is the most"),
        ({"explanation": "ab 7 Leuten"}, STALE),
        ({"explanation": "siehe www.a.de"}, STALE),
        ({"explanation": "a", "forms": ["Vereine", "verein"]}, "Amt: verein is also a name of Verein"),
        ({"explanation": "a", "entry": "founding.gone"}, "Amt: entry names founding.gone, which does not exist"),
        ({"explanation": ""}, "Amt: explanation is empty"),
        ({"explanation": "a", "word": "office"}, "Amt: word is not a known field"),
    ],
)
def test_gap_of_a_german_term_is_named(content: Content, fields: dict[str, Any], what: str) -> None:
    german(content, {"Amt": fields})
    (problem,) = found(content)
    assert problem.startswith("knowledge/glossary/de.yml:")
    assert problem.endswith(f": {what}")


def test_line_is_that_of_the_term(content: Content) -> None:
    content.write("glossary/de.yml", yaml.safe_dump({"ask": [], "Amt": {"explanation": "a", "entry": "b.c"}}))
    assert "knowledge/glossary/de.yml:1: Amt: entry names b.c, which does not exist" in found(content)
    content.write("glossary/de.yml", "ask: []\n\nAmt:\n  explanation: a\n  entry: b.c\n")
    assert "knowledge/glossary/de.yml:3: Amt: entry names b.c, which does not exist" in found(content)


def test_two_terms_whose_links_would_be_the_same_are_named(content: Content) -> None:
    german(content, {"e.V.": {"explanation": "a"}, "e-V": {"explanation": "b"}})
    assert [problem.partition(": ")[2] for problem in found(content)] == [
        "e-V: ev is also a name of e.V.", "e-V: is too like e.V.: links to both would be e-v",
    ]  # fmt: skip


def test_too_few_terms_are_an_error(content: Content) -> None:
    content.glossary("de", plain=119)
    assert found(content) == ["knowledge/glossary/de.yml:1: the glossary has 119 terms, 120 is the least"]


def test_every_language_has_every_term_and_no_other(content: Content) -> None:
    german(content)
    content.translation("tr")
    content.glossary("tr", {"Quark": {"word": "kesmik", "explanation": "peynir"}}, plain=119)
    problems = found(content, "tr")
    assert "knowledge/glossary/tr.yml:1: Wort 118 is not translated yet" in problems
    assert any(problem.endswith("Quark: the German glossary does not have this term") for problem in problems)
    assert len(problems) == 2


def test_a_language_without_a_glossary_is_one_error(content: Content) -> None:
    content.source()
    content.translation("tr")
    content.load("tr")
    (content.top / "glossary" / "tr.yml").unlink()
    assert [str(problem) for problem in check(load(("de", "tr"), content.folder), TODAY)] == [
        "knowledge/glossary/tr.yml:1: the glossary is missing"
    ]


@pytest.mark.parametrize("frame", ["was bedeutet das", "{} oder {}", "{}"])
def test_a_question_without_one_place_for_the_term_is_named(content: Content, frame: str) -> None:
    german(content, {}, frame)
    (problem,) = found(content)
    assert problem.endswith(f"`{frame}` must be words around one {{}}")


def test_a_question_made_of_fillers_would_fit_any_message(content: Content) -> None:
    content.write("asking.yml", yaml.safe_dump({"fillers": {"de": ["bitte"]}}))
    german(content, {}, "{} bitte")
    assert found(content) == ["knowledge/glossary/de.yml:1: ask: `{} bitte` would fit any message"]


def test_a_language_without_fillers_is_a_warning(content: Content) -> None:
    content.write("asking.yml", yaml.safe_dump({"fillers": {"de": ["bitte"]}}))
    content.translation("tr")
    content.source()
    (problem,) = check(content.load("de", "tr"), TODAY)
    assert (problem.severity, problem.language) == (Severity.WARNING, "tr")
    assert "asking.yml" in str(problem)


def test_every_term_of_the_real_glossary_is_found_by_every_question_of_its_language() -> None:
    library = load(languages_in(CONTENT))
    glossary, unfound = library.glossary, []
    for language, words in library.shelf.word_lists.items():
        for term in words.terms.values():
            for frame in words.frames[:: max(1, len(words.frames) // 4)]:
                found = glossary.asked_about(frame.replace("{}", term.word), language)
                if (found.id if found else None) != (None if term.entry else term.id):
                    unfound.append(f"{language}: {frame.replace('{}', term.word)} -> {found.id if found else None}")
    assert unfound == []
