"""The figures that stand above all others, with what they were in the period before."""

from __future__ import annotations

from dataclasses import dataclass

from bot.desk.insight.words import Words
from bot.insight.evaluation import Evaluation, Headline
from bot.insight.shares import Share
from bot.insight.suppression import Figure


@dataclass(frozen=True)
class Tile:
    """A figure and what it says; `before` may be empty."""

    key: str
    label: str
    hint: str
    value: str
    before: str


def tiles(evaluation: Evaluation, words: Words) -> list[Tile]:
    """Those that mean something with this choice of topic and language."""
    now, before = evaluation.headline, evaluation.before
    return [_tile(key, words, *pair) for key, pair in _pairs(now, before).items()]


def _pairs(now: Headline, before: Headline) -> dict[str, tuple[object, object]]:
    pairs: dict[str, tuple[object, object]] = {
        "questions": (now.questions, before.questions),
        "people": (now.people_a_week, before.people_a_week),
        "new": (now.new_people, before.new_people),
        "handed": (now.handed_off, before.handed_off),
        "answered": (now.answered, before.answered),
        "helped": (now.helped, before.helped),
        "wait": (now.wait, before.wait),
        "kept": (now.kept, before.kept),
        "solved": (now.solved, before.solved),
    }
    return {key: pair for key, pair in pairs.items() if pair != (None, None)}


def _tile(key: str, words: Words, now: object, before: object) -> Tile:
    change = words.change(now, before) if isinstance(now, Figure) and isinstance(before, Figure) else ""
    return Tile(
        key, words.say(f"key_{key}"), words.say(f"hint_{key}"), _written(now, words),
        _before(before, change, words),
    )  # fmt: skip


def _before(before: object, change: str, words: Words) -> str:
    if before is None:
        return ""
    return " ".join([words.say("before", value=_written(before, words)), *([f"({change})"] if change else [])])


def _written(value: object, words: Words) -> str:
    if isinstance(value, Figure):
        return words.figure(value)
    if isinstance(value, int):
        return words.duration(value)
    return words.share(value if isinstance(value, Share) else None)
