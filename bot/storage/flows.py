"""Runs of guided flows and reminders in the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import ColumnElement, Table, bindparam, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.storage.database import Database
from bot.storage.models import FlowRun, Person, Reminder

# What every message needs is put together once: that takes longer than to run it.
_OF_PERSON = select(FlowRun).where(FlowRun.person_id == bindparam("person"))
_RUNS = cast(Table, FlowRun.__table__)
_SHOWN = update(_RUNS).where(
    _RUNS.c.person_id == select(Person.id).where(Person.chat_id == bindparam("chat")).scalar_subquery(),
    _RUNS.c.state == "active",
).values(message_id=bindparam("message"))  # fmt: skip
_BEGUN = select(_RUNS.c.id).where(_RUNS.c.person_id == bindparam("person"), _RUNS.c.flow == bindparam("flow"))
_NEWEST_FIRST = _OF_PERSON.order_by(FlowRun.changed_at.desc(), FlowRun.id)


async def run_of(session: AsyncSession, person: Person, flow: str) -> FlowRun | None:
    """The person's run of a flow, whatever its state."""
    return await session.scalar(select(FlowRun).where(FlowRun.person_id == person.id, FlowRun.flow == flow))


async def is_begun(database: Database, person_id: int, flow: str) -> bool:
    """Whether the person has a run of a flow, whatever its state."""
    return await database.first(_BEGUN, {"person": person_id, "flow": flow}) is not None


async def run_by_id(session: AsyncSession, person: Person, run_id: int) -> FlowRun | None:
    """The run with this number, if it is the person's own."""
    return await session.scalar(select(FlowRun).where(FlowRun.person_id == person.id, FlowRun.id == run_id))


async def runs_of(session: AsyncSession, person: Person) -> Sequence[FlowRun]:
    """All of a person's runs, the one used last first."""
    return (await session.scalars(_NEWEST_FIRST, {"person": person.id})).all()


async def set_message(session: AsyncSession, chat_id: int, message_id: int) -> None:
    """Note which message shows the open question of the person in this chat."""
    await (await session.connection()).execute(_SHOWN, {"chat": chat_id, "message": message_id})


def unwanted_runs(before: datetime) -> ColumnElement[bool]:
    """Runs that nobody came back to since then; never what a person wants kept or be reminded of."""
    awaited = (FlowRun.flow == "founding_checklist") & FlowRun.person_id.in_(
        select(Reminder.person_id).where(Reminder.kind == "checklist")
    )
    return (FlowRun.changed_at < before) & ~FlowRun.kept & ~awaited


async def remind(session: AsyncSession, person: Person, kind: str, key: str, due_at: datetime) -> None:
    """Set a reminder, in the place of an earlier one for the same."""
    await forget_reminder(session, person, kind, key)
    session.add(Reminder(person_id=person.id, kind=kind, key=key, due_at=due_at))


async def forget_reminder(session: AsyncSession, person: Person, kind: str, key: str = "") -> None:
    """Take a reminder back."""
    mine = (Reminder.person_id == person.id, Reminder.kind == kind, Reminder.key == key)
    await session.execute(delete(Reminder).where(*mine))


async def reminders_of(session: AsyncSession, person: Person) -> Sequence[Reminder]:
    """What the person will be reminded of, the next first."""
    return (await session.scalars(
        select(Reminder).where(Reminder.person_id == person.id).order_by(Reminder.due_at)
    )).all()  # fmt: skip


async def due_reminders(session: AsyncSession, now: datetime) -> Sequence[Reminder]:
    """Reminders whose time has come, locked."""
    return (await session.scalars(select(Reminder).where(Reminder.due_at <= now).with_for_update())).all()
