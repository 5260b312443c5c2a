"""An entry nobody can find by asking is noticed, and so are examples that lead nowhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.asked import accuracy, gaps
from nlu.figures import Figures, keep
from nlu.fingerprint import fingerprint
from tests.knowledge.shelf_builder import Content


def teach(content: Content, language: str, *blocks: tuple[str, int], topic: str = "founding") -> Path:
    """Write training examples: an id and how many each."""
    path = content.top.parent / "nlu" / "data" / language / f"{topic}.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = ['version: "3.1"', "nlu:"]
    for id, count in blocks:
        lines += [f"- intent: {id}", "  examples: |", *(f"    - frage {number}" for number in range(count))]
    path.write_text("\n".join(lines) + "\n")
    return path


def said(content: Content, *languages: str) -> list[str]:
    return [f"{problem.severity}: {problem}" for problem in gaps(content.load(*languages))]


def test_entry_with_few_or_no_examples_is_a_warning_where_they_belong(content: Content) -> None:
    content.source()
    content.source("founding.board")
    content.source("smalltalk.crisis")
    teach(content, "de", ("founding.steps", 5), ("founding.board", 4))
    teach(content, "tr", ("founding.steps", 40))
    assert said(content, "de", "tr") == [
        "warning: nlu/data/de/founding.yml:10: founding.board has 4 training examples; write at least 5, better 40",
        "warning: nlu/data/tr/founding.yml:1: founding.board has no training examples; write at least 5, better 40",
    ]


def test_examples_of_an_unknown_entry_are_an_error(content: Content) -> None:
    content.source()
    teach(content, "de", ("founding.steps", 5), ("founding.stepps", 5), ("greet", 1))
    assert said(content) == [
        "error: nlu/data/de/founding.yml:10: examples for founding.stepps, which does not stand in topics.yml"
    ]


@pytest.mark.parametrize(
    ("text", "said_of_it"),
    [
        ("nlu:\n- intent: [\n", "nlu/data/de/founding.yml:3: cannot be read as YAML: "),
        ("nlu:\n- intent: a.b\n  examples: |\n    hello\n", "nlu/data/de/founding.yml:4: a.b: every example"),
    ],
)
def test_broken_file_of_examples_is_an_error_with_its_line(content: Content, text: str, said_of_it: str) -> None:
    content.source()
    teach(content, "de").write_text(text)
    (problem,) = said(content)
    assert problem.startswith(f"error: {said_of_it}")


def test_content_without_any_examples_beside_it_is_not_complained_about(content: Content) -> None:
    content.source()
    assert said(content) == []


def test_accuracy_says_whose_figures_they_are(content: Content) -> None:
    top = content.top.parent
    (top / "config.yml").write_text("recipe: default.v1")
    assert "not measured yet" in accuracy(content.folder).note
    (top / "var").mkdir()
    (top / "var" / "evaluation.json").write_text("{]")
    assert "not measured yet" in accuracy(content.folder).note
    counts = {("de", "founding"): 9}
    keep(Figures(fingerprint(top), "2026-11-21", counts, {("de", "founding"): 10}), top / "var" / "evaluation.json")
    assert accuracy(content.folder).right == counts
    assert "another model" not in accuracy(content.folder).note
    teach(content, "de", ("founding.steps", 1))
    assert "by another model" in accuracy(content.folder).note
