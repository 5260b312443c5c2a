"""A whole city writes, and a bot and a Rasa server are killed meanwhile: nothing is lost, doubled or out of order."""

from __future__ import annotations

import asyncio
import os
import random
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.storage.database import Database
from bot.storage.models import Exchange, InboxUpdate, OutboxMessage, Person
from tests.conftest import Templates, _new_postgresql_database
from tests.journeys.phone import Phone, eventually
from tests.journeys.test_kill import opened
from tests.journeys.town import PROGRAMS, Town, a_town, kill, need
from tests.journeys.words import LIBRARY, SPOKEN

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]
PEOPLE, QUESTIONS = 16, 10
TOPICS = ("founding", "rooms")
LONGEST_WAIT = 60.0


@dataclass
class Citizen:
    """Somebody who asks one thing after the other and does not wait for the answers."""

    phone: Phone
    chance: random.Random
    asked: list[str] = field(default_factory=list)

    async def asks(self) -> None:
        """All of it, as fast as people forward what they have written elsewhere."""
        entries = [one for topic in TOPICS for one in LIBRARY.entries(topic, self.phone.language)]
        await self.phone.send("/start")
        for entry in self.chance.sample(entries, QUESTIONS):
            await asyncio.sleep(self.chance.uniform(0.2, 0.8))
            self.asked.append(entry.question)
            await self.phone.send(entry.question)


async def _quiet(database: Database) -> None:
    async def look() -> bool | None:
        async with database.read() as session:
            unread = await session.scalar(select(func.count()).where(InboxUpdate.done_at.is_(None)))
            unsent = await session.scalar(select(func.count()).where(OutboxMessage.state.in_(("pending", "sending"))))
        return True if unread == unsent == 0 else None

    async def failed() -> str:
        return "something still waits to be processed or sent"

    await eventually(look, failed, LONGEST_WAIT)


async def _disaster(town: Town, database: Database) -> None:
    """A bot and a Rasa server die while everybody writes."""
    for share, victim in ((0.3, town.bots[0]), (0.6, town.rasas[0])):
        await _processed(database, int(PEOPLE * QUESTIONS * share))
        await kill(victim)


async def _processed(database: Database, updates: int) -> None:
    async def look() -> bool | None:
        async with database.read() as session:
            done = await session.scalar(select(func.count()).where(InboxUpdate.done_at.is_not(None)))
        return True if (done or 0) >= updates else None

    async def failed() -> str:
        return f"{updates} updates were not processed in time"

    await eventually(look, failed, LONGEST_WAIT)


async def _remembered(database: Database, citizen: Citizen) -> list[str | None]:
    """What the person asked, in the order in which it was understood."""
    async with database.read() as session:
        query = select(Exchange.question).join(Person, Person.id == Exchange.person_id).order_by(Exchange.id)
        return list(await session.scalars(query.where(Person.chat_id == citizen.phone.user)))


async def _sent(database: Database, citizen: Citizen) -> list[OutboxMessage]:
    async with database.read() as session:
        query = select(OutboxMessage).where(OutboxMessage.chat_id == citizen.phone.user).order_by(OutboxMessage.id)
        return list(await session.scalars(query))


async def _check(database: Database, citizen: Citizen, *, rasa_was_there: bool) -> tuple[int, int]:
    """Every question was answered once and in order.

    Returns how many messages stand twice on the phone, and of how many questions the words are there to compare.
    """
    remembered = await _remembered(database, citizen)
    # What the bot is not sure about it does not keep as it was written; that it was asked is kept.
    assert [kept or asked for kept, asked in zip(remembered, citizen.asked, strict=True)] == citizen.asked
    assert any(remembered) or not rasa_was_there
    rows = await _sent(database, citizen)
    assert {row.state for row in rows} == {"sent"}
    assert len(rows) > len(citizen.asked), "an answer for each question, and one for /start"
    arrived = [row.message_id for row in rows if not row.uncertain]
    assert arrived == sorted(arrived, key=lambda id: id or 0)
    seen = await citizen.phone.texts_of_bot()
    doubled = len(seen) - len(rows)
    assert 0 <= doubled <= sum(row.uncertain for row in rows)
    return doubled, sum(kept is not None for kept in remembered)


async def _workers(database: Database) -> Counter[int | None]:
    async with database.read() as session:
        return Counter(await session.scalars(select(InboxUpdate.leased_by)))


async def _nothing_stays(tracker_url: str) -> bool:
    async with opened(tracker_url) as trackers, trackers.engine.connect() as connection:
        return (await connection.exec_driver_sql("SELECT count(*) FROM events")).scalar() == 0


@pytest.mark.timeout(300)
async def test_a_worker_and_a_rasa_server_are_killed_under_load_and_nobody_notices(
    postgresql: str, templates: Templates, tmp_path: Path
) -> None:
    need(*PROGRAMS)
    seed = int(os.environ.get("KILL_SEED", random.SystemRandom().randrange(100_000)))
    print(f"KILL_SEED={seed}")  # noqa: T201 - with it the same questions can be asked again
    database_url, tracker_url = await templates.postgresql(postgresql), await _new_postgresql_database(postgresql)
    async with a_town(database_url, tracker_url, tmp_path) as town, opened(database_url) as database:
        chance = random.Random(seed)
        crowd = [Citizen(town.phone(SPOKEN[number % len(SPOKEN)]), random.Random(chance.random()))
                 for number in range(PEOPLE)]  # fmt: skip
        await asyncio.gather(_disaster(town, database), *(citizen.asks() for citizen in crowd))
        await _quiet(database)
        logs = [log.read_text(encoding="utf-8") for log in town.logs]
        rasa_was_there = not any("Rasa does not answer" in log for log in logs)
        checked = [await _check(database, citizen, rasa_was_there=rasa_was_there) for citizen in crowd]
        doubles, compared = (sum(column) for column in zip(*checked, strict=True))
        # A Rasa server that stands still for 3 s while the other one is dead costs somebody all their words.
        assert compared > PEOPLE * QUESTIONS / 4, logs
        shares = await _workers(database)
        assert len(shares) == 2
        assert await _nothing_stays(tracker_url)
        async with database.read() as session:
            unsure = await session.scalar(select(func.count()).where(OutboxMessage.uncertain))
            degraded = await session.scalar(select(func.count()).where(Exchange.entry_id.is_(None)))
        print(f"{dict(shares)} updates; {unsure} sent again, {doubles} seen twice, {degraded} without an entry")  # noqa: T201
    for log in town.logs:
        assert "Traceback" not in log.read_text(encoding="utf-8"), log.read_text(encoding="utf-8")
