"""The bot is killed with SIGKILL at random moments of a conversation: nothing is lost, nothing is doubled unnoticed."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.processes import COMPILED
from bot.settings import ROOT
from bot.storage.database import Database
from bot.storage.models import Case, CaseMessage, Counter, Exchange, InboxUpdate, OutboxMessage, Person
from tests.journeys.conftest import World, a_world
from tests.journeys.office import HERR_B
from tests.journeys.phone import eventually
from tests.journeys.play import Play

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]
KILLS = 10
LONGEST_DELAY = 0.15
"""Seconds after a message or press within which the bot dies: then it is being stored, processed or answered."""


@dataclass
class Mortal:
    """The bot as a process that is killed and started again, quickly, from a nursery that has its modules loaded."""

    nursery: asyncio.subprocess.Process
    chance: random.Random
    pid: int = 0
    kills: int = 0

    async def start(self) -> None:
        """Start a bot."""
        assert self.nursery.stdin is not None
        assert self.nursery.stdout is not None
        self.nursery.stdin.write(b"\n")
        self.pid = int(await self.nursery.stdout.readline())

    async def kill(self) -> None:
        """End it as a power cut would, and wait until it is gone."""
        os.kill(self.pid, signal.SIGKILL)
        for _ in range(2000):
            if not _alive(self.pid):
                return
            await asyncio.sleep(0.002)
        raise AssertionError("the bot survived SIGKILL")

    async def die_soon(self) -> None:
        """What the script calls after each step: three times in four the bot dies, sometimes again while starting."""
        while self.chance.random() < 0.75:
            # Mostly early: a step takes some hundredths of a second.
            await asyncio.sleep(LONGEST_DELAY * self.chance.random() ** 3)
            await self.kill()
            self.kills += 1
            await self.start()
            if self.chance.random() < 0.8:
                return
            await asyncio.sleep(self.chance.uniform(0.1, 0.6))


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@contextlib.asynccontextmanager
async def mortal(world: World, chance: random.Random) -> AsyncIterator[Mortal]:
    """Replace the world's bot by one that can die and come back within half a second."""
    world.kill_bot()
    await world.bot.process.wait()
    world.members.children.remove(world.bot)
    with world.log.open("ab") as log:
        nursery = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.journeys.nursery", cwd=ROOT, env={**os.environ, **COMPILED, **world.env},
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=log,
        )  # fmt: skip
    being = Mortal(nursery, chance)
    await being.start()
    try:
        yield being
    finally:
        await being.kill()
        nursery.kill()
        await nursery.wait()


async def quiet(database: Database) -> None:
    """Wait until nothing waits to be processed or sent."""
    waiting = [
        select(func.count()).select_from(InboxUpdate).where(InboxUpdate.done_at.is_(None)),
        select(func.count()).select_from(OutboxMessage).where(OutboxMessage.state.in_(("pending", "sending"))),
    ]

    async def look() -> bool | None:
        async with database.read() as session:
            left = [await session.scalar(query) for query in waiting]
        return True if left == [0, 0] else None

    async def failed() -> str:
        return "something still waits to be processed or sent"

    await eventually(look, failed)


async def uncertain(database: Database) -> int:
    """How many rows the outbox has sent twice, or may have."""
    async with database.read() as session:
        return await session.scalar(select(func.count()).where(OutboxMessage.uncertain)) or 0


async def held(database: Database, chat_id: int) -> dict[str, list[Any]]:
    """What the database holds about one conversation: here everything stands once, whatever the phones show."""
    async with database.read() as session:
        person = (await session.scalars(select(Person).where(Person.chat_id == chat_id))).one()
        exchanges = await session.scalars(select(Exchange).where(Exchange.person_id == person.id).order_by(Exchange.id))
        case = (await session.scalars(select(Case).where(Case.person_id == person.id))).one()
        kept = await session.scalars(select(CaseMessage).where(CaseMessage.case_id == case.id).order_by(CaseMessage.id))
        return {
            "exchanges": [(one.question, one.entry_id) for one in exchanges],
            "case": [case.state, case.version],
            "messages": [(one.author, one.text) for one in kept],
        }


async def counted(database: Database) -> dict[tuple[str, str], int]:
    """The anonymous counters: an update that was processed twice would have been counted twice."""
    async with database.read() as session:
        return {(row.name, row.key): row.value for row in await session.scalars(select(Counter))}


def doubled(clean: list[dict[str, Any]], killed: list[dict[str, Any]], said: set[str], where: str) -> int:
    """How many messages stand twice in `killed`. Fails if one of `clean` is missing, changed or out of order.

    Of two copies only one can be edited later, so a double may show what the message said before (`said`).
    """
    doubles, left = 0, list(clean)
    for message in killed:
        if left and message == left[0]:
            left.pop(0)
        elif message["from"] == "bot" and message["text"] in said:
            doubles += 1
        else:
            raise AssertionError(f"{where}: {message} instead of {left[:1]}")
    assert left == [], f"{where}: lost"
    return doubles


@contextlib.asynccontextmanager
async def opened(database_url: str) -> AsyncIterator[Database]:
    """The bot's database, looked at from outside."""
    database = Database(database_url)
    try:
        yield database
    finally:
        await database.close()


@pytest.mark.timeout(150)
async def test_e19_killed_at_any_moment_nothing_is_lost_and_nothing_doubled_unnoticed(
    rasa_url: str, database_url: str, tmp_path: Path
) -> None:
    seed = int(os.environ.get("KILL_SEED", random.SystemRandom().randrange(100_000)))
    print(f"KILL_SEED={seed}")  # noqa: T201 - with it the same kills can be tried again
    async with (
        a_world(rasa_url, database_url, tmp_path) as world,
        mortal(world, random.Random(seed)) as being,
        opened(database_url) as database,
    ):
        first = Play(world.phone(), world.staff(user=HERR_B))
        await first.run()
        await quiet(database)
        shown, stands, counts = await first.seen(), await held(database, first.person.user), await counted(database)
        runs = doubles = 0
        while being.kills < KILLS:
            play = Play(world.phone(), world.staff(user=HERR_B), being.die_soon)
            await play.run()
            await quiet(database)
            runs += 1
            now = await play.seen()
            doubles += sum(doubled(shown[where], now[where], first.said, where) for where in shown)
            assert await held(database, play.person.user) == stands
        assert await counted(database) == {key: value * (runs + 1) for key, value in counts.items()}
        unsure = await uncertain(database)
        print(f"{being.kills} kills in {runs} conversations: {unsure} sent again, {doubles} seen twice")  # noqa: T201
        assert doubles <= unsure <= being.kills
