"""What is hidden cannot be worked out from what is shown."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.insight.suppression import FEW, HIDDEN, Equation, Figure, K, Mark, protect

COUNTS = st.one_of(st.integers(0, 6), st.integers(0, 60))


def line(*values: int) -> tuple[dict[Any, int], list[Equation[Any]]]:
    """Parts 0, 1, 2 ... and their sum."""
    parts = dict(enumerate(values))
    return {**parts, "sum": sum(values)}, [Equation("sum", tuple(parts))]


def grid(rows: list[list[int]]) -> tuple[dict[Any, int], list[Equation[Any]]]:
    """A table with both margins."""
    height, width = range(len(rows)), range(len(rows[0]))
    cells: dict[Any, int] = {(y, x): rows[y][x] for y in height for x in width}
    cells |= {(y, "*"): sum(rows[y]) for y in height} | {("*", x): sum(row[x] for row in rows) for x in width}
    cells["*", "*"] = sum(map(sum, rows))
    lines = [Equation[Any]((y, "*"), tuple((y, x) for x in width)) for y in height]
    lines += [Equation[Any](("*", x), tuple((y, x) for y in height)) for x in width]
    lines += [
        Equation[Any](("*", "*"), tuple((y, "*") for y in height)),
        Equation[Any](("*", "*"), tuple(("*", x) for x in width)),
    ]
    return cells, lines


@pytest.mark.parametrize(
    ("values", "seen"),
    [
        ((20, 30), [20, 30, 50]),
        ((20, 0), [20, 0, 20]),
        ((3, 20, 30), [FEW, HIDDEN, 30, 53]),
        ((3,), [FEW, FEW]),
        ((3, 4, 20), [FEW, FEW, 20, 27]),
        ((1, 1, 20, 30), [FEW, FEW, HIDDEN, 30, 52]),
        ((4, 4, 20, 30), [FEW, FEW, HIDDEN, 30, 58]),
        ((1, 5, 30), [FEW, HIDDEN, HIDDEN, 36]),
        ((1, 5), [FEW, HIDDEN, HIDDEN]),
        ((1, 2, 20, 30), [FEW, FEW, HIDDEN, 30, 53]),
        ((3, 0, 0), [FEW, 0, 0, FEW]),
    ],
)  # fmt: skip
def test_a_line_by_hand(values: tuple[int, ...], seen: list[int | Figure]) -> None:
    cells, equations = line(*values)
    expected = [Figure(one) if isinstance(one, int) else one for one in seen]
    assert list(protect(cells, equations).values()) == expected


@given(st.lists(COUNTS, min_size=1, max_size=6))
def test_a_small_number_of_a_line_has_more_than_one_value_that_fits(values: list[int]) -> None:
    cells, equations = line(*values)
    figures = protect(cells, equations)
    assert not [value for figure in figures.values() if (value := figure.value) is not None and 0 < value < K]
    small = [part for part in range(len(values)) if figures[part].mark is Mark.FEW]
    if not small or not figures["sum"].shown:
        return
    rest = cells["sum"] - sum(figures[part].value or 0 for part in range(len(values)))
    larger = sum(figures[part].mark is Mark.HIDDEN for part in range(len(values)))
    fitting = [guess for guess in product(range(1, K), repeat=len(small)) if _fits(rest - sum(guess), larger)]
    assert all(len({guess[place] for guess in fitting}) > 1 for place in range(len(small)))


def _fits(left: int, larger: int) -> bool:
    return left >= larger * K if larger else left == 0


TABLES = st.integers(1, 5).flatmap(
    lambda width: st.lists(st.lists(COUNTS, min_size=width, max_size=width), min_size=1, max_size=5)
)


def test_two_blocks_of_hidden_numbers_do_not_give_away_the_one_between_them() -> None:
    """In each line two are hidden, but the lines of the first block less its columns are the number between."""
    few, much = 3, 40
    rows = [[few, few, 2, much, much], [few, few, much, much, much], [much, much, few, few, much],
            [much, much, few, few, much], [much, much, much, much, much]]  # fmt: skip
    cells, equations = grid(rows)
    figures = protect(cells, equations)
    assert solved(cells, equations, figures) == set()


@given(TABLES)
def test_who_solves_all_lines_of_a_table_finds_no_small_number(rows: list[list[int]]) -> None:
    cells, equations = grid(rows)
    assert solved(cells, equations, protect(cells, equations)) == set()


def solved(cells: dict[Any, int], equations: list[Equation[Any]], figures: dict[Any, Figure]) -> set[Any]:
    """The small numbers that have one value only, by linear algebra: not the way that the bot takes."""
    unknown = [key for key in cells if not figures[key].shown]
    rows = [[int(key in equation.parts) - int(key == equation.total) for key in unknown] for equation in equations]
    rank = np.linalg.matrix_rank(rows) if unknown else 0
    return {key for place, key in enumerate(unknown) if 0 < cells[key] < K
            and np.linalg.matrix_rank(np.delete(rows, place, axis=1)) < rank}  # fmt: skip


@given(st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(COUNTS, min_size=width, max_size=width), min_size=1, max_size=4)
))  # fmt: skip
def test_no_line_of_a_table_has_a_single_unknown(rows: list[list[int]]) -> None:
    cells, equations = grid(rows)
    figures = protect(cells, equations)
    for equation in equations:
        unknown = [key for key in (equation.total, *equation.parts) if not figures[key].shown]
        assert len(unknown) != 1, equation
    assert {key for key, figure in figures.items() if figure.mark is Mark.FEW} == {
        key for key, value in cells.items() if 0 < value < K
    }
    assert all(figures[key].value in {None, value} for key, value in cells.items())
