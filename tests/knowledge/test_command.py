"""The command line: what it prints and how it ends."""

from __future__ import annotations

import pytest

from knowledge.__main__ import main
from nlu.figures import Figures, keep
from tests.knowledge.shelf_builder import Content
from tests.knowledge.test_asked import teach


def run(content: Content, command: str, *more: str) -> int:
    return main([command, "--folder", str(content.folder), *more])


def test_check_of_sound_content_ends_with_zero_and_counts_by_status(
    content: Content, capsys: pytest.CaptureFixture[str]
) -> None:
    content.source()
    content.translation("en", method="machine_draft")
    assert run(content, "check") == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert lines == [
        ["current", "draft", "outdated", "missing", "terms"],
        ["de", "1", "0", "0", "0", "120"],
        ["en", "0", "1", "0", "0", "120"],
        lines[-1],
    ]
    assert lines[-1][0] == "readability"


def test_check_prints_bare_error_lines_and_ends_with_one(content: Content, capsys: pytest.CaptureFixture[str]) -> None:
    content.source(review_by="2020-01-01")
    content.translation("tr", translation_of=None)
    assert run(content, "check", "--languages", "de, tr") == 1
    lines = capsys.readouterr().out.splitlines()
    assert "tr: 1 errors" in lines
    assert "knowledge/content/founding/steps.tr.md:2: translation_of is missing" in lines
    assert "knowledge/content/founding/steps.de.md:8: warning: review was due by 2020-01-01" in lines


def test_check_of_one_entry_says_only_what_concerns_it(content: Content, capsys: pytest.CaptureFixture[str]) -> None:
    content.source(version="many")
    content.source("founding.board")
    assert run(content, "check", "founding.board") == 0
    assert capsys.readouterr().out == "nothing is missing\n"
    assert run(content, "check", "founding.steps", "founding.board") == 1
    assert "founding/steps.de.md:5: version" in capsys.readouterr().out


def test_coverage_counts_by_language_and_topic(content: Content, capsys: pytest.CaptureFixture[str]) -> None:
    content.source("founding.steps")
    content.source("rooms.event")
    content.translation("en", "rooms.event")
    teach(content, "en", ("rooms.event", 7), topic="rooms")
    asked = {("en", "rooms"): 8}
    keep(Figures("abc", "2026-11-20", {("en", "rooms"): 6}, asked), content.top.parent / "var" / "evaluation.json")
    (content.top.parent / "config.yml").write_text("")
    assert run(content, "coverage") == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split() for line in lines[:5]] == [
        ["topic", "current", "draft", "outdated", "missing", "examples", "accuracy"],
        ["de", "founding", "1", "0", "0", "0", "0", "-"],
        ["de", "rooms", "1", "0", "0", "0", "0", "-"],
        ["en", "founding", "0", "0", "0", "1", "0", "-"],
        ["en", "rooms", "1", "0", "0", "0", "7", "75%"],
    ]
    assert "2026-11-20" in lines[5]
    assert "another model (abc)" in lines[6]


def test_coverage_of_examples_that_cannot_be_read_is_one_line(
    content: Content, capsys: pytest.CaptureFixture[str]
) -> None:
    content.source()
    teach(content, "de").write_text("nlu: [\n")
    assert run(content, "coverage") == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_unknown_command_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["tidy"])
    assert caught.value.code == 2
    assert "invalid choice" in capsys.readouterr().err
