"""The id of the office's group, which Telegram may change; everything that names the group asks here."""

from __future__ import annotations

import logging
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.storage.database import Database, Lock
from bot.storage.models import Case, CaseMessage, OutboxMessage, StaffGroup
from bot.telegram.copies import BY_PERSON
from bot.telegram.queues import WAITING_STATES

log = logging.getLogger(__name__)


class StaffChat:
    """Where the group is now. `configured`: as STAFF_CHAT_ID says."""

    def __init__(self, configured: int) -> None:
        self.configured = configured
        self.id = configured

    @staticmethod
    async def load(database: Database, configured: int) -> StaffChat:
        """The group where it was last. What stood in another one, before the setting was changed, is left behind."""
        chat = StaffChat(configured)
        async with database.write() as session:
            await database.enter_alone(session, Lock.START)
            before = await session.scalar(select(StaffGroup))
            if before is not None and before.configured == configured:
                chat.id = before.chat_id
                return chat
            if before is not None and before.chat_id != configured:
                await _leave_topics(session)
            await session.execute(delete(StaffGroup))
            session.add(StaffGroup(configured=configured, chat_id=configured))
        return chat

    async def follow(self, database: Database) -> bool:
        """Where the group is now, if another worker has seen it move. Returns whether it has."""
        here = select(StaffGroup.chat_id).where(StaffGroup.configured == self.configured)
        async with database.read() as session:
            before, self.id = self.id, await session.scalar(here) or self.id
        return self.id != before

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


async def _leave_topics(session: AsyncSession) -> None:
    """Numbers of topics and messages mean something in their group only; cases get new topics when they are needed."""
    had_one = Case.thread_id.is_not(None)
    leaving = update(Case).where(had_one).values(thread_id=None, header_message_id=None).returning(Case.id)
    left = len((await session.execute(leaving)).all())
    in_group = CaseMessage.author.in_(BY_PERSON)
    await session.execute(update(CaseMessage).where(in_group).values(copy_message_id=None))
    await session.execute(update(OutboxMessage).where(OutboxMessage.chat_id.is_(None)).values(message_id=None))
    await session.execute(update(OutboxMessage).where(OutboxMessage.chat_id.is_(None)).values(message_id=None))
    log.warning("STAFF_CHAT_ID names another group: %s cases get new topics there; "
                "please delete the old group or its topics, the bot does not any more", left)  # fmt: skip


def link_to(chat_id: int, thread_id: int) -> str:
    """The address of a topic, for members of the group."""
    return f"https://t.me/c/{str(chat_id).removeprefix('-100')}/{thread_id}"
