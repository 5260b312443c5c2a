"""How hard a German text is: the figure is Björnsson's, and lists and headings count as a reader sees them."""

from __future__ import annotations

import pytest

from knowledge.readable import hard_answers, lix, sentences, summary
from tests.knowledge.shelf_builder import Content

HARD = (
    "Die Berücksichtigung förderungsrechtlicher Nebenbestimmungen verpflichtet antragstellende Organisationen "
    "grundsätzlich zur fristgerechten Verwendungsnachweisführung gegenüber der bewilligenden Verwaltungsbehörde."
)


def test_figure_is_words_a_sentence_plus_per_cent_of_words_with_more_than_six_letters() -> None:
    assert lix("Wir helfen. Sie rufen morgen einfach an.") == pytest.approx(7 / 2 + 100 * 1 / 7)
    assert lix("Vereine") == pytest.approx(1 + 100)


@pytest.mark.parametrize("text", ["", "**", "- \n- ", "7"])
def test_text_with_hardly_a_word_has_a_figure(text: str) -> None:
    assert lix(text) <= 1


@pytest.mark.parametrize(
    ("markdown", "count"),
    [
        ("- Satzung\n- Protokoll\n- Liste der Gäste", 3),
        ("**So geht es**\n\nRufen Sie an", 2),
        ("Sie brauchen:\n\n1. einen Raum\n2. Geld", 3),
        ("Das ist ein\nSatz in zwei Zeilen.", 1),
        ("Fragen Sie z. B. den e. V. um Rat, Nr. 3 hilft am 7. Mai. Danke!", 2),
        ("Was? Wann? Siehe www.example.org oder 2.500 Euro.", 3),
        ("Drücken Sie „Mit einem Menschen sprechen“. Wir antworten.", 2),
    ],
)
def test_sentences_end_where_a_reader_stops(markdown: str, count: int) -> None:
    assert len(list(sentences(markdown))) == count


def test_answer_harder_than_medium_is_a_warning_at_its_first_line(content: Content) -> None:
    content.source(text="Wir helfen gern.")
    content.source("founding.costs", text=HARD)
    content.translation("en", "founding.costs", text=HARD)
    found = hard_answers(content.load("de", "en"))
    assert [(problem.file, problem.severity) for problem in found] == [
        ("knowledge/content/founding/costs.de.md", "warning")
    ]
    assert "hard to read: LIX" in found[0].what
    assert (content.folder / "founding" / "costs.de.md").read_text().split("\n")[found[0].line - 1] == HARD


def test_summary_counts_how_many_are_easy_enough(content: Content) -> None:
    assert summary(content.load()) == ""
    content.source(text="Wir helfen gern.")
    content.source("founding.costs", text=HARD)
    said = summary(content.load())
    assert "easy (up to 40) 50%, easy to medium (up to 50) 50% of 2" in said


def test_further_steps_count_as_part_of_the_answer(content: Content) -> None:
    content.source(text=f"Wir helfen gern.\n\n<!-- steps -->\n{HARD} {HARD}")
    assert hard_answers(content.load())
