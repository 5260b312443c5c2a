"""The disk is full, for real: a file system of some megabytes, filled up beside the bot's SQLite file."""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.conftest import a_world
from tests.journeys.operations import NOBODY, Sight, lines, times_read, until_read

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system in memory that holds 8 MB; only root may make one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounting = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(folder)], capture_output=True)
    if mounting.returncode:
        if os.environ.get("CI") and os.getuid() == 0:
            pytest.fail(f"no file system can be made: {mounting.stderr.decode()}")
        pytest.skip("only root can make a small file system")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(file: Path) -> None:
    """Take all the room that is left."""
    with file.open("wb", buffering=0) as filling:
        try:
            while filling.write(b"x" * 4096):
                pass
        except OSError:
            pass


async def test_the_bot_says_so_keeps_reading_and_recovers_by_itself(small_disk: Path, tmp_path: Path) -> None:
    sight, url, ballast = Sight.new(), f"sqlite+aiosqlite:///{small_disk / 'bot.db'}", small_disk / "ballast"
    async with a_world(NOBODY, url, tmp_path, **sight.settings) as world:
        rana, mehmet = world.phone("ar"), world.phone("tr")
        await rana.ask("/start")
        fill(ballast)
        asked = [await rana.send("/help") for _ in range(3)]
        await rana.reads("error.no_storage")
        await mehmet.reads("error.no_storage", after=await mehmet.send("/help"))
        assert (await sight.until_ready(without="database"))["reasons"] == {"database": "disk full"}
        assert (await sight.asks("/health")).status_code == 200
        general = world.staff(0)
        await general.until(lambda one: one["from"] == "bot" and "Speicherplatz" in one["text"])
        await asyncio.sleep(2)
        assert len(lines(world, "the database cannot be used (disk full)")) == 1
        ballast.unlink()
        await sight.until_ready()
        await mehmet.reads("help.text")
        for phone, messages in ((rana, 3), (mehmet, 1)):
            await until_read(phone, "help.text", messages)
            assert await times_read(phone, "error.no_storage") == 1
        await rana.ask("/help")
        assert await times_read(rana, "help.text") == len(asked) + 1
        assert len(lines(world, "over after")) == 1
