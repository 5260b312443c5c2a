"""What is measured under load, and what came of it as Markdown. Pure."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from nlu.bench.table import markdown
from tests.bench import figures
from tests.bench.figures import Figures, Step
from tests.bench.load.script import PATIENCE, SHARES, City
from tests.bench.machine import costs
from tests.bench.stage import Outcome

TARGET = 0.300
"""Seconds that 95 of a hundred messages may take at the rate of the issue."""
HALF, FLAT, IDLE_MB = 0.5, 1.3, 200
"""Least share of the bare Rasa server's throughput; how much longer it may take with years of data; memory at rest."""
CONNECTIONS = 16


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How much is asked. `ramp`: rates for the curve, each for `short` seconds, as without a pause and with growth."""

    rate: float
    seconds: float
    people: int
    seed: int
    ramp: tuple[float, ...]
    short: float
    grow: bool

    def city(self, rate: float | None, seconds: float, shares: Mapping[str, float] = SHARES) -> City:
        """Everybody at this rate for so long; without a rate a few, without a pause."""
        people = self.people if rate is not None else CONNECTIONS
        return City(people=people, seconds=seconds, seed=self.seed, rate=rate, shares=shares)


@dataclass(frozen=True)
class Bare:
    """What was asked of the bare Rasa server, in how many seconds, and the seconds of CPU it took."""

    steps: list[Step]
    seconds: float
    cpu: float


@dataclass(kw_only=True)
class Measured:
    """What one database was measured with, for the tables and the pictures."""

    database: str
    curve: dict[float, tuple[Figures, float]] = field(default_factory=dict)
    """Rate asked for -> times, and messages a second that were answered."""
    grown: dict[float, tuple[Figures, Figures]] = field(default_factory=dict)
    """Rate -> times of the empty system and of the grown one, taken in turns."""
    asked: list[Outcome] = field(default_factory=list)
    bare: list[Bare] = field(default_factory=list)
    """Only questions, without a pause: of the whole and of the bare Rasa server, in turns."""
    wrong: int = 0

    @property
    def document(self) -> dict[str, object]:
        """As JSON knows it."""
        return {
            "database": self.database,
            "curve": [[rate, all_.median, all_.p95, all_.p99] for rate, (all_, _) in self.curve.items()],
            "grown": [[rate, all_.median, all_.p95, all_.p99] for rate, (_, all_) in self.grown.items()],
        }


def at_rate(plan: Plan, rounds: Sequence[Outcome], measured: Measured) -> list[str]:
    """The rate of the issue: each round, and of the one in the middle each kind of message and each process."""
    ordered = sorted(rounds, key=lambda one: figures.figures("", one.steps).p95 or math.inf)
    middle = ordered[len(ordered) // 2]
    shares = ", ".join(f"{name} {share:.0%}" for name, share in SHARES.items())
    return [
        f"## {measured.database}: {plan.rate:g} messages a second, {len(rounds)} times {plan.seconds:g} s, "
        f"{plan.people} people", "",
        f"{shares}. Answered: within {PATIENCE:g} s. Others: cores that other programs kept busy.", "",
        *_rounds(rounds), target(rounds), "", "The round in the middle:", "",
        *figures.table(figures.by_step(middle.steps)),
        *costs(middle.before, middle.after, middle.seconds, len(middle.steps)),
    ]  # fmt: skip


def _rounds(rounds: Sequence[Outcome]) -> Iterator[str]:
    rows = [
        (f"{answered(one.steps) / one.seconds:.1f}", *_times(figures.figures("", one.steps)), str(unanswered(one)),
         f"{one.others:.2f}", *_cpu(one))
        for one in rounds
    ]  # fmt: skip
    costs_of = (f"{name}, CPU ms" for name in rounds[0].after)
    return markdown(("answered a second", "median ms", "p95 ms", "p99 ms", "errors", "others", *costs_of), rows)


def target(rounds: Sequence[Outcome]) -> str:
    """Whether the rate of the issue is borne: by the median of the rounds' p95, and in how many of them."""
    all_ = [figures.figures("", one.steps) for one in rounds]
    middle = statistics.median(one.p95 if one.p95 is not None else math.inf for one in all_)
    kept = sum(one.meets(TARGET) for one in all_)
    verdict = met(yes=middle <= TARGET and not any(one.errors for one in all_))
    said = f"median of the rounds {figures.ms(middle)} ms; {kept} of {len(all_)} rounds"
    return f"Target, p95 <= {TARGET * 1000:.0f} ms and no error: {verdict} ({said})"


