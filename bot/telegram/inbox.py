"""The inbox: updates are stored before Telegram is told that they arrived, then processed once, in order per chat."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from bot.storage.database import Database
from bot.storage.models import InboxUpdate
from bot.telegram.lanes import Lanes, Waiting
from bot.telegram.updates import lane

REST_AFTER_FAILURE = timedelta(seconds=1)


async def store(database: Database, payloads: list[dict[str, Any]], now: datetime) -> None:
    """Keep updates; one that is there already (Telegram may send it twice) is not stored again."""
    rows = [{"update_id": payload["update_id"], "lane": lane(payload), "payload": payload, "received_at": now,
             "attempts": 0} for payload in payloads]  # fmt: skip
    insert = sqlite.insert if database.is_sqlite else postgresql.insert
    async with database.write() as session:
        await session.execute(insert(InboxUpdate).values(rows).on_conflict_do_nothing())


async def finish(session: AsyncSession, update_id: int, outcome: str, now: datetime) -> bool:
    """Mark an update as processed, in the transaction of its effects; False if it was already."""
    waiting = update(InboxUpdate).where(InboxUpdate.update_id == update_id, InboxUpdate.done_at.is_(None))
    done = waiting.values(done_at=now, outcome=outcome, payload=None).returning(InboxUpdate.update_id)
    return await session.scalar(done) is not None


class Inbox:
    """Processes what is stored: lanes side by side, the updates of a lane one after the other."""

    def __init__(self, database: Database, process: Callable[[int], Awaitable[bool]]) -> None:
        self._database = database
        self._process = process
        self._lanes = Lanes(self._waiting, self._process_one)
        self.wake = self._lanes.wake
        self.run = self._lanes.run

    async def _waiting(self) -> list[Waiting]:
        query = (
            select(InboxUpdate.lane, func.min(InboxUpdate.update_id).label("oldest"), func.count() > 1)
            .where(InboxUpdate.done_at.is_(None)).group_by(InboxUpdate.lane).order_by("oldest")
        )  # fmt: skip
        async with self._database.read() as session:
            return [Waiting(*row) for row in (await session.execute(query)).all()]

    async def _process_one(self, update_id: int) -> timedelta | None:
        return None if await self._process(update_id) else REST_AFTER_FAILURE
