"""The clock of the bot's process jumps (libfaketime): nothing fires because of it, and nothing freezes."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.upkeep import ROUND_SECONDS
from tests.journeys.conftest import a_world
from tests.journeys.office import ask_for_consent, consent
from tests.journeys.operations import NOBODY, lines, until_read
from tests.journeys.phone import eventually

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]


@pytest.fixture
def library() -> Path:
    """What stands between a process and its clock."""
    found = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    if not found:
        if os.environ.get("CI"):
            pytest.fail("libfaketime is not installed, and in CI it must be: scripts/debian-packages installs it")
        pytest.skip("libfaketime is not installed (scripts/debian-packages installs it)")
    return found[0]


def setter(file: Path) -> Callable[[str], None]:
    """Sets the clock by so much, as libfaketime writes it; the file is never seen half written."""

    def set_by(offset: str) -> None:
        fresh = file.with_suffix(".new")
        fresh.write_text(f"{offset}\n", encoding="ascii")
        fresh.replace(file)

    return set_by


@pytest.mark.timeout(150)
async def test_a_day_ahead_and_back_and_an_hour_back(library: Path, tmp_path: Path) -> None:
    file = tmp_path / "clock"
    set_clock = setter(file)
    set_clock("+0")
    faked = {"LD_PRELOAD": str(library), "FAKETIME_TIMESTAMP_FILE": str(file), "FAKETIME_CACHE_DURATION": "1",
             "FAKETIME_DONT_FAKE_MONOTONIC": "1", "DONT_FAKE_MONOTONIC": "1"}  # fmt: skip
    async with a_world(NOBODY, f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}", tmp_path, **faked) as world:
        rana, mehmet = world.phone("de"), world.phone("tr")
        question = await ask_for_consent(rana)
        await mehmet.ask("/start")

        async def noted(what: str, times: int) -> None:
            async def look() -> bool | None:
                return True if len(lines(world, what)) == times else None

            async def failed() -> str:
                return world.log.read_text(encoding="utf-8")

            await eventually(look, failed)

        set_clock("+1d")
        await noted("the clock was set ahead", 1)
        shown = await rana.texts_of_bot()
        # Half an hour after the question the consent would lapse; the timers are looked at once a round.
        await asyncio.sleep(ROUND_SECONDS + 1)
        assert await rana.texts_of_bot() == shown
        await mehmet.reads("help.text", after=await mehmet.send("/help"))
        fault = {"method": "sendMessage", "error": 429, "retry_after": 2, "times": 1, "chat": mehmet.user}
        (await world.http.post("/sim/fault", json=fault)).raise_for_status()
        await mehmet.send("/help")
        await asyncio.sleep(0.5)

        set_clock("+0")
        await noted("the clock was set back", 1)
        set_clock("-1h")
        await noted("the clock was set back", 2)
        await until_read(mehmet, "help.text", 2)
        await mehmet.reads("help.text", after=await mehmet.send("/help"))
        assert await rana.texts_of_bot() == shown
        await consent(world, rana, question)
