"""The pure transition function: (case, event, now) -> (case, effects). The numbers T1 to T17 are those of the design.

A pair of state and event that is not in `TRANSITIONS` is refused with the text that tells the actor how things stand.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.handoff import events as ev
from bot.handoff.moves import Mover, Refused, Step, ending, human, reach, waiting
from bot.handoff.states import OPEN, WITH_HUMAN, CaseView, State

__all__ = ["TRANSITIONS", "Refused", "Step", "transition"]


def transition(case: CaseView, event: ev.Event, now: datetime) -> Step:
    """Apply `event` to `case` at `now` (aware). Raises `Refused` if the case's state does not allow it.

    The version rises when state or owner change: a button that carries an older one is recognised as stale.
    """
    move = TRANSITIONS.get((case.state, type(event)))
    if move is None:
        raise Refused(_explanation(case), case.state, case.owner)
    after, effects = move(case, event, now)
    if (after.state, after.owner) == (case.state, case.owner):
        return Step(after, effects)
    return Step(replace(after, version=case.version + 1, changed_at=now), effects)


def _explanation(case: CaseView) -> str:
    if case.state is State.UNREACHABLE:
        return "handoff.refused_unreachable"
    if case.state in WITH_HUMAN:
        return "handoff.refused_taken"
    return "handoff.refused_open" if case.state in OPEN else "handoff.refused_over"


TRANSITIONS: dict[tuple[State, type], Mover] = {**waiting.MOVES, **human.MOVES, **ending.MOVES, **reach.MOVES}
