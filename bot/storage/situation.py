"""What has to be known of a person before their message is thought about, and before it is answered: one query each."""

from __future__ import annotations

from typing import Any, NamedTuple, cast

from sqlalchemy import Row, Table, and_, bindparam, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.storage.database import Database
from bot.storage.models import OPEN_STATES, Case, FlowRun, Person


class Situation(NamedTuple):
    """Somebody who is known: their number, their language, the state of their open case and the flow whose question is
    open, to look at only; None: there is none."""

    person: int
    language: str
    case: str | None
    run: FlowRun | None


class Known(NamedTuple):
    """A person, and whether there are cases and runs of theirs that need looking at."""

    person: Person
    has_cases: bool
    has_runs: bool


_RUN = cast(Table, FlowRun.__table__).c
# There is at most one open case and one active run of each person.
_SITUATION = (
    select(Person.id.label("person"), Person.language.label("language"), Case.state.label("case"), *_RUN)
    .outerjoin(Case, and_(Case.person_id == Person.id, Case.state.in_(OPEN_STATES)))
    .outerjoin(FlowRun, and_(FlowRun.person_id == Person.id, FlowRun.state == "active"))
    .where(Person.chat_id == bindparam("chat"))
)
_KNOWN = select(
    Person, exists().where(Case.person_id == Person.id), exists().where(FlowRun.person_id == Person.id)
).where(Person.chat_id == bindparam("chat"))


async def situation_of(database: Database, chat_id: int) -> Situation | None:
    """The situation of whoever writes in this private chat; None: nobody who is known."""
    found = await database.first(_SITUATION, {"chat": chat_id})
    return None if found is None else Situation(found.person, found.language, found.case, _run(found))


async def known_by_chat(session: AsyncSession, chat_id: int) -> Known | None:
    """Whoever writes in this private chat; None: nobody who is known."""
    found = (await session.execute(_KNOWN, {"chat": chat_id})).first()
    return None if found is None else Known(*found)


def _run(found: Row[Any]) -> FlowRun | None:
    return None if found.id is None else FlowRun(**{column.name: getattr(found, column.name) for column in _RUN})
