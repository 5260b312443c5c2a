"""The running whole: one Rasa server for all journeys, a simulator and a bot per module."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from bot.demo import STAFF_CHAT_ID, TOKEN, prepare_database
from bot.processes import Child, Family, family, free_port
from tests.journeys.phone import GROUP, Phone

_numbers = itertools.count(1100)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def rasa_url() -> AsyncIterator[str]:
    """A real Rasa server with the present model."""
    async with family() as members:
        port = free_port()
        server = await members.start_rasa(port)
        await server.answers(f"http://127.0.0.1:{port}/status")
        yield f"http://127.0.0.1:{port}"


@dataclass
class World:
    """Simulator and bot as processes; `env` is what the bot is started with."""

    members: Family
    http: httpx.AsyncClient
    env: dict[str, str]
    bot: Child

    async def restart_bot(self) -> None:
        """Start the bot again after it was killed or stopped."""
        self.bot = await self.members.start_bot(self.env)


async def build_world(members: Family, rasa_url: str, database_url: str, **settings: str) -> World:
    """Start a simulator and a bot on a database, and wait until the bot has introduced itself."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    simulator = await members.start_simulator(port, TOKEN)
    await simulator.answers(address)
    env = {
        "TELEGRAM_TOKEN": TOKEN, "STAFF_CHAT_ID": str(STAFF_CHAT_ID), "TELEGRAM_API_URL": address,
        "DATABASE_URL": database_url, "RASA_URL": rasa_url, "LOG_LEVEL": "WARNING", **settings,
    }  # fmt: skip
    bot = await members.start_bot(env)
    await bot.answers(f"{address}/sim/commands", needle="mydata")
    return World(members, httpx.AsyncClient(base_url=address, timeout=10), env, bot)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def world(rasa_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    """A simulator and a bot on SQLite, shared by the journeys of a module (each has its own person)."""
    folder: Path = tmp_path_factory.mktemp("world")
    async with family() as members:
        built = await build_world(members, rasa_url, await prepare_database(folder / "bot.db"))
        yield built
        await built.http.aclose()


@pytest.fixture
def new_phone(world: World) -> Callable[..., Phone]:
    """Makes the phone of somebody who has never written before: `new_phone("ar")`."""

    def make(language: str = "de") -> Phone:
        return Phone(world.http, next(_numbers), language)

    return make


@pytest.fixture
def staff_phone(world: World) -> Callable[..., Phone]:
    """Makes the phone of somebody of the office, open at a topic: `staff_phone(topic)`."""

    def make(topic: int | None = None, user: int = 2001) -> Phone:
        return Phone(world.http, user, "de", chat=GROUP, topic=topic)

    return make
