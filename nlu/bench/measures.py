"""What is counted of what a contender understood. Pure, and the same for all contenders."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

REJECTED = 0.05
"""Share of the messages in scope that may be rejected when out-of-scope recall is measured."""


@dataclass(frozen=True)
class Answer:
    """A message's right label and language, and the ranking (label, confidence), best first, that it got."""

    right: str
    language: str
    ranking: tuple[tuple[str, float], ...]

    @property
    def first(self) -> str:
        """The likeliest label; "" if the contender found none."""
        return self.ranking[0][0] if self.ranking else ""

    @property
    def confidence(self) -> float:
        """How sure the contender is of the likeliest."""
        return self.ranking[0][1] if self.ranking else 0.0

    def among(self, number: int) -> bool:
        """Whether the right label is among the first `number`."""
        return self.right in [label for label, _ in self.ranking[:number]]

    def in_scope(self, out: str) -> float:
        """The score of being in scope: the confidence of the likeliest label but `out`."""
        return max((confidence for label, confidence in self.ranking if label != out), default=0.0)


@dataclass(frozen=True)
class Measures:
    """Shares between 0 and 1; `top1` and `top3` of the messages in scope, `recall` (None: no such) of the others."""

    top1: float
    top3: float
    recall: float | None


def measure(answers: Sequence[Answer], out: str) -> Measures:
    """The measures of `answers`, `out` being the label of what is out of scope."""
    inside = [answer for answer in answers if answer.right != out]
    recall = out_of_scope_recall(
        [answer.in_scope(out) for answer in inside],
        [answer.in_scope(out) for answer in answers if answer.right == out],
    )
    return Measures(_share(answer.among(1) for answer in inside), _share(answer.among(3) for answer in inside), recall)


def out_of_scope_recall(inside: Sequence[float], outside: Sequence[float]) -> float | None:
    """Share of `outside` scores below the threshold under which `REJECTED` of the `inside` ones fall.

    No more than that share is rejected where scores are equal. None if either is empty.
    """
    if not inside or not outside:
        return None
    threshold = sorted(inside)[int(REJECTED * len(inside))]
    return _share(score < threshold for score in outside)


def by_language(answers: Sequence[Answer], out: str) -> dict[str, Measures]:
    """The measures of each language; the threshold is each language's own."""
    languages = sorted({answer.language for answer in answers})
    return {name: measure([answer for answer in answers if answer.language == name], out) for name in languages}


def reliability(answers: Sequence[Answer], bins: int = 10) -> list[tuple[float, float, int]]:
    """(mean confidence, share right, number of messages) of every tenth of confidence that occurs."""
    groups: list[list[Answer]] = [[] for _ in range(bins)]
    for answer in answers:
        groups[min(int(answer.confidence * bins), bins - 1)].append(answer)
    return [
        (
            sum(answer.confidence for answer in group) / len(group),
            _share(answer.among(1) for answer in group),
            len(group),
        )
        for group in groups
        if group
    ]


def calibration_error(answers: Sequence[Answer]) -> float:
    """How far confidence is from the share that is right, on average over the messages (ECE, ten bins)."""
    return sum(abs(sure - right) * count for sure, right, count in reliability(answers)) / len(answers)


def confusions(answers: Sequence[Answer], number: int) -> tuple[list[str], list[list[float]]]:
    """The `number` labels that are confused most, and for each as a row the shares taken for each as a column."""
    wrong = Counter(
        label for answer in answers if not answer.among(1) for label in (answer.right, answer.first) if label
    )
    labels = sorted(label for label, _ in wrong.most_common(number))
    counts = Counter((answer.right, answer.first) for answer in answers)
    sizes = Counter(answer.right for answer in answers)
    return labels, [[counts[row, column] / max(1, sizes[row]) for column in labels] for row in labels]


def _share(marks: Iterable[bool]) -> float:
    counted = list(marks)
    return sum(counted) / len(counted) if counted else 0.0
