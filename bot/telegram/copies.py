"""Where a message of a case stands on Telegram: the rows of the outbox that took it there know each part by its id."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.storage.models import CaseMessage, OutboxMessage
from bot.telegram.queues import WAITING_STATES

PIECE = "piece"
"""In a payload: which piece of a message of a case it is, from 0. The first of a new version becomes its copy."""
BY_PERSON = frozenset({"person", "shared", "asked"})
SHOWING = ("relay", "mirror")
"""Kinds of rows that show a message of a case."""


async def copies_of(session: AsyncSession, kept: CaseMessage) -> Sequence[tuple[int | None, int]]:
    """Chat (None: the topic) and id of all that shows the message or a part of it, oldest first."""
    query = select(OutboxMessage.chat_id, OutboxMessage.message_id).where(
        *_about(kept), OutboxMessage.kind.in_(SHOWING), OutboxMessage.message_id.is_not(None)
    ).order_by(OutboxMessage.id)  # fmt: skip
    return list(dict.fromkeys((row[0], row[1] or 0) for row in await session.execute(query)))


async def piece_of(session: AsyncSession, kept: CaseMessage, chat_id: int | None, piece: int) -> int | None:
    """The id of a piece of what the message says now, counted from 0; None if it has not so many."""
    pieces = await _pieces(session, kept, chat_id)
    return pieces[piece] if piece < len(pieces) else None


async def count_pieces(session: AsyncSession, kept: CaseMessage, chat_id: int | None) -> int:
    """How many pieces there are in a chat (None: the topic), and will be once all that waits is sent."""
    here = OutboxMessage.chat_id.is_(None) if chat_id is None else OutboxMessage.chat_id == chat_id
    query = select(OutboxMessage.payload).where(
        *_about(kept), here, OutboxMessage.state.in_(WAITING_STATES), OutboxMessage.method != "deleteMessage"
    )
    count = len(await _pieces(session, kept, chat_id))
    for payload in (await session.scalars(query)).all():
        number = (payload or {}).get(PIECE)
        count = count + 1 if number is None else max(count, number + 1)
    return count


def _about(kept: CaseMessage) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """By the case as well, for which there is an index."""
    return OutboxMessage.case_id == kept.case_id, OutboxMessage.case_message_id == kept.id


async def _pieces(session: AsyncSession, kept: CaseMessage, chat_id: int | None) -> list[int]:
    """On the other side only what came with the newest version: an earlier one stays as it was."""
    shown = [id for chat, id in await copies_of(session, kept) if chat == chat_id]
    other_side = (chat_id is None) == (kept.author in BY_PERSON)
    if other_side and kept.copy_message_id in shown:
        return shown[shown.index(kept.copy_message_id) :]
    return shown
