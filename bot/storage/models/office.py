"""The office itself: staff, their sessions at the desk, the calendar, the record of what was done."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, validates

from bot.storage.models.base import Base


class Staff(Base):
    """Somebody of the office who may take cases: in the staff group if present there, at the desk with a password."""

    __tablename__ = "staff"

    id: Mapped[int] = mapped_column(primary_key=True)
    telegram_id: Mapped[int | None] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(String(80))
    active: Mapped[bool] = mapped_column(default=True)
    role: Mapped[str] = mapped_column(String(10), default="agent")
    """agent (cases), editor (and calendar), admin (and staff)."""
    login: Mapped[str | None] = mapped_column(String(80), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    totp_secret: Mapped[str | None] = mapped_column(String(64))
    totp_step: Mapped[int] = mapped_column(default=0)
    """The newest time step (30 s) whose code was used: a code counts once."""
    language: Mapped[str] = mapped_column(String(12), default="de")
    """Language of the desk's pages."""
    on_duty: Mapped[bool] = mapped_column(default=True)
    left_at: Mapped[datetime | None]
    """Since when they are not `active`: from here retention counts."""

    @validates("active")
    def _note_leaving(self, _: str, active: Any) -> Any:
        self.left_at = None if active else self.left_at or datetime.now(UTC)
        return active


class StaffAbsence(Base):
    """Days on which somebody is away, the last one included."""

    __tablename__ = "staff_absence"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    first: Mapped[date] = mapped_column(Date)
    last: Mapped[date] = mapped_column(Date)


class DeskSession(Base):
    """Somebody logged in at the desk. The cookie's value is stored as a hash only."""

    __tablename__ = "desk_session"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    csrf: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime] = mapped_column(index=True)


class Audit(Base):
    """What staff did, for the record: who, what, when, with which case. Holds no text of a person."""

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_action", "action", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="SET NULL"))
    action: Mapped[str] = mapped_column(String(40))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("handoff_case.id", ondelete="SET NULL"), index=True)
    detail: Mapped[str] = mapped_column(String(200), default="")
    """An id, or a reason that staff gave."""


class OfficeWeek(Base):
    """The office's weekly hours, if they were set at the desk (one row); otherwise the setting OFFICE_HOURS holds."""

    __tablename__ = "office_week"

    id: Mapped[int] = mapped_column(primary_key=True)
    hours: Mapped[str] = mapped_column(String(400))
    """As in OFFICE_HOURS."""


class CalendarException(Base):
    """Days with other hours than the week says, the last one included; no hours: closed."""

    __tablename__ = "calendar_exception"

    id: Mapped[int] = mapped_column(primary_key=True)
    first: Mapped[date] = mapped_column(Date)
    last: Mapped[date] = mapped_column(Date, index=True)
    hours: Mapped[str] = mapped_column(String(80), default="")
    """Such as `09:00-12:00, 13:00-16:00`."""
    reason: Mapped[str] = mapped_column(String(200), default="")


class StaffGroup(Base):
    """The staff group in use (one row), and where it went: a group that becomes a supergroup gets a new id."""

    __tablename__ = "staff_group"

    configured: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """As STAFF_CHAT_ID says."""
    chat_id: Mapped[int]
