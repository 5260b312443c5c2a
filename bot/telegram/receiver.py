"""What Telegram sends is stored before Telegram is told that it arrived, however it comes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from bot.operations import metrics, trace
from bot.storage.away import DatabaseAway
from bot.storage.database import Database
from bot.telegram.inbox import store

log = logging.getLogger(__name__)

STORE_SECONDS = 3.0
"""A database that hangs for longer counts as away: people are told."""

Excuse = Callable[[list[dict[str, Any]]], Awaitable[None]]


async def say_nothing(payloads: list[dict[str, Any]]) -> None:
    """Where nobody is told."""


class Receiver:
    """Stores updates. `offer` is called with the lane and number of each that was, `excuse` with what could not be."""

    def __init__(
        self, database: Database, clock: Callable[[], datetime], offer: Callable[[str, int], None],
        excuse: Excuse = say_nothing,
    ) -> None:  # fmt: skip
        self._database = database
        self._clock = clock
        self._offer = offer
        self._excuse = excuse

    async def keep(self, payloads: list[dict[str, Any]]) -> bool:
        """Put updates on the disk; False if the database is away: then Telegram is to bring them again."""
        try:
            async with asyncio.timeout(STORE_SECONDS):
                for lane, update_id in await store(self._database, payloads, self._clock()):
                    self._offer(lane, update_id)
                await self._database.settle()
        except (DatabaseAway, TimeoutError) as error:
            self._database.outage.begin("timeout" if isinstance(error, TimeoutError) else str(error))
            await self._excuse(payloads)
            return False
        metrics.UPDATES_RECEIVED.inc(len(payloads))
        if log.isEnabledFor(logging.INFO):
            for payload in payloads:
                trace.begin(trace.of_update(payload.get("update_id", 0)))
                log.info("update stored")
            trace.begin(None)
        return True
