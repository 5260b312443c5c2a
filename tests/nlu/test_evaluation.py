"""The evaluation is honest: nothing in it was learnt, and the report counts what it says."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from nlu.evaluation_set import evaluation_messages
from nlu.examples import Example, read_examples
from nlu.fingerprint import ROOT, fingerprint
from nlu.overlap import overlaps
from nlu.report import Result, report


def test_the_same_words_in_other_spelling_are_an_overlap() -> None:
    trained = [Example("Wie gründe ich einen Verein?", "founding.steps", "de")]
    asked = [Example("wie gruende ich einen VEREIN", "founding.steps", "de")]
    assert [likeness for _, _, likeness in overlaps(trained, asked)] == [1.0]


def test_other_words_for_the_same_are_no_overlap() -> None:
    trained = [Example("Wie gründe ich einen Verein?", "founding.steps", "de")]
    assert not overlaps(trained, [Example("Vereinsgründung: was kommt zuerst?", "founding.steps", "de")])


def test_no_message_of_the_evaluation_is_trained_on() -> None:
    asked = [Example(message["text"], message["id"], message["lang"]) for message in evaluation_messages()]
    found = overlaps(read_examples(ROOT / "nlu" / "data"), asked)
    assert not [(trained.text, evaluated.text) for trained, evaluated, _ in found]


def test_every_entry_has_forty_examples_and_two_evaluation_messages_in_every_language() -> None:
    trained = Counter((example.label, example.language) for example in read_examples(ROOT / "nlu" / "data"))
    asked = Counter((message["id"], message["lang"]) for message in evaluation_messages())
    entries = {key for key in trained if "." in key[0]}
    assert [key for key in entries if trained[key] < 40 or asked[key] < 2] == []


def test_report_counts_wrong_answers_and_false_alarms() -> None:
    results = [
        Result("a", "de", "rooms.event", "full", ("rooms.event",), "answer", "rooms.event"),
        Result("b", "de", "out_of_scope", "full", ("rooms.event",), "answer", "rooms.event"),
        Result("c", "de", "greet", "hard", ("greet", "crisis"), "answer", "crisis"),
    ]
    lines = "\n".join(report(results))
    assert "out of scope: 1, answered with an entry 1" in lines
    assert "crisis: 0 of 0 found; 1 false alarms {'hard': 1}" in lines


@pytest.mark.parametrize("file", ["nlu/data/de/rooms.yml", "nlu/evaluation/de.jsonl", "nlu/lexicon/de.yml"])
def test_model_name_changes_with_whatever_is_learnt_or_calibrated_from(tmp_path: Path, file: str) -> None:
    (tmp_path / file).parent.mkdir(parents=True)
    (tmp_path / "config.yml").write_text("recipe: default.v1")
    before = fingerprint(tmp_path)
    (tmp_path / "nlu/README.md").write_text("x")
    assert fingerprint(tmp_path) == before
    (tmp_path / file).write_text("x")
    assert fingerprint(tmp_path) != before
