"""The stream of news reaches whoever is logged in, and nobody else."""

from __future__ import annotations

import asyncio
import re

import pytest
from sqlalchemy import delete

from bot.desk.pages import home
from bot.storage.models import DeskSession
from tests.bot.desk.conftest import World
from tests.conftest import Clock


async def listening(world: World) -> None:
    """Give whoever asked for the stream time to listen."""
    for _ in range(500):
        await asyncio.sleep(0.01)
        if world.desk.changes._watchers:
            return
    raise AssertionError("nobody listens")


async def test_changes_arrive_by_name_until_the_session_ends(world: World) -> None:
    browser = await world.logged_in()
    stream = asyncio.create_task(browser.get("/events"))
    await listening(world)
    world.desk.changes.publish(7)
    await asyncio.sleep(0.2)
    async with world.database.write() as session:
        await session.execute(delete(DeskSession))
    world.desk.changes.publish(8)
    answer = await asyncio.wait_for(stream, 5)
    assert answer.headers["content-type"].startswith("text/event-stream")
    news = re.findall(r"event: (\S+)\r?\ndata: ?(\d*)", answer.text)
    assert news == [("again", ""), ("case-7", "7"), ("change", "7")]
    assert not world.desk.changes._watchers


async def test_a_stream_ends_with_its_session_even_when_nothing_happens(
    world: World, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(home, "PING_S", 0.05)
    browser = await world.logged_in()
    stream = asyncio.create_task(browser.get("/events"))
    await listening(world)
    clock.forward(hours=9)
    await asyncio.wait_for(stream, 5)
    assert not world.desk.changes._watchers


async def test_nobody_hears_nothing(world: World) -> None:
    assert (await world.browser().get("/events")).status_code == 303
