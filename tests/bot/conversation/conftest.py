"""A stage on a real database, with a newcomer, and two colleagues in an office that is open."""

from __future__ import annotations

import pytest
import pytest_asyncio

from bot.conversation.turn import Parts
from bot.storage.database import Database
from tests.bot.conftest import make_settings
from tests.bot.stage import Colleague, Stage, Visitor


@pytest.fixture
def stage(database: Database, parts: Parts) -> Stage:
    return Stage(database, parts, make_settings())


@pytest.fixture
def rana(stage: Stage) -> Visitor:
    """Somebody who has never written before."""
    return Visitor(stage)


@pytest_asyncio.fixture
async def anna(stage: Stage) -> Colleague:
    return await stage.hire(2001, "Frau A.")


@pytest_asyncio.fixture
async def bernd(stage: Stage) -> Colleague:
    return await stage.hire(2002, "Herr B.")
