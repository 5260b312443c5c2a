"""What is worked out from figures that may be seen: it gives nothing away that they do not."""

from __future__ import annotations

from dataclasses import dataclass

from bot.insight.counted import STEP, Waiting
from bot.insight.suppression import FEW, Figure, K, Mark

MEDIAN_FROM, NINETIETH_FROM = K, 2 * K
"""So many cases it takes: of fewer, the time that is shown would be that of one person."""
HOUR = 3600


@dataclass(frozen=True)
class Share:
    """Per cent: exactly, or at least, or at most."""

    percent: int
    bound: str = ""
    """`least`, `most`, or empty."""


def share(part: Figure, rest: Figure, whole: Figure | None = None) -> Share | None:
    """How much of both `part` is; None where that cannot be said. `whole`: their sum, where it may be seen."""
    if part.value is not None and rest.value is not None:
        whole = Figure(part.value + rest.value)
        return Share(round(100 * part.value / whole.value)) if whole.value else None
    if rest.mark is Mark.FEW and (at_least := _least(part, whole)):
        return Share(100 * at_least[0] // at_least[1], "least")
    if part.mark is Mark.FEW and (at_least := _least(rest, whole)):
        return Share(100 - 100 * at_least[0] // at_least[1], "most")
    return None


def _least(large: Figure, whole: Figure | None) -> tuple[int, int] | None:
    """The smallest that `large` can be, and of how many, if what it lacks to the whole is few."""
    few = K - 1
    if large.value is not None:
        return large.value, large.value + few
    return (whole.value - few, whole.value) if whole is not None and whole.value and whole.value > few else None


def less(whole: Figure, part: Figure) -> Figure | None:
    """The difference of two figures that may both be seen."""
    if whole.value is None or part.value is None:
        return None
    return Figure(whole.value - part.value)


def a_week(total: Figure, weeks: int) -> Figure:
    """The mean of a week, in whole numbers; few where it lies below five."""
    if total.value is None or weeks < 1:
        return total if total.value is None else Figure(0)
    mean = round(total.value / weeks)
    return Figure(mean) if mean >= K or not total.value else FEW


def median(waited: Waiting) -> int | None:
    """Seconds; None of too few cases."""
    return _coarse(waited.median) if waited.cases >= MEDIAN_FROM else None


def ninetieth(waited: Waiting) -> int | None:
    """Nine of ten waited no longer; None of too few cases."""
    return _coarse(waited.ninetieth) if waited.cases >= NINETIETH_FROM else None


def _coarse(seconds: int | None) -> int | None:
    """From three hours on in half hours, at least five minutes: it is nobody's very own time."""
    if seconds is None or seconds < 3 * HOUR:
        return None if seconds is None else max(seconds, STEP)
    return round(seconds / (HOUR / 2)) * HOUR // 2
