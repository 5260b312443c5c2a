"""What a reader finds who solves all equations at once; numpy says so too."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.insight.solving import solvable

ROWS = st.lists(st.dictionaries(st.integers(0, 6), st.sampled_from([-1, 1])), max_size=7)


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([], set()),
        ([{}], set()),
        ([{"a": 1}], {"a"}),
        ([{"a": 1, "b": 1}], set()),
        ([{"a": 1, "b": 1}, {"a": 1, "b": -1}], {"a", "b"}),
        ([{"a": 1, "b": 1}, {"a": 1, "b": 1}], set()),
        ([{"a": 1, "b": 1}, {"b": 1, "c": 1}, {"a": 1, "b": 1, "c": 1}], {"a", "b", "c"}),
        ([{"a": 1, "b": 1, "x": -1}, {"a": 1, "b": 1}], {"x"}),
    ],
)
def test_by_hand(rows: list[dict[str, int]], found: set[str]) -> None:
    assert solvable(rows) == found


@given(ROWS)
def test_the_same_as_by_ranks(rows: list[dict[int, int]]) -> None:
    """An unknown is known if the rank falls without it, and nothing else may take its place."""
    matrix = np.array([[row.get(key, 0) for key in range(7)] for row in rows] or [[0] * 7])
    rank = np.linalg.matrix_rank(matrix)
    single = {key for key in range(7) if np.linalg.matrix_rank(np.delete(matrix, key, axis=1)) < rank}
    assert solvable(rows) == single
