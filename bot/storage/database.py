"""One engine, two kinds of transaction: `read()` and `write()`. The same code on SQLite (WAL) and PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from bot.storage import sqlite
from bot.storage.touched import touched

_CONNECTIONS = 8
"""All are kept: by default SQLAlchemy throws some away under load and opens others, which costs more than queries."""


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
        arguments: dict[str, Any] = {}
        if self.is_sqlite:
            # Sessions take back what they did not commit; the pool need not do so a second time.
            arguments = {"async_creator": sqlite.creator(parsed), "pool_reset_on_return": None}
        if parsed.database != ":memory:":  # that one has a single connection anyway
            arguments |= {"pool_size": _CONNECTIONS, "max_overflow": 0}
        self.engine: AsyncEngine = create_async_engine(parsed, **arguments)
        self.changed: Callable[[int], None] = lambda case_id: None
        """Called with the id of every case that a committed transaction changed."""
        self._turn: AbstractAsyncContextManager[Any] = asyncio.Lock() if self.is_sqlite else nullcontext()
        if self.is_sqlite:
            sqlite.prepare(self.engine)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A session for looking; nothing is committed."""
        async with AsyncSession(self.engine, expire_on_commit=False) as session:
            yield session

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        """A session whose work is committed as one transaction at the end, or not at all if an error leaves it."""
        async with self._turn, AsyncSession(self.engine, expire_on_commit=False) as session:
            await session.connection(execution_options={"writes": True})
            yield session
            await session.commit()
            for case_id in touched(session.sync_session):
                self.changed(case_id)

    async def settle(self) -> None:
        """Wait until whatever has been committed is on the disk. A commit on PostgreSQL waits for that by itself."""
        if self.is_sqlite and self.engine.url.database:
            await asyncio.to_thread(sqlite.sync_log, Path(self.engine.url.database))

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
            async with self._turn:
                await (await driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")).close()

    async def close(self) -> None:
        """Give back all connections."""
        await self.engine.dispose()


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DatabaseUnreachable(
            f"cannot make the folder {folder} for the database: correct DATABASE_URL (see README, Settings)"
        ) from error
