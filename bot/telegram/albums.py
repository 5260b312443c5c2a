"""Copies of messages on their way: the parts of an album go out together (E38), and what is taken back does not go."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.storage.models import Case, CaseMessage, OutboxMessage
from bot.telegram.outbox import PARTS, enqueue

ALBUM_WAITS = timedelta(seconds=1)
"""The parts of an album come one by one, at once; so long after the newest the album counts as complete."""


async def copy_with_album(
    session: AsyncSession, now: datetime, kept: CaseMessage, case: Case, *, chat_id: int | None, silent: bool
) -> None:
    """Copy a message; the parts of an album wait for one another and go out as one."""
    waiting = await _album_row(session, kept, chat_id)
    if waiting is not None:
        payload = dict(waiting.payload or {})
        ids = sorted({*zip(payload["message_ids"], payload[PARTS], strict=True), (kept.source_message_id, kept.id)})
        waiting.payload = {**payload, "message_ids": [id for id, _ in ids], PARTS: [part for _, part in ids]}
        waiting.due_at, waiting.case_message_id = now + ALBUM_WAITS, ids[0][1]
        return
    payload = {"from_chat_id": kept.source_chat_id, "disable_notification": silent}
    one = {"message_id": kept.source_message_id}
    several = {"message_ids": [kept.source_message_id], PARTS: [kept.id]}
    method, which = ("copyMessages", several) if kept.album else ("copyMessage", one)
    enqueue(session, now, kind="relay", method=method, payload=payload | which, chat_id=chat_id, case=case,
            case_message_id=kept.id, rest=ALBUM_WAITS if kept.album else timedelta(0))  # fmt: skip


async def _album_row(session: AsyncSession, kept: CaseMessage, chat_id: int | None) -> OutboxMessage | None:
    """The row of the same album to the same place, as long as it waits."""
    if kept.album is None:
        return None
    query = select(OutboxMessage).join(CaseMessage, CaseMessage.id == OutboxMessage.case_message_id).where(
        OutboxMessage.case_id == kept.case_id, OutboxMessage.method == "copyMessages",
        OutboxMessage.state == "pending", CaseMessage.album == kept.album,
        CaseMessage.source_chat_id == kept.source_chat_id,
        OutboxMessage.chat_id.is_(None) if chat_id is None else OutboxMessage.chat_id == chat_id,
    )  # fmt: skip
    return await session.scalar(query.order_by(OutboxMessage.id.desc()).limit(1).with_for_update(of=OutboxMessage))


async def drop_waiting(session: AsyncSession, kept: CaseMessage) -> None:
    """What has not been sent yet of a message is not sent any more; the other parts of its album are."""
    query = select(OutboxMessage).where(
        OutboxMessage.case_id == kept.case_id, OutboxMessage.kind.in_(("relay", "edit", "mirror")),
        OutboxMessage.method != "deleteMessage", OutboxMessage.state == "pending",
    )  # fmt: skip
    for row in await session.scalars(query.with_for_update()):
        parts: list[int] = (row.payload or {}).get(PARTS, [row.case_message_id])
        if kept.id not in parts:
            continue
        if len(parts) == 1:
            row.state, row.payload = "dropped", None
            continue
        payload = dict(row.payload or {})
        rest = [(id, part) for id, part in zip(payload["message_ids"], parts, strict=True) if part != kept.id]
        row.payload = {**payload, "message_ids": [id for id, _ in rest], PARTS: [part for _, part in rest]}
        row.case_message_id = rest[0][1]
