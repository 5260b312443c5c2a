"""Before a restored database goes to work: what was under way is not done again, who was erased does not return."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.storage import persons
from bot.storage.cases import cases_of
from bot.storage.erasures import Erased
from bot.storage.models import (
    CaseMessage,
    DeskSession,
    Erasure,
    InboxUpdate,
    OutboxMessage,
    Person,
    StaffGroup,
    Timer,
    Worker,
)
from bot.storage.office import record
from bot.telegram.outbox import delete_topic
from bot.telegram.queues import WAITING_STATES

RESTORED = "restored"
"""Why a call is not made: it was waiting when the backup was made, and nobody knows whether it was made then."""
FURTHER = 1000
"""Numbers that were given after the backup may stand on buttons in chats: they are not given again."""
NUMBERED = ("handoff_case", "flow_run", "exchange")
"""Tables whose numbers travel in buttons."""


async def settle(
    session: AsyncSession, now: datetime, made_at: str, erased: Iterable[Erased], staff_chat_id: int
) -> int:
    """Make a restored database fit for work. Returns how many persons were erased again."""
    await _set_aside(session, now)
    await session.execute(delete(DeskSession))
    await session.execute(delete(Worker))
    await _number_further(session)
    again = await _erase_again(session, now, erased, staff_chat_id)
    record(session, now, RESTORED, staff_id=None, detail=made_at)
    return again


async def _set_aside(session: AsyncSession, now: datetime) -> None:
    """Updates that waited were answered after the backup; of messages that waited staff decide at the desk.

    Only what erases something in the group is done again: twice does no harm.
    """
    await session.execute(update(InboxUpdate).where(InboxUpdate.done_at.is_(None))
                          .values(done_at=now, outcome=RESTORED, payload=None))  # fmt: skip
    waiting = (OutboxMessage.state.in_(WAITING_STATES), OutboxMessage.kind != "erase")
    relayed = select(OutboxMessage.case_message_id).where(*waiting, OutboxMessage.kind == "relay")
    await session.execute(
        update(CaseMessage).where(CaseMessage.id.in_(relayed), CaseMessage.delivered_at.is_(None))
        .values(failed=RESTORED)
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    await session.execute(update(OutboxMessage).where(*waiting).values(state="failed", error=RESTORED, payload=None))
    await session.execute(update(OutboxMessage).where(OutboxMessage.state == "sending").values(state="pending"))


async def _number_further(session: AsyncSession) -> None:
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    for table in NUMBERED:
        if is_sqlite:
            highest = f"(SELECT coalesce(max(id), 0) FROM {table})"
            missing = f"WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = '{table}')"
            await session.execute(
                text(f"INSERT INTO sqlite_sequence (name, seq) SELECT '{table}', {highest} {missing}")
            )
            await session.execute(text(f"UPDATE sqlite_sequence SET seq = seq + {FURTHER} WHERE name = '{table}'"))
        else:
            sequence = f"pg_get_serial_sequence('{table}', 'id')"
            await session.execute(text(f"SELECT setval({sequence}, nextval({sequence}) + {FURTHER})"))


async def _erase_again(session: AsyncSession, now: datetime, erased: Iterable[Erased], staff_chat_id: int) -> int:
    entries = list(erased)
    known = set(await session.scalars(select(Erasure.digest)))
    session.add_all(Erasure(at=one.at, salt=one.salt, digest=one.digest) for one in entries if one.digest not in known)
    again = 0
    for person in (await session.scalars(select(Person))).all():
        if any(one.at >= person.created_at and one.is_about(person.chat_id) for one in entries):
            await _erase(session, person, now, staff_chat_id)
            again += 1
    return again


async def _erase(session: AsyncSession, person: Person, now: datetime, staff_chat_id: int) -> None:
    """As at the time, but nothing is said: they were told, and their case has ended."""
    group = await session.scalar(select(StaffGroup.chat_id).where(StaffGroup.configured == staff_chat_id))
    for case in await cases_of(session, person):
        case.state, case.version, case.changed_at = "WITHDRAWN", case.version + 1, now
        await session.execute(delete(Timer).where(Timer.case_id == case.id))
        await persons.erase_texts(session, case)
        if case.thread_id is not None:
            delete_topic(session, now, group or staff_chat_id, case.thread_id)
    await session.flush()
    await persons.erase_person(session, person)


async def persons_in(session: AsyncSession) -> int:
    """How many persons the database knows."""
    return await session.scalar(select(func.count()).select_from(Person)) or 0
