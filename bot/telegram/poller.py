"""Asking Telegram for updates; the other way they can come is the webhook."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
import warnings
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from telegram import Bot
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError
from telegram.warnings import PTBUserWarning

from bot.operations import metrics
from bot.operations.outages import Outage, Pauses
from bot.storage.database import Database
from bot.telegram.client import POLL_SECONDS, UPDATES
from bot.telegram.errors import kind_of

log = logging.getLogger(__name__)

LONGEST_PAUSE = 8.0
BUSY, GATHER_SECONDS = 8, 0.03
"""With so many chats at work something new has to wait anyway: so long what comes gathers, to be fetched and stored at
once. Each fetch costs as much as a tenth of a message."""
CONCEDED = 30.0
LONGEST_STORING_PAUSE = 5.0
"""Whoever writes while nothing can be stored is to be told soon."""


class Poller:
    """Asks Telegram for updates. The next question acknowledges the last answer: it waits until that is on the disk.

    `at_work` tells how many chats are being answered.
    """

    def __init__(
        self, bot: Bot, database: Database, keep: Callable[[list[dict[str, Any]]], Awaitable[bool]],
        at_work: Callable[[], int] = lambda: 0,
    ) -> None:  # fmt: skip
        self._bot = bot
        self._database = database
        self._keep = keep
        self._at_work = at_work
        self._pauses, self._storing = Pauses(0.5, LONGEST_PAUSE), Pauses(0.5, LONGEST_STORING_PAUSE)
        self.outage = Outage(log, "Telegram cannot be asked for updates")
        self.turned_at: float | None = None
        """When Telegram was last about to be asked (monotonic); None while it is not ours to ask."""
        # The library would rather be asked for updates that it has parsed already.
        warnings.filterwarnings("ignore", message="Please use 'Bot.getUpdates'", category=PTBUserWarning)

    async def run(self) -> None:
        """Poll until cancelled. Raises `InvalidToken` at once: nothing gets better by asking again."""
        try:
            await self._poll()
        finally:
            self.turned_at = None
            self.outage.forget()

    async def _poll(self) -> None:
        # First all that Telegram still has: older than the newest that is stored there may be one that it could not
        # bring to a webhook. What is stored is not stored again: rows are kept for longer than Telegram keeps updates.
        offset = None
        while True:
            self.turned_at = time.monotonic()
            try:
                payloads = await self._ask(offset)
            except InvalidToken:
                raise
            except TelegramError as error:
                if isinstance(error, Conflict) and "webhook" in error.message:
                    await self._end_webhook()
                    await asyncio.sleep(self._pauses.next())
                else:
                    await asyncio.sleep(self._after(error))
                continue
            self.outage.end()
            self._pauses.reset()
            if not payloads:
                continue
            if await self._keep(payloads):
                self._storing.reset()
                offset = payloads[-1]["update_id"] + 1
                if self._at_work() >= BUSY:
                    await asyncio.sleep(GATHER_SECONDS)
            else:
                await asyncio.sleep(self._storing.next())

    async def _end_webhook(self) -> None:
        """Telegram still brings updates to where it was told once; what it could not deliver stays with it."""
        log.warning("Telegram was told to bring updates to a webhook; WEBHOOK_URL is empty, so this ends")
        with contextlib.suppress(TelegramError):
            await self._bot.delete_webhook()

    async def _ask(self, offset: int | None) -> list[dict[str, Any]]:
        """The next updates as Telegram wrote them: one that cannot be read must not hold up the others."""
        question: dict[str, Any] = {"timeout": POLL_SECONDS, "allowed_updates": UPDATES}
        if offset is not None:
            question["offset"] = offset
        answer = await self._bot.do_api_request("getUpdates", question, read_timeout=POLL_SECONDS + 10)
        return list(answer) if isinstance(answer, list) else []

    def _after(self, error: TelegramError) -> float:
        """Seconds to wait after a failure; the operator hears of the first one only."""
        metrics.TELEGRAM[kind_of(error)].inc()
        if isinstance(error, Conflict) and not self.outage.lasts:
            log.error("another process asks Telegram for this bot's updates; stop it, only one may run")
        self.outage.begin(type(error).__name__)
        pause = self._pauses.next()
        if isinstance(error, Conflict) and self._database.outage.lasts:
            # Cut off from the database: another worker may lead by now, and is not to be disturbed.
            return CONCEDED
        if not isinstance(error, RetryAfter):
            return pause
        asked = error.retry_after
        return max(asked.total_seconds() if isinstance(asked, timedelta) else float(asked), pause)
