"""The migrations make exactly the tables of the models, on both databases."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, text

from bot.storage.database import Database
from bot.storage.models import Base
from bot.storage.schema import upgrade


def _differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
    return list(compare_metadata(context, Base.metadata))


def _partial_indexes(connection: Connection) -> dict[str, str]:
    """Name -> condition of every index that covers only some rows; `compare_metadata` does not look at conditions."""
    if connection.dialect.name == "sqlite":
        query = "SELECT name, sql FROM sqlite_master WHERE sql LIKE '% WHERE %'"
    else:
        query = "SELECT indexname, indexdef FROM pg_indexes WHERE indexdef LIKE '% WHERE %'"
    return {name: sql.split(" WHERE ")[1] for name, sql in connection.execute(text(query)).all()}


async def test_the_migrations_make_the_models(database: Database) -> None:
    async with database.engine.connect() as connection:
        assert await connection.run_sync(_differences) == []


async def test_conditions_of_indexes_are_made_as_well(database: Database) -> None:
    async with database.engine.connect() as connection:
        found = await connection.run_sync(_partial_indexes)
    assert found.keys() == {"one_open_case_per_person", "inbox_waiting", "outbox_waiting"}
    for state in ("INTAKE", "QUEUED", "PARKED", "CLAIMED", "WAITING_USER", "RETURN_OFFERED", "UNREACHABLE"):
        assert f"'{state}'" in found["one_open_case_per_person"]
    assert "RESOLVED" not in found["one_open_case_per_person"]


async def test_migrating_again_changes_nothing(database: Database) -> None:
    await upgrade(database)
    async with database.engine.connect() as connection:
        tables = await connection.run_sync(lambda sync: set(inspect(sync).get_table_names()))
    assert tables == {*Base.metadata.tables, "alembic_version"}
