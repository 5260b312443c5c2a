"""Cases: the pieces of work at the office, with their messages, timers and referrals."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.models.base import Base

OPEN_STATES = ("INTAKE", "QUEUED", "PARKED", "CLAIMED", "WAITING_USER", "RETURN_OFFERED", "UNREACHABLE")
NOT_DELETED = "not_deleted"
"""Of a deleted message: Telegram refused, and the text, which is gone here, stands where it was sent."""
_OPEN = text("state IN ({})".format(", ".join(f"'{state}'" for state in OPEN_STATES)))
_UNTRANSLATED = text("translation_state IN ('wanted', 'late')")


class Case(Base):
    """A piece of work at the office. `version` rises with every transition."""

    __tablename__ = "handoff_case"
    # A number once given is never given again: buttons of a case that was deleted must not fit a later one.
    __table_args__ = (
        Index("one_open_case_per_person", "person_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        # Everything that is measured: an evaluation of a year need not look at the rows.
        Index("case_measured", "handed_at", "language", "promise_kept", "outcome", "waited", "waited_open"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    state: Mapped[str] = mapped_column(String(20), index=True)
    version: Mapped[int] = mapped_column(Integer, default=1)
    reason: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(12))
    topic: Mapped[str | None] = mapped_column(String(40))
    urgent: Mapped[bool] = mapped_column(default=False)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    thread_id: Mapped[int | None] = mapped_column(unique=True)
    """The topic in the staff group that is in use now (see `StaffGroup`)."""
    header_message_id: Mapped[int | None]
    last_exchange_id: Mapped[int] = mapped_column(default=0)
    """Newest exchange the person was shown when asked for consent; later ones are not shared."""
    opened_at: Mapped[datetime]
    changed_at: Mapped[datetime] = mapped_column(index=True)
    active_at: Mapped[datetime] = mapped_column(
        index=True, default=lambda context: context.get_current_parameters()["changed_at"]
    )
    """The last word or transition: from here retention counts."""
    promised_at: Mapped[datetime | None]
    """By when the person was told to hear from somebody; None once they have, or if no time was promised."""
    escalated_at: Mapped[datetime | None]
    first_reply_at: Mapped[datetime | None]
    """The first word of a human being to the person."""
    handed_at: Mapped[datetime | None]
    """When the person agreed, and the case reached the office."""
    waited: Mapped[int | None]
    """Seconds from there to the first reply, and `waited_open`: those of them in opening hours."""
    waited_open: Mapped[int | None]
    promise_kept: Mapped[bool | None]
    """Whether the first reply came in time; None while that is open, or if no time was promised."""
    outcome: Mapped[str | None] = mapped_column(String(20))
    """What the person answered to "did this solve it?": solved, not_solved, left (back to the assistant), no_answer."""
    outcome_asked_at: Mapped[datetime | None]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    """The owner when the person was asked; others who worked on the case stand in its events."""
    offered_language: Mapped[str | None] = mapped_column(String(12))
    """The language that the person wrote in and was asked about, once."""
    summary: Mapped[str | None] = mapped_column(Text)
    """What staff wrote about the end of the case, for the person and the bot."""


class Timer(Base):
    """Something that will happen to a case by itself; whoever deletes the row lets it happen, in one transaction."""

    __tablename__ = "timer"
    __table_args__ = (UniqueConstraint("case_id", "kind", name="one_timer_of_a_kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("handoff_case.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(20))
    due_at: Mapped[datetime] = mapped_column(index=True)


class Referral(Base):
    """Somebody was sent on to another place; with their consent they are asked later whether it worked."""

    __tablename__ = "referral"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("handoff_case.id", ondelete="CASCADE"), index=True)
    contact: Mapped[str] = mapped_column(String(80))
    """Id of the contact in the knowledge."""
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="SET NULL"))
    at: Mapped[datetime]
    ask_at: Mapped[datetime | None] = mapped_column(index=True)
    """Set when the person agreed to be asked; gone once they were."""
    asked_at: Mapped[datetime | None]
    worked: Mapped[str | None] = mapped_column(String(10))
    """yes, no, or waiting (not heard yet)."""


class CaseEvent(Base):
    """One transition of a case, for the record; holds no text of a person."""

    __tablename__ = "case_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("handoff_case.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(40))
    from_state: Mapped[str] = mapped_column(String(20))
    to_state: Mapped[str] = mapped_column(String(20))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))


class CaseMessage(Base):
    """A message inside a case and its copy on the other side (ids only are used to find one from the other)."""

    __tablename__ = "case_message"
    __table_args__ = (
        Index("case_message_source", "source_chat_id", "source_message_id"),
        Index("case_message_form", "case_id", "form", unique=True),
        Index("case_message_untranslated", "id", sqlite_where=_UNTRANSLATED, postgresql_where=_UNTRANSLATED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("handoff_case.id", ondelete="CASCADE"), index=True)
    author: Mapped[str] = mapped_column(String(10))
    """person, staff, note, shared (before the case, agreed to), held (a colleague of the owner is being asked),
    asked (a person's words after the end: they are being asked whether these belong to the case), draft (staff are
    being shown what the person would get)."""
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]
    text: Mapped[str | None] = mapped_column(Text)
    media: Mapped[str | None] = mapped_column(String(20))
    source_chat_id: Mapped[int]
    source_message_id: Mapped[int]
    copy_message_id: Mapped[int | None]
    edited_at: Mapped[datetime | None]
    was: Mapped[str | None] = mapped_column(Text)
    """What it said before the last edit."""
    kind: Mapped[str] = mapped_column(String(10), default="text")
    """text, or what staff picked: entry, phrase, term, referral (`ref` names it, `blanks` fills it)."""
    ref: Mapped[str | None] = mapped_column(String(80))
    """Of a person's message: the entry that the bot would have answered with."""
    blanks: Mapped[dict[str, Any] | None]
    language: Mapped[str | None] = mapped_column(String(12))
    """In which language the text is written, as far as it could be told."""
    translation: Mapped[str | None] = mapped_column(Text)
    """Made by a machine; always shown beside the original."""
    translation_state: Mapped[str | None] = mapped_column(String(10))
    """wanted, late (it failed, and is tried again), made, doubtful (`facts` differ), failed; None: none is needed."""
    facts: Mapped[str | None] = mapped_column(Text)
    """What the translation seems to have changed, one a line."""
    album: Mapped[str | None] = mapped_column(String(40))
    file_id: Mapped[str | None] = mapped_column(String(200))
    file_name: Mapped[str | None] = mapped_column(String(200))
    """Of a place its coordinates, of a contact name and number."""
    file_type: Mapped[str | None] = mapped_column(String(100))
    file_unique_id: Mapped[str | None] = mapped_column(String(40))
    """Of a file of staff: tells whether it was replaced."""
    file_size: Mapped[int | None]
    """Bytes, as Telegram says."""
    delivered_at: Mapped[datetime | None]
    failed: Mapped[str | None] = mapped_column(String(40))
    """Why it could not be delivered, or that it could not be taken back (`NOT_DELETED`)."""
    deleted_at: Mapped[datetime | None]
    form: Mapped[str | None] = mapped_column(String(64))
    """Stands for the form at the desk that it was sent with, and what stood there: sent again, it is the same."""


class Upload(Base):
    """A file that staff chose at the desk, until it has been sent."""

    __tablename__ = "upload"

    message_id: Mapped[int] = mapped_column(ForeignKey("case_message.id", ondelete="CASCADE"), primary_key=True)
    data: Mapped[bytes] = mapped_column(LargeBinary)
