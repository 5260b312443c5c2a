"""A backup while people write, a fire, a restore, and the bot goes on: nothing is answered twice, nobody comes back."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from bot.backup import files
from bot.processes import COMPILED
from bot.settings import ROOT
from bot.storage.database import Database
from tests.bot.backup.test_backup import emptied
from tests.bot.conftest import make_settings
from tests.journeys.conftest import World, a_world
from tests.journeys.office import ask_for_consent, consent
from tests.journeys.phone import Phone, eventually
from tests.journeys.test_kill import quiet
from tests.journeys.test_rights import erase, secret

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]
NO_RASA = "http://127.0.0.1:9"


async def bot(world: World, *arguments: str) -> tuple[int, str]:
    """A command beside the running bot: its exit code, and what it said."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *arguments, cwd=ROOT, env={"PATH": "/usr/bin:/bin", **COMPILED, **world.env},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said, _ = await process.communicate()
    return process.returncode or 0, said.decode()


async def writes_on(phone: Phone, stop: asyncio.Event) -> None:
    """Somebody who presses /help again and again."""
    while not stop.is_set():
        await phone.ask("/help")


async def answered(phone: Phone, sent: int) -> None:
    """Wait for the answer to a message, also while the bot is only starting."""

    async def look() -> bool | None:
        return any(one["from"] == "bot" and one["message_id"] > sent for one in await phone.messages()) or None

    async def failed() -> str:
        return "the restored bot does not answer"

    await eventually(look, failed, patience=60)


async def chats(*phones: Phone) -> list[list[str]]:
    """What stands on the phones."""
    return [[one["text"] for one in await phone.messages()] for phone in phones]


@pytest.mark.timeout(150)
async def test_e19_after_a_restore_the_bot_goes_on_and_does_nothing_twice(database_url: str, tmp_path: Path) -> None:
    async with a_world(NO_RASA, database_url, tmp_path, MESSAGES_PER_MINUTE="100000") as world:
        rana, sara, others = world.phone("de"), world.phone("ar"), [world.phone("tr") for _ in range(3)]
        case = await consent(world, rana, await ask_for_consent(rana))
        await sara.ask(f"{secret(sara)}?")
        stop = asyncio.Event()
        writing = [asyncio.create_task(writes_on(phone, stop)) for phone in others]
        file = tmp_path / "city.backup"
        code, said = await bot(world, "backup", str(file))
        assert (code, "schema" in said) == (0, True), said
        stop.set()
        await asyncio.gather(*writing)
        code, said = await bot(world, "restore", str(file), "--force")
        assert (code, "stop" in said) == (2, True)
        await erase(sara)  # after the backup was made
        await _fire(world, database_url, tmp_path)
        before = await chats(rana, sara, *others)
        code, said = await bot(world, "restore", str(file))
        assert (code, "1 erased again" in said) == (0, True), said
        await world.restart_bot()
        for phone in others:
            await answered(phone, await phone.send("/help"))
        status = await rana.reads("handoff.status_queued", after=await rana.send("/human"))
        assert case.number in status["text"]
        after = await chats(rana, sara, *others)
        assert [len(now) - len(then) for now, then in zip(after, before, strict=True)] == [2, 0, 2, 2, 2]
        assert [now[: len(then)] for now, then in zip(after, before, strict=True)] == before


async def _fire(world: World, database_url: str, tmp_path: Path) -> None:
    """The bot and its database are gone; what is configured from now on is another one, with nothing in it."""
    database = Database(database_url)
    await quiet(database)
    await database.close()
    old = make_settings(database_url=database_url, backup_folder=tmp_path / "backups")

    async def written_down() -> bool | None:
        return files.list_of(old).exists() or None

    async def failed() -> str:
        return "nobody wrote down who was erased"

    await eventually(written_down, failed, patience=30)
    world.kill_bot()
    await world.bot.process.wait()
    new = await emptied(old, tmp_path)
    files.list_of(old).rename(files.list_of(new))
    world.env["DATABASE_URL"] = new.database_url
