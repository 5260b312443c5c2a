"""`python -m nlu.bench [--data <folder>] [--quick]`: the classifier against others; a table, its Markdown and pictures.

Progress goes to standard error, the tables to standard output.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from nlu.bench import contenders
from nlu.bench.contenders import Run
from nlu.bench.plots import draw_all
from nlu.bench.table import Row, tables
from nlu.bench.tasks import MissingDataError, Task, at_most, clinc150, massive, ours, sample
from nlu.fingerprint import ROOT
from nlu.quiet import be_quiet

_QUICK_LABELS = 4
_NEEDED = {"crisis", "human_handoff", "stop", "change_language"}  # config.yml asks for thresholds for these


def main() -> None:
    """Run everything; exit with 2 and a line that says what to do if a data set is missing."""
    options = _options()
    be_quiet(ROOT)
    os.environ["RASA_MAX_CACHE_SIZE"] = "0"  # training that finds the last one's results is no measure
    origin = f"{_command()} ({time.strftime('%Y-%m-%d')})"
    try:
        tasks = [ours(ROOT), clinc150(options.data), massive(options.data, options.massive_each, options.massive_tests)]
    except MissingDataError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(2)
    rows = [row for task in tasks for row in contest(quick(task) if options.quick else task, options)]
    text = "\n".join([f"# {origin}", "", f"On {os.cpu_count()} cores.", "", *tables(rows)])
    sys.stdout.write(f"{text}\n")
    draw_all(rows, options.out, origin)
    pictures = "\n".join(f"![{name}]({name}.png)" for name in ("accuracy", "reliability", "confusion"))
    (options.out / "bench.md").write_text(f"{text}\n{pictures}\n", encoding="utf-8")


def contest(task: Task, options: argparse.Namespace) -> Iterator[Row]:
    """Every contender's run on `task`."""
    few = at_most(task.train, options.limit)
    epochs = f", {options.diet_epochs} epochs"
    entrants: list[tuple[str, str, Callable[[], Run]]] = [
        (
            "Rasa DIET",
            _of(few) + epochs,
            lambda: contenders.run_rasa(contenders.diet(options.diet_epochs), few, task.test),
        ),
        (
            "Rasa LogisticRegression",
            _of(few),
            lambda: contenders.run_rasa(contenders.logistic_regression(), few, task.test),
        ),
        ("ours, same sample", _of(few), lambda: contenders.run_rasa(contenders.ours(), few, task.test)),
        ("ours", _of(task.train), lambda: contenders.run_rasa(contenders.ours(), task.train, task.test)),
        ("BM25 over examples", _of(task.train), lambda: contenders.run_bm25(task.train, task.test)),
    ]
    if task.entries:
        about = f"{len(task.entries)} entries' texts"
        entrants.append(("BM25 over entries", about, lambda: contenders.run_bm25(task.entries, task.test)))
    for name, trained_on, run in entrants:
        sys.stderr.write(f"{time.strftime('%H:%M:%S')} {task.name}: {name}, {trained_on}\n")
        yield Row(task.name, name, trained_on, task.out, run())


def quick(task: Task) -> Task:
    """A few labels and examples of `task`, enough to see that everything runs."""
    labels = {example.label for example in task.train}
    kept = {*sorted(labels)[:_QUICK_LABELS], *(labels & _NEEDED), task.out}
    train, test, entries = (
        [example for example in examples if example.label in kept] for examples in (task.train, task.test, task.entries)
    )
    return Task(task.name, sample(train, 5), sample(test, 2), task.out, entries)


def _of(examples: Sequence[object]) -> str:
    return f"{len(examples)} examples"


def _command() -> str:
    return " ".join(["python -m nlu.bench", *sys.argv[1:]])


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="nlu.bench", description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data", help="folder of the data sets")
    parser.add_argument("--out", type=Path, help="folder for bench.md and the pictures (docs/nlu; quick: var/bench)")
    parser.add_argument("--diet-epochs", type=int, default=20)
    parser.add_argument("--limit", type=int, default=2400, help="examples that DIET and LogisticRegression learn from")
    parser.add_argument("--massive-each", type=int, default=30, help="examples per intent and language")
    parser.add_argument("--massive-tests", type=int, default=500, help="messages per language")
    parser.add_argument("--quick", action="store_true", help="a minute, to see that it runs; measures nothing")
    options = parser.parse_args()
    options.data = options.data.resolve()
    options.out = (options.out or ROOT / ("var/bench" if options.quick else "docs/nlu")).resolve()
    if options.quick:
        options.diet_epochs = 1
    return options


if __name__ == "__main__":
    main()
