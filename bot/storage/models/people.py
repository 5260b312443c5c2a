"""What the bot remembers of a person outside cases, and anonymous counts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, Integer, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.models.base import Base, Document


class Person(Base):
    """Somebody who writes to the bot in a private chat."""

    __tablename__ = "person"
    __table_args__ = (Index("person_to_erase", "id", sqlite_where=text("erase_when_done = 1"),
                            postgresql_where=text("erase_when_done")),)  # fmt: skip

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


class Unanswered(Base):
    """A question that the bot had no sure answer to, without personal data (`bot.redaction`); no sensitive ones."""

    __tablename__ = "unanswered"
    __table_args__ = {"sqlite_autoincrement": True}

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    """Only to count different people, and to erase it with the person; never shown."""
    asked_on: Mapped[date] = mapped_column(Date, index=True)
    language: Mapped[str] = mapped_column(String(12))
    text: Mapped[str] = mapped_column(Text)
    outcome: Mapped[str] = mapped_column(String(20))
    """lost, or did_you_mean while none of the offered questions was chosen."""
    nearest: Mapped[list[Any]] = mapped_column(Document)
    """The likeliest entries, best first, each with its confidence."""


class Visit(Base):
    """Somebody asked about a topic in the week that runs, under a name that only this week's salt can give them.

    When the week is over only numbers are left (`WeeklyPeople`). Topics that are sensitive stand here as no topic.
    """

    __tablename__ = "visit"

    week: Mapped[date] = mapped_column(Date, primary_key=True)
    """Its Monday."""
    topic: Mapped[str] = mapped_column(String(40), primary_key=True)
    """Empty: none, or none that may be noted."""
    language: Mapped[str] = mapped_column(String(12), primary_key=True)
    who: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class VisitSalt(Base):
    """What a week's names in `Visit` were made with; deleted with them, so that nobody can make them again."""

    __tablename__ = "visit_salt"

    week: Mapped[date] = mapped_column(Date, primary_key=True)
    salt: Mapped[bytes] = mapped_column(LargeBinary)


class WeeklyPeople(Base):
    """How many different people asked in a week; `*` stands for all topics, or all languages."""

    __tablename__ = "weekly_people"

    week: Mapped[date] = mapped_column(Date, primary_key=True)
    topic: Mapped[str] = mapped_column(String(40), primary_key=True)
    language: Mapped[str] = mapped_column(String(12), primary_key=True)
    people: Mapped[int] = mapped_column(Integer)


class Erasure(Base):
    """Somebody was erased at their wish, so that a backup does not bring them back (`bot.storage.erasures`)."""

    __tablename__ = "erasure"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    salt: Mapped[str] = mapped_column(String(32))
    digest: Mapped[str] = mapped_column(String(64))
    """Of the salt and the chat's id: tells whether it was a person whom one knows, and not who it was."""


class Counter(Base):
    """Anonymous counts per day: nothing here belongs to a person."""

    __tablename__ = "counter"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    language: Mapped[str] = mapped_column(String(12), primary_key=True)
    value: Mapped[int] = mapped_column(Integer, default=0)
