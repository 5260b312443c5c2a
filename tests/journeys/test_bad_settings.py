"""An operator's mistakes, as a process: one clear line naming the setting, exit code 2, no traceback, no secret."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest
import pytest_asyncio

from bot.demo import STAFF_CHAT_ID, TOKEN
from bot.processes import COMPILED, free_port
from bot.settings import ROOT
from tests.journeys.conftest import World

pytestmark = pytest.mark.journey
SECRET = "999:very-secret-token"
MISTAKES: dict[str, tuple[dict[str, str | None], str]] = {
    "no token": ({"TELEGRAM_TOKEN": None}, "TELEGRAM_TOKEN"),
    "an empty token": ({"TELEGRAM_TOKEN": ""}, "TELEGRAM_TOKEN"),
    "a token that telegram does not know": ({"TELEGRAM_TOKEN": SECRET}, "TELEGRAM_TOKEN"),
    "no group": ({"STAFF_CHAT_ID": None}, "STAFF_CHAT_ID"),
    "a group by name": ({"STAFF_CHAT_ID": "@office"}, "STAFF_CHAT_ID"),
    "a private chat as group": ({"STAFF_CHAT_ID": "4711"}, "STAFF_CHAT_ID"),
    "an address without scheme": ({"TELEGRAM_API_URL": "api.telegram.org"}, "TELEGRAM_API_URL"),
    "another database": ({"DATABASE_URL": "mysql://root:geheim@localhost/x"}, "DATABASE_URL"),
    "a database that is not there": (
        {"DATABASE_URL": "postgresql+asyncpg://bot:geheim@127.0.0.1:{free}/x"}, "DATABASE_URL"),
    "a folder nobody may write to": ({"DATABASE_URL": "sqlite+aiosqlite:////proc/nowhere/x.db"}, "DATABASE_URL"),
    "an unknown time zone": ({"TIMEZONE": "Europe/Wiesbaden"}, "TIMEZONE"),
    "a language without texts": ({"LANGUAGES": "de,xx"}, "LANGUAGES"),
    "no language": ({"LANGUAGES": " , "}, "LANGUAGES"),
    "office hours that end before they begin": ({"OFFICE_HOURS": "Mon 16:00-09:00"}, "OFFICE_HOURS"),
    "a log level that does not exist": ({"LOG_LEVEL": "LOUD"}, "LOG_LEVEL"),
    "a time that is no number": ({"RASA_TIMEOUT": "soon"}, "RASA_TIMEOUT"),
}  # fmt: skip


async def start(folder: Path, address: str, mistake: dict[str, str | None]) -> tuple[int | None, str]:
    """Start the bot with a mistake; its exit code and what it wrote."""
    env: dict[str, str | None] = {
        **os.environ, **COMPILED, "PYTHONPATH": str(ROOT), "TELEGRAM_TOKEN": TOKEN, "STAFF_CHAT_ID": str(STAFF_CHAT_ID),
        "TELEGRAM_API_URL": address, "DATABASE_URL": f"sqlite+aiosqlite:///{folder / 'x.db'}", **mistake,
    }  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", cwd=folder, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT, env={name: value for name, value in env.items() if value is not None},
    )  # fmt: skip
    try:
        written, _ = await asyncio.wait_for(process.communicate(), 90)
    except TimeoutError:
        process.kill()
        await process.wait()
        return None, "it runs as if nothing were wrong"
    return process.returncode, written.decode()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def ended(world: World, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[int | None, str]]:
    """What came of each mistake; they are all made at the same time."""

    async def make(settings: dict[str, str | None]) -> tuple[int | None, str]:
        given = {name: value and value.replace("{free}", str(free_port())) for name, value in settings.items()}
        return await start(tmp_path_factory.mktemp("mistake"), str(world.http.base_url), given)

    made = await asyncio.gather(*(make(settings) for settings, _ in MISTAKES.values()))
    return dict(zip(MISTAKES, made, strict=True))


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_named_in_one_line(ended: dict[str, tuple[int | None, str]], mistake: str) -> None:
    (code, written), named = ended[mistake], MISTAKES[mistake][1]
    assert code == 2, written
    lines = [line for line in written.splitlines() if line.strip()]
    assert len(lines) == 1, written
    assert named in lines[0]
    assert "Traceback" not in written
    assert SECRET not in written
    assert "geheim" not in written


@pytest.mark.asyncio(loop_scope="session")
async def test_several_mistakes_are_named_at_once(world: World, tmp_path: Path) -> None:
    mistakes = {"TELEGRAM_TOKEN": None, "TIMEZONE": "Mars", "OFFICE_HOURS": "always"}
    code, written = await start(tmp_path, str(world.http.base_url), mistakes)
    assert code == 2
    assert [line.split(":")[0] for line in written.splitlines()] == [f"setting {name}" for name in mistakes]
