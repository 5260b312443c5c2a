"""Counting people without knowing them: names for one week, made with a salt that is thrown away with them."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from hashlib import blake2b
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, Insert, Select, delete, exists, func, literal, or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from bot.storage.models import Visit, VisitSalt, WeeklyPeople
from bot.storage.upsert import by_dialect

ALL = "*"
"""Stands in `WeeklyPeople` for every topic, or every language."""
_NOTE = by_dialect(lambda insert: insert(Visit).on_conflict_do_nothing())
"""Put together once: every question needs it."""
_BEGIN_WEEK = by_dialect(lambda insert: insert(VisitSalt).on_conflict_do_nothing())
_salts: WeakKeyDictionary[Any, tuple[date, bytes]] = WeakKeyDictionary()
"""This week's salt by database, so that it need not be read for every question."""


def week_of(day: date) -> date:
    """The Monday of its week."""
    return day - timedelta(days=day.weekday())


async def note_visit(session: AsyncSession, day: date, chat_id: int, topic: str, language: str) -> None:
    """Somebody asked; a second question about the same topic in the same week and language changes nothing."""
    week = week_of(day)
    who = _name(chat_id, await _salt(session, week))
    visit = {"week": week, "topic": topic, "language": language, "who": who}
    await (await session.connection()).execute(_NOTE[_dialect(session)], visit)


async def visits_of(session: AsyncSession, chat_id: int) -> Sequence[Visit]:
    """What is held under this person's names, as long as there are salts to make them with."""
    salts = (await session.scalars(select(VisitSalt))).all()
    found = [await session.scalars(select(Visit).where(_is(row, chat_id))) for row in salts]
    return [visit for one in found for visit in one]


async def forget_visits(session: AsyncSession, *chat_ids: int) -> None:
    """Erase what is held under these persons' names: they are counted in no week that still runs."""
    for row in (await session.scalars(select(VisitSalt))).all():
        await session.execute(delete(Visit).where(_is(row, *chat_ids)))


async def has_weeks_to_close(session: AsyncSession, today: date) -> bool:
    """Whether a week is over of which there are still names, or what they were made with."""
    over = (exists().where(table.week < week_of(today)) for table in (Visit, VisitSalt))
    return bool(await session.scalar(select(or_(*over))))


async def close_weeks(session: AsyncSession, today: date) -> None:
    """Of every week that is over keep numbers only."""
    now = week_of(today)
    # First, so that another process that closes the week at the same time waits here, and then finds nothing to do.
    await session.execute(delete(VisitSalt).where(VisitSalt.week < now))
    weeks = (await session.scalars(select(Visit.week).where(Visit.week < now).distinct())).all()
    for week in weeks:
        await session.execute(by_dialect(partial(_closing, week))[_dialect(session)])
        await session.execute(delete(Visit).where(Visit.week == week))


def _closing(week: date, insert: Any) -> Insert:
    """Keep the numbers of a week. It may run twice, if the clock was wrong."""
    cells = insert(WeeklyPeople).from_select(["week", "topic", "language", "people"], counting(week))
    closing: Insert = cells.on_conflict_do_update(
        index_elements=[WeeklyPeople.week, WeeklyPeople.topic, WeeklyPeople.language],
        set_={"people": WeeklyPeople.people + cells.excluded.people},
    )
    return closing


def counting(week: date) -> Select[Any]:
    """(week, topic, language, people) of a week that runs: all, by topic, by language, by both."""
    every: ColumnElement[str] = literal(ALL)
    cells = union_all(*(
        select(topic.label("topic"), language.label("language"), Visit.who.label("who")).where(Visit.week == week)
        for topic in (every, Visit.topic) for language in (every, Visit.language)
    )).subquery()  # fmt: skip
    people = func.count(cells.c.who.distinct())
    return (
        select(literal(week).label("week"), cells.c.topic, cells.c.language, people.label("people"))
        .where(cells.c.who.is_not(None)).group_by(cells.c.topic, cells.c.language)
    )  # fmt: skip


async def _salt(session: AsyncSession, week: date) -> bytes:
    bind = session.get_bind()
    known = _salts.get(bind)
    if known is not None and known[0] == week:
        return known[1]
    query = select(VisitSalt.salt).where(VisitSalt.week == week)
    salt = await session.scalar(query)
    if salt is not None:
        # Only now: what this very transaction had made might be taken back with it.
        _salts[bind] = (week, salt)
        return salt
    new = {"week": week, "salt": secrets.token_bytes(16)}
    await (await session.connection()).execute(_BEGIN_WEEK[_dialect(session)], new)
    return (await session.scalars(query)).one()


def _name(chat_id: int, salt: bytes) -> int:
    return int.from_bytes(blake2b(str(chat_id).encode(), digest_size=8, key=salt).digest(), signed=True)


def _is(row: VisitSalt, *chat_ids: int) -> ColumnElement[bool]:
    return (Visit.week == row.week) & Visit.who.in_(_name(chat_id, row.salt) for chat_id in chat_ids)


def _dialect(session: AsyncSession) -> str:
    return session.get_bind().dialect.name
