"""What `python -m knowledge` shows: gaps by language, and two tables of how far each language has come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from knowledge.library import Library
from knowledge.model import Problem, Severity, Status

SHOWN = (Status.CURRENT, Status.DRAFT, Status.OUTDATED, Status.MISSING)
ORDER = (Severity.ERROR, Severity.WARNING, Severity.NOTICE)


def gaps(problems: Sequence[Problem]) -> str:
    """Problems grouped by language, errors first; an error's line is bare so that editors can jump to it."""
    blocks = []
    for language in sorted({problem.language for problem in problems}):
        own = [problem for problem in problems if problem.language == language]
        counts = Counter(problem.severity for problem in own)
        said = ", ".join(f"{counts[severity]} {severity}s" for severity in ORDER if counts[severity])
        lines = [_line(problem) for severity in ORDER for problem in own if problem.severity == severity]
        blocks.append("\n".join([f"{language or 'all languages'}: {said}", *lines]))
    return "\n\n".join(blocks)


def status_table(library: Library) -> str:
    """How many entries of each language are current, draft, outdated, missing."""
    rows = [["", *SHOWN]]
    for language in library.languages:
        counts = _count(library, library.shelf.ids, language)
        rows.append([language, *(str(counts[status]) for status in SHOWN)])
    return _table(rows)


def coverage_table(library: Library) -> str:
    """The same by topic, four counts in a cell."""
    topics = library.shelf.topics
    rows = [["/".join(SHOWN), *topics]]
    for language in library.languages:
        cells = []
        for topic, names in topics.items():
            counts = _count(library, [f"{topic}.{name}" for name in names], language)
            cells.append("/".join(str(counts[status]) for status in SHOWN))
        rows.append([language, *cells])
    return _table(rows)


def _count(library: Library, ids: Sequence[str], language: str) -> Counter[Status]:
    return Counter(library.status(id, language) for id in ids)


def _line(problem: Problem) -> str:
    if problem.severity is Severity.ERROR:
        return str(problem)
    return f"{problem.file}:{problem.line}: {problem.severity}: {problem.what}"


def _table(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
                     for row in rows)  # fmt: skip
