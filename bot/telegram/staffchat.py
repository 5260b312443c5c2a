"""The id of the office's group, which Telegram may change; everything that names the group asks here."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.storage.database import Database
from bot.storage.models import CaseMessage, OutboxMessage, StaffGroup
from bot.telegram.outbox import WAITING_STATES


class StaffChat:
    """Where the group is now. `configured`: as STAFF_CHAT_ID says."""

    def __init__(self, configured: int) -> None:
        self.configured = configured
        self.id = configured

    @staticmethod
    async def load(database: Database, configured: int) -> StaffChat:
        """The group where it was last; for a setting that is new, there."""
        chat = StaffChat(configured)
        async with database.read() as session:
            stored = await session.get(StaffGroup, configured)
        if stored is not None:
            chat.id = stored.chat_id
        return chat

    async def move(self, database: Database, to: int) -> None:
        """E32: remember the new id, and have everything that waits go there. Nothing happens the second time."""
        if to == self.id:
            return
        async with database.write() as session:
            await session.merge(StaffGroup(configured=self.configured, chat_id=to))
            of_old = CaseMessage.source_chat_id == self.id
            await session.execute(update(CaseMessage).where(of_old).values(source_chat_id=to))
            await self._redirect(session, to)
        self.id = to

    async def _redirect(self, session: AsyncSession, to: int) -> None:
        waiting = select(OutboxMessage).where(OutboxMessage.state.in_(WAITING_STATES))
        for row in await session.scalars(waiting):
            if row.chat_id == self.id:
                row.chat_id, row.lane = to, row.lane.replace(str(self.id), str(to))
            row.payload = {name: self._redirected(value, to) for name, value in (row.payload or {}).items()}

    def _redirected(self, value: Any, to: int) -> Any:
        return to if value == self.id else value
