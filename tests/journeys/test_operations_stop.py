"""The process is told to end, under load and with a Telegram that is slow."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from pathlib import Path

import pytest

from tests.journeys.conftest import World, a_world
from tests.journeys.operations import NOBODY, Sight, lines, put_into_outbox, times_read

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]

SLOW = 1.5
"""Seconds that the simulator takes for a message."""
NEWS = [f"news {number}" for number in range(4)]


async def _slow(world: World) -> None:
    fault = {"method": "sendMessage", "delay": SLOW, "times": 1000}
    (await world.http.post("/sim/fault", json=fault)).raise_for_status()


async def test_what_is_under_way_is_finished_and_nothing_is_lost_or_doubled(tmp_path: Path) -> None:
    sight, url = Sight.new(), f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}"
    async with a_world(NOBODY, url, tmp_path, LOG_LEVEL="INFO", **sight.settings) as world:
        people = [world.phone() for _ in range(12)]
        await asyncio.gather(*(person.ask("/start") for person in people))
        await _slow(world)
        await put_into_outbox(url, {person.user: NEWS for person in people})
        await asyncio.gather(*(person.send("/help") for person in people))
        await asyncio.sleep(0.5)
        began = time.monotonic()
        os.kill(world.bot.process.pid, signal.SIGTERM)
        assert await asyncio.wait_for(world.bot.process.wait(), 20) == 0
        assert time.monotonic() - began < 10
        assert len(lines(world, "stopping;")) == 1
        await world.http.post("/sim/fault", json={"clear": True})
        await world.restart_bot()
        for person in people:
            await person.reads("help.text")
            assert [text for text in await person.texts_of_bot() if text.startswith("news")] == NEWS
            assert await times_read(person, "help.text") == 1
        assert lines(world, "they are sent again") == []


async def test_the_second_time_it_ends_at_once(tmp_path: Path) -> None:
    sight, url = Sight.new(), f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}"
    async with a_world(NOBODY, url, tmp_path, **sight.settings) as world:
        rana = world.phone()
        await rana.ask("/start")
        fault = {"method": "sendMessage", "delay": 60, "times": 10}
        (await world.http.post("/sim/fault", json=fault)).raise_for_status()
        await rana.send("/help")
        await asyncio.sleep(0.5)
        os.kill(world.bot.process.pid, signal.SIGTERM)
        await asyncio.sleep(0.5)
        assert world.bot.process.returncode is None
        began = time.monotonic()
        os.kill(world.bot.process.pid, signal.SIGTERM)
        assert await asyncio.wait_for(world.bot.process.wait(), 5) == 128 + signal.SIGTERM
        assert time.monotonic() - began < 1
        await world.http.post("/sim/fault", json={"clear": True})
        await world.restart_bot()
        await rana.reads("help.text")
