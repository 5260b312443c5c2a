"""Asking Telegram for updates; the other way they can come is the webhook."""

from __future__ import annotations

import asyncio
import logging
import warnings
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from telegram import Bot
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError
from telegram.warnings import PTBUserWarning

from bot.storage.database import Database
from bot.storage.models import InboxUpdate
from bot.telegram.client import POLL_SECONDS, UPDATES
from bot.telegram.inbox import store

log = logging.getLogger(__name__)

LONGEST_PAUSE = 30.0


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
