"""Those who answer for the office are told in private what cannot wait; if nobody can be, it is said elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import select

from bot.storage.models import Audit, Case, Staff
from tests.bot.conftest import GROUP
from tests.bot.telegram.conftest import RANA, PostOffice
from tests.conftest import Templates
from tests.journeys.words import pattern
from tests.simulator.conftest import Control


@pytest_asyncio.fixture
async def database_url(templates: Templates, tmp_path: Path) -> str:
    """One kind of database is enough here."""
    return await templates.sqlite(tmp_path / "test.db")


ADMINS: dict[str, tuple[list[int | None], bool]] = {
    "without Telegram": ([None], True), "never pressed Start": ([2002], True), "one of two": ([2002, RANA], False),
}  # fmt: skip


@pytest.mark.parametrize("admins", ADMINS)
async def test_t17_an_alert_that_reaches_no_admin_is_said_in_the_topic_at_the_desk_and_in_the_log(
    office: PostOffice, admins: str, caplog: pytest.LogCaptureFixture
) -> None:
    ids, nobody = ADMINS[admins]
    async with office.app.database.write() as session:
        session.add_all(Staff(telegram_id=id, name="Herr Leitung", role="admin") for id in ids)
        await session.flush()
        case = await session.get_one(Case, office.case.id)
        await office.app.delivery._room.call_admins(session, "desk.escalated", case=case, number="W-0001")
    office.app.outbox.wake()
    await office.settled()
    said = pattern("de", "desk.nobody_called")
    loud = [text for text in await office.arrived(GROUP, topic=office.case.thread_id) if said.search(text)]
    assert [pattern("de", "desk.escalated", number="W-0001").search(text) is not None for text in loud] == [
        True] * nobody  # fmt: skip
    async with office.app.database.read() as session:
        assert list(await session.scalars(select(Audit.case_id).where(Audit.action == "nobody_called"))) == [1] * nobody
    assert ("let them open the chat with the bot and press Start" in caplog.text) is nobody
    assert "Leitung" not in caplog.text


async def test_e33_an_alert_about_the_group_that_reaches_no_admin_is_said_in_general_as_long_as_it_is_news(
    office: PostOffice, control: Control
) -> None:
    async def call() -> list[str]:
        async with office.app.database.write() as session:
            await office.app.delivery._room.call_admins(session, "desk.group_lost")
        office.app.outbox.wake()
        await office.settled()
        return await office.arrived(GROUP, topic=0)

    await control.post("rights", status="member")
    assert len(await call()) == 1
    await control.post("rights", status="kicked")
    assert len(await call()) == 1
