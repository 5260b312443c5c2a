"""The tables. Texts of persons stand only where a person agreed to it, or for hours (`Exchange`), or until sent."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

Key = BigInteger().with_variant(sqlite.INTEGER(), "sqlite")
Document = JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")

OPEN_STATES = ("INTAKE", "QUEUED", "PARKED", "CLAIMED", "WAITING_USER", "RETURN_OFFERED", "UNREACHABLE")
_OPEN = text("state IN ({})".format(", ".join(f"'{state}'" for state in OPEN_STATES)))


class Moment(TypeDecorator[datetime]):
    """A point in time: aware UTC in Python, on SQLite stored without a zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive times, store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored time needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back aware UTC on every database."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Parent of all tables."""

    type_annotation_map = {datetime: Moment(), dict[str, Any]: Document, int: Key}


class Person(Base):
    """Somebody who writes to the bot in a private chat."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    chat_id: Mapped[int] = mapped_column(unique=True)
    language: Mapped[str] = mapped_column(String(12))
    language_chosen: Mapped[bool] = mapped_column(default=False)
    reachable: Mapped[bool] = mapped_column(default=True)
    misses: Mapped[int] = mapped_column(Integer, default=0)
    """Questions in a row that were not understood."""
    last_entry: Mapped[str | None] = mapped_column(String(80))
    told_degraded: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]


class FlowRun(Base):
    """A person's way through a guided flow: at most one per flow, at most one of them active.

    Holds answers as long as the flow needs them. `state`: active (its question is open), suspended, done (only the
    checklist, which people come back to).
    """

    __tablename__ = "flow_run"
    __table_args__ = (UniqueConstraint("person_id", "flow", name="one_run_per_flow"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    flow: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(10))
    version: Mapped[int] = mapped_column(Integer, default=0)
    """Rises with every answer: what was thought about an older state is thought again."""
    slots: Mapped[dict[str, Any]]
    requested: Mapped[str | None] = mapped_column(String(40))
    draft: Mapped[dict[str, Any] | None]
    """What is ticked under the open question and not yet confirmed."""
    misses: Mapped[int] = mapped_column(Integer, default=0)
    """Answers to the open question that could not be taken."""
    message_id: Mapped[int | None]
    """The message that shows the open question."""
    kept: Mapped[bool] = mapped_column(default=False)
    """The person wants it to be kept until they say otherwise."""
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime] = mapped_column(index=True)


class Reminder(Base):
    """Something that a person asked to be reminded of, once."""

    __tablename__ = "reminder"
    __table_args__ = (UniqueConstraint("person_id", "kind", "key", name="one_reminder_each"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    """checklist (its next step) or deadline (of the funding line `key`)."""
    key: Mapped[str] = mapped_column(String(80), default="")
    due_at: Mapped[datetime] = mapped_column(index=True)


class Exchange(Base):
    """A question and what came of it, kept for hours so that a hand-off can include it; no sensitive texts."""

    __tablename__ = "exchange"
    __table_args__ = {"sqlite_autoincrement": True}

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(index=True)
    question: Mapped[str | None] = mapped_column(Text)
    """None where the text was about discrimination, violence or crisis, or might have been."""
    entry_id: Mapped[str | None] = mapped_column(String(80))
    """None where nothing was answered, or where the entry itself would tell too much."""


class Staff(Base):
    """Somebody of the office who may take cases, if present in the staff group too."""

    __tablename__ = "staff"

    id: Mapped[int] = mapped_column(primary_key=True)
    telegram_id: Mapped[int] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(String(80))
    active: Mapped[bool] = mapped_column(default=True)


class Case(Base):
    """A piece of work at the office. `version` rises with every transition."""

    __tablename__ = "handoff_case"
    # A number once given is never given again: buttons of a case that was deleted must not fit a later one.
    __table_args__ = (Index("one_open_case_per_person", "person_id", unique=True, sqlite_where=_OPEN,
                            postgresql_where=_OPEN), {"sqlite_autoincrement": True})  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    state: Mapped[str] = mapped_column(String(20), index=True)
    version: Mapped[int] = mapped_column(Integer, default=1)
    reason: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(12))
    topic: Mapped[str | None] = mapped_column(String(40))
    urgent: Mapped[bool] = mapped_column(default=False)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    thread_id: Mapped[int | None]
    header_message_id: Mapped[int | None]
    last_exchange_id: Mapped[int] = mapped_column(default=0)
    """Newest exchange the person was shown when asked for consent; later ones are not shared."""
    opened_at: Mapped[datetime]
    changed_at: Mapped[datetime] = mapped_column(index=True)
    promised_at: Mapped[datetime | None]


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
    __table_args__ = (Index("case_message_source", "source_chat_id", "source_message_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("handoff_case.id", ondelete="CASCADE"), index=True)
    author: Mapped[str] = mapped_column(String(10))
    """person, staff, note, shared (before the case, agreed to), held (a colleague of the owner is being asked)."""
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]
    text: Mapped[str | None] = mapped_column(Text)
    media: Mapped[str | None] = mapped_column(String(20))
    source_chat_id: Mapped[int]
    source_message_id: Mapped[int]
    copy_message_id: Mapped[int | None]
    edited_at: Mapped[datetime | None]


class Counter(Base):
    """Anonymous counts per day: nothing here belongs to a person."""

    __tablename__ = "counter"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    language: Mapped[str] = mapped_column(String(12), primary_key=True)
    value: Mapped[int] = mapped_column(Integer, default=0)


class InboxUpdate(Base):
    """An update as Telegram sent it, stored before it is acknowledged; its content goes once it is processed."""

    __tablename__ = "inbox"
    __table_args__ = (Index("inbox_waiting", "lane", "update_id", sqlite_where=text("done_at IS NULL"),
                            postgresql_where=text("done_at IS NULL")),)  # fmt: skip

    update_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    lane: Mapped[str] = mapped_column(String(40))
    """Updates of one lane are processed in order, one at a time."""
    payload: Mapped[dict[str, Any] | None]
    received_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    done_at: Mapped[datetime | None] = mapped_column(index=True)
    outcome: Mapped[str | None] = mapped_column(String(40))


class OutboxMessage(Base):
    """A call of the Bot API that has to be made; written in the transaction that decided it."""

    __tablename__ = "outbox"
    __table_args__ = (Index("outbox_waiting", "lane", "id", sqlite_where=text("state IN ('pending', 'sending')"),
                            postgresql_where=text("state IN ('pending', 'sending')")),)  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    lane: Mapped[str] = mapped_column(String(40))
    """Rows of one lane are sent in order, one at a time."""
    kind: Mapped[str] = mapped_column(String(20))
    """answer and flow (may be dropped when a human takes over; flow: a flow's open question), system, relay, edit,
    staff, header, new_header, topic, confirm, farewell."""
    chat_id: Mapped[int | None]
    """None: the topic of `case_id` in the staff group."""
    case_id: Mapped[int | None] = mapped_column(ForeignKey("handoff_case.id", ondelete="CASCADE"), index=True)
    case_message_id: Mapped[int | None] = mapped_column(ForeignKey("case_message.id", ondelete="SET NULL"))
    method: Mapped[str] = mapped_column(String(40))
    payload: Mapped[dict[str, Any] | None]
    state: Mapped[str] = mapped_column(String(10), default="pending")
    """pending, sending, sent, failed, dropped."""
    uncertain: Mapped[bool] = mapped_column(default=False)
    """The process died while this was being sent: it may have arrived, and is sent again."""
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    due_at: Mapped[datetime]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None] = mapped_column(index=True)
    message_id: Mapped[int | None]
    error: Mapped[str | None] = mapped_column(String(200))
