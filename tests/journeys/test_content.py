"""An editor saves a file while the bot runs: the next person gets the new answer, and a slip changes nothing."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.settings import ROOT
from tests.journeys.conftest import World, a_world
from tests.journeys.phone import Phone, eventually
from tests.journeys.words import HOW_MANY_MEMBERS, entry

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]

ENTRY = "content/founding/members_needed.de.md"
LIVE = 40.0
"""Seconds within which a change is live: two looks at the files, and reading them on a machine that is busy."""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An editor's own copy of the content."""
    return Path(shutil.copytree(ROOT / "knowledge", tmp_path_factory.mktemp("desk") / "knowledge"))


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def office(rasa_url: str, desk: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    """A bot that answers from the editor's copy."""
    folder = tmp_path_factory.mktemp("office")
    settings = {"KNOWLEDGE_FOLDER": str(desk), "MESSAGES_PER_MINUTE": "1000"}
    address = f"sqlite+aiosqlite:///{folder / 'bot.db'}"
    async with a_world(rasa_url, address, folder, **settings) as world:
        yield world


async def hears(person: Phone, words: str) -> None:
    """Ask, as a person would, until the answer holds the words: a change is live within seconds."""

    async def look() -> bool | None:
        if words in (await person.ask(HOW_MANY_MEMBERS["de"]))["text"]:
            return True
        await asyncio.sleep(0.5)
        return None

    async def failed() -> str:
        return f"nobody said {words!r}"

    await eventually(look, failed, LIVE)


async def test_changed_answer_reaches_the_next_person_without_a_restart(office: World, desk: Path) -> None:
    text = (desk / ENTRY).read_text(encoding="utf-8")
    rana = office.phone("de")
    await hears(rana, entry("founding.members_needed", "de").question)
    (desk / ENTRY).write_text(f"{text}\nNeu: Fragen Sie auch Ihre Nachbarn.\n", encoding="utf-8")
    await hears(rana, "Fragen Sie auch Ihre Nachbarn.")


async def test_slip_changes_nothing_and_is_said_to_whoever_runs_the_bot(office: World, desk: Path) -> None:
    text = (desk / ENTRY).read_text(encoding="utf-8")
    (desk / ENTRY).write_text(text.replace("version: 1", "version: eins") + "\nFalsch.\n", encoding="utf-8")

    async def look() -> str | None:
        log = office.log.read_text(encoding="utf-8")
        return next((line for line in log.splitlines() if "content stays as it was" in line), None)

    async def failed() -> str:
        return "the log does not say so"

    line = await eventually(look, failed, LIVE)
    assert "knowledge/content/founding/members_needed.de.md:5: version" in line
    said = await office.phone("de").ask(HOW_MANY_MEMBERS["de"])
    assert "Falsch." not in said["text"]
    assert said["text"].startswith(entry("founding.members_needed", "de").question)
