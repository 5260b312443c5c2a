"""Numbers by day or week, of every topic and language, as they may be seen beside all others of the period."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from bot.insight.book import Book, people_behind
from bot.insight.counted import StepCells
from bot.insight.suppression import NONE, Equation, Figure, K, protect
from bot.storage.visits import ALL, week_of

Line = tuple[str, str]
"""Row and language: what a chart is drawn of."""
Cell = tuple[date | None, str, str]
"""Step, row and language; the step is None for the whole period."""


class Course:
    """The course of a measure of the book: no chart gives away what another, or the book, hides.

    The sums of the charts stand in the book. A line whose sum is hidden there is closed: nothing is seen of its steps.
    So is one whose sum would have to be hidden here.
    """

    def __init__(
        self, book: Book, measure: str, dates: Sequence[date], steps: StepCells, by_few: Collection[Cell] = ()
    ) -> None:
        self._dates = dates
        lines = sorted({(row, language) for _, row, language in steps})
        cells: dict[Cell, int] = {(step, *line): steps.get((step, *line), 0) for line in lines for step in dates}
        cells |= {(None, *line): sum(cells[step, *line] for step in dates) for line in lines}
        equations = _equations(lines, dates)
        unknown = {line for line in lines if not book.figure(measure, *line).shown}
        closed: set[Line] = set()
        more = unknown
        while True:
            closed |= more
            blank = [(step, *line) for line in lines if line in closed for step in (*dates, None)]
            told = {(None, *line) for line in closed - unknown}
            self._figures = protect(cells, equations, by_few, [cell for cell in blank if cell not in told], told)
            more = {line for line in lines if not self._figures[None, *line].shown} - closed
            if not more:
                return

    def figures(self, row: str, language: str) -> dict[date, Figure]:
        """What may be seen of a row and language at each step."""
        return {step: self._figures.get((step, row, language), NONE) for step in self._dates}


def by_few(questions: StepCells, people: StepCells) -> list[Cell]:
    """Questions of a day or week that fewer than `K` people of that week asked, as far as people were counted."""
    return [cell for cell in questions if 0 < _behind(cell, people) < K]


def _behind(cell: tuple[date, str, str], people: StepCells) -> int:
    step, topic, language = cell
    week = week_of(step)
    return people_behind(topic, lambda of: people.get((week, of, language), 0))


def _equations(lines: Sequence[Line], dates: Sequence[date]) -> list[Equation[Cell]]:
    """Steps add up to the period; at each step rows add up to all rows, and languages to all languages."""
    rows: dict[Line, list[Line]] = {}
    languages: dict[Line, list[Line]] = {}
    for row, language in lines:
        if row != ALL:
            rows.setdefault((ALL, language), []).append((row, language))
        if language != ALL:
            languages.setdefault((row, ALL), []).append((row, language))
    found = [Equation[Cell]((None, *line), tuple((step, *line) for step in dates)) for line in lines]
    found += [Equation[Cell]((step, *total), tuple((step, *part) for part in parts))
              for step in dates for total, parts in (*rows.items(), *languages.items())]  # fmt: skip
    return found
