"""What the desk's pages about cases look up. A case in INTAKE does not exist for the office, nor do a person's words
after the end, as long as they have not said that these belong to the case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.storage.cases import WAITING_STATES
from bot.storage.models import Audit, Case, CaseEvent, CaseMessage, OutboxMessage, Person, Referral, Staff, Upload
from bot.storage.office import NOBODY_CALLED

UNSEEN_STATES = ("NONE", "INTAKE")
UNSEEN_AUTHORS = ("asked", "draft")
OWED = ("QUEUED", "PARKED", "CLAIMED")
TAKEN_BACK = "WITHDRAWN"
"""Of a case in this state the office sees that it was, and nothing that was said."""
AT_WORK = ("QUEUED", "PARKED", "CLAIMED", "WAITING_USER", "RETURN_OFFERED", "UNREACHABLE")
TOLD_ACTIONS = ("transfer", "transfer_away", "came_in", "mute", "unmute", "erase_message", NOBODY_CALLED)
"""Lines of the audit log that belong into the story of a case."""
UNDELIVERED_DAYS = 30
"""Cases without a word or change for longer are over; nothing can be done about their messages."""


class Listed(NamedTuple):
    """A case in a list, and the name of its owner."""

    case: Case
    owner: str | None


class Way(NamedTuple):
    """How the call stands that takes a message to the person: state and error as in the outbox."""

    state: str
    error: str | None
    attempts: int


class Story(NamedTuple):
    """What has been said and done in a case, and what is known about the way of each message."""

    messages: Sequence[CaseMessage]
    events: Sequence[CaseEvent]
    told: Sequence[Audit]
    sending: dict[int, Way]
    """By id of the message: its newest call that has not arrived."""
    uploads: frozenset[int]
    """Messages whose file is still here."""


class Search(NamedTuple):
    """What is looked for; what is None does not matter."""

    case_id: int | None = None
    text: str | None = None
    language: str | None = None
    state: str | None = None
    owner_id: int | None = None
    first: datetime | None = None
    before: datetime | None = None


async def cases_at_work(session: AsyncSession, limit: int) -> Sequence[Listed]:
    """Cases that the office has to do with now: before all others those that wait for somebody, oldest first."""
    waits = Case.state.in_(WAITING_STATES)
    query = (
        select(Case, Staff.name).outerjoin(Staff, Case.owner_id == Staff.id)
        .where(Case.state.in_(AT_WORK)).order_by(waits.desc(), Case.opened_at, Case.id).limit(limit)
    )  # fmt: skip
    return [Listed(*row) for row in await session.execute(query)]


async def uncalled(session: AsyncSession) -> Sequence[int]:
    """T17: cases with a broken promise of which no admin could be told in Telegram."""
    tried = exists().where(Audit.case_id == Case.id, Audit.action == NOBODY_CALLED, Audit.at >= Case.escalated_at)
    query = select(Case.id).where(Case.state.in_(OWED), Case.escalated_at.is_not(None), tried)
    return (await session.scalars(query.order_by(Case.id))).all()


async def seen_case(session: AsyncSession, case_id: int) -> tuple[Case, Person | None] | None:
    """The case with its person, if the office may know of it. Not locked: for looking only."""
    query = (
        select(Case, Person).outerjoin(Person, Case.person_id == Person.id)
        .where(Case.id == case_id, Case.state.not_in(UNSEEN_STATES))
    )  # fmt: skip
    row = (await session.execute(query)).one_or_none()
    return (row[0], row[1]) if row else None


async def story_of(session: AsyncSession, case: Case) -> Story:
    """Five queries, however long the case."""
    case_id = case.id
    events = await session.scalars(select(CaseEvent).where(CaseEvent.case_id == case_id).order_by(CaseEvent.id))
    if case.state == TAKEN_BACK:
        return Story((), events.all(), (), {}, frozenset())
    messages = await session.scalars(
        select(CaseMessage).where(CaseMessage.case_id == case_id, CaseMessage.author.not_in(UNSEEN_AUTHORS))
        .order_by(CaseMessage.id)
    )  # fmt: skip
    told = await session.scalars(
        select(Audit).where(Audit.case_id == case_id, Audit.action.in_(TOLD_ACTIONS)).order_by(Audit.id)
    )
    uploads = await session.scalars(
        select(Upload.message_id).join(CaseMessage, CaseMessage.id == Upload.message_id)
        .where(CaseMessage.case_id == case_id)
    )  # fmt: skip
    return Story(messages.all(), events.all(), told.all(), await _sending(session, OutboxMessage.case_id == case_id),
                 frozenset(uploads))  # fmt: skip


async def _sending(session: AsyncSession, of: ColumnElement[bool]) -> dict[int, Way]:
    columns = (OutboxMessage.case_message_id, OutboxMessage.state, OutboxMessage.error, OutboxMessage.attempts)
    query = (
        select(*columns)
        .where(of, OutboxMessage.case_message_id.is_not(None), OutboxMessage.chat_id.is_not(None),
               OutboxMessage.kind == "relay", OutboxMessage.state.in_(("pending", "sending", "failed")))
        .order_by(OutboxMessage.id)
    )  # fmt: skip
    rows = (await session.execute(query)).all()
    return {row[0]: Way(*row[1:]) for row in rows if row[0] is not None}


async def referrals_of(session: AsyncSession, case_id: int) -> Sequence[Referral]:
    """Where the person was sent on to, in order."""
    return (await session.scalars(select(Referral).where(Referral.case_id == case_id).order_by(Referral.id))).all()


async def all_staff(session: AsyncSession) -> Sequence[Staff]:
    """Everybody who is or was there, by name."""
    return (await session.scalars(select(Staff).order_by(Staff.name, Staff.id))).all()


async def seen_message(session: AsyncSession, case_id: int, message_id: int) -> CaseMessage | None:
    """The message, if it belongs to this very case and the office may know of both."""
    query = (
        select(CaseMessage).join(Case, Case.id == CaseMessage.case_id)
        .where(CaseMessage.id == message_id, CaseMessage.case_id == case_id,
               CaseMessage.author.not_in(UNSEEN_AUTHORS), Case.state.not_in((*UNSEEN_STATES, TAKEN_BACK)))
    )  # fmt: skip
    return await session.scalar(query)


async def find_cases(session: AsyncSession, wanted: Search, *, limit: int, offset: int) -> Sequence[Listed]:
    """Newest first."""
    query = (
        select(Case, Staff.name).outerjoin(Staff, Case.owner_id == Staff.id)
        .where(Case.state.not_in(UNSEEN_STATES), *_conditions(session, wanted))
        .order_by(Case.id.desc()).limit(limit).offset(offset)
    )  # fmt: skip
    return [Listed(*row) for row in await session.execute(query)]


def _conditions(session: AsyncSession, wanted: Search) -> list[ColumnElement[bool]]:
    given = {Case.id: wanted.case_id, Case.language: wanted.language, Case.state: wanted.state,
             Case.owner_id: wanted.owner_id}  # fmt: skip
    found = [column == value for column, value in given.items() if value is not None]
    if wanted.first is not None:
        found.append(Case.opened_at >= wanted.first)
    if wanted.before is not None:
        found.append(Case.opened_at < wanted.before)
    if wanted.text:
        found += [Case.state != TAKEN_BACK, exists().where(CaseMessage.case_id == Case.id, _says(wanted.text))]
    return found


def _says(text: str) -> ColumnElement[bool]:
    # SQLite knows capitals of ASCII only: the usual ways to write a word stand in for the others.
    ways = {text, text.lower(), text.upper(), text.capitalize()}
    columns: tuple[Any, ...] = (CaseMessage.text, CaseMessage.translation)
    hits = [column.icontains(way, autoescape=True) for column in columns for way in sorted(ways)]
    return and_(CaseMessage.author.not_in(UNSEEN_AUTHORS), CaseMessage.author != "held", or_(*hits))


async def words_found(session: AsyncSession, text: str, case_ids: Sequence[int]) -> dict[int, CaseMessage]:
    """For each of the cases the first message that says it."""
    first = (
        select(func.min(CaseMessage.id)).where(CaseMessage.case_id.in_(case_ids), _says(text))
        .group_by(CaseMessage.case_id)
    )  # fmt: skip
    found = await session.scalars(select(CaseMessage).where(CaseMessage.id.in_(first)))
    return {message.case_id: message for message in found}


class Stuck(NamedTuple):
    """A message of staff that has not arrived."""

    message: CaseMessage
    case: Case
    staff: str | None
    way: Way | None


async def undelivered(session: AsyncSession, now: datetime, patience: timedelta, limit: int = 100) -> list[Stuck]:
    """What failed, or has been on its way for longer than `patience`; newest first."""
    failed = exists().where(OutboxMessage.case_message_id == CaseMessage.id, OutboxMessage.kind == "relay",
                            OutboxMessage.case_id == CaseMessage.case_id, OutboxMessage.state == "failed")  # fmt: skip
    late = and_(CaseMessage.delivered_at.is_(None), CaseMessage.at < now - patience)
    query = (
        select(CaseMessage, Case, Staff.name)
        .join(Case, Case.id == CaseMessage.case_id).outerjoin(Staff, Staff.id == CaseMessage.staff_id)
        .where(Case.active_at >= now - timedelta(days=UNDELIVERED_DAYS),
               Case.state.not_in((*UNSEEN_STATES, TAKEN_BACK)),
               CaseMessage.author == "staff", CaseMessage.deleted_at.is_(None),
               or_(CaseMessage.failed.is_not(None), late, and_(CaseMessage.delivered_at.is_(None), failed)))
        .order_by(CaseMessage.id.desc()).limit(limit)
    )  # fmt: skip
    rows = (await session.execute(query)).all()
    ways = await _sending(session, OutboxMessage.case_id.in_({case.id for _, case, _ in rows}))
    return [Stuck(message, case, staff, ways.get(message.id)) for message, case, staff in rows]
