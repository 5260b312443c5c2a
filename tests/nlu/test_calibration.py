"""Thresholds are found that keep to what may go wrong, per language."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from nlu.calibration import FEWEST, Allowed, Calibration, Scored, calibrate, softmax
from nlu.decision import decide, is_entry
from nlu.examples import BadExamplesError

ALARMS = {"crisis": 0.1}
LABELS = ("crisis", "out_of_scope", "rooms.cost", "rooms.event")


def scored(languages: Sequence[str], *, wrong: float, outside: float = 0.2, seed: int = 1) -> Scored:
    """As many messages as `languages`, of which a model gets the share `wrong` wrong, but is less sure of those."""
    rng = np.random.default_rng(seed)
    right, rows = [], []
    for _ in languages:
        own = 1 if rng.random() < outside else int(rng.integers(2, 4))
        mistaken = rng.random() < wrong
        row = rng.normal(0, 0.2, len(LABELS))
        row[int(rng.choice([2, 3])) if mistaken else own] += 1 if mistaken else 2
        right.append(LABELS[own])
        rows.append(row)
    return Scored(np.array(rows), LABELS, right, list(languages))


def taken(found: Scored, calibration: Calibration) -> list[tuple[str, str]]:
    """What is answered, with the right label, of all messages in German."""
    thresholds = calibration.thresholds_for("de")
    confidences = softmax(found.scores / calibration.temperature("de"))
    answers = []
    for row, right in zip(confidences, found.right, strict=True):
        ranking = sorted(zip(LABELS, map(float, row), strict=True), key=lambda guess: -guess[1])
        decision, intent = decide(ranking, thresholds)
        if decision == "answer":
            answers.append((intent, right))
    return answers


def test_what_may_go_wrong_is_kept_to() -> None:
    found = scored(["de"] * 600, wrong=0.2)
    answers = taken(found, calibrate(found, Allowed(wrong=0.02, out_of_scope=0.05)))
    inside = sum(right != "out_of_scope" for right in found.right)
    assert answers, "a threshold that answers nothing keeps to everything"
    assert sum(intent != right for intent, right in answers if right != "out_of_scope") <= 0.02 * inside
    outside = len(found.right) - inside
    assert sum(is_entry(intent) for intent, right in answers if right == "out_of_scope") <= 0.05 * outside


def test_a_language_that_is_understood_worse_needs_more_certainty() -> None:
    bad, good = scored(["ar"] * 400, wrong=0.3), scored(["de"] * 400, wrong=0.0)
    both = Scored(
        np.concatenate([bad.scores, good.scores]), LABELS, [*bad.right, *good.right], [*bad.languages, *good.languages]
    )
    calibration = calibrate(both, Allowed())
    assert calibration.thresholds_for("ar").answer > calibration.thresholds_for("de").answer


def test_a_language_with_few_messages_takes_the_values_of_all() -> None:
    few = scored([*["de"] * 300, *["so"] * (FEWEST - 1)], wrong=0.1)
    calibration = calibrate(few, Allowed())
    assert calibration.thresholds_for("so") == calibration.thresholds_for("")
    assert "so" not in calibration.temperatures


def test_an_urgent_intent_wins_early_but_not_at_any_price() -> None:
    found = scored(["de"] * 500, wrong=0.1)
    scores = np.vstack([found.scores, [[1.6, 0, 0, 1.5]] * 5])
    with_crisis = Scored(scores, LABELS, [*found.right, *["crisis"] * 5], [*found.languages, *["de"] * 5])
    calibration = calibrate(with_crisis, Allowed(urgent={"crisis": 0.004}))
    answers = taken(with_crisis, calibration)
    assert answers.count(("crisis", "crisis")) == 5
    assert sum(intent == "crisis" and right != "crisis" for intent, right in answers) <= 0.004 * 500


def test_what_is_taken_for_something_urgent_asks_no_more_certainty_of_the_rest() -> None:
    found = scored(["de"] * 500, wrong=0.1)
    alone, beside = (calibrate(found, allowed).thresholds_for("de") for allowed in (Allowed(), Allowed(urgent=ALARMS)))
    assert beside.answer <= alone.answer


def test_without_any_message_the_defaults_hold() -> None:
    nothing = Scored(np.zeros((0, len(LABELS))), LABELS, [], [])
    assert calibrate(nothing, Allowed()).thresholds_for("de").answer == pytest.approx(0.75)


def test_what_the_archive_keeps_is_what_was_found_and_the_report_shows_it() -> None:
    found = calibrate(scored([*["de"] * 300, *["ar"] * 300], wrong=0.1), Allowed(urgent={"crisis": 0.004}))
    kept = Calibration.from_json(found.to_json())
    assert kept == found
    head, *lines = kept.table()
    assert head.split() == ["thresholds", "temperature", "answer", "smalltalk", "choose", "crisis"]
    assert [line.split()[0] for line in lines] == ["ar", "de", "others"]
    assert float(lines[1].split()[2]) == pytest.approx(found.thresholds_for("de").answer, abs=0.005)


def test_an_urgent_intent_without_examples_is_named() -> None:
    with pytest.raises(BadExamplesError, match="stop"):
        calibrate(scored(["de"] * 10, wrong=0.1), Allowed(urgent={"stop": 0.01}))
