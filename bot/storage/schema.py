"""Bringing a database to the present schema: Alembic's migrations, run from the program itself."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.away import DatabaseAway
from bot.storage.database import LOCKS, Database, DatabaseUnreachable, Lock

MIGRATIONS = Path(__file__).parent / "migrations"


def alembic_config(connection: Connection | None = None) -> Config:
    """Alembic's configuration for these migrations, on an open connection if given."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    if connection is not None:
        config.attributes["connection"] = connection
    return config


@asynccontextmanager
async def opened(url: str, *, upgraded: bool = True) -> AsyncIterator[Database]:
    """The database at `url`, seen to be there, with the tables that this program knows (or as it is), and closed after.

    Raises `DatabaseUnreachable`, also if the database goes away meanwhile: a line for the operator.
    """
    database = Database(url)
    try:
        await database.check()
        if upgraded:
            await upgrade(database)
        yield database
    except DatabaseAway as away:
        raise DatabaseUnreachable(f"the database cannot be used ({away}); nothing was changed, try again") from away
    finally:
        await database.close()


async def upgrade(database: Database) -> None:
    """Run the migrations that are missing; nothing happens on a database that is up to date.

    Raises `DatabaseUnreachable` if a newer program has changed it already.
    """
    try:
        await migrate(database, "head")
    except CommandError as error:
        raise DatabaseUnreachable(
            "a newer version of this program has changed the tables of the database: update this one, "
            "or restore a backup that is older"
        ) from error


async def migrate(database: Database, revision: str) -> None:
    """Bring the schema up to `revision`."""
    async with database.engine.connect() as connection:
        # SQLite changes a table by dropping it, and would take with it whatever refers to its rows.
        await _enforce_references(database, connection, enforced=False)
        connection = await connection.execution_options(writes=True)
        if not database.is_sqlite:  # workers that start at the same time
            await connection.execute(select(func.pg_advisory_xact_lock(LOCKS, Lock.MIGRATION.value)))
        await connection.run_sync(lambda sync: command.upgrade(alembic_config(sync), revision))
        await connection.commit()
        await _enforce_references(database, connection, enforced=True)


async def _enforce_references(database: Database, connection: AsyncConnection, *, enforced: bool) -> None:
    driver = (await connection.get_raw_connection()).driver_connection if database.is_sqlite else None
    if driver is not None:
        # Past SQLAlchemy, which would begin a transaction; inside one the switch does nothing.
        await (await driver.execute(f"PRAGMA foreign_keys = {'ON' if enforced else 'OFF'}")).close()
