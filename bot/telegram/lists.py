"""Lists in a case's topic: what was shared before the case, and what stood in a topic that was deleted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from html import escape

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversation.consent import with_caption
from bot.conversation.replies import Phrase
from bot.locales.bidi import line_mark
from bot.storage import cases as stored
from bot.storage.models import Case, CaseMessage, OutboxMessage
from bot.telegram.markup import split
from bot.telegram.outbox import enqueue
from bot.telegram.render import Renderer

SHARED, HISTORY = "shared", "history"
"""Kinds of rows: each holds the words of several messages, and goes if one of these is taken back."""
SAID = frozenset({"person", "staff", "note"})
HISTORY_SHOWN = 10
RECALLED = 200
"""Characters of an older message; the whole stands at the desk."""


class Lists:
    """Writes the rows of lists, and takes lines out of those that are there."""

    def __init__(self, renderer: Renderer, language: str, clock: Callable[[], datetime]) -> None:
        self._renderer = renderer
        self._language = language
        self._clock = clock

    async def post_shared(self, session: AsyncSession, case: Case) -> None:
        """What the person agreed to share."""
        shared = [item for item in await stored.messages_of(session, case) if item.author == "shared"]
        self._post(session, case, SHARED, "desk.shared_head", [self._words(item) for item in _still_there(shared)])

    async def post_history(self, session: AsyncSession, case: Case, until: datetime) -> None:
        """E29: the last that was said up to then."""
        said = [item for item in await stored.messages_of(session, case) if item.author in SAID and item.at <= until]
        lines = [self._recalled(item) for item in _still_there(said[-HISTORY_SHOWN:])]
        self._post(session, case, HISTORY, "desk.history", lines)

    async def leave_out(self, session: AsyncSession, case: Case, message_id: int) -> None:
        """A message was deleted: lists that hold it are deleted too, and come again without it."""
        kept = await session.get(CaseMessage, message_id)
        if kept is None or kept.deleted_at is None:
            return
        if kept.author == "shared":
            if await self._take_back_all(session, case, kept, SHARED):
                await self.post_shared(session, case)
            return
        newest = await self._take_back_all(session, case, kept, HISTORY, since=kept.at)
        if newest is not None:
            await self.post_history(session, case, newest)

    async def _take_back_all(
        self, session: AsyncSession, case: Case, kept: CaseMessage, kind: str, *, since: datetime | None = None
    ) -> datetime | None:
        """When the newest was written, None if there is none."""
        there = (OutboxMessage.state == "pending") | OutboxMessage.message_id.is_not(None)
        query = select(OutboxMessage).where(OutboxMessage.case_id == case.id, OutboxMessage.kind == kind, there)
        rows = (await session.scalars(query.order_by(OutboxMessage.id))).all()
        found = [row for row in rows if since is None or row.created_at >= since]
        for row in found:
            self._take_back(session, case, kept, row)
        return found[-1].created_at if found else None

    def _take_back(self, session: AsyncSession, case: Case, kept: CaseMessage, row: OutboxMessage) -> None:
        if row.state == "pending":
            row.state, row.payload = "dropped", None
            return
        enqueue(session, self._clock(), kind="edit", method="deleteMessage", payload={"message_id": row.message_id},
                case=case, case_message_id=kept.id)  # fmt: skip
        row.message_id = None

    def _post(self, session: AsyncSession, case: Case, kind: str, head: str, texts: Sequence[str]) -> None:
        if not texts:
            return
        bullet = f"{line_mark(self._language)}•"
        lines = [self._say(head), *(f"{bullet} {escape(text, quote=False)}" for text in texts)]
        for piece in split("\n".join(lines)):
            payload = {"text": piece, "parse_mode": "HTML", "disable_notification": True}
            enqueue(session, self._clock(), kind=kind, method="sendMessage", payload=payload, case=case)

    def _recalled(self, item: CaseMessage) -> str:
        what = self._words(item) or item.ref or "–"
        short = what if len(what) <= RECALLED else f"{what[:RECALLED]} …"
        return f"{self._say(f'desk.said_by_{item.author}')}: {short}"

    def _words(self, item: CaseMessage) -> str:
        return with_caption(self._say(f"sent.{item.media}"), item.text) if item.media else item.text or ""

    def _say(self, key: str) -> str:
        return self._renderer.say(Phrase(key), self._language)


def _still_there(messages: Sequence[CaseMessage]) -> list[CaseMessage]:
    return [message for message in messages if message.deleted_at is None]
