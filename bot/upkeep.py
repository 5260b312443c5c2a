"""What keeps the running bot well: its timers, an eye on clock, database and Telegram, and what it tells of that."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from bot.backup import files
from bot.conversation.timers import Rounds
from bot.operations import metrics
from bot.operations.health import Health, Loop
from bot.operations.outages import Outage
from bot.operations.timekeeper import Timekeeper
from bot.rasa import Rasa
from bot.settings import Settings
from bot.storage.away import DatabaseAway
from bot.storage.database import Database
from bot.storage.models import Case, InboxUpdate, OutboxMessage
from bot.storage.retention import Cleaning
from bot.telegram.inbox import Inbox
from bot.telegram.outbox import Outbox
from bot.telegram.poller import Poller
from bot.telegram.queues import WAITING_STATES
from bot.telegram.stopgap import Stopgap

log = logging.getLogger(__name__)

ROUND_SECONDS = 15.0
"""How often the timers of cases are looked at."""
PULSE_SECONDS = 1.0
"""How often the clock is looked at, and a database that is away is tried."""
LANES_STAND, POLLER_STANDS, PULSE_STANDS = 90.0, 120.0, 30.0
"""Seconds after which a loop that has not gone round counts as standing: more than it waits for anybody."""
CALLED_AFTER = 3.0
"""Seconds after which the office is called because nothing can be stored."""
TELEGRAM_AWAY = 5.0
"""Seconds after which a Telegram that does not answer is a reason not to be ready; shorter is nothing unusual."""


@dataclass(kw_only=True)
class Upkeep:
    """Loops that run beside the work."""

    clock: Callable[[], datetime]
    settings: Settings
    database: Database
    rounds: Rounds
    cleaning: Cleaning
    inbox: Inbox
    outbox: Outbox
    poller: Poller
    polls: Callable[[], bool]
    """Whether this bot is to ask Telegram: not with a webhook, and of several workers one."""
    telegram: tuple[Outage, ...]
    """The ways to Telegram that this bot uses."""
    rasa: Rasa
    stopgap: Stopgap

    def __post_init__(self) -> None:
        self._timekeeper = Timekeeper(self.clock)
        self._pulse_at = time.monotonic()

    async def keep_time(self) -> None:
        """Do what is due, every few seconds; of several workers only one does."""
        await self._again_and_again(self._round)

    async def keep_little(self) -> None:
        """Erase what was kept long enough; of several workers only one does. Nothing that is due waits for it."""
        await self._again_and_again(self._clean)

    async def _again_and_again(self, work: Callable[[], Awaitable[bool]]) -> None:
        """Do it every few seconds, or at once if it says that there is more to do."""
        while True:
            more = False
            try:
                if not self._timekeeper.in_doubt() and not self.database.outage.lasts:
                    more = await work()
            except DatabaseAway:
                pass  # said already; the next round tries again
            except Exception:
                log.exception("a round of the timers failed; the next one tries again")
            await asyncio.sleep(0 if more else ROUND_SECONDS)

    async def _clean(self) -> bool:
        return await self.cleaning.look(self.clock())

    async def _round(self) -> bool:
        for part in (self._do_what_is_due, self._remember_whom_to_call, self._keep_backups, self.database.tidy):
            try:
                await part()
            except DatabaseAway:
                raise
            except Exception:
                # Who was erased is written down, whatever else fails.
                log.exception("a part of a round failed; the next round tries again")
        return False

    async def _do_what_is_due(self) -> None:
        await self.rounds.look()

    async def _remember_whom_to_call(self) -> None:
        await self.stopgap.remember(self.database)

    async def _keep_backups(self) -> None:
        await files.keep(self.database, self.settings, self.clock())

    async def pulse(self) -> None:
        """Look at the clock and at what is away, every second."""
        alerted = False
        while True:
            self._pulse_at = time.monotonic()
            await asyncio.sleep(PULSE_SECONDS)
            metrics.LOOP_DELAY.set(max(time.monotonic() - self._pulse_at - PULSE_SECONDS, 0))
            if self._timekeeper.look() < timedelta(0):
                await self._clock_set_back()
            if self.database.outage.lasts:
                alerted = await self._without_database(alerted)

    async def _clock_set_back(self) -> None:
        try:
            await self.outbox.hurry_all()
        except DatabaseAway:
            log.warning("the outbox could not be told that the clock was set back")

    async def _without_database(self, alerted: bool) -> bool:  # noqa: FBT001
        """Call the office once; try the database. Returns whether the office waits to hear that it is back."""
        if not alerted and self.database.outage.seconds > CALLED_AFTER:
            await self.stopgap.alert("desk.storage_away")
            alerted = True
        if not await self.database.probe():
            return alerted
        self.stopgap.over()
        self.inbox.hurry()
        self.outbox.hurry()
        if alerted:
            await self.stopgap.alert("desk.storage_back")
        return False

    def health(self) -> Health:
        """What others may ask."""
        return Health(
            loops={
                "inbox": Loop(self.inbox.turned_at, LANES_STAND), "outbox": Loop(self.outbox.turned_at, LANES_STAND),
                "poller": Loop(lambda: self.poller.turned_at if self.polls() else time.monotonic(), POLLER_STANDS),
                "pulse": Loop(lambda: self._pulse_at, PULSE_STANDS),
            },
            needed={"database": self._database_is_well, "telegram": self._telegram_is_well},
            wanted={"rasa": self._rasa_is_well}, count=self._count,
        )  # fmt: skip

    async def _database_is_well(self) -> str | None:
        if self.database.outage.lasts:
            return self.database.outage.reason
        return None if await self.database.is_there() else "does not answer"

    async def _telegram_is_well(self) -> str | None:
        away = [outage for outage in self.telegram if outage.seconds > TELEGRAM_AWAY]
        return "does not answer" if away else None

    async def _rasa_is_well(self) -> str | None:
        return None if await self.rasa.is_up() else "does not answer"

    async def _count(self) -> None:
        """What waits, and the cases."""
        inbox = select(func.count(), func.min(InboxUpdate.received_at)).where(InboxUpdate.done_at.is_(None))
        outbox = select(func.count(), func.min(OutboxMessage.created_at)).where(
            OutboxMessage.state.in_(WAITING_STATES), OutboxMessage.kind != "bin")  # fmt: skip
        cases = select(Case.state, func.count()).group_by(Case.state)
        now = self.clock()
        async with self.database.read() as session:
            for queue, query in (("inbox", inbox), ("outbox", outbox)):
                number, oldest = (await session.execute(query)).one()
                metrics.WAITING.labels(queue).set(number)
                metrics.OLDEST.labels(queue).set((now - oldest).total_seconds() if oldest else 0)
            metrics.CASES.clear()
            for state, number in (await session.execute(cases)).all():
                metrics.CASES.labels(state).set(number)
