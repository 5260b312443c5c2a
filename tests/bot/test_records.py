"""What a data protection officer asks for, from the command line."""

from __future__ import annotations

import json
from argparse import Namespace
from datetime import UTC, datetime

import pytest

from bot import records
from bot.locales import Locales
from bot.settings import ROOT
from bot.storage.database import Database
from bot.storage.models import Case, CaseMessage, Person
from tests.bot.conftest import make_settings

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def test_the_page_for_the_officer_shows_the_periods_that_the_program_keeps(locales: Locales) -> None:
    page = (ROOT / "docs/data-protection.md").read_text(encoding="utf-8")
    assert records.retention_table(make_settings().retention, locales, "en") in page


async def test_the_table_has_the_offices_own_figures(capsys: pytest.CaptureFixture[str]) -> None:
    settings = make_settings(retention_days=4711)
    assert await records.run(settings, Namespace(command="retention")) == 0
    assert "höchstens 4711 Tage" in capsys.readouterr().out


@pytest.mark.parametrize("migrated_url", ["sqlite"], indirect=True)
async def test_somebody_who_asks_in_writing_gets_the_same_copy(
    migrated_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    database = Database(migrated_url)
    async with database.write() as session:
        session.add(Person(id=1, chat_id=1001, language="ar", created_at=NOW, seen_at=NOW))
        await session.flush()
        session.add(Case(id=1, person_id=1, state="CLAIMED", reason="button", language="ar", opened_at=NOW,
                         changed_at=NOW))  # fmt: skip
        await session.flush()
        session.add(CaseMessage(case_id=1, author="note", at=NOW, text="der Bruder", source_chat_id=0,
                                source_message_id=0))  # fmt: skip
    await database.close()
    settings = make_settings(database_url=migrated_url)
    for notes in (False, True):
        assert await records.run(settings, Namespace(command="mydata", telegram_id=1001, notes=notes)) == 0
        written = capsys.readouterr().out
        assert json.loads(written)["person"]["chat_id"] == 1001
        assert ("der Bruder" in written) == notes
    assert await records.run(settings, Namespace(command="mydata", telegram_id=1, notes=False)) == 1
