"""The command line: what it prints and how it ends."""

from __future__ import annotations

import pytest

from knowledge.__main__ import main
from tests.knowledge.shelf_builder import Content


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
        ["current", "draft", "outdated", "missing"],
        ["de", "1", "0", "0", "0"],
        ["en", "0", "1", "0", "0"],
    ]


def test_check_prints_bare_error_lines_and_ends_with_one(content: Content, capsys: pytest.CaptureFixture[str]) -> None:
    content.source(review_by="2020-01-01")
    content.translation("tr", translation_of=None)
    assert run(content, "check", "--languages", "de, tr") == 1
    lines = capsys.readouterr().out.splitlines()
    assert "tr: 1 errors" in lines
    assert "knowledge/content/founding/steps.tr.md:2: translation_of is missing" in lines
    assert "knowledge/content/founding/steps.de.md:8: warning: review was due by 2020-01-01" in lines


def test_coverage_counts_by_topic(content: Content, capsys: pytest.CaptureFixture[str]) -> None:
    content.source("founding.steps")
    content.source("rooms.event")
    content.translation("en", "rooms.event")
    assert run(content, "coverage") == 0
    assert [line.split() for line in capsys.readouterr().out.splitlines()] == [
        ["current/draft/outdated/missing", "founding", "rooms"],
        ["de", "1/0/0/0", "1/0/0/0"],
        ["en", "0/0/0/1", "1/0/0/0"],
    ]


def test_unknown_command_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["tidy"])
    assert caught.value.code == 2
    assert "invalid choice" in capsys.readouterr().err
