"""What has to be known of a person before their message is thought about, in one query."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import and_, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.storage.models import OPEN_STATES, Case, FlowRun, Person


class Situation(NamedTuple):
    """The person of a private chat, their open case and the flow whose question is open; None: there is none."""

    person: Person | None = None
    case: Case | None = None
    run: FlowRun | None = None


# There is at most one open case and one active run of each person.
_SITUATION = (
    select(Person, Case, FlowRun)
    .outerjoin(Case, and_(Case.person_id == Person.id, Case.state.in_(OPEN_STATES)))
    .outerjoin(FlowRun, and_(FlowRun.person_id == Person.id, FlowRun.state == "active"))
    .where(Person.chat_id == bindparam("chat"))
)


async def situation_of(session: AsyncSession, chat_id: int) -> Situation:
    """The situation of whoever writes in this private chat; nothing of it is locked."""
    found = (await session.execute(_SITUATION, {"chat": chat_id})).first()
    return Situation() if found is None else Situation(*found)
