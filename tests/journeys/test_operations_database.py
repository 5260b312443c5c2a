"""The database is away: people are told in their language, nothing is lost, and all goes on in order by itself."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from bot.processes import free_port
from tests.conftest import PostgreSQL, Templates
from tests.journeys.conftest import a_world
from tests.journeys.operations import NOBODY, Sight, lines, times_read
from tests.journeys.words import SPOKEN

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]

SECONDS = 60.0
"""How long the database is away, at least."""


@contextmanager
def away(server: PostgreSQL) -> Iterator[None]:
    """The server is stopped as long as the block runs."""
    server.stop()
    try:
        yield
    finally:
        server.start()


@pytest.mark.timeout(240)
async def test_people_are_told_once_and_answered_once_and_in_order_when_it_is_back(
    postgresql_server: PostgreSQL, templates: Templates, tmp_path: Path
) -> None:
    sight, desk = Sight.new(), free_port()
    url = await templates.postgresql(postgresql_server.url)
    more = {**sight.settings, "DESK_PORT": str(desk)}
    async with a_world(NOBODY, url, tmp_path, **more) as world:
        known = world.phone("de")
        await known.ask("/start")
        new = [world.phone(language) for language in SPOKEN]
        with away(postgresql_server):
            for phone in new:
                await phone.reads("error.no_storage", after=await phone.send("/help"))
            asked = await known.send("/help")
            await known.send("/language")
            danger = world.phone("de")
            assert "0800 111 0 111" in (await danger.ask("Ich will nicht mehr leben"))["text"]
            assert "database" in (await sight.until_ready(without="database"))["reasons"]
            assert (await sight.asks("/health")).status_code == 200
            async with httpx.AsyncClient(cookies={"desk": "somebody"}) as http:
                page = await http.get(f"http://127.0.0.1:{desk}/")
            assert page.status_code == 503
            assert "Datenbank" in page.text
            await asyncio.sleep(SECONDS / 2)
            late = world.phone("fa")
            await late.reads("error.no_storage", after=await late.send("/help"))
            await asyncio.sleep(SECONDS / 2)
        await sight.until_ready()
        for phone in (*new, late):
            await phone.reads("help.text")
            assert await times_read(phone, "error.no_storage") == 1
        helped = await known.reads("help.text", after=asked)
        await known.reads("language.choose", after=helped["message_id"])
        for key in ("error.no_storage", "help.text", "language.choose"):
            assert await times_read(known, key) == 1
        assert ["over after" in line for line in lines(world, "the database cannot be used")] == [False, True]
        group = await world.staff(0).texts_of_bot()
        assert len(group) == 2
