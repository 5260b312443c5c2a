"""Something is done to a case from the desk: one way for every deed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from hashlib import sha256
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversation.casework import turn_for_case
from bot.conversation.office.deeds import case_of
from bot.conversation.turn import Turn
from bot.desk.cases.words import Words
from bot.desk.visit import NotFound, Visit
from bot.handoff.states import State, case_number
from bot.handoff.transition import Refused
from bot.storage import cases as stored
from bot.storage.desk import UNSEEN_AUTHORS, UNSEEN_STATES
from bot.storage.models import CaseMessage, Staff

Done = TypeVar("Done")
Deed = Callable[[Turn, Staff], Awaitable[Done]]
STALE = "desk.stale"
"""Somebody or something was quicker than the page that was looked at."""


class Refusal(Exception):
    """It was not done; the text says why, in the language of the page."""


async def do(visit: Visit, deed: Deed[Done], *, version: int | None = None) -> Done:
    """Carry out a deed on the case of the path, in one transaction with all that comes of it.

    `version`: of the case as it was on the screen; None where the deed fits any. Raises `Refusal`, and `NotFound` for
    a case that the office does not know of.
    """
    desk, refused = visit.desk, None
    async with desk.database.write() as session:
        turn = await _turn(visit, session)
        try:
            _fits(turn, visit.staff, version)
            done = await deed(turn, visit.staff)
        except Refused as error:
            refused = Refusal(await _why(visit, turn, error))
            if error.state is not State.UNREACHABLE:
                raise refused from error
            # What was written stays, marked as not delivered.
        await desk.deliver(session, turn)
    await desk.database.settle()
    if refused is not None:
        raise refused
    return done


async def _turn(visit: Visit, session: AsyncSession) -> Turn:
    case = await stored.case_by_id(session, visit.number("case_id"))
    if case is None or case.state in UNSEEN_STATES:
        raise NotFound
    turn = await turn_for_case(session, visit.desk.parts, case, visit.desk.parts.clock())
    if turn is None:
        raise Refusal(visit.say("case.refused_over"))
    return turn


def _fits(turn: Turn, staff: Staff, version: int | None) -> None:
    if version is None or version == case_of(turn).version:
        return
    taken = turn.view.owner not in (None, staff.id)
    raise Refused("handoff.refused_taken" if taken else STALE, turn.view.state, turn.view.owner)


async def _why(visit: Visit, turn: Turn, refused: Refused) -> str:
    """The desk's own words, which differ where the group's speak of topics and buttons."""
    owner = await turn.session.get(Staff, refused.owner) if refused.owner else None
    words = Words(visit)
    params = {"staff": owner.name if owner else "–", "time": words.at(turn.view.changed_at or turn.now),
              "number": case_number(case_of(turn).id), "state": words.state(case_of(turn))}  # fmt: skip
    key = f"case.{refused.text.partition('.')[2]}"
    return visit.say(key, **params) if key in visit.desk.locales.keys else words.bot(refused.text, **params)


async def message_of(turn: Turn, message_id: int) -> CaseMessage:
    """A message of this very case. Raises `NotFound` for any other."""
    message = await turn.session.get(CaseMessage, message_id)
    if message is None or message.case_id != case_of(turn).id or message.author in UNSEEN_AUTHORS:
        raise NotFound
    return message


def new_message(**values: object) -> CaseMessage:
    """A message that is written at the desk: no message of the group is its original."""
    return CaseMessage(source_chat_id=0, source_message_id=0, **{"kind": "text", **values})


def form_of(visit: Visit, once: str, *content: object) -> str | None:
    """Stands for a form (`once`: its hidden field) with its content; None for a form that does not say which it is."""
    if not once:
        return None
    return sha256(repr((visit.staff.id, once, content)).encode()).hexdigest()


async def sent_before(turn: Turn, form: str | None) -> CaseMessage | None:
    """What the same form has brought already; whoever got no answer sends it again."""
    if form is None:
        return None
    query = select(CaseMessage).where(CaseMessage.case_id == case_of(turn).id, CaseMessage.form == form)
    return await turn.session.scalar(query)
