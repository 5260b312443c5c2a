"""The numbers of a period as they may be seen: every sum that a reader could do with them has been thought of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby

from bot.insight.counted import ABOUT_ENTRIES, NO_TOPIC, WITHOUT_TOPIC, Cells, Counts, merged
from bot.insight.suppression import NONE, Equation, Figure, K, Mark, known, protect
from bot.storage.visits import ALL

Cell = tuple[str, str, str]
IN_CASES = ("reply", "promise", "outcome", "referred")
"""Each divides the same cases."""
TOPIC_OF: dict[str, Callable[[str], str]] = {
    "questions": lambda row: row, "entries": lambda entry: _topic(entry),
    "answers": lambda _: ALL, "helped": lambda _: ALL,
}  # fmt: skip
"""Measures that people who asked are behind, and from a row of it the topic that these were counted under."""


class Book:
    """Figures by measure, row and language; `*` stands for all rows, or all languages.

    Every measure is a table with both margins. Whatever a page asks for comes from the same book, so that two pages
    with other filters do not give away what one alone hides. `quarters`: of a year, so that it does not give away what
    the page of one of them hides; they have been seen before it.
    """

    def __init__(self, counts: Counts, quarters: Sequence[Book] = ()) -> None:
        self._cells: dict[Cell, int] = {}
        self._equations: list[Equation[Cell]] = []
        self._rows: dict[str, list[str]] = {}
        self._fill(counts)
        told = {cell for cell in self._cells if quarters and not any(quarter.hidden(cell) for quarter in quarters)}
        given_away = [cell for cell in self._cells if _gives_away(cell, quarters)]
        self._figures = protect(self._cells, self._equations, [*self._by_few(), *given_away], told=told)

    def figure(self, measure: str, row: str = ALL, language: str = ALL) -> Figure:
        """The figure; 0 where nothing was counted."""
        return self._figures.get((measure, row, language), NONE)

    def hidden(self, cell: Cell) -> tuple[int, int] | None:
        """Of a cell that is not shown its number, and the smallest that a reader must think it to be."""
        figure = self._figures.get(cell, NONE)
        return None if figure.shown else (self._cells[cell], 1 if figure.mark is Mark.FEW else K)

    def rows(self, measure: str) -> Sequence[str]:
        """The rows of a measure that hold anything, the largest first. Their order tells nothing of hidden ones."""
        return sorted(self._rows.get(measure, ()), key=lambda row: (-(self.figure(measure, row).value or 0), row))

    @property
    def languages(self) -> Sequence[str]:
        """The languages that questions were asked in."""
        return [language for language in self._languages_of("questions") if language != ALL]

    def _languages_of(self, measure: str) -> list[str]:
        """In the same order in every process: which cells are hidden hangs on the order of the equations."""
        return sorted({language for of, _, language in self._cells if of == measure})

    def _by_few(self) -> list[Cell]:
        """Cells of fewer than `K` people, or referrals of fewer cases, as far as these were counted."""
        return [cell for cell in self._cells if 0 < self._behind(cell) < K]

    def _behind(self, cell: Cell) -> int:
        """How many people, or cases, made a number; 0 where that is not known."""
        measure, row, language = cell
        if measure == "worked":
            return self._cells.get(("referred", "referred", language), 0)
        if measure not in TOPIC_OF:
            return 0
        return people_behind(TOPIC_OF[measure](row), lambda topic: self._cells.get(("visits", topic, language), 0))

    def _fill(self, counts: Counts) -> None:
        counters = counts.counters
        about = merged(counters[name] for name in ABOUT_ENTRIES)
        without = merged(counters[name] for name in WITHOUT_TOPIC)
        topics = merged({(_topic(entry), language): value} for (entry, language), value in about.items())
        self._add("questions", merged((topics, _as_row(NO_TOPIC, without))))
        self._add("answers", merged(_as_row(name, counters[name]) for name in (*ABOUT_ENTRIES, *WITHOUT_TOPIC)))
        self._entries(about)
        self._add("helped", merged(_as_row(name, counters[f"helped_{name}"]) for name in ("yes", "no")))
        self._add("handed_off", counters["handed_off"])
        self._add("new_person", counters["new_person"])
        for name in ("flow_started", "flow_done"):
            self._add(name, counters[name])
        for measure in IN_CASES:
            self._add(measure, getattr(counts, measure))
        self._add("worked", counts.worked)
        self._visits(counts.visits)
        self._tie()

    def _add(self, measure: str, cells: Cells) -> None:
        rows, languages = _distinct(cells)
        self._rows[measure] = rows
        for row in rows:
            for language in languages:
                self._cells[measure, row, language] = cells.get((row, language), 0)
            self._sum((measure, row, ALL), [(measure, row, language) for language in languages])
        for language in (*languages, ALL):
            self._sum((measure, ALL, language), [(measure, row, language) for row in rows])
        self._same([(measure, ALL, language) for language in languages], (measure, ALL, ALL))

    def _entries(self, about: Cells) -> None:
        """Entries add up to their topics."""
        entries, languages = _distinct(about)
        self._rows["entries"] = entries
        for (entry, language), value in about.items():
            self._cells["entries", entry, language] = value
        for entry in entries:
            self._sum(("entries", entry, ALL), [("entries", entry, language) for language in languages])
        by_topic = [(topic, list(some)) for topic, some in groupby(sorted(entries, key=_topic), _topic)]
        for language in (*languages, ALL):
            for topic, some in by_topic:
                self._same([("entries", entry, language) for entry in some], ("questions", topic, language))

    def _visits(self, visits: Cells) -> None:
        """Somebody who asks about two topics counts once in the sum: it is given, not worked out."""
        rows, languages = _distinct({key: value for key, value in visits.items() if ALL not in key})
        self._rows["visits"] = rows
        self._cells |= {("visits", *key): value for key, value in visits.items()}
        for row in (*rows, ALL):
            self._same([("visits", row, language) for language in languages], ("visits", row, ALL))
        for language in (*languages, ALL):
            self._same([("visits", row, language) for row in rows], ("visits", ALL, language))

    def _tie(self) -> None:
        """What is the same number under two names."""
        for language in self._languages_of("answers"):
            self._same([("answers", ALL, language)], ("questions", ALL, language))
            parts = [("answers", name, language) for name in WITHOUT_TOPIC]
            self._same(parts, ("questions", NO_TOPIC, language))
            parts = [("answers", name, language) for name in ABOUT_ENTRIES]
            self._same([*parts, ("questions", NO_TOPIC, language)], ("answers", ALL, language))
        for language in self._languages_of("reply"):
            # The consents that became these cases.
            self._same([("handed_off", ALL, language)], ("reply", ALL, language))
            for measure in IN_CASES[1:]:
                self._same([(measure, ALL, language)], ("reply", ALL, language))

    def _sum(self, total: Cell, parts: Iterable[Cell]) -> None:
        parts = [part for part in parts if part in self._cells]
        self._cells[total] = sum(self._cells[part] for part in parts)
        self._equations.append(Equation(total, tuple(parts)))

    def _same(self, parts: Iterable[Cell], total: Cell) -> None:
        """An equation between cells that are there already."""
        known = tuple(part for part in parts if part in self._cells)
        if known and total in self._cells:
            self._equations.append(Equation(total, known))


def _gives_away(cell: Cell, quarters: Iterable[Book]) -> bool:
    """Whether the sum of the year less the quarters that are shown gives away one that is not."""
    hidden = [pair for quarter in quarters if (pair := quarter.hidden(cell)) is not None]
    return bool(hidden) and known(*zip(*hidden, strict=True))


def people_behind(topic: str, people: Callable[[str], int]) -> int:
    """How many people can have asked about a topic: those noted under it, or if it is sensitive under none."""
    return people(topic) or people(NO_TOPIC)


def _topic(entry: str) -> str:
    return entry.split(".")[0]


def _as_row(row: str, cells: Cells) -> Cells:
    return merged({(row, language): value} for (_, language), value in cells.items())


def _distinct(cells: Cells) -> tuple[list[str], list[str]]:
    return sorted({row for row, _ in cells}), sorted({language for _, language in cells} - {ALL})
