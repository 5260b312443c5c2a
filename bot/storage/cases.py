"""Cases in the database: found, created, changed under a lock, counted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import takewhile
from typing import NamedTuple

from sqlalchemy import bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.storage.models import OPEN_STATES, Case, CaseEvent, CaseMessage, Exchange, OutboxMessage, Person, Staff

WAITING_STATES = ("QUEUED", "PARKED")
INTO_QUEUE = ("Consented", "Reopened")
"""Events that give a case its place; one that was taken and is given back has it again."""
RETURNED = "Returned"
"""The event with which a person comes back (`bot.handoff.events`)."""
ENDED_STATES = ("CLOSED", "WITHDRAWN")
AT_ONCE = 50
SHAREABLE = 6
"""So many questions a person can look through before they agree to share them."""


# What every message needs is put together once: that takes longer than to run it.
_OF_PERSON = select(Case).where(Case.person_id == bindparam("person"))
_OPEN = _OF_PERSON.where(Case.state.in_(OPEN_STATES))
_OPEN_LOCKED = _OPEN.with_for_update()
_ID_OF_NEWEST = select(func.max(Case.id)).where(Case.person_id == bindparam("person")).scalar_subquery()
_AT_HAND = _OF_PERSON.where(Case.state.in_((*OPEN_STATES, "RESOLVED")) | (Case.id == _ID_OF_NEWEST))
_AT_HAND = _AT_HAND.order_by(Case.id.desc()).with_for_update()


async def open_case(session: AsyncSession, person: Person, *, lock: bool = False) -> Case | None:
    """The person's open case, locked against other transactions if it is going to change."""
    return await session.scalar(_OPEN_LOCKED if lock else _OPEN, {"person": person.id})


class AtHand(NamedTuple):
    """A person's open case, the newest that is over but can be taken up again, and the newest of all; locked."""

    opened: Case | None
    ended: Case | None
    newest: Case | None


NONE_AT_HAND = AtHand(None, None, None)


async def cases_at_hand(session: AsyncSession, person: Person) -> AtHand:
    """Which of a person's cases a message may be about."""
    found = (await session.scalars(_AT_HAND, {"person": person.id})).all()
    opened = next((case for case in found if case.state in OPEN_STATES), None)
    ended = next((case for case in found if case.state == "RESOLVED"), None)
    return AtHand(opened, None if opened else ended, next(iter(found), None))


async def ended_unseen(session: AsyncSession, case: Case) -> bool:
    """Whether a case ended while its person could not be reached, and they have not come back since."""
    if case.state in OPEN_STATES:
        return False
    query = select(CaseEvent.from_state, CaseEvent.kind).where(CaseEvent.case_id == case.id)
    events = (await session.execute(query.order_by(CaseEvent.id.desc()))).all()
    since = list(takewhile(lambda event: event.kind != RETURNED, events))
    return any(event.from_state == "UNREACHABLE" for event in since)


def note_return(session: AsyncSession, case: Case, now: datetime) -> None:
    """The person came back to a case that had ended: no transition, for nothing changes but that it is no news any more
    (`ended_unseen`)."""
    session.add(CaseEvent(case_id=case.id, at=now, kind=RETURNED, from_state=case.state, to_state=case.state))


async def cases_of(session: AsyncSession, person: Person) -> Sequence[Case]:
    """All cases that still belong to the person, oldest first."""
    return (await session.scalars(select(Case).where(Case.person_id == person.id).order_by(Case.id))).all()


async def opened_since(session: AsyncSession, person: Person, since: datetime) -> Sequence[datetime]:
    """When the person's requests that reached the office were made, the oldest first."""
    query = select(Case.opened_at).where(Case.person_id == person.id, Case.opened_at > since, Case.state != "INTAKE")
    return (await session.scalars(query.order_by(Case.opened_at))).all()


async def case_by_id(session: AsyncSession, case_id: int) -> Case | None:
    """The case, locked: whoever looks a case up by id is about to change it."""
    return await session.scalar(select(Case).where(Case.id == case_id).with_for_update())


async def case_by_thread(session: AsyncSession, thread_id: int) -> Case | None:
    """The case whose topic this is, locked."""
    return await session.scalar(select(Case).where(Case.thread_id == thread_id).with_for_update())


