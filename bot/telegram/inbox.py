"""The inbox: updates are stored before Telegram is told that they arrived, then processed once, in order per chat."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.storage.database import Database
from bot.storage.models import InboxUpdate
from bot.storage.upsert import by_dialect
from bot.telegram.lanes import REST_AFTER_DEFEAT, Lanes, Waiting
from bot.telegram.queues import INBOX, INBOX_LOOK, INBOX_TAKE, INBOX_TAKE_AMONG_OTHERS
from bot.telegram.updates import album, lane
from bot.telegram.wellformed import tidied

# A list of rows as `values` would be compiled each time.
_KEEP = by_dialect(lambda insert: insert(INBOX).on_conflict_do_nothing())
_DONE = update(INBOX).where(INBOX.c.update_id == bindparam("update"), INBOX.c.done_at.is_(None)).values(
    done_at=bindparam("now"), outcome=bindparam("said"), payload=None).returning(INBOX.c.update_id)
REST_AFTER_FAILURE = timedelta(seconds=1)


async def store(database: Database, payloads: list[dict[str, Any]], now: datetime) -> list[tuple[str, int]]:
    """Keep updates; one that is there already (Telegram may send it twice) is not stored again, nor what is none.

    Returns the lane and the number of each, in their order.
    """
    payloads = [tidy for payload in payloads if (tidy := tidied(payload)) is not None]
    if not payloads:
        return []
    rows = [{"update_id": payload["update_id"], "lane": lane(payload), "payload": payload, "received_at": now,
             "attempts": 0, "album": album(payload)} for payload in payloads]  # fmt: skip
    await database.run(_KEEP[database.engine.dialect.name], rows, writes=True)
    return sorted(((row["lane"], row["update_id"]) for row in rows), key=lambda one: one[1])


async def finish(session: AsyncSession, update_id: int, outcome: str, now: datetime) -> bool:
    """Mark an update as processed, in the transaction of its effects; False if it was already."""
    done = {"update": update_id, "now": now, "said": outcome}
    return await (await session.connection()).scalar(_DONE, done) is not None


async def is_later_part(database: Database, row: Row[Any]) -> bool:
    """Whether another part of the same album came before; Telegram does not say which part is the first."""
    if row.album is None:
        return False
    same = (InboxUpdate.lane == row.lane, InboxUpdate.album == row.album, InboxUpdate.update_id < row.update_id)
    async with database.read() as session:
        return await session.scalar(select(exists().where(*same))) is True


class Inbox:
    """Processes what is stored: lanes side by side, the updates of a lane one after the other."""

    def __init__(self, database: Database, process: Callable[[Row[Any]], Awaitable[bool]]) -> None:
        self._database = database
        self._process = process
        self._lanes = Lanes(self._waiting, self._process_one)
        self.wake = self._lanes.wake
        self.offer = self._lanes.offer
        self.at_work = self._lanes.at_work
        self.hurry = self._lanes.hurry
        self.run = self._lanes.run

    def turned_at(self) -> float:
        """When the loop last went round (monotonic)."""
        return self._lanes.turned_at

    async def _waiting(self) -> list[Waiting]:
        return [Waiting._make(row) for row in await self._database.run(INBOX_LOOK, {"me": self._database.worker})]

    async def _process_one(self, update_id: int) -> timedelta | None:
        row = await self._take(update_id)
        if row is None:
            return REST_AFTER_DEFEAT
        return None if await self._process(row) else REST_AFTER_FAILURE

    async def _take(self, update_id: int) -> Row[Any] | None:
        """An update that is not done, leased to this worker; None if another has it, or one before it in its lane."""
        me = self._database.worker
        taking = INBOX_TAKE_AMONG_OTHERS if me else INBOX_TAKE
        return await self._database.first(taking, {"row": update_id, "me": me}, writes=me > 0)
