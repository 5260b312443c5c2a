"""How well unanswered questions are grouped, on a made-up set in eight languages with known groups."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from sklearn.metrics import adjusted_rand_score

from bot.insight.unanswered import Question, groups

FILE = Path(__file__).parent / "unanswered.jsonl"


def read() -> list[tuple[str, Question]]:
    """Group and question; `nearest` is what `make predict` said of them."""
    lines = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]
    return [(line["group"], Question(place, line["lang"], line["text"], tuple(map(tuple, line["nearest"]))))
            for place, line in enumerate(lines)]  # fmt: skip


def measure(known: Sequence[tuple[str, Question]]) -> tuple[float, float, int]:
    """Purity, adjusted Rand index and the number of groups found."""
    right = {question.person: group for group, question in known}
    found = groups([question for _, question in known])
    purity = sum(max(Counter(right[one.person] for one in group).values()) for group in found) / len(known)
    labels = {one.person: place for place, group in enumerate(found) for one in group}
    people = sorted(right)
    return purity, adjusted_rand_score([right[one] for one in people], [labels[one] for one in people]), len(found)
