"""One thing that somebody of the office did in the group, and what is answered there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bot.conversation.actions import case_action
from bot.conversation.replies import Button, Part, Phrase, Rows, StaffNote, Toast
from bot.conversation.turn import Turn
from bot.handoff.states import case_number
from bot.handoff.transition import Refused
from bot.storage.models import Case, Staff

LONGEST_ID = 18
"""Digits of an id that every database can look up."""


@dataclass
class OfficeTurn:
    """A message or press in the group: the topic's case if there is one, and the staff member if they are one."""

    turn: Turn | None
    staff: Staff | None
    chat_id: int
    thread_id: int | None
    message_id: int
    notes: list[StaffNote] = field(default_factory=list)
    toast: Toast | None = None
    removed: list[int] = field(default_factory=list)
    """Messages in the group that are of no use any more."""
    cleared: list[int] = field(default_factory=list)
    """Messages in the group whose buttons have done their work."""

    @property
    def work(self) -> Turn:
        """The turn of the case; there is one wherever a handler comes to act."""
        if self.turn is None:
            raise LookupError("an office turn without a case")
        return self.turn

    @property
    def actor(self) -> Staff:
        """Who acts; there is somebody wherever a handler comes to act."""
        if self.staff is None:
            raise LookupError("an office turn without a staff member")
        return self.staff

    @property
    def case(self) -> Case:
        """The case that is acted on."""
        if self.work.case is None:
            raise LookupError("an office turn without a case")
        return self.work.case

    def note(
        self, key: str, *, rows: Rows = (), parts: tuple[Part, ...] = (), asks_for: int | None = None,
        picker: bool = False, **params: Any,
    ) -> None:  # fmt: skip
        """Answer staff in the place where they wrote."""
        self.notes.append(StaffNote(Phrase(key, params), self.thread_id, self.message_id, rows, parts,
                                    asks_for=asks_for, picker=picker))  # fmt: skip

    def hint(self, key: str, user_id: int) -> None:
        """Answer what needs no lasting answer."""
        self.notes.append(StaffNote(Phrase(key), self.thread_id, self.message_id, hint_for=user_id))

    def replace(self, key: str, **params: Any) -> None:
        """Put a line in the place of the message whose button was pressed: it has done its work."""
        self.notes.append(StaffNote(Phrase(key, params), self.thread_id, replace=self.message_id))

    def button(self, name: str, *more: str, label: Phrase | str | None = None) -> Button:
        """A button for the case as it stands now; `desk.button_<name>` is what it says unless told otherwise."""
        action = case_action(name, self.case.id, self.case.version, *more)
        return Button(label or Phrase(f"desk.button_{name}"), action)

    async def names(self, owner_id: int | None) -> dict[str, Any]:
        """What fills the blanks of a refusal: who has the case, since when, its number."""
        owner = await self.work.session.get(Staff, owner_id) if owner_id else None
        changed = self.work.view.changed_at or self.work.now
        return {"staff": owner.name if owner else "–", "time": changed, "number": case_number(self.case.id)}

    async def refuse(self, refused: Refused) -> None:
        """Say why it does not go, below what was written."""
        self.note(refused.text, **await self.names(refused.owner))


def read_id(text: str = "") -> int | None:
    """An id from a button, if it can be one."""
    return int(text) if text.isdecimal() and len(text) <= LONGEST_ID else None
