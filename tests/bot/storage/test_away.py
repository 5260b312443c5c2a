"""Whose fault it is that a transaction failed."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError

from bot.storage.away import DatabaseAway
from bot.storage.database import Database
from bot.storage.models import StaffGroup


async def test_a_full_disk_is_the_databases_fault_and_over_when_there_is_room(tmp_path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'full.db'}")
    try:
        with pytest.raises(DatabaseAway, match="disk full"):
            await _write_much(database, pages=20)
        assert database.outage.reason == "disk full"
        await _write_much(database, pages=1_000_000)
    finally:
        await database.close()


async def _write_much(database: Database, pages: int) -> None:
    async with database.write() as session:
        await session.execute(text(f"PRAGMA max_page_count = {pages}"))
        await session.execute(text("CREATE TABLE much (bytes BLOB)"))
        for _ in range(40):
            await session.execute(text("INSERT INTO much VALUES (randomblob(4000))"))


async def test_a_server_that_is_not_there_is_its_own_fault() -> None:
    database = Database("postgresql+asyncpg://test@127.0.0.1:9/none")
    try:
        with pytest.raises(DatabaseAway, match="connection"):
            async with database.read() as session:
                await session.execute(text("SELECT 1"))
        assert not await database.probe()
        assert database.outage.lasts
    finally:
        await database.close()


async def test_a_mistake_of_ours_is_not(database: Database) -> None:
    with pytest.raises(SQLAlchemyError):
        async with database.read() as session:
            await session.execute(text("SELECT nothing FROM nowhere"))
    with pytest.raises(IntegrityError):
        async with database.write() as session:
            session.add_all([StaffGroup(configured=1, chat_id=1), StaffGroup(configured=2, chat_id=None)])
    assert not database.outage.lasts


async def test_an_error_of_the_database_does_not_quote_what_was_to_be_stored(database: Database) -> None:
    with pytest.raises(DBAPIError) as error:
        async with database.write() as session:
            await session.execute(text("INSERT INTO nowhere (text) VALUES (:words)"), {"words": "Zaubermarker"})
    assert "Zaubermarker" not in str(error.value)
