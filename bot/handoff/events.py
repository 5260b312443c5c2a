"""What can happen to a case. Each event is plain data; a staff member is named by their staff id."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Office:
    """The office as it is right now: whether somebody answers, when that ends or begins (None: unknown)."""

    open: bool
    staffed: bool
    closes_at: datetime | None = None
    opens_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Requested:
    """T1: the person wants a human, or the bot offered one. `reason` is a short id, never a text of the person."""

    reason: str
    language: str
    topic: str | None = None
    urgent: bool = False
    agreed: bool = False
    """What is going to be shared was shown before and agreed to: nothing is asked again."""


@dataclass(frozen=True)
class Declined:
    """T2: the person does not agree to share anything, or let the question lapse."""

    lapsed: bool = False


@dataclass(frozen=True, kw_only=True)
class Consented:
    """T3, T4: the person agreed. `ahead` counts the cases that wait already."""

    office: Office
    ahead: int = 0


@dataclass(frozen=True)
class OfficeOpened:
    """T5: evaluated at the moment the timer fires, never from a stored time."""

    office: Office


@dataclass(frozen=True)
class Claimed:
    """T6: a staff member pressed "take"."""

    staff: int


@dataclass(frozen=True)
class TakenOver:
    """A colleague of the owner takes the case over, knowingly."""

    staff: int


@dataclass(frozen=True)
class StaffWrote:
    """T6, T7: a staff member wrote something that is not a note. `joining`: a colleague's message sent once."""

    staff: int
    joining: bool = False


@dataclass(frozen=True)
class PersonWrote:
    """T7, T11: the person wrote while the office knows of the case."""


@dataclass(frozen=True)
class Released:
    """T8: the owner gives the case back to the queue."""

    staff: int
    office: Office


@dataclass(frozen=True)
class Finished:
    """T10 (staff part): the owner pressed "done"."""

    staff: int


@dataclass(frozen=True)
class NotSolved:
    """T11: the person says that it is not solved."""

    office: Office


@dataclass(frozen=True)
class Solved:
    """T12: the person says that it is solved, or did not answer in time."""

    timed_out: bool = False


@dataclass(frozen=True)
class Withdrawn:
    """T15: the person takes the request back; `erase` if everything about them has to go."""

    erase: bool = False


@dataclass(frozen=True)
class Blocked:
    """T16: Telegram says that the person cannot be reached any more."""


@dataclass(frozen=True)
class Returned:
    """T16, the way back: the person can be reached again."""

    office: Office


Event = (
    Requested | Declined | Consented | OfficeOpened | Claimed | TakenOver | StaffWrote | PersonWrote | Released
    | Finished | NotSolved | Solved | Withdrawn | Blocked | Returned
)  # fmt: skip
