"""What is stored once a row of the outbox has arrived: ids, never texts; and what follows from it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, bindparam, delete, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.storage import flows
from bot.storage.calls import decide
from bot.storage.database import Database
from bot.storage.models import Case, CaseMessage, OutboxMessage, Upload
from bot.telegram.calls import Result
from bot.telegram.copies import PIECE
from bot.telegram.outbox import PARTS, delete_topic, enqueue
from bot.telegram.staffchat import StaffChat

RECEIVED = [{"type": "emoji", "emoji": "👌"}]
"""The reaction that confirms a delivery to whoever wrote the message."""
_OUTBOX = cast(Table, OutboxMessage.__table__)
_ARRIVED = update(_OUTBOX).where(_OUTBOX.c.id == bindparam("row")).values(
    state="sent", payload=None, sent_at=bindparam("now"), message_id=bindparam("message")).returning(_OUTBOX.c.id)
"""Put together once and past the ORM: every message needs it."""
_FOLLOWED = frozenset({"farewell", "new_header", "flow", "hint", "relay", "mirror", "ask"})
"""Kinds of which something follows."""
HINT_LASTS = timedelta(minutes=1)


class Arrivals:
    """Writes down what came of a call, in one transaction."""

    def __init__(self, database: Database, clock: Callable[[], datetime], staff_chat: StaffChat) -> None:
        self._database = database
        self._clock = clock
        self._staff_chat = staff_chat

    async def store(self, row: OutboxMessage, result: Result) -> None:
        """Store that a row arrived."""
        arrived = {"row": row.id, "now": self._clock(), "message": result.message_id}
        if row.kind not in _FOLLOWED:
            await self._database.run(_ARRIVED, arrived, writes=True)
            return
        async with self._database.write() as session:
            if row.kind == "farewell":
                await session.execute(delete(OutboxMessage).where(OutboxMessage.id == row.id))
            elif await (await session.connection()).scalar(_ARRIVED, arrived) is not None:
                await self._follow_up(session, row, result)
            # Else whoever it was for has been erased meanwhile.

    async def store_topic(self, session: AsyncSession, case_id: int, thread_id: int) -> None:
        """Store that a case has a topic now. If its person was erased while it was being made, it goes again."""
        case = await session.get(Case, case_id, with_for_update=True)
        if case is None or case.person_id is None:
            delete_topic(session, self._clock(), self._staff_chat.id, thread_id)
        else:
            case.thread_id, case.header_message_id = thread_id, None

    async def _follow_up(self, session: AsyncSession, row: OutboxMessage, result: Result) -> None:
        match row.kind:
            case "new_header" if row.case_id is not None:
                case = await session.get(Case, row.case_id)
                if case is not None:
                    case.header_message_id = result.message_id
            case "flow" if row.chat_id is not None and result.message_id is not None:
                await flows.set_message(session, row.chat_id, result.message_id)
            case "hint" if result.message_id is not None:
                enqueue(session, self._clock(), kind="bin", method="deleteMessage", chat_id=row.chat_id,
                        payload={"message_id": result.message_id}, lane=f"{row.lane}:bin",
                        rest=HINT_LASTS)  # fmt: skip
            case "relay":
                await self._relayed(session, row, result)
            case "mirror" | "ask" if row.case_message_id is not None:
                await self._shown(session, row, result)

    async def _relayed(self, session: AsyncSession, row: OutboxMessage, result: Result) -> None:
        payload = row.payload or {}
        for number, (kept_id, copy_id) in enumerate(_copies(row, payload, result)):
            kept = await session.get(CaseMessage, kept_id)
            if kept is None:
                continue
            if number:
                self._write_down(session, row, kept, copy_id)
            if _is_taken_back(kept, row):
                self._delete(session, row, kept, copy_id)
                continue
            self._note_copy(session, kept, copy_id, anew=payload.get(PIECE) == 0, confirmed=number == 0)
            await self._keep_file(session, row, kept, result)

    def _write_down(self, session: AsyncSession, row: OutboxMessage, kept: CaseMessage, copy_id: int | None) -> None:
        """A row of its own for a later part of an album: rows tell where each message stands."""
        decide(
            session, lane=row.lane, kind=row.kind, chat_id=row.chat_id, case_id=row.case_id, case_message_id=kept.id,
            method=row.method, payload=None, state="sent", due_at=row.due_at, created_at=row.created_at,
            sent_at=self._clock(), message_id=copy_id,
        )  # fmt: skip

    def _delete(self, session: AsyncSession, row: OutboxMessage, kept: CaseMessage, copy_id: int | None) -> None:
        """It was on its way when it was taken back."""
        decide(
            session, lane=row.lane, kind="edit", chat_id=row.chat_id, case_id=row.case_id, case_message_id=kept.id,
            method="deleteMessage", payload={"message_id": copy_id}, due_at=self._clock(), created_at=self._clock(),
        )  # fmt: skip

    def _note_copy(
        self, session: AsyncSession, kept: CaseMessage, copy_id: int | None, *, anew: bool, confirmed: bool
    ) -> None:
        """The first piece, or the first of a version made `anew`, counts; of an album only the first is confirmed."""
        first_copy = kept.copy_message_id is None
        kept.copy_message_id = copy_id if anew else kept.copy_message_id or copy_id
        kept.delivered_at = kept.delivered_at or self._clock()
        if first_copy and confirmed:
            self._confirm(session, kept)

    def _confirm(self, session: AsyncSession, kept: CaseMessage) -> None:
        if kept.source_message_id:
            payload = {"message_id": kept.source_message_id, "reaction": RECEIVED}
            enqueue(session, self._clock(), kind="confirm", method="setMessageReaction", payload=payload,
                    chat_id=kept.source_chat_id)  # fmt: skip

    async def _keep_file(self, session: AsyncSession, row: OutboxMessage, kept: CaseMessage, result: Result) -> None:
        """A file from the desk has become one of Telegram's: the bytes go, and the topic shows it too."""
        uploaded = await session.get(Upload, kept.id) if result.file is not None else None
        if uploaded is None or result.file is None:
            return
        await session.delete(uploaded)
        kept.file_id, kept.file_name = result.file.file_id, result.file.name or kept.file_name
        kept.file_type, kept.file_size = result.file.type or kept.file_type, result.file.size
        case = await session.get(Case, kept.case_id)
        shown: list[dict[str, Any]] = (row.payload or {}).get("mirror", [])
        for payload in shown if case is not None else ():
            in_topic = {**payload, "document": kept.file_id} if "caption" in payload else payload
            enqueue(session, self._clock(), kind="mirror", method="sendDocument" if "caption" in payload else
                    "sendMessage", case=case, case_message_id=kept.id, payload=in_topic)  # fmt: skip

    async def _shown(self, session: AsyncSession, row: OutboxMessage, result: Result) -> None:
        """What staff did not type themselves has its place in the group now: there it is confirmed and answered."""
        kept = await session.get(CaseMessage, row.case_message_id)
        if kept is None:
            return
        if _is_taken_back(kept, row) and row.kind == "mirror":
            self._delete(session, row, kept, result.message_id)
            return
        await self._keep_file(session, row, kept, result)
        if kept.source_message_id or result.message_id is None:
            return
        kept.source_chat_id, kept.source_message_id = self._staff_chat.id, result.message_id
        if kept.delivered_at is not None and kept.author == "staff":
            self._confirm(session, kept)


def _is_taken_back(kept: CaseMessage, row: OutboxMessage) -> bool:
    """Whether what has arrived should not be there: it was deleted meanwhile, or became a note (invariant 8)."""
    return kept.deleted_at is not None or (kept.author == "note" and row.chat_id is not None)


def _copies(row: OutboxMessage, payload: dict[str, Any], result: Result) -> Sequence[tuple[int, int | None]]:
    """Message of the case -> its copy. Of an album with a part that is gone, nobody can say which; all count."""
    parts: list[int] = payload.get(PARTS) or ([row.case_message_id] if row.case_message_id is not None else [])
    ids: list[int | None] = list(result.message_ids) or [result.message_id]
    return list(zip(parts, [*ids, *[None] * len(parts)], strict=False))
