"""The tables as files for a German Excel: UTF-8 with a mark, semicolons, nothing that it would take for a formula."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence

from bot.desk.insight.words import Words
from bot.insight.evaluation import Evaluation, Row, Table
from bot.insight.suppression import Figure
from bot.insight.unanswered import Cluster

MARK = "\ufeff"
FORMULA = ("=", "+", "-", "@", "|", "%")
"""What a cell may not begin with, however it is written and whatever blanks stand before it: it would be worked out."""


def table_file(table: Table, words: Words) -> str:
    """One table as it stands on the page."""
    head = [words.say("column_what"), *(words.say(f"column_{column}") for column in table.columns)]
    rows = [[words.row(table.key, row.key), *(_cell(figure, words) for figure in row.figures)] for row in _rows(table)]
    return written([head, *rows])


def every_table(evaluation: Evaluation, words: Words) -> str:
    """All of them below each other, one number a line."""
    head = [words.say(f"column_{name}") for name in ("table", "what", "column", "number")]
    rows = [
        [words.say(f"table_{table.key}"), words.row(table.key, row.key), words.say(f"column_{column}"),
         _cell(figure, words)]
        for table in evaluation.tables for row in _rows(table)
        for column, figure in zip(table.columns, row.figures, strict=True)
    ]  # fmt: skip
    return written([head, *rows])


def groups_file(groups: Sequence[Cluster], words: Words) -> str:
    """The groups of unanswered questions; of small ones no more than the page says."""
    head = [words.say(f"column_{name}") for name in ("what", "questions", "people", "nearest")]
    rows = [
        [group.example or words.say("cluster_small", topic=words.topic(group.nearest or "")),
         *(str(number) if group.counted else words.say("few") for number in (group.questions, group.people)),
         words.entry(group.nearest) if group.example and group.nearest else ""]
        for group in groups
    ]  # fmt: skip
    return written([head, *rows])


def written(rows: Iterable[Sequence[str]]) -> str:
    """The file."""
    file = io.StringIO()
    csv.writer(file, delimiter=";", lineterminator="\r\n").writerows([_harmless(cell) for cell in row] for row in rows)
    return MARK + file.getvalue()


def _harmless(cell: str) -> str:
    return f"'{cell}" if unicodedata.normalize("NFKC", cell).lstrip().startswith(FORMULA) else cell


def _cell(figure: Figure | None, words: Words) -> str:
    """A number without signs between its thousands, or the words in its place."""
    return words.figure(figure) if figure is None or figure.value is None else str(figure.value)


def _rows(table: Table) -> list[Row]:
    return [*table.rows, *([table.total] if table.total else [])]
