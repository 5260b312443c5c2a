"""The features are those of scikit-learn's TfidfVectorizer, only counted faster."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from nlu.features import LONGEST, SHORTEST, Features

TEXTS = ["wie gruende ich einen verein", "verein gruenden wie geht das", "a", "wie wie wie viel kostet ein raum"]
LANGUAGES = ["de"] * len(TEXTS)


@pytest.mark.parametrize(
    ("part", "options"),
    [("words", {"ngram_range": (1, 2), "token_pattern": r"\S+"}),
     ("letters", {"analyzer": "char_wb", "ngram_range": (SHORTEST, LONGEST)})],
)  # fmt: skip
def test_words_and_letters_count_as_in_scikit_learn(part: str, options: dict[str, object]) -> None:
    ours = Features([1.0 if name == part else 0.0 for name in ("words", "letters", "concepts")])
    theirs = TfidfVectorizer(sublinear_tf=True, min_df=2, **options)
    rows = ours.learn(TEXTS, LANGUAGES)
    expected = theirs.fit_transform(TEXTS)
    assert sorted(ours.parts[part].terms) == sorted(theirs.get_feature_names_out())
    np.testing.assert_allclose((rows @ rows.T).toarray(), (expected @ expected.T).toarray(), atol=1e-5)


def test_a_text_is_the_same_row_when_learnt_and_when_asked() -> None:
    features = Features((0.5, 1.0, 0.5))
    learnt = features.learn(TEXTS, LANGUAGES)
    np.testing.assert_allclose(features(TEXTS, LANGUAGES).toarray(), learnt.toarray(), atol=1e-6)


def test_words_never_seen_count_for_nothing() -> None:
    features = Features((1.0, 1.0, 1.0))
    features.learn(TEXTS, LANGUAGES)
    assert features(["ξψω"], ["de"]).nnz == 0
