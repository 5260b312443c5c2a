"""What happens because time passed: compared with the clock at each round, so that a restart fires nothing twice."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversation import cases
from bot.conversation.turn import Parts, Turn
from bot.handoff import events as ev
from bot.handoff.states import State
from bot.storage import cases as stored
from bot.storage.persons import forget_exchanges


async def due(
    session: AsyncSession, parts: Parts, *, intake_minutes: int, return_hours: int
) -> AsyncIterator[Turn]:
    """Apply every event whose time has come; yields a turn each, with what has to be sent."""
    now = parts.clock()
    await forget_exchanges(session, now - timedelta(hours=parts.exchange_hours))
    office = await cases.office_now(session, parts, now)
    plans: list[tuple[State, timedelta, ev.Event]] = [
        (State.INTAKE, timedelta(minutes=intake_minutes), ev.Declined(lapsed=True)),
        (State.RETURN_OFFERED, timedelta(hours=return_hours), ev.Solved(timed_out=True)),
    ]
    if office.open and office.staffed:
        plans.append((State.PARKED, timedelta(0), ev.OfficeOpened(office)))
    for state, age, event in plans:
        for case in await stored.unchanged_since(session, state, now - age):
            turn = await cases.turn_for_case(session, parts, case, now)
            if turn is not None:
                await cases.apply(turn, event)
                yield turn
