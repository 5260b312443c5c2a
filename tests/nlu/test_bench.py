"""The benchmark counts what it says it counts, and reads the data sets as they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlu.bench.bm25 import Bm25
from nlu.bench.contenders import Run, write_project
from nlu.bench.learning import by, steps
from nlu.bench.measures import (
    Answer,
    by_language,
    calibration_error,
    confusions,
    measure,
    out_of_scope_recall,
    reliability,
)
from nlu.bench.table import Row, markdown, tables
from nlu.bench.tasks import MissingDataError, at_most, clinc150, massive, read_entries, sample, some
from nlu.examples import Example, read_examples


def answer(right: str, *ranking: tuple[str, float], language: str = "de") -> Answer:
    return Answer(right, language, ranking)


def test_top_1_and_top_3_are_of_the_messages_in_scope() -> None:
    found = measure(
        [answer("a", ("a", 0.9)), answer("a", ("b", 0.5), ("c", 0.3), ("a", 0.2)),
         answer("a", ("b", 0.4), ("c", 0.3), ("d", 0.2), ("a", 0.1)), answer("a"), answer("out", ("out", 0.9))],
        "out",
    )  # fmt: skip
    assert (found.top1, found.top3) == (0.25, 0.5)


def test_out_of_scope_recall_rejects_five_in_a_hundred_in_scope() -> None:
    inside = [number / 100 for number in range(100)]  # the threshold is 0.05: 0.00 to 0.04 are below it
    assert out_of_scope_recall(inside, [0.0, 0.049, 0.05, 0.9]) == 0.5


def test_equal_scores_are_not_rejected() -> None:
    assert out_of_scope_recall([0.3] * 20, [0.3, 0.3, 0.2, 0.2]) == 0.5


def test_there_is_no_out_of_scope_recall_without_such_messages() -> None:
    assert out_of_scope_recall([0.1], []) is None
    assert measure([answer("a", ("a", 1.0))], "").recall is None


def test_the_score_of_being_in_scope_leaves_the_out_of_scope_label_aside() -> None:
    assert answer("a", ("out", 0.8), ("b", 0.15), ("c", 0.05)).in_scope("out") == 0.15
    assert answer("a", ("out", 0.8)).in_scope("out") == 0.0


def test_languages_are_measured_apart() -> None:
    answers = [answer("a", ("a", 1.0)), answer("a", ("b", 1.0), language="tr")]
    assert {language: found.top1 for language, found in by_language(answers, "").items()} == {"de": 1.0, "tr": 0.0}


def test_confidence_that_is_as_sure_as_right_has_no_error() -> None:
    fair = [answer("a", ("a", 0.75))] * 3 + [answer("a", ("b", 0.75))]
    assert reliability(fair) == [(0.75, 0.75, 4)]
    assert calibration_error(fair) == 0
    assert calibration_error([answer("a", ("b", 1.0)), answer("a", ("a", 1.0))]) == 0.5


def test_confusions_are_shares_of_the_right_label() -> None:
    answers = [answer("a", ("a", 1.0)), answer("a", ("b", 1.0)), answer("b", ("b", 1.0)), answer("c", ("c", 1.0))]
    assert confusions(answers, 5) == (["a", "b"], [[0.5, 0.5], [0.0, 1.0]])


def test_a_sample_is_small_alike_every_time_and_from_every_group() -> None:
    examples = [
        Example(f"{label}{language}{n}", label, language) for label in "ab" for language in "xy" for n in range(9)
    ]
    drawn = sample(examples, 2)
    assert drawn == sample(examples, 2)
    assert [(example.label, example.language) for example in drawn] == [
        (label, language) for label in "ab" for language in "xy" for _ in range(2)
    ]
    assert len(at_most(examples, 15)) == 12
    assert at_most(examples, 1000) == examples
    assert [example.language for example in some(examples, 3)] == ["x"] * 3 + ["y"] * 3


def test_clinc150_is_read_with_its_out_of_scope_messages(tmp_path: Path) -> None:
    for part, label in (("train", "pay"), ("test", "pay"), ("oos/train", "oos"), ("oos/test", "oos")):
        folder = tmp_path / "clinc150" / part
        folder.mkdir(parents=True)
        (folder / "seq.in").write_text(f"text of {part}\n")
        (folder / "label").write_text(f"{label}\n")
    task = clinc150(tmp_path)
    assert [(example.text, example.label) for example in task.test] == [
        ("text of test", "clinc_pay"), ("text of oos/test", "clinc_oos")]  # fmt: skip
    assert task.out == "clinc_oos"
    assert len(task.train) == 2


def test_massive_takes_each_languages_text_and_the_common_label(tmp_path: Path) -> None:
    folder = tmp_path / "massive"
    folder.mkdir()
    (folder / "labels.tsv").write_text("id\tpartition\tscenario\tintent\n0\ttest\talarm\tset\n1\ttrain\talarm\tset\n")
    for locale in ("ar-SA", "de-DE", "en-US", "fa-IR", "pl-PL", "ru-RU", "tr-TR"):
        (folder / f"{locale}.tsv").write_text(f'id\tutt\n0\t"asked in {locale}\n1\tlearnt in {locale}\n')
    task = massive(tmp_path, 5, 5)
    assert Example("learnt in de-DE", "massive_set", "de") in task.train
    assert Example('"asked in tr-TR', "massive_set", "tr") in task.test  # a quote is only a quote
    assert (len(task.train), len(task.test)) == (7, 7)


def test_missing_data_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(MissingDataError, match="make bench-nlu DATA=<folder>"):
        clinc150(tmp_path)


def test_entries_are_known_by_the_ids_that_the_evaluation_uses(tmp_path: Path) -> None:
    for topic, name in (("rooms", "cost"), ("smalltalk", "crisis")):
        (tmp_path / topic).mkdir()
        (tmp_path / topic / f"{name}.de.md").write_text("---\nquestion: Was?\n---\nDas.\n")
    assert [(entry.label, entry.language) for entry in read_entries(tmp_path)] == [
        ("rooms.cost", "de"), ("crisis", "de")]  # fmt: skip
    assert read_entries(tmp_path)[0].text.split() == ["Was?", "Das."]


def test_bm25_finds_the_document_with_the_rare_word_in_the_messages_language() -> None:
    documents = [Example("the room costs money", "room", "en"), Example("the law", "law", "en"),
                 Example("the room", "raum", "de")]  # fmt: skip
    index = Bm25(documents, lambda text, language: text)
    assert index(Example("the money", "room", "en")).first == "room"
    assert index(Example("room", "?", "de")).first == "raum"
    assert index(Example("unheard", "?", "en")).ranking == ()
    assert index(Example("room", "?", "fr")).ranking == ()


def test_what_is_written_for_rasa_is_read_back_the_same(tmp_path: Path) -> None:
    examples = [
        Example("wie: geht's - {das}", "a", "de"),
        Example('- # [x](y) "z"', "a", "de"),
        Example("как", "b", "ru"),
    ]
    write_project(tmp_path, [], examples)
    assert read_examples(tmp_path / "nlu" / "data") == examples


def test_tables_have_a_row_per_contender_and_a_column_per_language() -> None:
    answers = [answer("a", ("a", 1.0)), answer("a", ("a", 1.0), language="tr"), answer("out", ("a", 0.2))]
    rows = [
        Row("T", name, "3 examples", "out", Run(answers, 1.25, 2.0, 3.0)) for name in ("ours", "BM25 over examples")
    ]
    lines = list(tables(rows))
    assert lines[0] == "## T: 2 messages in scope, 1 out of scope"
    assert [cell.strip() for cell in lines[4].strip("|").split("|")] == [
        "ours", "3 examples", "1.000", "1.000", "1.000", "1.2", "2.0", "3.0"]  # fmt: skip
    assert any(" ".join(line.split()) == "| top-1 by language | de | tr |" for line in lines)
    assert sum(line.startswith("| ours ") for line in lines) == 5  # BM25's scores are no probabilities
    assert sum(line.startswith("| BM25 ") for line in lines) == 4


def test_columns_of_a_table_are_aligned() -> None:
    assert list(markdown(["name", "n"], [["a", "100"]])) == ["| name |   n |", "| ---- | --: |", "| a    | 100 |", ""]


def test_learning_steps_end_where_most_labels_have_no_more_examples() -> None:
    counts = {"a": 12, "b": 10, "c": 40, "d": 6}
    examples = [Example(str(number), label, "de") for label, count in counts.items() for number in range(count)]
    assert [(size, len(drawn)) for size, drawn in steps(examples, (5, 10, 20))] == [(5, 20), (10, 36)]


def test_learning_curves_are_by_what_is_asked_for_and_of_all() -> None:
    messages = [{"lang": "de"}, {"lang": "tr"}, {"lang": "de"}]
    assert by(messages, "lang", {5: [True, False, False]}) == {"de": {5: 0.5}, "tr": {5: 0.0}, "all": {5: 1 / 3}}