def curve(measured: Measured) -> Iterator[str]:
    """All rates."""
    rows = [(f"{rate:g}", f"{answered:.1f}", *_times(all_), str(all_.errors))
            for rate, (all_, answered) in sorted(measured.curve.items())]  # fmt: skip
    return markdown(("asked a second", "answered", "median ms", "p95 ms", "p99 ms", "errors"), rows)


def without_pause(fast: Outcome, measured: Measured) -> Iterator[str]:
    """How much it manages at most."""
    yield from (f"{CONNECTIONS} people without a pause:", "")
    rows = [
        (name, f"{answered(one.steps) / one.seconds:.1f}", *_times(figures.figures(name, one.steps)),
         str(unanswered(one)), *_cpu(one))
        for name, one in (("all mixed", fast), *(("only questions", asked) for asked in measured.asked))
    ]  # fmt: skip
    costs_of = (f"{name}, CPU ms" for name in fast.after)
    yield from markdown(("what", "answered a second", "median ms", "p95 ms", "p99 ms", "errors", *costs_of), rows)


def _cpu(outcome: Outcome) -> list[str]:
    count = max(len(outcome.steps), 1)
    return [f"{(outcome.after[name].cpu - outcome.before[name].cpu) / count * 1000:.1f}" for name in outcome.after]


def share(measured: Measured) -> Iterator[str]:
    """Of the bare Rasa server's throughput, turn by turn."""
    yield from (f"The same questions on Rasa's own REST channel, {CONNECTIONS} connections:", "")
    rows = []
    for asked, bare in zip(measured.asked, measured.bare, strict=True):
        whole, alone = answered(asked.steps) / asked.seconds, answered(bare.steps) / bare.seconds
        rows.append((f"{whole:.0f}", f"{alone:.0f}", f"{bare.cpu / max(len(bare.steps), 1) * 1000:.1f}",
                     f"{whole / alone:.2f}", met(yes=whole >= HALF * alone)))  # fmt: skip
    yield from markdown(("the whole, questions/s", "the bare Rasa", "its CPU ms", "share", f"target {HALF}"), rows)


def growth(measured: Measured) -> Iterator[str]:
    """With years of data, against the empty system."""
    rows = []
    for rate, (empty, grown) in measured.grown.items():
        ratios = [_ratio(grown.median, empty.median), _ratio(grown.p95, empty.p95)]
        rows.append((f"{rate:g}", *_times(empty)[:2], *_times(grown)[:2], *(f"{one:.2f}" for one in ratios),
                     str(grown.errors), met(yes=max(ratios) <= FLAT)))  # fmt: skip
    return markdown(("messages/s", "empty, median ms", "p95 ms", "grown, median ms", "p95 ms", "ratio of medians",
                     "of p95", "errors", f"target {FLAT}"), rows)  # fmt: skip


def _ratio(grown: float | None, empty: float | None) -> float:
    return grown / empty if grown and empty else float("inf")


def _times(all_: Figures) -> tuple[str, ...]:
    return tuple(figures.ms(one) for one in (all_.median, all_.p95, all_.p99))


def answered(steps: list[Step]) -> int:
    """How many were, in time."""
    return sum(step.seconds is not None for step in steps)


def unanswered(outcome: Outcome) -> int:
    """How many were not, or not in time."""
    return len(outcome.steps) - answered(outcome.steps)


def met(*, yes: bool) -> str:
    """Of a target."""
    return "met" if yes else "MISSED"
