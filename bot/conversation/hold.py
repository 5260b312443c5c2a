"""Whoever staff put on hold (E60): nothing of theirs reaches the office for a while, and they know."""

from __future__ import annotations

from bot.conversation import menus
from bot.conversation.turn import Turn


def is_muted(turn: Turn) -> bool:
    """Whether the person is on hold now."""
    until = turn.person.muted_until
    return until is not None and until > turn.now


def say_muted(turn: Turn) -> bool:
    """Tell whoever is on hold so, with the way to object; False for everybody else."""
    if not is_muted(turn):
        return False
    turn.say("handoff.muted", rows=menus.topics(turn), kind="system", time=turn.person.muted_until)
    return True
