"""The numbers of a period as they may be seen: every sum that a reader could do with them has been thought of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from bot.insight.counted import ABOUT_ENTRIES, NO_TOPIC, WITHOUT_TOPIC, Cells, Counts, merged
from bot.insight.suppression import HIDDEN, NONE, Equation, Figure, protect
from bot.storage.visits import ALL

Cell = tuple[str, str, str]
IN_CASES = ("reply", "promise", "outcome", "referred")
"""Each divides the same cases."""


class Book:
    """Figures by measure, row and language; `*` stands for all rows, or all languages.

    Every measure is a table with both margins. Whatever a page asks for comes from the same book, so that two pages
    with other filters do not give away what one alone hides.
    """

    def __init__(self, counts: Counts) -> None:
        self._cells: dict[Cell, int] = {}
        self._equations: list[Equation[Cell]] = []
        self._rows: dict[str, list[str]] = {}
        self._fill(counts)
        self._figures = protect(self._cells, self._equations)

    def figure(self, measure: str, row: str = ALL, language: str = ALL) -> Figure:
        """The figure; 0 where nothing was counted."""
        return self._figures.get((measure, row, language), NONE)

    def rows(self, measure: str) -> Sequence[str]:
        """The rows of a measure that hold anything, the largest first. Their order tells nothing of hidden ones."""
        return sorted(self._rows.get(measure, ()), key=lambda row: (-(self.figure(measure, row).value or 0), row))

    @property
    def languages(self) -> Sequence[str]:
        """The languages that questions were asked in."""
        return sorted({language for measure, _, language in self._cells if measure == "questions"} - {ALL})

    def series(self, steps: Mapping[date, int], measure: str, row: str, language: str) -> dict[date, Figure]:
        """Numbers that add up to the figure of a measure, as they may be seen beside it."""
        total = (measure, row, language)
        cells: dict[date | Cell, int] = {total: sum(steps.values())}
        for step, value in steps.items():
            cells[step] = value
        figures = protect(cells, [Equation[date | Cell](total, tuple(steps))])
        if cells[total] and not (self.figure(*total).shown and figures[total].shown):
            # The sum is hidden elsewhere, or stands elsewhere although it should be hidden here.
            return dict.fromkeys(steps, HIDDEN)
        return {step: figures[step] for step in steps}

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
        for language in (*languages, ALL):
            for topic in {_topic(entry) for entry in entries}:
                parts = [("entries", entry, language) for entry in entries if _topic(entry) == topic]
                self._same(parts, ("questions", topic, language))

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
        languages = {language for measure, _, language in self._cells if measure == "answers"}
        for language in languages:
            self._same([("answers", ALL, language)], ("questions", ALL, language))
            parts = [("answers", name, language) for name in WITHOUT_TOPIC]
            self._same(parts, ("questions", NO_TOPIC, language))
            parts = [("answers", name, language) for name in ABOUT_ENTRIES]
            self._same([*parts, ("questions", NO_TOPIC, language)], ("answers", ALL, language))
        cases = {language for measure, _, language in self._cells if measure == "reply"}
        for language in cases:
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


def _topic(entry: str) -> str:
    return entry.split(".")[0]


def _as_row(row: str, cells: Cells) -> Cells:
    return merged({(row, language): value} for (_, language), value in cells.items())


def _distinct(cells: Cells) -> tuple[list[str], list[str]]:
    return sorted({row for row, _ in cells}), sorted({language for _, language in cells} - {ALL})
