"""What came in from Telegram and what has to go out to it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.models.base import Base


class InboxUpdate(Base):
    """An update as Telegram sent it, stored before it is acknowledged; its content goes once it is processed."""

    __tablename__ = "inbox"
    __table_args__ = (
        Index("inbox_waiting", "lane", "update_id", sqlite_where=text("done_at IS NULL"),
              postgresql_where=text("done_at IS NULL")),
        Index("inbox_albums", "album", sqlite_where=text("album IS NOT NULL"),
              postgresql_where=text("album IS NOT NULL")),
    )  # fmt: skip

    update_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    lane: Mapped[str] = mapped_column(String(40))
    """Updates of one lane are processed in order, one at a time."""
    payload: Mapped[dict[str, Any] | None]
    received_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    done_at: Mapped[datetime | None] = mapped_column(index=True)
    outcome: Mapped[str | None] = mapped_column(String(40))
    album: Mapped[str | None] = mapped_column(String(40))
    """Telegram's name for the album of which this is a part."""
    leased_by: Mapped[int | None]
    """The worker that processes it; None while nobody does, and where there is one process only."""


class OutboxMessage(Base):
    """A call of the Bot API that has to be made; written in the transaction that decided it."""

    __tablename__ = "outbox"
    __table_args__ = (Index("outbox_waiting", "lane", "id", sqlite_where=text("state IN ('pending', 'sending')"),
                            postgresql_where=text("state IN ('pending', 'sending')")),
                      Index("outbox_without_case", "created_at", sqlite_where=text("case_id IS NULL"),
                            postgresql_where=text("case_id IS NULL")))  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    lane: Mapped[str] = mapped_column(String(40))
    """Rows of one lane are sent in order, one at a time."""
    kind: Mapped[str] = mapped_column(String(20))
    """answer and flow (may be dropped when a human takes over; flow: a flow's open question), system, relay, edit,
    staff, header, new_header, topic, confirm, farewell, alert; of the group: mirror, shared, history, ask, hint, bin,
    erase. An edit changes or deletes what shows a message of a case."""
    chat_id: Mapped[int | None] = mapped_column(index=True)
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
    """What came of it: so it is known where each piece of a message of a case stands."""
    error: Mapped[str | None] = mapped_column(String(200))
    trace: Mapped[str | None] = mapped_column(String(12))
    """The id of the work it came of, as in the log (`bot.operations.trace`)."""
    asked_at: Mapped[datetime | None]
    """When the update arrived to which this is the first reply."""
    leased_by: Mapped[int | None]
    """The worker that sends it, or sent it last (see `Worker`); 0 where there is one process only."""


class Worker(Base):
    """A bot process at work on this database (PostgreSQL only). What it has taken is its own while its lease lasts."""

    __tablename__ = "worker"
    __table_args__ = {"sqlite_autoincrement": True}

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    """Machine and process, for logs; it decides nothing."""
    leased_until: Mapped[datetime]
