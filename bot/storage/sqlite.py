"""SQLite for many small transactions: a write-ahead log, and statements that do not travel to a thread and back."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Self

import aiosqlite
from sqlalchemy import URL, Connection, event
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage.erasures import OWNER_ONLY

BUSY_SECONDS = 30
_PRAGMAS = ("journal_mode=WAL", "synchronous=NORMAL", "wal_autocheckpoint=50000", "foreign_keys=ON", "secure_delete=ON")
"""A commit does not wait for the disk, whose stalls would stop everybody. A killed process loses nothing by that.
Against a power cut `sync_log` runs before Telegram is told that an update arrived; what was made of it is made again.
`Database.tidy` empties the log, SQLite itself only beyond 200 MB (50,000 pages): that would hold up everybody."""
_BEGIN = "BEGIN IMMEDIATE"
_WAIT, _DO_NOT_WAIT = (f"PRAGMA busy_timeout={milliseconds}" for milliseconds in (BUSY_SECONDS * 1000, 0))


class Statement:
    """A cursor that executes, reads and closes the real one at once; the rows stay here."""

    description: Sequence[Any] | None = None
    rowcount = -1
    lastrowid: int | None = None
    arraysize = 1

    def __init__(self, connection: NearConnection) -> None:
        self._connection = connection
        self._rows: list[Any] = []

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, sql: str, parameters: Sequence[Any] = ()) -> None:
        """Run a statement. Raises `sqlite3.Error`."""
        if sql.startswith("BEGIN"):
            await self._connection.begin(sql)
        else:
            self._run(self._connection.near.execute(sql, parameters))

    async def executemany(self, sql: str, parameters: Iterable[Sequence[Any]]) -> None:
        """Run a statement once for each set of parameters. Raises `sqlite3.Error`."""
        self._run(self._connection.near.executemany(sql, parameters))

    def _run(self, cursor: sqlite3.Cursor) -> None:
        try:
            self._rows = cursor.fetchall() if cursor.description else []
            self.description, self.rowcount, self.lastrowid = cursor.description, cursor.rowcount, cursor.lastrowid
        finally:
            cursor.close()

    async def fetchall(self) -> list[Any]:
        """The rows, which are here already."""
        return self._rows

    async def close(self) -> None:
        """Nothing is open any more."""


class NearConnection(aiosqlite.Connection):
    """aiosqlite's connection, which goes to its thread only where it has to wait, for the lock of another process.

    Trips to a thread cost several times what our statements take (docs/performance.md), so these run where they are
    asked for: a query that takes long holds up everybody meanwhile. A commit hands pages to the operating system and
    does not wait for the disk.
    """

    def __init__(self, connector: Callable[[], sqlite3.Connection]) -> None:
        super().__init__(connector, iter_chunk_size=64)
        # As SQLAlchemy does for connections it makes itself: a connection left open must not keep the process alive.
        self._thread.daemon = True
        self._begun = False

    @property
    def near(self) -> sqlite3.Connection:
        """The driver's own connection."""
        return self._conn

    def cursor(self) -> Statement:  # type: ignore[override]
        """A cursor for one statement."""
        return Statement(self)

    async def begin(self, sql: str) -> None:
        """Begin a transaction. Raises `sqlite3.OperationalError` if another process keeps the lock for too long."""
        self._begun = True
        await self.execute_fetchall(sql)

    def begins_at_once(self) -> bool:
        """Begin a transaction that writes, unless another process has the lock, or something is wrong."""
        self.near.execute(_DO_NOT_WAIT)
        try:
            self.near.execute(_BEGIN)
        except sqlite3.OperationalError:
            return False
        finally:
            self.near.execute(_WAIT)
        self._begun = True
        return True

    async def commit(self) -> None:
        """Make what was written last."""
        if self._begun:
            self.near.commit()
        self._begun = False

    async def rollback(self) -> None:
        """Take back what is not committed, also after a BEGIN that was given up on: it may still take effect."""
        if self._begun:
            await super().rollback()
        self._begun = False


def sync_log(database: Path) -> None:
    """Put the write-ahead log of `database` on the disk; it may be missing if all of it is in the database already."""
    with contextlib.suppress(FileNotFoundError), database.with_name(f"{database.name}-wal").open("rb") as log:
        os.fsync(log.fileno())


def creator(url: URL) -> Callable[[], Awaitable[NearConnection]]:
    """What opens connections to the database of `url`."""
    positional, named = url.get_dialect()().create_connect_args(url)
    connector = partial(sqlite3.connect, *positional, **{"timeout": BUSY_SECONDS, **named})

    async def connect() -> NearConnection:
        if url.database and url.database != ":memory:":
            _make_private(url.database)
        connection = NearConnection(connector)
        await connection
        return connection

    return connect


def _make_private(database: str) -> None:
    """A database that SQLite makes itself can be read by everybody on the machine; its log gets the same rights."""
    # One that is there must not be opened: to close it again would take SQLite's locks away (sqlite.org/howtocorrupt).
    # What else is wrong SQLite says in its own words.
    with contextlib.suppress(OSError):
        os.close(os.open(database, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY))


def prepare(engine: AsyncEngine) -> None:
    """Set up every new connection, and begin transactions in the way that suits many readers and one writer."""

    @event.listens_for(engine.sync_engine, "connect")
    def connected(connection: Any, _: object) -> None:
        """Set up a new connection."""
        # The driver must not begin transactions by itself, or a writer could not ask for its lock up front.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in _PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Connection) -> None:
        """Take the lock up front if the transaction is going to write."""
        # A transaction that reads first and writes later would fail if another wrote in between. Reading needs none:
        # each query sees what was committed last.
        if connection.get_execution_options().get("writes", False):
            near: Any = connection.connection.driver_connection
            # Past SQLAlchemy, which takes longer for it than SQLite; where it fails, SQLAlchemy says why.
            if not near.begins_at_once():
                connection.exec_driver_sql(_BEGIN)
