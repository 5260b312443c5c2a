"""What the bot does every few seconds: a fault in one part of it keeps no other from being done."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest

from bot.backup import files
from bot.storage import erasures
from bot.storage.away import DatabaseAway
from bot.storage.database import Database
from bot.upkeep import Upkeep
from tests.bot.conftest import make_settings
from tests.conftest import Clock


class Played:
    """In the place of every part: one of them fails."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    async def look(self) -> None:
        """As the timers."""
        raise self._error

    async def remember(self, _: object) -> None:
        """As what speaks without the database."""
        raise self._error


@pytest.fixture
def settings(tmp_path: Path) -> Any:
    """Backups stand in a folder of this test."""
    return make_settings(backup_folder=tmp_path)


def upkeep(database: Database, clock: Clock, settings: Any, error: Exception) -> Upkeep:
    played: dict[str, Any] = dict.fromkeys(
        ("rounds", "cleaning", "inbox", "outbox", "poller", "rasa", "stopgap"), Played(error))  # fmt: skip
    return Upkeep(clock=clock, settings=settings, database=database, polls=lambda: False, telegram=(), **played)


async def test_who_was_erased_is_written_down_though_the_timers_fail(
    database: Database, clock: Clock, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    async with database.write() as session:
        erasures.note(session, 1001, clock())
    assert not await upkeep(database, clock, settings, ValueError("played"))._round()
    assert [one.is_about(1001) for one in erasures.read(files.list_of(cast(Any, settings)))] == [True]
    assert len(caplog.records) == 2


async def test_without_the_database_the_round_ends(database: Database, clock: Clock, settings: Any) -> None:
    with pytest.raises(DatabaseAway):
        await upkeep(database, clock, settings, DatabaseAway("connection"))._round()
