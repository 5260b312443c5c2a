"""Copies of a PostgreSQL database, made by its own programs; the password goes to them in the environment."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import URL, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from bot.backup.archive import BackupError, owners_only

ASIDE = "before_restore"
"""Where the present tables stand while others are put in their place."""
_OTHERS = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
               "AND pid <> pg_backend_pid() AND backend_type = 'client backend'")  # fmt: skip
_TABLES = text("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' "
               "AND table_name <> 'alembic_version'")  # fmt: skip
_IS_ASIDE = text("SELECT count(*) FROM information_schema.schemata WHERE schema_name = :name")


async def dump(url: URL, copy: Path) -> None:
    """A copy as of one moment; the bot goes on writing meanwhile. Raises `BackupError`."""
    owners_only(copy).close()
    await _run("pg_dump", url, "--format=custom", "--schema=public", "--no-owner", "--no-privileges",
               f"--file={copy}")  # fmt: skip


async def check_unused(url: URL) -> None:
    """Raises `BackupError` if a bot, or anybody else, is connected to the database, or if it cannot be reached."""
    try:
        await _check_unused(url)
    except (OSError, DBAPIError) as error:
        raise BackupError(f"cannot open the database {url.render_as_string(hide_password=True)}") from error


async def _check_unused(url: URL) -> None:
    async with _connected(url) as connection:
        if await connection.scalar(_OTHERS):
            raise BackupError(f"somebody is connected to the database {url.database}; stop every bot first")
        if await connection.scalar(_IS_ASIDE, {"name": ASIDE}):
            raise BackupError(
                f"an earlier restore was cut off: in the database {url.database} the schema {ASIDE} holds what stood "
                f"there before; look at it, then DROP SCHEMA {ASIDE} CASCADE"
            )


async def holds_data(url: URL) -> bool:
    """Whether any row stands in it, besides the number of its schema."""
    async with _connected(url) as connection:
        for name in (await connection.scalars(_TABLES)).all():
            if await connection.scalar(text(f'SELECT 1 FROM public."{name}" LIMIT 1')):
                return True
    return False


@asynccontextmanager
async def loaded(copy: Path, url: URL) -> AsyncIterator[None]:
    """The copy stands in the place of what was there; that is gone at the end, or back if anything fails."""
    async with _connected(url) as connection:
        await connection.execute(text(f"ALTER SCHEMA public RENAME TO {ASIDE}"))
        await connection.execute(text("CREATE SCHEMA public"))
    try:
        # The new schema is there already, and all that is in the copy goes into it.
        await _run("pg_restore", url, "--schema=public", "--no-owner", "--no-privileges", "--single-transaction",
                   "--exit-on-error", str(copy))  # fmt: skip
        yield
    except BaseException:
        async with _connected(url) as connection:
            await connection.execute(text("DROP SCHEMA public CASCADE"))
            await connection.execute(text(f"ALTER SCHEMA {ASIDE} RENAME TO public"))
        raise
    async with _connected(url) as connection:
        await connection.execute(text(f"DROP SCHEMA {ASIDE} CASCADE"))


@asynccontextmanager
async def _connected(url: URL) -> AsyncIterator[AsyncConnection]:
    engine = create_async_engine(url, poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            yield connection
    finally:
        await engine.dispose()


async def _run(program: str, url: URL, *arguments: str) -> None:
    found = shutil.which(program)
    if found is None:
        raise BackupError(f"{program} is not installed; it comes with PostgreSQL's client programs "
                          "(Debian: postgresql-client)")  # fmt: skip
    where = {"host": url.host or url.query.get("host"), "port": url.port, "username": url.username,
             "dbname": url.database}  # fmt: skip
    place = [f"--{name}={value}" for name, value in where.items() if value]
    secret = {"PGPASSWORD": url.password} if url.password else {}
    process = await asyncio.create_subprocess_exec(
        found, *place, "--no-password", *arguments, env={**os.environ, **secret}, stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        _, said = await process.communicate()
    finally:
        if process.returncode is None:  # we are told to end, and it would go on alone
            process.kill()
            await process.wait()
    if process.returncode:
        lines = said.decode(errors="replace").strip().splitlines() or ["it said nothing"]
        raise BackupError(f"{program} failed: {lines[0]}")
