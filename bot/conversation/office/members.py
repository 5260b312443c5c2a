"""Who comes into the office's group and who leaves it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversation import casework
from bot.conversation.incoming import StaffPresence
from bot.conversation.turn import Parts, Turn
from bot.handoff import events as ev
from bot.handoff.states import State
from bot.storage import cases as stored
from bot.storage.models import Case
from bot.storage.office import record


async def presence_changed(session: AsyncSession, parts: Parts, change: StaffPresence) -> list[Turn]:
    """E11: who leaves is off duty, and the cases that wait for them go back to the queue; who comes is on duty."""
    staff = await stored.staff_by_telegram_id(session, change.user_id)
    if staff is None or not change.moved or staff.on_duty is change.present:
        return []
    staff.on_duty = change.present
    action = "joined_group" if change.present else "left_group"
    record(session, parts.clock(), action, staff_id=staff.id)
    await session.flush()
    if change.present:
        return []
    owned = select(Case.id).where(Case.owner_id == staff.id, Case.state == State.CLAIMED).order_by(Case.id)
    turns = [await _give_back(session, parts, id) for id in (await session.scalars(owned)).all()]
    return [turn for turn in turns if turn is not None]


async def _give_back(session: AsyncSession, parts: Parts, case_id: int) -> Turn | None:
    case = await stored.case_by_id(session, case_id)
    turn = await casework.turn_for_case(session, parts, case, parts.clock()) if case is not None else None
    if turn is not None:
        await casework.apply(turn, ev.OwnerGone(await casework.office_for(turn)))
    return turn
