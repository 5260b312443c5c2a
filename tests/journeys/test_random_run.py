"""A short random run with the real processes: whatever people and staff do, and whatever fails, the rules hold."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from bot.processes import free_port
from tests.bench.crowd import live
from tests.bench.random_run.run import SETTINGS, Plan, report, run
from tests.journeys.conftest import a_world

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]


@pytest.mark.timeout(150)
async def test_whatever_happens_nobody_speaks_beside_a_human_and_nothing_is_lost(rasa_url: str, tmp_path: Path) -> None:
    seed = int(os.environ.get("RANDOM_SEED", random.SystemRandom().randrange(100_000)))
    print(f"RANDOM_SEED={seed}")  # noqa: T201 - with it much the same can be tried again
    url = f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}"
    async with (
        a_world(rasa_url, url, tmp_path, DESK_PORT=str(free_port()), **SETTINGS) as world,
        live(world.http) as shown,
    ):
        outcome = await run(world, shown, url, Plan(actions=120, seed=seed, pause=0.8))
    assert not any(outcome.broken.values()), "\n".join(report(outcome))
