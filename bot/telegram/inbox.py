"""The inbox: updates are stored before Telegram is told that they arrived, then processed once, in order per chat."""

from __future__ import annotations

import asyncio
import logging
import warnings
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from telegram import Bot
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError
from telegram.warnings import PTBUserWarning

from bot.storage.database import Database
from bot.storage.models import InboxUpdate
from bot.telegram.client import POLL_SECONDS, UPDATES
from bot.telegram.lanes import Lanes, Waiting
from bot.telegram.updates import lane

log = logging.getLogger(__name__)

REST_AFTER_FAILURE = timedelta(seconds=1)
LONGEST_PAUSE = 30.0


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


class Poller:
    """Asks Telegram for updates. The next question acknowledges the last answer: it waits until that is on the disk."""

    def __init__(self, bot: Bot, database: Database, clock: Callable[[], datetime], wake: Callable[[], None]) -> None:
        self._bot = bot
        self._database = database
        self._clock = clock
        self._wake = wake
        # The library would rather be asked for updates that it has parsed already.
        warnings.filterwarnings("ignore", message="Please use 'Bot.getUpdates'", category=PTBUserWarning)

    async def run(self) -> None:
        """Poll until cancelled. Raises `InvalidToken` at once: nothing gets better by asking again."""
        pause = 0.5
        offset = await self._next_offset()
        while True:
            try:
                payloads = await self._ask(offset)
            except InvalidToken:
                raise
            except TelegramError as error:
                _report(error)
                seconds = error.retry_after if isinstance(error, RetryAfter) else pause
                await asyncio.sleep(float(seconds) if isinstance(seconds, (int, float)) else seconds.total_seconds())
                pause = min(pause * 2, LONGEST_PAUSE)
                continue
            pause = 0.5
            if payloads:
                await store(self._database, payloads, self._clock())
                self._wake()
                await self._database.settle()
                offset = payloads[-1]["update_id"] + 1

    async def _ask(self, offset: int | None) -> list[dict[str, Any]]:
        """The next updates as Telegram wrote them: one that cannot be read must not hold up the others."""
        question: dict[str, Any] = {"timeout": POLL_SECONDS, "allowed_updates": UPDATES}
        if offset is not None:
            question["offset"] = offset
        answer = await self._bot.do_api_request("getUpdates", question, read_timeout=POLL_SECONDS + 10)
        return list(answer) if isinstance(answer, list) else []

    async def _next_offset(self) -> int | None:
        async with self._database.read() as session:
            newest = await session.scalar(select(func.max(InboxUpdate.update_id)))
        return None if newest is None else newest + 1


def _report(error: TelegramError) -> None:
    if isinstance(error, Conflict):
        log.error("another process asks Telegram for this bot's updates; stop it, only one may run")
    else:
        log.warning("Telegram cannot be asked for updates: %s", type(error).__name__)


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
