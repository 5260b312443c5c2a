"""The features are those of scikit-learn's TfidfVectorizer, only counted faster, of many texts or of one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from nlu.evaluation_set import evaluation_messages
from nlu.examples import read_examples
from nlu.features import LONGEST, SHORTEST, Features
from nlu.fingerprint import ROOT
from nlu.text import normalise

TEXTS = ["wie gruende ich einen verein", "verein gruenden wie geht das", "a", "wie wie wie viel kostet ein raum"]
LANGUAGES = ["de"] * len(TEXTS)
ODD = ["", " ", "👍", "👍 👍 👍", "والجمعيه", "geld geld geld geld", "zu hause zu hause", "a" * 40, "ξψω"]
WORDS = st.lists(st.sampled_from([*" ".join([*TEXTS, *ODD]).split(), "miete", "لل"]), max_size=9).map(" ".join)
ANY_TEXT = st.text(max_size=20)


def asked(features: Features, texts: list[str], languages: list[str], width: int) -> Any:
    """The rows of `texts`, each asked about alone, as an array (texts, width)."""
    rows: Any = np.zeros((len(texts), width), np.float32)
    for row, text, language in zip(rows, texts, languages, strict=True):
        columns, values = features(text, language)
        np.add.at(row, columns, values)  # would show a column that comes twice
    return rows


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
    assert sorted(ours.parts[part].columns) == sorted(theirs.get_feature_names_out())
    np.testing.assert_allclose((rows @ rows.T).toarray(), (expected @ expected.T).toarray(), atol=1e-5)


@settings(deadline=None)  # the first text of a language waits for its lexicon
@given(st.lists(st.tuples(WORDS | ANY_TEXT, st.sampled_from(["de", "ar", "tr", "xx", ""])), max_size=9))
def test_a_text_is_the_same_row_when_learnt_and_when_asked(messages: list[tuple[str, str]]) -> None:
    features = Features((0.5, 1.0, 0.5))
    texts, languages = [*TEXTS, *(text for text, _ in messages)], [*LANGUAGES, *(language for _, language in messages)]
    learnt = features.learn(texts, languages)
    np.testing.assert_allclose(asked(features, texts, languages, learnt.shape[1]), learnt.toarray(), atol=1e-6)


def test_so_it_is_with_what_people_write() -> None:
    examples = [(example.text, example.language) for example in read_examples(ROOT / "nlu" / "data")[::100]]
    messages = [(message["text"], message["lang"]) for message in evaluation_messages()[::20]]
    pairs = [*examples, *messages, *((text, "ar") for text in ODD)]
    texts = [" ".join(normalise(word, language) for word in text.split()) for text, language in pairs]
    languages = [language for _, language in pairs]
    features = Features((0.5, 1.0, 0.5))
    learnt = features.learn(texts, languages)
    for start in range(0, len(texts), 100):  # all of them at once would take 100 MB
        own = slice(start, start + 100)
        rows = asked(features, texts[own], languages[own], learnt.shape[1])
        np.testing.assert_allclose(rows, learnt[own].toarray(), atol=1e-6)


@pytest.mark.parametrize("text", ["ξψω", "", " "])
def test_words_never_seen_count_for_nothing(text: str) -> None:
    features = Features((1.0, 1.0, 1.0))
    features.learn(TEXTS, LANGUAGES)
    columns, values = features(text, "de")
    assert columns.shape == values.shape == (0,)
