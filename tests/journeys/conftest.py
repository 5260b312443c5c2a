"""The running whole: one Rasa server for all journeys; a simulator and a bot that most of them share."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from bot.demo import STAFF, STAFF_CHAT_ID, TOKEN
from bot.processes import COMPILED, Child, Family, family, free_port, rasa_token
from bot.rasa import Rasa
from bot.settings import ROOT
from bot.staff import add
from bot.storage.database import Database
from bot.storage.schema import upgrade
from tests.journeys.carrier import transport
from tests.journeys.phone import GROUP, Phone
from tests.journeys.words import vague_texts

ACTIONS_PORT = free_port()
"""Where Rasa finds the actions of the flows; all bots of a run share it."""
PHONES = 256
"""Connections that all phones of a world may have open at once."""
_numbers = itertools.count(5_400_000_001)
"""Ids as Telegram gives them today: they do not fit into 32 bits."""


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def rasa() -> AsyncIterator[tuple[Child, str]]:
    """A real Rasa server with the present model, and its address."""
    async with family() as members:
        port = free_port()
        server = await members.start_rasa(port, ACTIONS_PORT)
        await server.answers(f"http://127.0.0.1:{port}/status")
        yield server, f"http://127.0.0.1:{port}"


@pytest.fixture(scope="session")
def rasa_url(rasa: tuple[Child, str]) -> str:
    """Where the Rasa server of this run is."""
    return rasa[1]


@dataclass
class World:
    """Simulator and bot as processes; `env` is what the bot is started with, `log` what it wrote to stderr."""

    members: Family
    http: httpx.AsyncClient
    env: dict[str, str]
    log: Path
    bot: Child

    def phone(self, language: str = "de") -> Phone:
        """The phone of somebody who has never written before."""
        return Phone(self.http, next(_numbers), language)

    def staff(self, topic: int | None = None, user: int = 2001) -> Phone:
        """The phone of somebody of the office (2001: Frau A., 2002: Herr B.), open at a topic."""
        return Phone(self.http, user, "de", chat=GROUP, topic=topic)

    def kill_bot(self) -> None:
        """End the bot's process as a power cut would."""
        os.killpg(self.bot.process.pid, signal.SIGKILL)

    async def restart_bot(self) -> None:
        """Start the bot again after it was killed, and wait until it works: starting is not what tests time."""
        await self.bot.process.wait()
        self.members.children.remove(self.bot)
        self.bot = await start_bot(self.members, self.env, self.log)
        await self.bot.answers(f"http://127.0.0.1:{self.env['WEB_PORT']}/health")


async def start_bot(members: Family, env: dict[str, str], log: Path) -> Child:
    """Start the bot as a process of its own, with its stderr in a file."""
    with log.open("ab") as file:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", cwd=ROOT, env={**os.environ, **COMPILED, **env}, stderr=file,
            start_new_session=True,
        )  # fmt: skip
    child = Child("bot", process)
    members.children.append(child)
    return child


async def with_staff(database_url: str) -> None:
    """Bring a database up to date and register the two members of the simulator's group."""
    database = Database(database_url)
    await upgrade(database)
    for telegram_id, (name, _, _) in STAFF.items():
        await add(database, telegram_id, name)
    await database.close()


@contextlib.asynccontextmanager
async def a_world(rasa_url: str, database_url: str, folder: Path, **settings: str) -> AsyncIterator[World]:
    """A simulator and a bot on a database; a traceback in the bot's log is a fault whatever the phones saw.

    SIMULATOR_PORT among the settings: where the simulator is to be.
    """
    port = int(settings.pop("SIMULATOR_PORT", "0")) or free_port()
    address, log = f"http://127.0.0.1:{port}", folder / "bot.log"
    await with_staff(database_url)
    env = {
        "TELEGRAM_TOKEN": TOKEN, "STAFF_CHAT_ID": str(STAFF_CHAT_ID), "TELEGRAM_API_URL": address,
        "DATABASE_URL": database_url, "RASA_URL": rasa_url, "LOG_LEVEL": "WARNING",
        "ACTIONS_PORT": str(ACTIONS_PORT), "DESK_PORT": "0", "WEB_PORT": str(free_port()),
        "BACKUP_FOLDER": str(folder / "backups"), **settings,
    }  # fmt: skip
    async with family() as members, httpx.AsyncClient(
        base_url=address, timeout=10, transport=transport(PHONES)
    ) as http:
        simulator = await members.start_simulator(port, TOKEN)
        await simulator.answers(address)
        bot = await start_bot(members, env, log)
        await bot.answers(f"{address}/sim/commands", needle="mydata")
        yield World(members, http, env, log, bot)
    written = log.read_text(encoding="utf-8")
    assert "Traceback" not in written, written
    assert TOKEN not in written


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def world_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The SQLite file of the shared world."""
    return tmp_path_factory.mktemp("world") / "bot.db"


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def world(rasa_url: str, world_file: Path) -> AsyncIterator[World]:
    """A simulator and a bot on SQLite, shared by most journeys (each has its own person)."""
    async with a_world(rasa_url, f"sqlite+aiosqlite:///{world_file}", world_file.parent) as built:
        yield built


@pytest.fixture
def new_phone(world: World) -> Callable[..., Phone]:
    """Makes the phone of somebody who has never written before: `new_phone("ar")`."""
    return world.phone


@pytest.fixture
def staff_phone(world: World) -> Callable[..., Phone]:
    """Makes the phone of somebody of the office, open at a topic: `staff_phone(topic)`."""
    return world.staff


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def text_that(rasa_url: str) -> AsyncIterator[Callable[[str, str], Awaitable[str]]]:
    """Finds a text about which Rasa decides as wanted (choose, give_up), whatever the model of the day."""
    rasa = Rasa(rasa_url, 10, rasa_token())

    async def find(decision: str, language: str) -> str:
        for text in vague_texts(language):
            if (await rasa.ask(text, language, "test", now=datetime.now(UTC))).decision == decision:
                return text
        raise AssertionError(f"nothing vague makes Rasa decide {decision} in {language}")

    yield find
    await rasa.close()
