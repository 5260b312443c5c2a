"""Several bots on one PostgreSQL: who is alive, who leads, and what they tell one another.

Each worker keeps one connection of its own, and on it a lock (an advisory lock of PostgreSQL) as long as it lives. If
the process dies, PostgreSQL sees the connection end and frees the lock at once. If the process or its machine stands
still, the lease is not renewed and runs out, and whoever notices ends that connection. In both cases the others take
over what it had taken. On SQLite there is one process, and nothing of this happens.

Two may lead for a while: one that is cut off from the database goes on, since people who write have to be told that
nothing can be stored, and it may not know that another leads by now. So whatever the leader does must bear a second
one: an update that two fetch is stored once, Telegram refuses the second who asks, what is due is done by whoever
takes its row, and erasing, backing up the list of the erased and telling the webhook twice change nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import socket
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

from asyncpg import Connection, PostgresError
from asyncpg.exceptions import InterfaceError
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from bot.operations.outages import Outage
from bot.storage.database import LOCKS, NEWS, PATIENCE, Database, Lock

log = logging.getLogger(__name__)

LEASE_SECONDS = 30
"""How long a worker may stand still before its work is given to others. A call of the Bot API may take 20 s."""
LOOK_SECONDS = 1.0
"""How often a worker renews its lease and looks for dead ones: so long the work of a killed one waits at most."""
LOOK_PATIENCE = 10.0
"""Seconds that such a look may take: a connection into nothing is made again before the lease is over."""
REST_SECONDS = 0.5
"""Before a lost connection is made again."""
MISSED = 0
"""In the place of a number: the connection was lost for a while, and with it whatever was told meanwhile."""

_ALIVE = "SELECT 1 FROM worker WHERE worker.id = {table}.leased_by"
_TAKE_BACK = (
    "UPDATE outbox SET state = 'pending', uncertain = true, leased_by = NULL WHERE id IN (SELECT id FROM outbox "
    f"WHERE state = 'sending' AND NOT EXISTS ({_ALIVE.format(table='outbox')}) FOR UPDATE SKIP LOCKED) RETURNING id",
    "UPDATE inbox SET leased_by = NULL WHERE update_id IN (SELECT update_id FROM inbox "
    f"WHERE done_at IS NULL AND leased_by IS NOT NULL AND NOT EXISTS ({_ALIVE.format(table='inbox')}) "
    "FOR UPDATE SKIP LOCKED) RETURNING update_id",
)
"""A row that a worker standing still has locked is left to the next look: whoever waits for it stands still as well."""
_BURY = f"""
    DELETE FROM worker WHERE id IN (
        SELECT id FROM worker
        WHERE id <> $1 AND (leased_until < now() OR pg_try_advisory_xact_lock({LOCKS}, id::int))
        FOR UPDATE SKIP LOCKED)
    RETURNING id, name"""
_FREE_LOCKS = f"""
    SELECT pg_terminate_backend(pid) FROM pg_locks
    WHERE locktype = 'advisory' AND classid = {LOCKS} AND objid = ANY($1) AND granted
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"""
"""Ends the connections of workers that stand still: their locks, the leader's among them, would last as long."""
_RENEW = f"UPDATE worker SET leased_until = now() + interval '{LEASE_SECONDS} seconds' WHERE id = $1 RETURNING id"
_ENTER = f"INSERT INTO worker (name, leased_until) VALUES ($1, now() + interval '{LEASE_SECONDS} seconds') RETURNING id"
_LOST = (OSError, PostgresError, InterfaceError, SQLAlchemyError, asyncio.TimeoutError)


