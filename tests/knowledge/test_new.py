"""A new entry begins as files full of hints, which only an editor can finish."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge.__main__ import main
from knowledge.checks import check
from knowledge.model import Severity
from knowledge.topics import add_name
from nlu.examples import read_examples
from tests.knowledge.shelf_builder import Content

TODAY = date(2026, 11, 21)
TOPICS = """\
# Which entries exist.

founding: [steps, members]
rooms: []
network:
  - partners
  # the last one
  - meetings
smalltalk: [crisis]
"""


def run(content: Content, *words: str) -> int:
    return main([*words, "--folder", str(content.folder)])


def fill_in(content: Content, path: str = "content/founding/board.de.md") -> None:
    """Put something in the place of every hint, as an editor would."""
    file = content.top / path
    lines = [line.partition("FILL IN")[0] + ('fertig"' if '"FILL' in line else "fertig") if "FILL IN" in line else line
             for line in file.read_text().split("\n")]  # fmt: skip
    file.write_text("\n".join(lines))


def test_new_entry_needs_only_its_hints_filled_in(content: Content) -> None:
    content.source()
    assert run(content, "new", "founding.board") == 0
    left = [problem for problem in content.load().problems if problem.severity is Severity.ERROR]
    assert {problem.file for problem in left} == {"knowledge/content/founding/board.de.md"}
    assert all(problem.what.startswith("still to fill in: ") for problem in left)
    fill_in(content)
    library = content.load()
    assert check(library, TODAY) == []
    assert library.entry("founding.board", "de").text == "fertig"
    assert library.entry("founding.board", "de").contacts == ("office",)


def test_every_hint_left_is_an_error_with_its_line_and_hides_the_entry(
    content: Content, capsys: pytest.CaptureFixture[str]
) -> None:
    content.source()
    run(content, "new", "founding.board")
    capsys.readouterr()
    assert run(content, "check", "founding.board") == 1
    lines = capsys.readouterr().out.splitlines()
    file = "knowledge/content/founding/board.de.md"
    assert f"{file}:3: still to fill in: the question as people ask it, at most 60 letters" in lines
    assert not content.load().has("founding.board")


def test_new_says_what_comes_next(content: Content, capsys: pytest.CaptureFixture[str]) -> None:
    content.source()
    (content.top.parent / "nlu" / "data" / "de").mkdir(parents=True)
    run(content, "new", "founding.board")
    said = capsys.readouterr().out
    files = ("knowledge/content/founding/board.de.md", "nlu/data/de/founding.yml")
    for step in (*files, "FILL IN", "check founding.board", "make train"):
        assert step in said


def test_new_entry_gets_an_empty_place_for_examples_in_every_language_that_has_any(content: Content) -> None:
    content.source()
    data = content.top.parent / "nlu" / "data"
    for language in ("de", "tr"):
        (data / language).mkdir(parents=True)
    (data / "de" / "founding.yml").write_text(
        'version: "3.1"\nnlu:\n- intent: founding.steps\n  examples: |\n    - wie geht das'
    )
    run(content, "new", "founding.board")
    assert [example.label for example in read_examples(data)] == ["founding.steps"]
    for language in ("de", "tr"):
        with (data / language / "founding.yml").open("a") as file:
            file.write("    - wer ist im Vorstand\n")
    assert [example.label for example in read_examples(data)] == ["founding.steps", "founding.board", "founding.board"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["founding.steps"], "founding.steps exists already"),
        (["founding"], "founding is no id"),
        (["founding.Vorstand"], "founding.Vorstand is no id"),
        (["founding.board.two"], "founding.board.two is no id"),
        (["founding.../../x"], "founding.../../x is no id"),
        (["founding." + "a" * 60], "is no id"),
        (["smalltalk.joke"], "smalltalk.joke is no id"),
        (["money.loan"], "there is no topic money; there are founding (--new-topic makes a new one)"),
        (["founding.board", "--language", "en"], "founding.board has no German file"),
        (["founding.steps", "--language", "de"], "de is no language to translate into"),
        (["founding.steps", "--language", "../x"], "../x is no language to translate into"),
        (["founding.steps", "--language", "tr"], "knowledge/content/founding/steps.tr.md exists already"),
    ],
)
def test_what_cannot_be_made_is_one_line_and_changes_nothing(
    content: Content, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    content.source()
    content.translation("tr")
    before = {path: path.read_bytes() for path in content.top.rglob("*") if path.is_file()}
    assert run(content, "new", *words) == 2
    captured = capsys.readouterr()
    assert said in captured.err
    assert captured.err.count("\n") == 1
    assert not captured.out
    assert {path: path.read_bytes() for path in content.top.rglob("*") if path.is_file()} == before


def test_new_topic_is_made_if_asked_for(content: Content, capsys: pytest.CaptureFixture[str]) -> None:
    content.source()
    assert run(content, "new", "money.loan", "--new-topic") == 0
    fill_in(content, "content/money/loan.de.md")
    assert content.load().topics == ("founding", "money")
    assert 'msgid "topic.money"' in capsys.readouterr().out


def test_new_translation_holds_the_german_words_to_replace(content: Content) -> None:
    content.source(text="Sieben Leute.\n\n<!-- steps -->\n1. Rufen Sie an.", question='Was heißt "e.V."?', version=3)
    assert run(content, "new", "founding.steps", "--language", "uk") == 0
    text = (content.folder / "founding" / "steps.uk.md").read_text()
    assert "Sieben Leute.\n\n<!-- steps -->\n1. Rufen Sie an." in text
    fill_in(content, "content/founding/steps.uk.md")
    entry = content.load("de", "uk").entry("founding.steps", "uk")
    assert (entry.language, entry.translation_of, entry.status) == ("uk", 3, "draft")


@pytest.mark.parametrize(
    ("id", "line"),
    [
        ("founding.board", "founding: [steps, members, board]"),
        ("rooms.hall", "rooms: [hall]"),
        ("network.umbrella", "  - meetings\n  - umbrella\nsmalltalk"),
        ("money.loan", "  - meetings\nmoney: [loan]\nsmalltalk: [crisis]"),
    ],
)
def test_name_joins_its_topic_and_all_else_stays(id: str, line: str) -> None:
    changed = add_name(TOPICS, id)
    assert line in changed
    kept = [one for one in TOPICS.splitlines() if one not in changed.splitlines()]
    assert len(kept) <= 1


def test_long_lists_of_names_are_wrapped_under_their_first_name() -> None:
    names = ", ".join(f"name_{number:02}" for number in range(12))
    changed = add_name(f"founding: [{names}]\nrooms: [hall]\n", "founding.one_more")
    assert changed == f"founding: [{names},\n           one_more]\nrooms: [hall]\n"
    again = add_name(changed, "founding.and_another")
    assert again == f"founding: [{names},\n           one_more, and_another]\nrooms: [hall]\n"
