"""The pictures of the benchmark, PNGs by matplotlib (which Rasa brings along)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt

from nlu.bench.measures import Answer, by_language, confusions, reliability
from nlu.bench.table import Row, sure

_CONFUSED = 30


def draw_all(rows: Sequence[Row], folder: Path, origin: str) -> None:
    """accuracy.png, reliability.png and confusion.png of all tasks, of the first, and of ours there.

    `origin`, the command and the date, stands on top of each.
    """
    tasks = list(dict.fromkeys(row.task for row in rows))
    first = [row for row in rows if row.task == tasks[0]]
    accuracy({task: [row for row in rows if row.task == task] for task in tasks}, folder / "accuracy.png", origin)
    reliabilities([row for row in first if sure(row)], folder / "reliability.png", origin)
    confusion(next(row.run.answers for row in first if row.contender == "ours"), folder / "confusion.png", origin)


def accuracy(tasks: Mapping[str, Sequence[Row]], path: Path, origin: str) -> None:
    """Bars: right first by language, a panel per task."""
    figure, panels = plt.subplots(len(tasks), 1, figsize=(11, 3.2 * len(tasks)), squeeze=False)
    for panel, (task, rows) in zip(panels[:, 0], tasks.items(), strict=True):
        for number, row in enumerate(rows):
            found = by_language(row.run.answers, row.out)
            width = 0.85 / len(rows)
            places = [place + (number - (len(rows) - 1) / 2) * width for place in range(len(found))]
            panel.bar(places, [each.top1 for each in found.values()], width, label=row.contender)
            panel.set_xticks(range(len(found)), list(found))
        panel.set(title=task, ylabel="right first", ylim=(0, 1))
        panel.legend(fontsize=7, loc="center left", bbox_to_anchor=(1, 0.5))
    _save(figure, path, origin)


def reliabilities(rows: Sequence[Row], path: Path, origin: str) -> None:
    """Curves: of the messages with a confidence, the share that is right."""
    figure, panel = plt.subplots(figsize=(6, 6))
    panel.plot([0, 1], [0, 1], color="grey", linestyle=":", label="as sure as right")
    for row in rows:
        points = reliability(row.run.answers)
        panel.plot([sure for sure, _, _ in points], [right for _, right, _ in points], marker="o", label=row.contender)
    panel.set(title=rows[0].task, xlabel="confidence", ylabel="share right first", xlim=(0, 1), ylim=(0, 1))
    panel.legend()
    _save(figure, path, origin)


def confusion(answers: Sequence[Answer], path: Path, origin: str) -> None:
    """Heat map of ours: the labels that are confused most, right ones down, taken ones across."""
    labels, shares = confusions(answers, _CONFUSED)
    figure, panel = plt.subplots(figsize=(11, 10))
    picture = panel.imshow(shares, cmap="magma_r", vmin=0, vmax=1)
    panel.set_xticks(range(len(labels)), labels, rotation=90, fontsize=7)
    panel.set_yticks(range(len(labels)), labels, fontsize=7)
    panel.set(title=f"ours: the {len(labels)} labels confused most", xlabel="taken for", ylabel="right")
    figure.colorbar(picture, ax=panel, label="share of the right label's messages", shrink=0.7)
    _save(figure, path, origin)


def curves(panels: Mapping[str, Mapping[str, Mapping[int, float]]], path: Path, origin: str) -> None:
    """Learning curves: title -> name -> number of examples -> share right first."""
    figure, axes = plt.subplots(1, len(panels), figsize=(6 * len(panels), 5), squeeze=False)
    for axis, (title, lines) in zip(axes[0], panels.items(), strict=True):
        for name, points in lines.items():
            axis.plot(list(points), list(points.values()), marker="o", label=name)
        axis.set(title=title, xlabel="examples per label and language", ylabel="right first", ylim=(0, 1))
        axis.grid(alpha=0.3)
        axis.legend()
    _save(figure, path, origin)


def _save(figure: Any, path: Path, origin: str) -> None:
    figure.suptitle(origin, fontsize=8, family="monospace")
    figure.tight_layout()
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=110, bbox_inches="tight")
    plt.close(figure)
