"""The tables of the benchmark as Markdown. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from nlu.bench.contenders import Run
from nlu.bench.measures import Measures, by_language, calibration_error, measure

_COLUMNS = [
    "contender",
    "trained on",
    "top-1",
    "top-3",
    "out-of-scope recall",
    "training s",
    "ms a message",
    "model MB",
]

NOTES = """\
- top-1, top-3: of the messages in scope, the share whose right label is first, or among the first three.
- out-of-scope recall: of the messages out of scope, the share whose score falls below the threshold under which 5 % of
  the messages in scope fall (false rejections). Score, for all contenders: the confidence of the likeliest label that
  is not "out of scope", which all but BM25 over the entries are taught like any other.
- Rasa's contenders and ours are trained by `train_nlu` and asked message by message through the processor of Rasa's
  agent, their time includes Rasa's overhead; seconds to import Rasa are not counted. BM25 is a plain scorer outside
  Rasa on the words of our reader, in the language of the message; its model is measured in memory.
- DIET and LogisticRegression learn from a sample that they manage in the time, DIET in fewer epochs than the 100 of the
  recipe: see "trained on". "ours, same sample" is ours on just that sample.
- Our temperatures are fitted on our evaluation, one number per language: its reliability curve and error are flattered
  by that, its ranking within a language is not touched. On the public sets ours is not calibrated.
"""


@dataclass(frozen=True)
class Row:
    """A contender's run on a task; `out` is the task's label for out of scope."""

    task: str
    contender: str
    trained_on: str
    out: str
    run: Run


def tables(rows: Sequence[Row]) -> Iterator[str]:
    """The lines of everything: a table per task, then by language, the errors of confidence, and how to read them."""
    tasks = list(dict.fromkeys(row.task for row in rows))
    for task in tasks:
        of_task = [row for row in rows if row.task == task]
        counts = of_task[0].run.answers
        out = sum(answer.right == of_task[0].out for answer in counts)
        yield from (f"## {task}: {len(counts) - out} messages in scope, {out} out of scope", "")
        yield from markdown(_COLUMNS, [_cells(row) for row in of_task])
        yield from _languages(of_task)
    yield from _errors([row for row in rows if row.task == tasks[0]])
    yield from ("## How to read it", "", *NOTES.splitlines())


def markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """A table, its columns aligned, the first on the left."""
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    rules = ["-" * widths[0], *(f"{'-' * (width - 1)}:" for width in widths[1:])]
    for cells in (head, rules, *rows):
        first, *others = zip(cells, widths, strict=True)
        yield f"| {' | '.join([first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)])} |"
    yield ""


def share(value: float | None) -> str:
    """As a table shows it."""
    return "–" if value is None else f"{value:.3f}"


def _cells(row: Row) -> list[str]:
    found = measure(row.run.answers, row.out)
    shares = [share(found.top1), share(found.top3), share(found.recall)]
    costs = [f"{row.run.seconds:.1f}", f"{row.run.milliseconds:.1f}", f"{row.run.megabytes:.1f}"]
    return [row.contender, row.trained_on, *shares, *costs]


def _languages(rows: Sequence[Row]) -> Iterator[str]:
    measured = [(row.contender, by_language(row.run.answers, row.out)) for row in rows]
    languages = list(measured[0][1])
    if len(languages) < 2:
        return
    columns: list[tuple[str, Callable[[Measures], float | None]]] = [
        ("top-1", lambda found: found.top1),
        ("top-3", lambda found: found.top3),
        ("out-of-scope recall", lambda found: found.recall),
    ]
    for name, column in columns:
        cells = [[contender, *(share(column(found[lang])) for lang in languages)] for contender, found in measured]
        if any(cell != share(None) for row in cells for cell in row[1:]):
            yield from markdown([f"{name} by language", *languages], cells)


def _errors(rows: Sequence[Row]) -> Iterator[str]:
    yield from (f"## Confidence, {rows[0].task}", "")
    cells = [[row.contender, f"{calibration_error(row.run.answers):.3f}"] for row in rows if sure(row)]
    yield from markdown(["contender", "calibration error (ECE)"], cells)


def sure(row: Row) -> bool:
    """Whether its confidences are meant as probabilities; BM25's are not."""
    return not row.contender.startswith("BM25")
