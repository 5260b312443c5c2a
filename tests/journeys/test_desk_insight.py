"""People ask, and the office sees how many they were and what about: through Telegram, Rasa and the desk's browser."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.journeys.deskwork import Office, an_office
from tests.journeys.test_page import chromium as chromium
from tests.journeys.words import HOW_MANY_MEMBERS

pytestmark = [pytest.mark.browser, pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]
ASKING = 6


@pytest_asyncio.fixture(loop_scope="session")
async def office(rasa_url: str, chromium: Path, tmp_path: Path) -> AsyncIterator[Office]:
    async with an_office(rasa_url, f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}", tmp_path) as office:
        yield office
        await office.leave()


async def test_what_people_ask_stands_in_the_evaluation_and_in_its_file(office: Office) -> None:
    people = [office.world.phone("tr") for _ in range(ASKING)]
    await asyncio.gather(*(person.ask(HOW_MANY_MEMBERS["tr"]) for person in people))
    few = office.world.phone("ar")
    await few.ask(HOW_MANY_MEMBERS["ar"])
    anna = await office.colleague("anna")
    await anna.opens("/insight?period=month")
    topics = anna.page.get_by_role("region", name=anna.say("insight.table_topics"))
    await expect(topics.get_by_role("row").nth(1)).to_contain_text(str(ASKING + 1))
    languages = anna.page.get_by_role("region", name=anna.say("insight.table_languages"))
    await expect(languages.get_by_role("row", name="Arabisch")).to_contain_text(anna.say("insight.few"))
    await expect(anna.page.get_by_role("img", name=anna.say("insight.table_weeks"))).to_be_visible()
    await expect(anna.page.locator("#groups")).to_contain_text(anna.say("insight.cluster_none"))
    async with anna.page.expect_download() as loading:
        await anna.page.get_by_role("link", name=anna.say("insight.csv_all")).click()
    file = await (await loading.value).path()
    assert f";{ASKING + 1}\r\n".encode() in await asyncio.to_thread(file.read_bytes)
    await anna.opens("/audit")
    await anna.sees(anna.say("audit.insight_export"))
