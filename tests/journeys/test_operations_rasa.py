"""Rasa hangs (its process is stopped, its port still takes connections): it is not waited for again and again."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.processes import Child
from tests.journeys.conftest import a_world
from tests.journeys.operations import Sight, lines
from tests.journeys.words import HOW_MANY_MEMBERS, entry

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]

TIMEOUT = 2.0


@contextmanager
def hung(server: Child) -> Iterator[None]:
    """The process stands still as long as the block runs."""
    os.killpg(server.process.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.killpg(server.process.pid, signal.SIGCONT)


async def test_only_the_first_message_waits_and_it_is_asked_again_when_it_moves(
    rasa: tuple[Child, str], tmp_path: Path
) -> None:
    server, url = rasa
    sight = Sight.new()
    settings = {**sight.settings, "RASA_TIMEOUT": str(TIMEOUT)}
    async with a_world(url, f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}", tmp_path, **settings) as world:
        rana = world.phone("de")
        answer = await rana.ask(HOW_MANY_MEMBERS["de"])
        assert answer["text"].startswith(entry("founding.members_needed", "de").question)
        assert (await sight.until_ready())["degraded"] == {}
        with hung(server):
            await rana.reads("understanding.degraded", after=await rana.send(HOW_MANY_MEMBERS["de"]))
            began = time.monotonic()
            for _ in range(3):
                await rana.reads("understanding.did_you_mean", after=await rana.send(HOW_MANY_MEMBERS["de"]))
            assert time.monotonic() - began < TIMEOUT
            assert (await sight.until_ready())["degraded"] == {"rasa": "does not answer"}
            assert await sight.figure('wegweiser_up{part="rasa"}') == 0
        answer = await rana.ask(HOW_MANY_MEMBERS["de"])
        while not answer["text"].startswith(entry("founding.members_needed", "de").question):
            answer = await rana.ask(HOW_MANY_MEMBERS["de"])
        assert len(lines(world, "Rasa does not answer")) == len(lines(world, "Rasa is back")) == 1
