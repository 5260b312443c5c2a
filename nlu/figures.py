"""The figures of the last evaluation, kept in a file for `python -m knowledge coverage`. Knows no Rasa."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from nlu.report import Result

FILE = "var/evaluation.json"
"""Where they are kept in a checkout."""


@dataclass(frozen=True)
class Figures:
    """What was right first, of the messages that are not hard.

    `model` is the fingerprint of the data it was trained for, `day` is YYYY-MM-DD; `right` and `asked` are numbers of
    messages by language and topic.
    """

    model: str
    day: str
    right: Mapping[tuple[str, str], int]
    asked: Mapping[tuple[str, str], int]


def figures(results: Iterable[Result], model: str, day: str) -> Figures:
    """Count by language and topic; labels without a topic (greetings, out of scope) are none of the catalogue's."""
    counted = [result for result in results if result.style != "hard" and "." in result.id]
    right = Counter(_place(result) for result in counted if result.right)
    return Figures(model, day, right, Counter(map(_place, counted)))


def keep(figures: Figures, path: Path) -> None:
    """Write them in the place of the last ones."""
    rows = [[language, topic, figures.right.get((language, topic), 0), asked]
            for (language, topic), asked in sorted(figures.asked.items())]  # fmt: skip
    document = {"model": figures.model, "day": figures.day, "rows": rows}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, indent=1), encoding="utf-8")


def kept(path: Path) -> Figures | None:
    """The last ones; None if there are none that can be read."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        rows = document["rows"]
        right = {(str(language), str(topic)): int(count) for language, topic, count, _ in rows}
        asked = {(str(language), str(topic)): int(count) for language, topic, _, count in rows}
        return Figures(str(document["model"]), str(document["day"]), right, asked)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _place(result: Result) -> tuple[str, str]:
    return result.lang, result.id.partition(".")[0]
