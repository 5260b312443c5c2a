"""The migrations make exactly the tables of the models, on both databases."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import IntegrityError

from bot.storage.away import DatabaseAway
from bot.storage.database import Database, DatabaseUnreachable
from bot.storage.models import Base, Case, CaseMessage, Staff
from bot.storage.schema import migrate, opened, upgrade


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
    assert found.keys() == {"one_open_case_per_person", "inbox_waiting", "inbox_albums", "outbox_waiting",
                            "outbox_without_case", "case_message_untranslated", "person_to_erase"}
    for state in ("INTAKE", "QUEUED", "PARKED", "CLAIMED", "WAITING_USER", "RETURN_OFFERED", "UNREACHABLE"):
        assert f"'{state}'" in found["one_open_case_per_person"]
    assert "RESOLVED" not in found["one_open_case_per_person"]


async def test_migrating_again_changes_nothing(database: Database) -> None:
    await upgrade(database)
    async with database.engine.connect() as connection:
        tables = await connection.run_sync(lambda sync: set(inspect(sync).get_table_names()))
    assert tables == {*Base.metadata.tables, "alembic_version"}


async def test_a_database_of_the_last_release_keeps_its_cases_and_their_messages(tmp_path: Path) -> None:
    """SQLite changes a table by dropping it; what refers to its rows must not go with them."""
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'old.db'}")
    await migrate(database, "0002")
    async with database.write() as session:
        for statement in OLD_ROWS:
            await session.execute(text(statement))
    await upgrade(database)
    async with database.read() as session:
        case = await session.get(Case, 7)
        message = await session.get(CaseMessage, 1)
        member = await session.get(Staff, 1)
    await database.close()
    assert case is not None
    assert (case.owner_id, case.active_at.hour) == (1, 9)
    assert message is not None
    assert (message.text, message.kind) == ("Guten Tag", "text")
    assert member is not None
    assert (member.role, member.on_duty) == ("agent", True)


async def test_references_are_enforced_again_after_the_migration(database: Database) -> None:
    with pytest.raises(IntegrityError):
        async with database.write() as session:
            await session.execute(text("INSERT INTO timer (case_id, kind, due_at) VALUES (99, 'x', '2026-11-24')"))


OLD_ROWS = (
    "INSERT INTO person (id, chat_id, language, language_chosen, reachable, misses, told_degraded, created_at, seen_at)"
    " VALUES (1, 1001, 'ar', 0, 1, 0, 0, '2026-11-24 09:00:00', '2026-11-24 09:00:00')",
    "INSERT INTO staff (id, telegram_id, name, active) VALUES (1, 2001, 'Frau A.', 1)",
    "INSERT INTO handoff_case (id, person_id, state, version, reason, language, urgent, owner_id, last_exchange_id,"
    " opened_at, changed_at) VALUES (7, 1, 'CLAIMED', 2, 'button', 'ar', 0, 1, 0, '2026-11-24 08:00:00',"
    " '2026-11-24 09:00:00')",
    "INSERT INTO case_message (id, case_id, author, at, text, source_chat_id, source_message_id)"
    " VALUES (1, 7, 'person', '2026-11-24 09:00:00', 'Guten Tag', 1001, 5)",
)


def _modes(folder: Path) -> dict[str, int]:
    return {file.name: stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()}


@pytest.mark.parametrize("mask", [0o022, 0o000])
async def test_nobody_else_on_the_machine_can_read_a_new_database(tmp_path: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        database = Database(f"sqlite+aiosqlite:///{tmp_path / 'new.db'}")
        await upgrade(database)
        modes = _modes(tmp_path)
        await database.close()
    finally:
        os.umask(before)
    assert modes == {"new.db": 0o600, "new.db-wal": 0o600, "new.db-shm": 0o600}


async def test_a_database_of_a_newer_program_is_said_so_in_a_line_and_left_alone(database: Database) -> None:
    async with database.write() as session:
        known = await session.scalar(text("SELECT version_num FROM alembic_version"))
        await session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseUnreachable, match="newer version"):
        async with opened(database.engine.url.render_as_string(hide_password=False)):
            raise AssertionError("it was opened")
    async with database.write() as session:  # the tests after this one have the same database
        back = text("UPDATE alembic_version SET version_num = :known WHERE version_num = '9999' RETURNING 1")
        assert await session.scalar(back, {"known": known}) == 1


async def test_a_database_that_goes_away_meanwhile_is_said_so_in_a_line(database: Database) -> None:
    with pytest.raises(DatabaseUnreachable, match="disk full"):
        async with opened(database.engine.url.render_as_string(hide_password=False)):
            raise DatabaseAway("disk full")
