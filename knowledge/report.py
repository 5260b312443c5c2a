"""What `python -m knowledge` shows: gaps by language, and two tables of how far each language has come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from knowledge.asked import Accuracy, Counts
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
    """How many entries of each language are current, draft, outdated, missing; and how many terms it explains."""
    rows = [["", *SHOWN, "terms"]]
    for language in library.languages:
        counts = _count(library, library.shelf.ids, language)
        words = library.shelf.word_lists.get(language)
        rows.append([language, *(str(counts[status]) for status in SHOWN), str(len(words.terms) if words else 0)])
    return _table(rows)


def coverage_table(library: Library, examples: Counts, accuracy: Accuracy) -> str:
    """Language by topic: entries by status, training examples, and how many messages of the evaluation come right."""
    rows = [["", "topic", *SHOWN, "examples", "accuracy"]]
    for language in library.languages:
        rows += [[language, *_coverage(library, language, topic, examples, accuracy)] for topic in library.topics]
    return f"{_table(rows)}\n{accuracy.note}"


def _coverage(library: Library, language: str, topic: str, examples: Counts, accuracy: Accuracy) -> list[str]:
    ids = [f"{topic}.{name}" for name in library.shelf.topics[topic]]
    counts = _count(library, ids, language)
    asked = accuracy.asked.get((language, topic), 0)
    share = f"{accuracy.right.get((language, topic), 0) / asked:.0%}" if asked else "-"
    trained = sum(examples.get((id, language), 0) for id in ids)
    return [topic, *(str(counts[status]) for status in SHOWN), str(trained), share]


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