class Workplace:
    """This process among the workers. `Database.worker` is its number while it is at work."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._hears: dict[str, Callable[[int], None]] = {}
        self._finds: list[Callable[[], None]] = []
        self._leading = asyncio.Event()
        self._holds = self._inside = False
        """Whether this connection has the leader's lock; whether it has been of use at all."""
        self._terms: set[asyncio.Future[None]] = set()
        self._entered = asyncio.Event()
        self._outage = Outage(log, "the connection to the other workers is lost")

    @property
    def leads(self) -> bool:
        """Whether this worker does what only one may do."""
        return self._database.is_sqlite or self._leading.is_set()

    def hears(self, subject: str, tell: Callable[[int], None]) -> None:
        """Have `tell` called with what other workers tell about `subject`; with `MISSED` after a broken connection."""
        self._hears[subject] = tell

    def finds(self, tell: Callable[[], None]) -> None:
        """Have `tell` called when a dead worker's rows may be taken by anybody."""
        self._finds.append(tell)

    @contextlib.asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """Be one of the workers as long as the block runs; what a dead one left is free when it begins."""
        if self._database.is_sqlite:
            yield
            return
        keeping = asyncio.create_task(self._keep())
        try:
            await self._entered.wait()
            yield
        finally:
            keeping.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await keeping
            self._database.worker = 0

    async def lead(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Do `work` while this worker leads: of all workers one does, and if it dies another one."""
        if self._database.is_sqlite:
            return await work()
        while True:
            await self._leading.wait()
            term = asyncio.ensure_future(work())
            self._terms.add(term)
            try:
                await asyncio.wait({term})
            finally:
                self._terms.discard(term)
                term.cancel()
            if not term.cancelled():
                return term.result()

    async def _keep(self) -> None:
        try:
            while True:
                # Whoever led goes on as long as the database is away: people who write are to be told.
                self._holds = False
                try:
                    await self._stay_connected()
                except _LOST as error:
                    self._outage.begin(type(error).__name__)
                # One that worked until now is made again at once: if only the connection broke, others may lead soon.
                await asyncio.sleep(0 if self._inside else REST_SECONDS)
                self._inside = False
        finally:
            self._step_down()

    async def _stay_connected(self) -> None:
        engine = create_async_engine(self._database.engine.url, poolclass=NullPool, connect_args=PATIENCE)
        try:
            async with engine.connect() as connection:
                # Past SQLAlchemy, which has no notifications.
                driver: Any = (await connection.get_raw_connection()).driver_connection
                await self._work_with(driver)
        finally:
            await engine.dispose()

    async def _work_with(self, driver: Connection[Any]) -> None:
        gone = asyncio.Event()
        driver.add_termination_listener(lambda _: gone.set())
        await self._enter(driver)
        self._inside = True
        await driver.add_listener(NEWS, self._heard)
        if self._entered.is_set():
            for tell in self._hears.values():
                tell(MISSED)
        try:
            while not gone.is_set():
                await self._look_in_time(driver)
                self._outage.end()
                self._entered.set()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(gone.wait(), LOOK_SECONDS)
        except asyncio.CancelledError:
            await self._leave(driver)
            raise
        raise ConnectionResetError

    async def _enter(self, driver: Connection[Any]) -> None:
        """Under the old number, if nobody has given away what was taken under it."""
        number = self._database.worker
        if number:
            # The connection that was lost may be there still for the database, and keep the lock for hours.
            await driver.execute(_FREE_LOCKS, [number])
            await driver.execute(f"SELECT pg_advisory_lock({LOCKS}, $1::int)", number)
            if await driver.fetchval(_RENEW, number):
                return
        async with driver.transaction():
            number = await driver.fetchval(_ENTER, f"{socket.gethostname()[:80]}:{os.getpid()}")
            await driver.execute(f"SELECT pg_advisory_lock({LOCKS}, $1::int)", number)
        self._database.worker = number

    async def _look_in_time(self, driver: Connection[Any]) -> None:
        try:
            async with asyncio.timeout(LOOK_PATIENCE):
                await self._look(driver)
        except TimeoutError:
            # To close it properly would wait for an answer as well.
            driver.terminate()
            raise

    async def _look(self, driver: Connection[Any]) -> None:
        if not await driver.fetchval(_RENEW, self._database.worker):
            raise ConnectionResetError  # it stood still for too long: it enters anew
        if not self._holds:
            self._holds = await driver.fetchval(f"SELECT pg_try_advisory_lock({LOCKS}, {Lock.LEADER})")
            if self._holds and not self._leading.is_set():
                log.info("this worker leads")
                self._leading.set()
            elif not self._holds and self._leading.is_set():
                self._step_down()
        async with driver.transaction():
            dead = {row["id"]: row["name"] for row in await driver.fetch(_BURY, self._database.worker)}
            unsent, unread = [len(await driver.fetch(taking)) for taking in _TAKE_BACK]
        if dead:
            await driver.execute(_FREE_LOCKS, list(dead))
        if dead or unsent or unread:
            log.warning("took over from %s: %s messages that were being sent are sent again, %s updates were under way",
                        ", ".join(dead.values()) or "a worker", unsent, unread)  # fmt: skip
            for tell in self._finds:
                tell()

    async def _leave(self, driver: Connection[Any]) -> None:
        """Everything under way has been finished: nobody needs to find that out."""
        with contextlib.suppress(*_LOST):
            async with asyncio.timeout(2), driver.transaction():
                await driver.execute("DELETE FROM worker WHERE id = $1", self._database.worker)
                for taking in _TAKE_BACK:
                    await driver.execute(taking)

    def _step_down(self) -> None:
        self._leading.clear()
        for term in self._terms:
            term.cancel()

    def _heard(self, _driver: object, _pid: int, _channel: str, news: object) -> None:
        worker, subject, number = str(news).split(":")
        if int(worker) != self._database.worker and subject in self._hears:
            self._hears[subject](int(number))
