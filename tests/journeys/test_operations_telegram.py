"""Telegram is away: the bot waits ever longer, says so once, and catches up in order."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from bot.processes import free_port
from tests.journeys.conftest import World, a_world
from tests.journeys.operations import NOBODY, Sight, cpu_seconds, lines, put_into_outbox
from tests.journeys.wire import Wire

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]

Fault = Callable[[World, Wire], Awaitable[None]]
SAID = [f"news {number}" for number in range(8)]
BUSY = 2.0
"""Seconds of CPU that a bot which waits does not use; one that asks without a pause uses all there is."""


@pytest_asyncio.fixture(loop_scope="session")
async def wire() -> AsyncIterator[Wire]:
    """The line between the bot and its Telegram."""
    line = Wire(free_port(), free_port())
    await line.connect()
    yield line
    await line.cut()


def between(wire: Wire) -> dict[str, str]:
    """The settings with which the bot reaches the simulator over this line."""
    return {"SIMULATOR_PORT": str(wire.to), "TELEGRAM_API_URL": f"http://127.0.0.1:{wire.port}"}


async def _refuse(world: World, wire: Wire) -> None:
    await wire.cut()


async def _answer_502(world: World, wire: Wire) -> None:
    await world.http.post("/sim/fault", json={"error": 502, "times": 100_000})
    # The question that waits for updates was asked before; what comes now ends it.
    await world.phone().send("/start")


async def _mend(world: World, wire: Wire) -> None:
    await world.http.post("/sim/fault", json={"clear": True})
    await world.http.post("/sim/fault", json={"method": "sendMessage", "error": 429, "retry_after": 1, "times": 2})
    if wire.server is None:
        await wire.connect()


@pytest.mark.parametrize("fault", [_refuse, _answer_502])
async def test_it_is_waited_for_and_then_everything_arrives_once_and_in_order(
    wire: Wire, tmp_path: Path, fault: Fault
) -> None:
    sight, url = Sight.new(), f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}"
    async with a_world(NOBODY, url, tmp_path, **sight.settings, **between(wire)) as world:
        phones = [world.phone() for _ in range(5)]
        for phone in phones:
            await phone.ask("/start")
        await fault(world, wire)
        await put_into_outbox(url, {phone.user: SAID for phone in phones})
        asked = await phones[0].send("/help")
        used = cpu_seconds(world.bot.process.pid)
        assert "telegram" in (await sight.until_ready(without="telegram"))["reasons"]
        assert cpu_seconds(world.bot.process.pid) - used < BUSY
        assert (await sight.asks("/health")).status_code == 200
        await _mend(world, wire)
        for phone in phones:
            await phone.sees(SAID[-1])
            assert [text for text in await phone.texts_of_bot() if text.startswith("news")] == SAID
        await phones[0].reads("help.text", after=asked)
        await sight.until_ready()
        for said in ("Telegram cannot be asked", "Telegram takes no messages"):
            assert ["over after" in line for line in lines(world, said)] == [False, True]


async def test_one_that_stands_still_holds_up_nothing_for_longer_than_it_stands(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}"
    async with a_world(NOBODY, url, tmp_path) as world:
        rana = world.phone()
        await rana.ask("/start")
        simulator = world.members.children[0].process.pid
        os.kill(simulator, signal.SIGSTOP)
        try:
            await put_into_outbox(url, {rana.user: SAID})
            await asyncio.sleep(2)
        finally:
            os.kill(simulator, signal.SIGCONT)
        await rana.sees(SAID[-1])
        assert [text for text in await rana.texts_of_bot() if text.startswith("news")] == SAID


async def test_a_bot_that_starts_before_its_telegram_waits_for_it(wire: Wire, tmp_path: Path) -> None:
    sight, url = Sight.new(), f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}"
    async with a_world(NOBODY, url, tmp_path, **sight.settings, **between(wire)) as world:
        await wire.cut()
        world.kill_bot()
        await world.restart_bot()
        assert len(lines(world, "cannot be reached yet")) == 1
        await wire.connect()
        await sight.until_ready()
        await world.phone().ask("/start")


async def test_a_name_that_cannot_be_found_is_one_line_and_the_bot_lives_on(tmp_path: Path) -> None:
    sight, url = Sight.new(), f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}"
    async with a_world(NOBODY, url, tmp_path, **sight.settings) as world:
        world.kill_bot()
        world.env["TELEGRAM_API_URL"] = "http://telegram.invalid"
        await world.restart_bot()
        await sight.until_ready(without="telegram")
        assert len(lines(world, "Telegram cannot be asked")) == 1
        assert world.bot.process.returncode is None
