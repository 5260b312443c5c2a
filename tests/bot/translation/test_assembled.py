"""The plug-in as it runs in the bot: put together from the settings, at work beside everything else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from bot.app import assemble
from bot.storage.models import CaseMessage, Staff
from tests.bot.conftest import make_settings, read_content
from tests.bot.telegram.whole import Ticking, Whole
from tests.conftest import Templates
from tests.libretranslate import StandIn
from tests.simulator.conftest import Control, control, simulator_url

__all__ = ["control", "simulator_url"]

RUSSIAN = "Здравствуйте, нам нужен зал для праздника на тридцать человек."
GERMAN = "Guten Tag, wir brauchen einen Saal für ein Fest mit dreißig Personen."


@pytest_asyncio.fixture
async def bot(
    templates: Templates, tmp_path: Path, simulator_url: str, control: Control, service: StandIn
) -> AsyncIterator[Whole]:
    """The whole bot but Rasa, with a translation service."""
    settings = make_settings(
        database_url=await templates.sqlite(tmp_path / "whole.db"), telegram_api_url=simulator_url,
        rasa_url="http://127.0.0.1:9", translation_url=service.url,
    )  # fmt: skip
    clock = Ticking()
    async with assemble(settings, clock, read_content()) as app:
        async with app.database.write() as session:
            session.add(Staff(telegram_id=2001, name="Frau A."))
        work = asyncio.create_task(app.run())
        yield Whole(app, control.client, clock)
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)


async def test_both_sides_read_a_translation_below_the_original_or_that_there_is_none(
    bot: Whole, service: StandIn
) -> None:  # fmt: skip
    service.lacking, service.table[RUSSIAN, "de"] = frozenset({"fa"}), GERMAN
    persian = await (await bot.new_case("fa", user=1002)).taken()
    await persian.person.delivered(await persian.person.send("سلام، ما یک اتاق برای جلسه لازم داریم."))
    await persian.frau_a.reads("translation.failed")
    russian = await (await bot.new_case("ru")).taken()
    await russian.person.delivered(await russian.person.send(RUSSIAN))
    assert RUSSIAN in (await russian.frau_a.sees(GERMAN))["text"]
    await russian.frau_a.delivered(await russian.frau_a.send("Das geht im Bürgerhaus."))
    read = await russian.person.sees("«ru: Das geht im Bürgerhaus.»")
    assert read["text"].index("Das geht") < read["text"].index("🤖")
    assert {row.translation_state for row in await bot.rows(CaseMessage)} == {"late", "made"}
