"""The states of a case, the mode of the chat that follows from each, and the case as the transitions see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class State(StrEnum):
    """Where a case stands. `NONE` means that there is no case."""

    NONE = "NONE"
    INTAKE = "INTAKE"
    QUEUED = "QUEUED"
    PARKED = "PARKED"
    CLAIMED = "CLAIMED"
    WAITING_USER = "WAITING_USER"
    RETURN_OFFERED = "RETURN_OFFERED"
    RESOLVED = "RESOLVED"
    CLOSED = "CLOSED"
    WITHDRAWN = "WITHDRAWN"
    UNREACHABLE = "UNREACHABLE"


class Mode(StrEnum):
    """Who may speak to the person."""

    BOT = "BOT"
    BOTH = "BOTH"
    HUMAN = "HUMAN"
    NOBODY = "NOBODY"


MODES: dict[State, Mode] = {
    State.NONE: Mode.BOT,
    State.INTAKE: Mode.BOT,
    State.QUEUED: Mode.BOTH,
    State.PARKED: Mode.BOTH,
    State.CLAIMED: Mode.HUMAN,
    State.WAITING_USER: Mode.HUMAN,
    State.RETURN_OFFERED: Mode.BOT,
    State.RESOLVED: Mode.BOT,
    State.CLOSED: Mode.BOT,
    State.WITHDRAWN: Mode.BOT,
    State.UNREACHABLE: Mode.NOBODY,
}

WAITING = frozenset({State.QUEUED, State.PARKED})
WITH_HUMAN = frozenset({State.CLAIMED, State.WAITING_USER})
SHARED = WAITING | WITH_HUMAN | {State.RETURN_OFFERED, State.UNREACHABLE}
"""States in which the office knows of the case."""
OPEN = SHARED | {State.INTAKE}
OWED = WAITING | {State.CLAIMED}
"""States in which the office has to act: a promise can be missed in them, and nobody is idle but the office."""


@dataclass(frozen=True, kw_only=True)
class CaseView:
    """A case without its texts. `owner` is a staff id; `version` rises by one with every transition."""

    id: int = 0
    state: State = State.NONE
    version: int = 0
    reason: str = ""
    language: str = ""
    topic: str | None = None
    urgent: bool = False
    owner: int | None = None
    changed_at: datetime | None = None
    promised_at: datetime | None = None
    """By when the person was told to hear from somebody; None once they have, or if no time was promised."""
    escalated_at: datetime | None = None
    """When the promise was found broken and the coordinator called; an overlay on any state that is owed."""

    @property
    def mode(self) -> Mode:
        """Who may speak while the case stands as it does."""
        return MODES[self.state]


def case_number(case_id: int) -> str:
    """The number people and staff quote, for example W-0042."""
    return f"W-{case_id:04d}"
