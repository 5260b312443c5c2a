"""The story of a case in order: what was said, and between it what happened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from markupsafe import Markup

from bot.desk.cases.files import DESCRIBED, LARGEST, clean_name, honest, shown_as
from bot.desk.cases.shown import Shown
from bot.desk.cases.words import Words
from bot.desk.visit import Visit
from bot.handoff.states import SHARED, State
from bot.storage.desk import Story, Way
from bot.storage.models import NOT_DELETED, Audit, Case, CaseEvent, CaseMessage

BY_PERSON = frozenset({"person", "shared"})
TAKES_UP = frozenset({"QUEUED", "PARKED", "RETURN_OFFERED"})
"""From here a message of staff means that they take the case."""
UNTOLD = frozenset({"Requested", "Declined", "StaffReminded", "PersonReminded", "Transferred"})
"""Not told, or told better by the audit log."""


class Delivery(StrEnum):
    """How far a message of staff has come."""

    ON_ITS_WAY = "on_its_way"
    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class Said:
    """One message."""

    at: datetime
    id: int
    message: CaseMessage
    who: str
    mine: bool
    language: str
    curated: Markup | None
    """What staff picked, in the language of the office; `theirs`: as the person gets it."""
    theirs: Markup | None
    suggestion: Markup | None
    """What the bot would have answered; `once` changes when it has been sent."""
    once: str
    delivery: Delivery | None
    why: str
    file: str
    """picture, sound, link, words (a place or a contact), too_big, gone, or nothing."""
    file_name: str
    """Without signs that cheat."""
    can_edit: bool
    can_delete: bool
    can_erase: bool

    @property
    def is_deleted(self) -> bool:
        """Whether it was taken back."""
        return self.message.deleted_at is not None

    @property
    def still_there(self) -> bool:
        """Whether Telegram refused to delete it where it was sent."""
        return self.is_deleted and self.message.failed == NOT_DELETED


@dataclass(frozen=True, kw_only=True)
class Happened:
    """One line between messages."""

    at: datetime
    id: int
    text: str
    bad: bool = False


Item = Said | Happened


class Conversation:
    """Puts a story together for one reader."""

    def __init__(self, visit: Visit, case: Case, story: Story, names: Mapping[int, str], language: str) -> None:
        """`language`: the person's."""
        self._visit, self._case, self._story, self._names, self._language = visit, case, story, names, language
        self._me = visit.staff.id
        self._sent_entries = Counter(one.ref for one in story.messages if one.kind == "entry")
        self._words = Words(visit)
        self._shown = Shown(visit)

    def items(self) -> list[Item]:
        """Everything in order; what happened comes before what was said at the same moment."""
        said = [self._said(message) for message in self._story.messages if self._is_for_me(message)]
        happened = [line for event in self._story.events if (line := self._event(event))]
        told = [self._told(row) for row in self._story.told]
        items: list[Item] = [*happened, *told, *said]
        return sorted(items, key=lambda item: (item.at, isinstance(item, Said)))

    def _is_for_me(self, message: CaseMessage) -> bool:
        return message.author != "held" or message.staff_id == self._me

    def _said(self, message: CaseMessage) -> Said:
        mine = message.staff_id == self._me
        by_person = message.author in BY_PERSON
        sent = mine and message.author == "staff" and message.deleted_at is None and self._state in SHARED
        delivery, why = self._delivery(message)
        return Said(
            at=message.at, id=message.id, message=message, who=self._name(message.staff_id), mine=mine,
            language=message.language or (self._language if message.author == "person" else self._words.office),
            curated=self._shown.message(message, self._words.office), theirs=self._theirs(message),
            suggestion=self._shown.entry(message.ref, self._words.office) if message.ref and by_person else None,
            once=self._once(message), delivery=delivery, why=why, file=self._file(message),
            file_name=honest(message.file_name) if message.media in DESCRIBED else clean_name(message.file_name),
            can_edit=sent and message.kind == "text" and delivery is not Delivery.FAILED, can_delete=sent,
            can_erase=by_person and message.deleted_at is None and self._case.person_id is not None,
        )  # fmt: skip

    def _once(self, message: CaseMessage) -> str:
        # Not by chance: what says the same stays the very same on the screen.
        return f"{message.id}.{self._sent_entries[message.ref]}"

    @property
    def _state(self) -> State:
        return State(self._case.state)

    def _theirs(self, message: CaseMessage) -> Markup | None:
        return None if self._language == self._words.office else self._shown.message(message, self._language)

    def _name(self, staff_id: int | None) -> str:
        return self._names.get(staff_id, "–") if staff_id else ""

    def _delivery(self, message: CaseMessage) -> tuple[Delivery | None, str]:
        if message.author != "staff" or message.deleted_at is not None:
            return None, ""
        return delivery_of(self._visit, message, self._story.sending.get(message.id))

    def _file(self, message: CaseMessage) -> str:
        if message.deleted_at is not None or not message.media:
            return ""
        if message.media in DESCRIBED and message.file_name:
            return "words"
        if message.id in self._story.uploads or message.file_id:
            return "too_big" if (message.file_size or 0) > LARGEST else shown_as(message)
        return "gone"

    def _event(self, event: CaseEvent) -> Happened | None:
        kind = event.kind
        if kind in UNTOLD or (kind == "StaffWrote" and event.from_state not in TAKES_UP):
            return None
        if kind == "PersonWrote" and event.from_state != "RETURN_OFFERED":
            return None
        key = f"case.event_{kind.lower()}"
        if kind == "Finished" and event.from_state == "UNREACHABLE":
            key = "case.event_ended"
        if key not in self._visit.desk.locales.keys:
            return None
        text = self._visit.say(key, staff=self._name(event.staff_id) or "–")
        return Happened(at=event.at, id=event.id, text=text, bad=kind in {"PromiseMissed", "Blocked"})

    def _told(self, row: Audit) -> Happened:
        named = row.action.startswith("transfer") and row.detail.isdecimal()
        detail = self._name(int(row.detail)) if named else row.detail
        text = self._visit.say(f"case.told_{row.action}", staff=self._name(row.staff_id), detail=detail)
        return Happened(at=row.at, id=-row.id, text=text)


def delivery_of(visit: Visit, message: CaseMessage, way: Way | None) -> tuple[Delivery, str]:
    """How far a message of staff has come, and why no further."""
    if message.failed or (way is not None and way.state == "failed" and message.delivered_at is None):
        reason = message.failed or (way.error if way else None) or "fault"
        key = f"case.failed_{reason}"
        return Delivery.FAILED, visit.say(key if key in visit.desk.locales.keys else "case.failed_fault")
    if message.delivered_at is not None:
        return Delivery.DELIVERED, ""
    tried = way is not None and way.attempts > 1
    return Delivery.ON_ITS_WAY, visit.say("case.tried_again", count=way.attempts) if way and tried else ""