async def waiting_count(session: AsyncSession) -> int:
    """How many cases wait for somebody to take them."""
    query = select(func.count()).select_from(Case).where(Case.state.in_(WAITING_STATES))
    return await session.scalar(query) or 0


async def place_in_queue(session: AsyncSession, case: Case) -> int:
    """How many of those that wait came into the queue before this case did, and one."""
    came = select(func.max(CaseEvent.id)).where(CaseEvent.kind.in_(INTO_QUEUE))
    own = await session.scalar(came.where(CaseEvent.case_id == case.id)) or 0
    before = came.where(CaseEvent.case_id == Case.id).correlate(Case).scalar_subquery() < own
    query = select(func.count()).select_from(Case).where(Case.state.in_(WAITING_STATES), before)
    return (await session.scalar(query) or 0) + 1


async def ids_in_state(session: AsyncSession, state: str) -> Sequence[int]:
    """Cases in `state`, those that wait longest first."""
    return (await session.scalars(select(Case.id).where(Case.state == state).order_by(Case.opened_at))).all()


def is_older(case: Case, before: datetime) -> bool:
    """Whether the case has ended for good, and nothing has happened in it since `before`."""
    return case.state in ENDED_STATES and case.active_at < before


async def ids_older(session: AsyncSession, before: datetime) -> Sequence[int]:
    """Some of the cases that ended and rested since `before`, and still belong to a person."""
    old = (Case.state.in_(ENDED_STATES), Case.active_at < before, Case.person_id.is_not(None))
    return (await session.scalars(select(Case.id).where(*old).limit(AT_ONCE))).all()


async def messages_of(session: AsyncSession, case: Case) -> Sequence[CaseMessage]:
    """The messages of a case in order."""
    return (await session.scalars(
        select(CaseMessage).where(CaseMessage.case_id == case.id).order_by(CaseMessage.id)
    )).all()  # fmt: skip


async def newest_of_person(session: AsyncSession, case: Case) -> CaseMessage | None:
    """The person's newest message in the case."""
    query = select(CaseMessage).where(CaseMessage.case_id == case.id, CaseMessage.author == "person")
    return await session.scalar(query.order_by(CaseMessage.id.desc()).limit(1))


async def message_by_source(session: AsyncSession, chat_id: int, message_id: int) -> CaseMessage | None:
    """The case message that was written as this Telegram message."""
    query = select(CaseMessage).where(
        CaseMessage.source_chat_id == chat_id, CaseMessage.source_message_id == message_id
    )
    return await session.scalar(query)


async def message_by_copy(session: AsyncSession, case: Case, message_id: int) -> CaseMessage | None:
    """The case message that this message in the case's topic shows, or a piece or an earlier version of."""
    query = select(CaseMessage).join(OutboxMessage, OutboxMessage.case_message_id == CaseMessage.id).where(
        CaseMessage.case_id == case.id, OutboxMessage.case_id == case.id, OutboxMessage.chat_id.is_(None),
        OutboxMessage.message_id == message_id,
    )  # fmt: skip
    return await session.scalar(query.limit(1))


async def exchanges_of(
    session: AsyncSession, person: Person, *, until_id: int | None = None, newest: int | None = SHAREABLE
) -> Sequence[Exchange]:  # fmt: skip
    """The newest of what the person recently asked and was answered, oldest first; up to `until_id` if given."""
    query = select(Exchange).where(Exchange.person_id == person.id)
    if until_id is not None:
        query = query.where(Exchange.id <= until_id)
    return (await session.scalars(query.order_by(Exchange.id.desc()).limit(newest))).all()[::-1]


async def staff_by_telegram_id(session: AsyncSession, telegram_id: int) -> Staff | None:
    """The active staff member with this Telegram id."""
    return await session.scalar(select(Staff).where(Staff.telegram_id == telegram_id, Staff.active))


async def asked_about(session: AsyncSession, case: Case) -> Sequence[CaseMessage]:
    """What the person wrote after the end, oldest first, as long as it is not known whether it belongs to the case."""
    query = select(CaseMessage).where(CaseMessage.case_id == case.id, CaseMessage.author == "asked")
    return (await session.scalars(query.order_by(CaseMessage.id))).all()
