"""The office in the database: its calendar as rows, who is on duty, the timers of its cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import delete, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.storage.models import Audit, CalendarException, Case, OfficeWeek, Staff, StaffAbsence, Timer

DAY = timedelta(days=1)
GROUP_LOST, GROUP_BACK = "group_lost", "group_back"
"""What stands in the audit log when the bot could no longer work in the office's group, and when it could again."""
NOBODY_CALLED = "nobody_called"
"""What stands there when no admin could be told in private of what they have to know."""


async def calendar_rows(session: AsyncSession) -> tuple[str | None, Sequence[CalendarException]]:
    """What the desk set: the weekly hours, None if it set none, and the exceptions in the order they were made."""
    hours = await session.scalar(select(OfficeWeek.hours).limit(1))
    return hours, (await session.scalars(select(CalendarException).order_by(CalendarException.id))).all()


async def on_duty(session: AsyncSession, today: date) -> Sequence[Staff]:
    """Who can see to cases today: active, on duty and not away."""
    away = exists().where(StaffAbsence.staff_id == Staff.id, StaffAbsence.first <= today, StaffAbsence.last >= today)
    query = select(Staff).where(Staff.active, Staff.on_duty, ~away).order_by(Staff.name)
    return (await session.scalars(query)).all()


async def set_on_duty(session: AsyncSession, staff_id: int, today: date) -> bool:
    """Somebody is there today, whatever was entered; days of absence before and after stay. False: they were known
    to be there."""
    staff = await session.get_one(Staff, staff_id)
    away = (await session.scalars(select(StaffAbsence).where(
        StaffAbsence.staff_id == staff_id, StaffAbsence.first <= today, StaffAbsence.last >= today
    ))).all()  # fmt: skip
    for absence in away:
        for first, last in ((absence.first, today - DAY), (today + DAY, absence.last)):
            if first <= last:
                session.add(StaffAbsence(staff_id=staff_id, first=first, last=last))
        await session.delete(absence)
    was_off = bool(away) or not staff.on_duty
    staff.on_duty = True
    await session.flush()
    return was_off


async def admins(session: AsyncSession) -> Sequence[Staff]:
    """Those who answer for the office."""
    return (await session.scalars(select(Staff).where(Staff.active, Staff.role == "admin"))).all()


async def group_is_lost(session: AsyncSession) -> bool:
    """E33: whether the bot could not work in the office's group when it was last known (see `Audit`)."""
    query = select(Audit.action).where(Audit.action.in_((GROUP_LOST, GROUP_BACK))).order_by(Audit.id.desc()).limit(1)
    return await session.scalar(query) == GROUP_LOST


async def set_timers(session: AsyncSession, case: Case, due: Mapping[str, datetime]) -> None:
    """Replace the timers of a case."""
    await session.execute(delete(Timer).where(Timer.case_id == case.id))
    session.add_all(Timer(case_id=case.id, kind=kind, due_at=moment) for kind, moment in due.items())


async def timer_due(session: AsyncSession, case: Case, kind: str) -> datetime | None:
    """When a timer of the case fires, None if it has none of this kind."""
    return await session.scalar(select(Timer.due_at).where(Timer.case_id == case.id, Timer.kind == kind))


async def due_timers(session: AsyncSession, now: datetime) -> Sequence[int]:
    """Ids of the timers whose time has come, oldest first."""
    return (await session.scalars(select(Timer.id).where(Timer.due_at <= now).order_by(Timer.due_at, Timer.id))).all()


async def take_timer(session: AsyncSession, timer_id: int, now: datetime) -> tuple[int, str] | None:
    """Take a due timer away: (case id, kind) for whoever did it first, None for anybody else."""
    taking = delete(Timer).where(Timer.id == timer_id, Timer.due_at <= now).returning(Timer.case_id, Timer.kind)
    row = (await session.execute(taking)).first()
    return None if row is None else (row.case_id, row.kind)


def record(
    session: AsyncSession, now: datetime, action: str, *, staff_id: int | None, case_id: int | None = None,
    detail: str = "",
) -> None:  # fmt: skip
    """Add a line to the audit log. `detail`: an id or a reason, never what a person wrote."""
    session.add(Audit(at=now, staff_id=staff_id, action=action, case_id=case_id, detail=detail[:200]))
