"""What happens because time passed: compared with the clock at each round, so that a restart fires nothing twice."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversation import cases
from bot.conversation.flows import founding_checklist, funding_finder
from bot.conversation.turn import Parts, Turn
from bot.handoff import events as ev
from bot.handoff.states import WITH_HUMAN, State
from bot.storage import cases as stored
from bot.storage import flows
from bot.storage.models import Person
from bot.storage.persons import forget_exchanges
from flows.guide.form import SENSITIVE

SENSITIVE_LASTS = timedelta(hours=1)
"""After so long without a word a sensitive flow counts as ended, and nothing may remain of it."""


async def due(
    session: AsyncSession, parts: Parts, *, intake_minutes: int, return_hours: int
) -> AsyncIterator[Turn]:
    """Apply every event whose time has come; yields a turn each, with what has to be sent."""
    now = parts.clock()
    await forget_exchanges(session, now - timedelta(hours=parts.exchange_hours))
    await flows.forget_runs(session, before=now - timedelta(days=parts.flow_days), sensitive=SENSITIVE,
                            sensitive_before=now - SENSITIVE_LASTS)  # fmt: skip
    async for reminded in _reminders(session, parts, now):
        yield reminded
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


async def _reminders(session: AsyncSession, parts: Parts, now: datetime) -> AsyncIterator[Turn]:
    """What people asked to be reminded of, once; while a human talks with them it waits."""
    for reminder in await flows.due_reminders(session, now):
        person = await session.get(Person, reminder.person_id)
        if person is None:
            continue
        case = await stored.open_case(session, person)
        if case is not None and State(case.state) in WITH_HUMAN:
            continue
        await session.delete(reminder)
        turn = Turn(parts=parts, session=session, person=person, case=case, now=now, language=person.language)
        if reminder.kind == "deadline":
            await funding_finder.say_deadline(turn, reminder.key)
        else:
            await founding_checklist.say_next(turn)
        yield turn
