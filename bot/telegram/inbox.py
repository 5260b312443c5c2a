"""The inbox: updates are stored before Telegram is told that they arrived, then processed once, in order per chat."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, bindparam, exists, func, or_, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.storage.database import Database
from bot.storage.models import InboxUpdate
from bot.telegram.lanes import Lanes, Waiting
from bot.telegram.leases import REST_AFTER_DEFEAT, is_alive, is_elsewhere
from bot.telegram.updates import album, lane
from bot.telegram.wellformed import tidied

_INBOX = cast(Table, InboxUpdate.__table__)
# What every message needs is put together once, past the ORM. A list of rows as `values` would be compiled each time.
_KEEP = {"sqlite": sqlite.insert(_INBOX).on_conflict_do_nothing(),
         "postgresql": postgresql.insert(_INBOX).on_conflict_do_nothing()}  # fmt: skip
_DONE = update(_INBOX).where(_INBOX.c.update_id == bindparam("update"), _INBOX.c.done_at.is_(None)).values(
    done_at=bindparam("now"), outcome=bindparam("said"), payload=None).returning(_INBOX.c.update_id)
REST_AFTER_FAILURE = timedelta(seconds=1)


async def store(database: Database, payloads: list[dict[str, Any]], now: datetime) -> None:
    """Keep updates; one that is there already (Telegram may send it twice) is not stored again, nor what is none."""
    payloads = [tidy for payload in payloads if (tidy := tidied(payload)) is not None]
    if not payloads:
        return
    rows = [{"update_id": payload["update_id"], "lane": lane(payload), "payload": payload, "received_at": now,
             "attempts": 0, "album": album(payload)} for payload in payloads]  # fmt: skip
    async with database.write() as session:
        connection = await session.connection()
        await connection.execute(_KEEP[connection.dialect.name], rows)


async def finish(session: AsyncSession, update_id: int, outcome: str, now: datetime) -> bool:
    """Mark an update as processed, in the transaction of its effects; False if it was already."""
    done = {"update": update_id, "now": now, "said": outcome}
    return await (await session.connection()).scalar(_DONE, done) is not None


async def is_later_part(session: AsyncSession, row: InboxUpdate) -> bool:
    """Whether another part of the same album came before; Telegram does not say which part is the first."""
    same = (InboxUpdate.lane == row.lane, InboxUpdate.album == row.album, InboxUpdate.update_id < row.update_id)
    return row.album is not None and await session.scalar(select(exists().where(*same))) is True


class Inbox:
    """Processes what is stored: lanes side by side, the updates of a lane one after the other."""

    def __init__(self, database: Database, process: Callable[[int], Awaitable[bool]]) -> None:
        self._database = database
        self._process = process
        self._lanes = Lanes(self._waiting, self._process_one)
        self.wake = self._lanes.wake
        self.hurry = self._lanes.hurry
        self.run = self._lanes.run

    def turned_at(self) -> float:
        """When the loop last went round (monotonic)."""
        return self._lanes.turned_at

    async def _waiting(self) -> list[Waiting]:
        query = (
            select(InboxUpdate.lane, func.min(InboxUpdate.update_id).label("oldest"), func.count() > 1,
                   is_elsewhere(InboxUpdate.leased_by.is_not(None), InboxUpdate.leased_by, self._database.worker))
            .where(InboxUpdate.done_at.is_(None)).group_by(InboxUpdate.lane).order_by("oldest")
        )  # fmt: skip
        async with self._database.read() as session:
            return [Waiting(*row) for row in (await session.execute(query)).all()]

    async def _process_one(self, update_id: int) -> timedelta | None:
        if self._database.worker and not await self._take(update_id):
            return REST_AFTER_DEFEAT
        return None if await self._process(update_id) else REST_AFTER_FAILURE

    async def _take(self, update_id: int) -> bool:
        """Lease an update to this worker; False if another one has it, or the one before it in its lane."""
        me, older = self._database.worker, aliased(InboxUpdate)
        behind = exists().where(older.lane == InboxUpdate.lane, older.update_id < update_id, older.done_at.is_(None))
        free = (InboxUpdate.update_id == update_id, InboxUpdate.done_at.is_(None), ~behind,
                or_(InboxUpdate.leased_by.is_(None), InboxUpdate.leased_by == me))  # fmt: skip
        mine = select(InboxUpdate.update_id).where(*free).with_for_update(skip_locked=True, of=InboxUpdate)
        mine = mine.correlate(None)
        taking = update(InboxUpdate).where(InboxUpdate.update_id.in_(mine), is_alive(me)).values(leased_by=me)
        async with self._database.write() as session:
            # A lease need not survive a crash of the database, which ends all leases: nobody waits for the disk here.
            await session.execute(text("SET LOCAL synchronous_commit TO off"))
            return await session.scalar(taking.returning(InboxUpdate.update_id)) is not None
