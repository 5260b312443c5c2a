"""What can happen to a case. Each event is plain data; a staff member is named by their staff id."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Office:
    """The office as it is right now, for one case.

    `staffed`: somebody is on duty. `opens_at`: when it opens next (None: unknown). `promise`: by when somebody who asks
    now hears from a human being (None: cannot be said). `owner_here`: whether the case's owner is on duty.
    """

    open: bool
    staffed: bool
    opens_at: datetime | None = None
    promise: datetime | None = None
    owner_here: bool = True

    @property
    def answers(self) -> bool:
        """Whether a new case can be seen to right now."""
        return self.open and self.staffed


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
    """T5: evaluated at the moment the office is looked at, never from a stored time."""

    office: Office


@dataclass(frozen=True)
class OfficeClosed:
    """E22: nobody took the case before the day ended, or the last one on duty left."""

    office: Office


@dataclass(frozen=True)
class Claimed:
    """T6: a staff member took the case."""

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
    """T7, T11: the person wrote while the office knows of the case. `office` matters after "done" only."""

    office: Office | None = None


@dataclass(frozen=True)
class Released:
    """T8: the owner gives the case back to the queue."""

    staff: int
    office: Office


@dataclass(frozen=True)
class OwnerGone:
    """T8: the owner is off duty."""

    office: Office


@dataclass(frozen=True)
class OwnerSilent:
    """T8: the owner did not answer although reminded."""

    office: Office


@dataclass(frozen=True)
class Transferred:
    """T9: `staff` hands the case to the colleague `to`. `office.owner_here` is about the colleague."""

    staff: int
    to: int
    office: Office


@dataclass(frozen=True)
class StaffReminded:
    """The case waits for the office, and nobody has done anything for a while."""


@dataclass(frozen=True)
class PersonReminded:
    """T10, first half: the office waits for the person."""


@dataclass(frozen=True)
class PersonIdle:
    """T10: the person did not answer, reminded or not."""


@dataclass(frozen=True)
class Finished:
    """T10: the owner pressed "done"; with a person who cannot be reached, that is the end (T16)."""

    staff: int


@dataclass(frozen=True)
class NotSolved:
    """T11: the person says that it is not solved."""

    office: Office


@dataclass(frozen=True)
class Solved:
    """T12: the person says that it is solved (`outcome` solved), wants the assistant back (left), or said nothing."""

    outcome: str = "solved"


@dataclass(frozen=True)
class Reopened:
    """T13: within the grace period the person writes again, about the same matter."""

    office: Office


@dataclass(frozen=True)
class TakenUp:
    """T13 from the office's side: a staff member takes up a case that was over."""

    staff: int


@dataclass(frozen=True)
class GraceOver:
    """T14: nothing more came, or what came was another matter; T16: the person did not come back."""


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


@dataclass(frozen=True)
class PromiseMissed:
    """T17: a working day after the promise nobody has written."""


Event = (
    Requested | Declined | Consented | OfficeOpened | OfficeClosed | Claimed | TakenOver | StaffWrote | PersonWrote
    | Released | OwnerGone | OwnerSilent | Transferred | StaffReminded | PersonReminded | PersonIdle | Finished
    | NotSolved | Solved | Reopened | TakenUp | GraceOver | Withdrawn | Blocked | Returned | PromiseMissed
)  # fmt: skip
