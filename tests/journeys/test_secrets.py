"""Secrets are planted in a real process that says all it can, through every fault; then everything is searched."""

from __future__ import annotations

import asyncio
import gzip
import signal
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
import pytest_asyncio
from sqlalchemy import text

from bot.demo import TOKEN
from bot.processes import family, free_port
from bot.settings import ROOT
from bot.storage.database import Database
from bot.storage.models import Base
from tests.conftest import Templates
from tests.journeys.conftest import World, a_world, start_bot
from tests.journeys.phone import eventually

PASSWORD = "Passwort der Datenbank/@"
SECRETS = {"RASA_TOKEN": "planted-for-rasa-0123", "TRANSLATION_API_KEY": "planted-key-0123",
           "WEBHOOK_SECRET": "planted-for-the-webhook-0123"}  # fmt: skip
PLANTED = [TOKEN, PASSWORD, *SECRETS.values()]
SPELT = [form for one in PLANTED for form in {one, quote(one, safe=""), quote(one, safe="").replace("%3A", "%3a")}]


@dataclass
class Planted:
    """A bot in which everything secret is planted, and where it shows pages."""

    world: World
    desk: str
    web: str


@pytest_asyncio.fixture
async def planted(templates: Templates, postgresql: str, tmp_path: Path) -> AsyncIterator[Planted]:
    address = await templates.postgresql(postgresql)
    secret = address.replace("test@", f"test:{quote(PASSWORD, safe='')}@")
    desk, web = free_port(), free_port()
    nowhere = f"http://127.0.0.1:{free_port()}"
    settings = {**SECRETS, "LOG_LEVEL": "DEBUG", "DESK_PORT": str(desk), "WEB_PORT": str(web),
                "TRANSLATION_URL": nowhere}  # fmt: skip
    async with a_world(nowhere, secret, tmp_path, **settings) as world:
        yield Planted(world, f"http://127.0.0.1:{desk}", f"http://127.0.0.1:{web}")


@pytest.mark.timeout(300)  # it starts four bots, one after the other
async def test_no_secret_is_found_anywhere_whatever_happens(planted: Planted, tmp_path: Path) -> None:
    world = planted.world
    pages = await pages_of(planted)
    rana = world.phone("de")
    await rana.ask("/start")
    await rana.ask("Wie gründet man einen Verein?")
    await rana.ask(document=True, file_name="Satzung.pdf")
    for fault in ({"error": 500}, {"error": 403}, {"error": 429, "retry_after": 1}, {"error": 401}):
        await world.http.post("/sim/fault", json={"method": "sendMessage", "times": 1, **fault})
        await rana.send("Hallo?")
        await asyncio.sleep(0.3)
    world.kill_bot()
    await world.restart_bot()
    await world.bot.answers(f"{planted.desk}/login")
    await world.phone("de").ask("/start")  # what Rana is to hear waits for its next attempt
    await bot_with_a_wrong_token(world, tmp_path / "wrong.log")
    await bot_without_telegram(world, tmp_path / "down.log")
    searched = files_in(tmp_path) | in_var() | pages | {"database": await everything_in(world.env["DATABASE_URL"])}
    found = {name: [one for one in SPELT if one.encode() in content] for name, content in searched.items()}
    assert {name: secrets for name, secrets in found.items() if secrets} == {}
    assert b"the bot is ready" in searched["bot.log"]
    assert b"setting TELEGRAM_TOKEN" in searched["wrong.log"]
    assert b"Telegram cannot be" in searched["down.log"]


async def pages_of(planted: Planted) -> dict[str, bytes]:
    """What anybody gets to see who opens the bot's pages, mistakes included."""
    shown = {}
    asked = [(planted.desk, path) for path in ("/", "/login", "/nowhere", "/case/1", "/static/../../.env")]
    asked += [(planted.web, path) for path in ("/", "/health", "/ready", "/metrics", "/nowhere")]
    async with httpx.AsyncClient(timeout=10) as http:
        for address, path in asked:
            for method in ("GET", "POST"):
                answer = await http.request(method, address + path, headers={"host": "x"}, content=b"\xff" * 9)
                assert answer.status_code < 500 or path == "/ready", answer.text
                shown[f"{method} {path}"] = answer.content + repr(answer.headers).encode()
    return shown


async def bot_with_a_wrong_token(world: World, log: Path) -> None:
    """Telegram does not know it: one line for the operator, and it ends. The token is as secret as the right one."""
    async with family() as members:
        env = {**world.env, "TELEGRAM_TOKEN": f"{TOKEN}x", "DESK_PORT": "0", "WEB_PORT": "0"}
        bot = await start_bot(members, env, log)
        assert await asyncio.wait_for(bot.process.wait(), 60) == 2


async def bot_without_telegram(world: World, log: Path) -> None:
    """Nobody listens where Telegram should be; it is stopped while it tries."""
    async with family() as members:
        env = {**world.env, "TELEGRAM_API_URL": f"http://127.0.0.1:{free_port()}", "DESK_PORT": "0", "WEB_PORT": "0"}
        bot = await start_bot(members, env, log)

        await eventually(partial(_says, log, b"Telegram cannot be"), partial(_all_of, log), 90)
        bot.process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(bot.process.wait(), 60)


async def _says(log: Path, words: bytes) -> str | None:
    """What stands in the log once it holds the words."""
    said = files_in(log.parent).get(log.name, b"")
    return said.decode() if words in said else None


async def _all_of(log: Path) -> str:
    return str(await _says(log, b""))


async def everything_in(url: str) -> bytes:
    """Every row of every table."""
    database = Database(url)
    async with database.read() as session:
        rows = [str(row) for table in Base.metadata.tables for row in await session.execute(
            text(f'SELECT * FROM "{table}"'))]  # fmt: skip
    await database.close()
    return "\n".join(rows).encode()


def files_in(folder: Path) -> dict[str, bytes]:
    """The files that this test has made: what the bots wrote to standard error."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def in_var() -> dict[str, bytes]:
    """The files of this checkout that are made while it runs; models and compiled modules apart."""
    left_out = {"models", "pycache"}
    files = [path for path in (ROOT / "var").rglob("*") if path.is_file()
             and not left_out & set(path.relative_to(ROOT).parts)]  # fmt: skip
    # The demo's database names the demo's token nowhere either, which is the one planted here.
    return {str(path): _read(path) for path in files}


def _read(path: Path) -> bytes:
    try:
        return gzip.open(path).read() if path.suffix == ".gz" else path.read_bytes()
    except OSError:
        return b""  # gone meanwhile
