"""Where the office's group is, and what of it is left behind when the setting names another one."""

from __future__ import annotations

from pathlib import Path

import pytest
import pytest_asyncio

from bot.storage.database import Database
from bot.storage.models import Case, CaseMessage, Person, StaffGroup
from bot.telegram.staffchat import StaffChat
from tests.conftest import Clock, Templates

OLD, NEW = -1001, -1002


@pytest_asyncio.fixture
async def migrated_url(templates: Templates, tmp_path: Path) -> str:
    """One kind of database is enough here."""
    return await templates.sqlite(tmp_path / "test.db")


@pytest_asyncio.fixture
async def with_topic(database: Database, clock: Clock) -> Database:
    """Rana's case has a topic in the old group, with her message and an answer."""
    await StaffChat.load(database, OLD)
    async with database.write() as session:
        rana = Person(chat_id=1001, language="ar", created_at=clock(), seen_at=clock())
        session.add(rana)
        await session.flush()
        case = Case(person_id=rana.id, state="QUEUED", reason="button", language="ar", thread_id=3,
                    header_message_id=4, opened_at=clock(), changed_at=clock())  # fmt: skip
        session.add(case)
        await session.flush()
        session.add_all(CaseMessage(case_id=case.id, author=author, at=clock(), source_chat_id=1, source_message_id=1,
                                    copy_message_id=5) for author in ("person", "staff"))  # fmt: skip
    return database


async def _known(database: Database) -> tuple[int | None, int | None, list[int | None]]:
    async with database.read() as session:
        case = await session.get_one(Case, 1)
        copies = [(await session.get_one(CaseMessage, number)).copy_message_id for number in (1, 2)]
    return case.thread_id, case.header_message_id, copies


async def test_in_another_group_no_number_of_the_old_one_means_anything(
    with_topic: Database, caplog: pytest.LogCaptureFixture
) -> None:
    assert (await StaffChat.load(with_topic, NEW)).id == NEW
    assert await _known(with_topic) == (None, None, [None, 5])
    assert "1 cases get new topics" in caplog.text
    async with with_topic.read() as session:
        assert await session.get(StaffGroup, OLD) is None


@pytest.mark.parametrize("configured", [OLD, NEW])
async def test_the_same_group_keeps_its_topics_also_under_the_id_it_has_moved_to(
    with_topic: Database, configured: int
) -> None:
    await (await StaffChat.load(with_topic, OLD)).move(with_topic, NEW)
    assert (await StaffChat.load(with_topic, configured)).id == NEW
    assert await _known(with_topic) == (3, 4, [5, 5])
