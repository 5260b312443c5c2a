"""`python -m tests.bot.insight`: how well unanswered questions are grouped across languages."""

from __future__ import annotations

from collections.abc import Sequence

from sklearn.metrics import adjusted_rand_score

from bot.insight.unanswered import Question
from tests.bot.insight.grouping import measure, read


def main() -> None:
    """Print purity and adjusted Rand index of the half that the limits were chosen on, of the other, and of all."""
    known = read()
    chosen_on = set(sorted({group for group, _ in known})[::2])
    print("| questions | number | known groups | groups found | purity | adjusted Rand index |")
    print("| --- | --- | --- | --- | --- | --- |")
    _row("limits chosen on these", [pair for pair in known if pair[0] in chosen_on])
    _row("the others", [pair for pair in known if pair[0] not in chosen_on])
    _row("all", known)
    nearest = [question.nearest[0][0] if question.nearest else "" for _, question in known]
    rand = adjusted_rand_score([group for group, _ in known], nearest)
    print(f"\nby the nearest entry alone: adjusted Rand index {rand:.2f}")


def _row(name: str, known: Sequence[tuple[str, Question]]) -> None:
    purity, rand, found = measure(known)
    groups = len({group for group, _ in known})
    print(f"| {name} | {len(known)} | {groups} | {found} | {purity:.2f} | {rand:.2f} |")


if __name__ == "__main__":
    main()
