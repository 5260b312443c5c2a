"""What a crowd's steps amount to: per step and overall, as Markdown. Pure."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nlu.bench.table import markdown

TARGET = 0.300
"""Seconds that the 95th percentile of every step of a guided flow may take (issue 4)."""
ALL = "all"
_HEAD = ("step", "n", "median ms", "p95 ms", "p99 ms", "max ms", "errors")


@dataclass(frozen=True)
class Step:
    """A press: what it answers, and the seconds until the phone showed what came of it; None if nothing did."""

    name: str
    seconds: float | None


@dataclass(frozen=True)
class Figures:
    """What is said of the steps of one name; times in seconds, None where no step was answered."""

    name: str
    count: int
    median: float | None
    p95: float | None
    p99: float | None
    longest: float | None
    errors: int

    def meets(self, target: float) -> bool:
        """Whether every step was answered, and 95 in a hundred within `target` seconds."""
        return not self.errors and self.p95 is not None and self.p95 <= target


def figures(name: str, steps: Sequence[Step]) -> Figures:
    """The figures of some steps; a step without an answer counts as an error, not as a time."""
    times = sorted(step.seconds for step in steps if step.seconds is not None)
    return Figures(name, len(steps), percentile(times, 50), percentile(times, 95), percentile(times, 99),
                   percentile(times, 100), len(steps) - len(times))  # fmt: skip


def percentile(ordered: Sequence[float], share: int) -> float | None:
    """The value that `share` percent do not exceed, between two neighbours if need be; None of nothing."""
    if len(ordered) < 2 or share == 100:
        return ordered[-1] if ordered else None
    return statistics.quantiles(ordered, n=100, method="inclusive")[share - 1]


def by_step(steps: Sequence[Step]) -> list[Figures]:
    """The figures of each step in the order in which they first came, then of all together."""
    names = dict.fromkeys(step.name for step in steps)
    return [*(figures(name, [step for step in steps if step.name == name]) for name in names), figures(ALL, steps)]


def table(rows: Sequence[Figures]) -> Iterator[str]:
    """The figures as lines of Markdown."""
    cells = [
        (row.name, str(row.count), *map(ms, (row.median, row.p95, row.p99, row.longest)), str(row.errors))
        for row in rows
    ]
    return markdown(_HEAD, cells)


def verdict(rows: Sequence[Figures], target: float = TARGET) -> str:
    """One line: whether the target (seconds) is met by every step, or which steps miss it."""
    missed = [row for row in rows if not row.meets(target)]
    said = f"Target, p95 of every step <= {target * 1000:.0f} ms:"
    if not missed:
        return f"{said} met."
    named = ", ".join(f"{row.name} ({ms(row.p95)} ms, {row.errors} errors)" for row in missed)
    return f"{said} MISSED by {'every step' if len(missed) == len(rows) else named}."


def ms(seconds: float | None) -> str:
    """Milliseconds, as a table shows them."""
    return "–" if seconds is None else f"{seconds * 1000:.0f}"
