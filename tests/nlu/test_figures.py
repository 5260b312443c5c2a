"""The figures kept of an evaluation are those that were counted."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlu.figures import figures, keep, kept
from nlu.report import Result


def result(id: str, guess: str, lang: str = "de", style: str = "full") -> Result:
    return Result("a", lang, id, style, (guess,), "answer", guess)


def test_counts_by_language_and_topic_without_hard_messages_and_small_talk(tmp_path: Path) -> None:
    counted = figures(
        [result("rooms.event", "rooms.event"), result("rooms.event", "rooms.cost"), result("rooms.cost", "rooms.cost"),
         result("rooms.cost", "rooms.cost", "tr"), result("rooms.cost", "greet", style="hard"),
         result("greet", "greet"), result("out_of_scope", "rooms.cost")],
        "abc", "2026-11-21",
    )  # fmt: skip
    assert counted.asked == {("de", "rooms"): 3, ("tr", "rooms"): 1}
    assert counted.right == {("de", "rooms"): 2, ("tr", "rooms"): 1}
    keep(counted, tmp_path / "var" / "evaluation.json")
    assert kept(tmp_path / "var" / "evaluation.json") == counted


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"model": "a", "day": "b", "rows": [[1]]}', "\0"])
def test_figures_that_cannot_be_read_are_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "evaluation.json"
    assert kept(path) is None
    path.write_text(text)
    assert kept(path) is None
