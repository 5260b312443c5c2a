"""What the bot remembers of a person outside cases, and anonymous counts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.models.base import Base


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
    muted_until: Mapped[datetime | None]
    """Staff put the person on hold, with a reason that stands in the audit log."""
    erase_when_done: Mapped[bool] = mapped_column(default=False)
    """The person wants everything erased once their open case has ended."""
    danger_at: Mapped[datetime | None]
    """When words of danger last fell, for hours: a request that follows them is urgent. The words are not kept."""
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
    language: Mapped[str | None] = mapped_column(String(12))
    """In which language the question is written, as far as it could be told."""
    entry_id: Mapped[str | None] = mapped_column(String(80))
    """None where nothing was answered, or where the entry itself would tell too much."""
    media: Mapped[str | None] = mapped_column(String(20))
    """The kind of what was sent, if it was not text alone; `question` is its caption then."""
    message_id: Mapped[int | None]
    """Of something that was sent: the message in the person's chat, to be copied once they agree."""
    album: Mapped[str | None] = mapped_column(String(40))
    file: Mapped[dict[str, Any] | None]
    """The file as Telegram describes it (`Attachment`)."""


class Counter(Base):
    """Anonymous counts per day: nothing here belongs to a person."""

    __tablename__ = "counter"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    language: Mapped[str] = mapped_column(String(12), primary_key=True)
    value: Mapped[int] = mapped_column(Integer, default=0)
