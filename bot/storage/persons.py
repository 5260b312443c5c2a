"""Persons in the database: found, remembered for hours, erased."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import bindparam, delete, exists, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.storage.models import (
    OPEN_STATES,
    Audit,
    Case,
    CaseMessage,
    Counter,
    Exchange,
    FlowRun,
    InboxUpdate,
    OutboxMessage,
    Person,
    Referral,
    Reminder,
    Unanswered,
)
from bot.storage.upsert import by_dialect
from bot.storage.visits import forget_visits

# What every message needs is put together once: that takes longer than to run it.
_BY_CHAT = select(Person).where(Person.chat_id == bindparam("chat"))
_REMEMBER = insert(Exchange)
_ONE_MORE = by_dialect(lambda insert: insert(Counter).on_conflict_do_update(
    index_elements=[Counter.day, Counter.name, Counter.key, Counter.language], set_={"value": Counter.value + 1}
))  # fmt: skip


async def person_by_chat(session: AsyncSession, chat_id: int) -> Person | None:
    """The person who writes in this private chat, if known."""
    return await session.scalar(_BY_CHAT, {"chat": chat_id})


async def remember(
    session: AsyncSession, person: Person, now: datetime, *, question: str | None, entry_id: str | None,
    language: str | None = None,
) -> None:  # fmt: skip
    """Keep a question, in whatever language, and its answer for the hours in which a hand-off may include them."""
    kept = {"person_id": person.id, "at": now, "question": question, "entry_id": entry_id, "language": language}
    await (await session.connection()).execute(_REMEMBER, kept)


async def exchange_of(session: AsyncSession, person: Person, message_id: int) -> Exchange | None:
    """What is remembered of a message that was no text."""
    query = select(Exchange).where(Exchange.person_id == person.id, Exchange.message_id == message_id)
    return await session.scalar(query)


async def count(session: AsyncSession, day: date, name: str, key: str = "", language: str = "") -> None:
    """Raise an anonymous counter by one."""
    connection = await session.connection()
    counted = {"day": day, "name": name, "key": key, "language": language, "value": 1}
    await connection.execute(_ONE_MORE[connection.dialect.name], counted)


async def unanswered_of(session: AsyncSession, person: Person) -> Sequence[Unanswered]:
    """What the person asked and got no good answer to, oldest first."""
    query = select(Unanswered).where(Unanswered.person_id == person.id).order_by(Unanswered.id)
    return (await session.scalars(query)).all()


async def erase_texts(session: AsyncSession, case: Case) -> None:
    """Delete every text of a case, sent or waiting, staff's reasons included; it remains as a stub without a person."""
    await session.execute(delete(OutboxMessage).where(OutboxMessage.case_id == case.id))
    await session.execute(delete(CaseMessage).where(CaseMessage.case_id == case.id))
    await session.execute(update(Referral).where(Referral.case_id == case.id).values(contact="", ask_at=None))
    await session.execute(update(Audit).where(Audit.case_id == case.id).values(detail=""))
    case.person_id = case.topic = case.summary = case.offered_language = None


async def to_erase(session: AsyncSession) -> Sequence[int]:
    """Persons who asked to be erased after their case, and have no open one any more."""
    still_open = exists().where(Case.person_id == Person.id, Case.state.in_(OPEN_STATES))
    return (await session.scalars(select(Person.id).where(Person.erase_when_done, ~still_open))).all()


async def erase_person(session: AsyncSession, person: Person) -> None:
    """Delete the person and everything that names their chat; processed updates keep their number only."""
    await erase_persons(session, [person])


async def erase_persons(session: AsyncSession, found: Sequence[Person]) -> None:
    """The same for several at once: what has to be looked through, such as the inbox, is looked through once."""
    ids, chats = [person.id for person in found], [person.chat_id for person in found]
    for owned in (Exchange, FlowRun, Reminder, Unanswered):
        await session.execute(delete(owned).where(owned.person_id.in_(ids)))
    # Not before: another worker that was just acting on one of these rows has written to the outbox by now.
    await session.execute(delete(OutboxMessage).where(OutboxMessage.chat_id.in_(chats)))
    await forget_visits(session, *chats)
    await session.execute(
        update(InboxUpdate)
        .where(InboxUpdate.lane.in_(f"chat:{chat}" for chat in chats), InboxUpdate.done_at.is_not(None))
        .values(lane="erased", album=None)
    )
    for person in found:
        await session.delete(person)
