"""The classifier learns, says nothing of what it does not know, and is the same after it was stored."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nlu.model import TextModel

EXAMPLES = {
    "founding": ["wie gruende ich einen verein", "verein gruenden", "einen verein gruenden"],
    "room": ["wir brauchen einen raum", "raum mieten", "was kostet ein raum"],
    "thanks": ["danke", "danke schoen", "vielen dank danke"],
}
TEXTS = [text for texts in EXAMPLES.values() for text in texts]
LABELS = [label for label, texts in EXAMPLES.items() for _ in texts]
UNKNOWN = ["", "ξψω", "👍"]


def german(texts: list[str]) -> list[str]:
    """A language for each of `texts`."""
    return ["de"] * len(texts)


@pytest.fixture(scope="module")
def model() -> TextModel:
    return TextModel({}).fit(TEXTS, LABELS, german(TEXTS))


def test_what_was_learnt_is_known_again(model: TextModel) -> None:
    best = model.scores(TEXTS, german(TEXTS)).argmax(axis=1)
    assert [model.labels[column] for column in best] == LABELS


def test_a_text_of_which_nothing_is_known_has_no_scores(model: TextModel) -> None:
    assert not model.scores(UNKNOWN, german(UNKNOWN)).any()


def test_no_texts_have_no_rows_but_a_column_per_label(model: TextModel) -> None:
    assert model.scores([], []).shape == (0, len(EXAMPLES))


def test_stored_and_loaded_it_scores_the_same(model: TextModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    loaded = TextModel.load(tmp_path, {})
    texts = [*TEXTS, *UNKNOWN, "ein verein braucht einen raum"]
    scores = loaded.scores(texts, german(texts))
    assert scores.dtype == np.float32
    np.testing.assert_array_equal(scores, model.scores(texts, german(texts)))
