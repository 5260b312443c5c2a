"""One engine, two kinds of transaction: `read()` and `write()`. The same code on SQLite (WAL) and PostgreSQL."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import shutil
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from enum import IntEnum
from pathlib import Path
from typing import Any

from sqlalchemy import CursorResult, Executable, Row, func, make_url, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from bot.operations.outages import Outage
from bot.storage import sqlite
from bot.storage.away import DatabaseAway, kind_of
from bot.storage.calls import CallingSession, Written, calling
from bot.storage.models import StaffGroup
from bot.storage.touched import touched

log = logging.getLogger(__name__)

LOCKS = 0x5757
"""The first number of all our advisory locks of PostgreSQL; the second is a worker's, or one of these."""
NEWS = "wegweiser"
"""The channel on which workers tell one another `<worker>:<subject>:<number>`."""


class Lock(IntEnum):
    """What only one process may do at a time."""

    LEADER = -1
    MIGRATION = -2
    START = -3
    GROUP = -4


_SHORTLY = 500
"""Milliseconds that everybody may wait so that the write-ahead log can be emptied."""
_CONNECTIONS = 8
"""All are kept: by default SQLAlchemy throws some away under load and opens others, which costs more than queries."""
PATIENCE = {
    "timeout": 5, "command_timeout": 60,
    "server_settings": {"tcp_keepalives_idle": "10", "tcp_keepalives_interval": "5", "tcp_keepalives_count": "3",
                        "idle_in_transaction_session_timeout": "60000"},
}  # fmt: skip
"""Seconds that PostgreSQL may take to be connected to, and to answer: one that hangs must not hang the bot for ever.
And how long PostgreSQL waits for a bot that is gone without a word (25 s), or stands still in a transaction (60 s),
before it gives the rows that are locked to others; by itself it would wait for two hours, or for ever."""
_ROOM = 1_000_000
"""Bytes that have to be free where SQLite's file is before a full disk counts as mended."""
_BLAME = (DBAPIError, PoolTimeoutError, OSError)
"""What the database may have to do with (`TimeoutError` is an `OSError`)."""


Parameters = Mapping[str, Any] | Sequence[Mapping[str, Any]]
"""Of a statement: values by name; several of them run it once for each."""


class DatabaseUnreachable(Exception):
    """The database cannot be opened; the text says what to do."""


