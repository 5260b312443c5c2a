"""The chart over time: where its columns and dots stand, in per cent of its width and pixels of its height."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from bot.insight.evaluation import Table
from bot.insight.suppression import Figure

HEIGHT = 180.0
TOP, FLOOR = 12.0, 156.0
LEFT = 8.0
"""Per cent of the width that the numbers at the side take."""
STUB = 10.0
"""How high a column stands whose number is not shown."""
LABELS = 7
"""So many find room below the columns on a phone."""


@dataclass(frozen=True)
class Column:
    """`known`: its height says something."""

    left: float
    width: float
    top: float
    height: float
    known: bool


@dataclass(frozen=True)
class Dot:
    """A value of the second row of numbers, on a line with the one before it if that is known."""

    across: float
    down: float
    before: tuple[float, float] | None


@dataclass(frozen=True)
class Chart:
    """`lines`: (place, number) of the lines across; `labels`: (place, index of the row)."""

    columns: tuple[Column, ...]
    dots: tuple[Dot, ...]
    lines: tuple[tuple[float, int], ...]
    labels: tuple[tuple[float, int], ...]


def chart(table: Table) -> Chart:
    """Columns for the first row of numbers, dots for the second."""
    firsts = [row.figures[0] for row in table.rows]
    seconds = [row.figures[1] for row in table.rows] if len(table.columns) > 1 else []
    most = _round_up(max((figure.value or 0 for figure in (*firsts, *seconds) if figure), default=0))
    step = (100 - LEFT) / max(len(firsts), 1)
    centres = [LEFT + step * (place + 0.5) for place in range(len(firsts))]
    columns = tuple(_column(figure, centre, step, most) for figure, centre in zip(firsts, centres, strict=True))
    every = max(math.ceil(len(firsts) / LABELS), 1)
    return Chart(
        columns=tuple(column for column in columns if column.height), dots=_dots(seconds, centres, most),
        lines=tuple((_down(value, most), value) for value in (0, most // 2, most)),
        labels=tuple((round(centre, 2), place) for place, centre in enumerate(centres) if place % every == 0),
    )  # fmt: skip


def _round_up(value: int) -> int:
    """A number that is easy to read, and so is its half; never one of 1 to 4."""
    unit = 10
    while value > unit * 10:
        unit *= 10
    return next(unit * factor for factor in (1, 2, 4, 6, 8, 10) if value <= unit * factor)


def _down(value: int, most: int) -> float:
    return round(FLOOR - (FLOOR - TOP) * value / most, 1)


def _column(figure: Figure | None, centre: float, step: float, most: int) -> Column:
    known = figure is not None and figure.shown
    height = FLOOR - _down(figure.value or 0, most) if figure is not None and known else STUB
    width = min(step * 0.7, 6.0)
    return Column(round(centre - width / 2, 2), round(width, 2), round(FLOOR - height, 1), round(height, 1), known)


def _dots(figures: Sequence[Figure | None], centres: Sequence[float], most: int) -> tuple[Dot, ...]:
    dots: list[Dot] = []
    before: tuple[float, float] | None = None
    for figure, centre in zip(figures, centres[: len(figures)], strict=True):
        if figure is None or figure.value is None:
            before = None
            continue
        here = (round(centre, 2), _down(figure.value, most))
        dots.append(Dot(*here, before))
        before = here
    return tuple(dots)