class Database:
    """Opens transactions. On SQLite writers queue here, since the file takes one writer at a time.

    Raises `DatabaseUnreachable` if the folder of an SQLite file cannot be made.
    """

    def __init__(self, url: str) -> None:
        parsed = make_url(url)
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        if self.is_sqlite and parsed.database and parsed.database != ":memory:":
            _make_folder(Path(parsed.database).parent)
        # An error of the database is logged, and would quote what somebody wrote.
        arguments: dict[str, Any] = {"hide_parameters": True}
        if self.is_sqlite:
            # Sessions take back what they did not commit; the pool need not do so a second time.
            arguments |= {"async_creator": sqlite.creator(parsed), "pool_reset_on_return": None}
        if parsed.database != ":memory:":  # that one has a single connection anyway
            arguments |= {"pool_size": _CONNECTIONS, "max_overflow": 0}
        if not self.is_sqlite:
            arguments["connect_args"] = PATIENCE
        self.engine: AsyncEngine = create_async_engine(parsed, **arguments)
        self._writing = self.engine.execution_options(writes=True)
        # On PostgreSQL BEGIN and COMMIT are ways to the server and back; SQLite begins none for reading anyway.
        self._one_by_one = self.engine if self.is_sqlite else self.engine.execution_options(
            isolation_level="AUTOCOMMIT")  # fmt: skip
        self.changed: Callable[[int], None] = lambda case_id: None
        """Called with the id of every case that a committed transaction changed."""
        self.queued: Callable[[Sequence[Written]], None] = lambda rows: None
        """Called with what a committed transaction put into the outbox."""
        self.outage = Outage(log, "the database cannot be used")
        self.worker = 0
        """The number under which this process takes rows (`bot.storage.workers`); 0: it is the only process."""
        self._turn: AbstractAsyncContextManager[Any] = asyncio.Lock() if self.is_sqlite else nullcontext()
        if self.is_sqlite:
            sqlite.prepare(self.engine)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A session for looking: each query sees what was committed last, on both databases.

        Raises `DatabaseAway` if the database is to blame.
        """
        try:
            async with AsyncSession(self._one_by_one, expire_on_commit=False) as session:
                yield session
        except _BLAME as error:
            self._blame(error)
            raise

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        """A session whose work is committed as one transaction at the end, or not at all if an error leaves it.

        Raises `DatabaseAway` if the database is to blame.
        """
        try:
            async with self._turn, AsyncSession(
                self._writing, expire_on_commit=False, sync_session_class=CallingSession
            ) as session:
                await session.connection()
                yield session
                await session.flush()
                if self.worker:
                    for case_id in touched(session.sync_session):
                        await self.tell(session, "case", case_id)
                await session.commit()
                for case_id in touched(session.sync_session):
                    self.changed(case_id)
                if rows := calling(session).written:
                    self.queued(rows)
        except _BLAME as error:
            self._blame(error)
            raise

    async def run(self, statement: Executable, parameters: Parameters, *, writes: bool = False) -> Sequence[Row[Any]]:
        """Run one statement past the ORM, as a transaction by itself; the rows that it returns.

        Raises `DatabaseAway` if the database is to blame.
        """
        try:
            if not (self.is_sqlite and writes):
                async with self._one_by_one.connect() as connection:
                    return _rows(await connection.execute(statement, parameters))
            async with self._turn, self._writing.begin() as connection:
                return _rows(await connection.execute(statement, parameters))
        except _BLAME as error:
            self._blame(error)
            raise

    async def first(self, statement: Executable, parameters: Parameters, *, writes: bool = False) -> Row[Any] | None:
        """The first of the rows that `run` returns; None if there is none."""
        return next(iter(await self.run(statement, parameters, writes=writes)), None)

    def _blame(self, error: Exception) -> None:
        """Note it, and raise `DatabaseAway`, if the database is to blame for the error."""
        kind = kind_of(error)
        if kind is not None:
            self.outage.begin(kind)
            raise DatabaseAway(kind) from error

    async def is_there(self) -> bool:
        """Whether the database answers."""
        try:
            async with asyncio.timeout(2), self.read() as session:
                await session.execute(select(1))
        except (DatabaseAway, TimeoutError):
            return False
        return True

    async def probe(self) -> bool:
        """Whether the database can be written to (again). A write that changes nothing for anybody."""
        if self.is_sqlite and self.engine.url.database and self.outage.lasts:
            folder = Path(self.engine.url.database).parent
            if self.outage.reason == "disk full" and shutil.disk_usage(folder).free < _ROOM:
                return False
        with contextlib.suppress(DatabaseAway, TimeoutError):
            async with asyncio.timeout(5), self.write() as session:
                await session.execute(update(StaffGroup).values(chat_id=StaffGroup.chat_id))
            self.outage.end()
            return True
        return False

    async def tell(self, session: AsyncSession, subject: str, number: int) -> None:
        """Tell the other workers, if there are any, as soon as this transaction is committed."""
        if self.worker:
            await session.execute(select(func.pg_notify(NEWS, f"{self.worker}:{subject}:{number}")))

    async def enter_alone(self, session: AsyncSession, lock: Lock) -> None:
        """Wait until no other process is in a transaction that took `lock`; on SQLite none ever is."""
        if not self.is_sqlite:
            await session.execute(select(func.pg_advisory_xact_lock(LOCKS, lock.value)))

    async def settle(self) -> None:
        """Wait until whatever has been committed is on the disk. A commit on PostgreSQL waits for that by itself."""
        if self.is_sqlite and self.engine.url.database:
            try:
                await asyncio.to_thread(sqlite.sync_log, Path(self.engine.url.database))
            except OSError as error:
                self._blame(error)
                raise

    async def check(self) -> None:
        """Open the database once. Raises `DatabaseUnreachable` with a line for the operator."""
        try:
            async with self.engine.connect():
                pass
        except (DBAPIError, OSError) as error:
            place = self.engine.url.render_as_string(hide_password=True)
            raise DatabaseUnreachable(
                f"cannot open the database {place}: start it, or correct DATABASE_URL (see README, Settings)"
            ) from error

    async def tidy(self) -> None:
        """Take what was deleted out of SQLite's write-ahead log as well, where it would stand until overwritten."""
        if not self.is_sqlite:
            return
        async with self.engine.connect() as connection:
            # Past SQLAlchemy, which would begin a transaction; inside one a checkpoint is refused.
            driver = (await connection.get_raw_connection()).driver_connection
            if driver is None:
                return
            # Most of the work first, while others write; little is left for the part that they have to wait for.
            await (await driver.execute("PRAGMA wal_checkpoint(PASSIVE)")).close()
            # Somebody who reads for long, a backup for example, is not waited for: the next round empties the log.
            await (await driver.execute(f"PRAGMA busy_timeout={_SHORTLY}")).close()
            async with self._turn:
                await (await driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")).close()
            await (await driver.execute(f"PRAGMA busy_timeout={sqlite.BUSY_SECONDS * 1000}")).close()

    async def close(self) -> None:
        """Give back all connections."""
        await self.engine.dispose()


def _rows(result: CursorResult[Any]) -> Sequence[Row[Any]]:
    return result.all() if result.returns_rows else ()


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DatabaseUnreachable(
            f"cannot make the folder {folder} for the database: correct DATABASE_URL (see README, Settings)"
        ) from error
