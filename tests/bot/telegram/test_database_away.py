"""The database goes away at the worst moments of a message's way."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Row, select

from bot.storage.away import DatabaseAway
from bot.storage.database import Database
from bot.storage.models import InboxUpdate
from bot.telegram import lanes, receiver, sender
from bot.telegram.inbox import Inbox
from bot.telegram.lanes import Lanes, Waiting
from bot.telegram.receiver import Receiver
from tests.bot.telegram.conftest import PostOffice
from tests.conftest import Clock

UPDATE: dict[str, Any] = {"update_id": 8, "message": {"message_id": 2, "date": 0, "text": "hi",
                                                      "chat": {"id": 1, "type": "private"}}}  # fmt: skip


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sender, "STORE_AGAIN", 0.01)
    monkeypatch.setattr(lanes, "IDLE_SECONDS", 0.01)
    monkeypatch.setattr(receiver, "STORE_SECONDS", 0.1)


async def test_what_has_been_sent_is_noted_later_and_not_sent_again(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, away = office.app.database.write, True

    @asynccontextmanager
    async def failing():  # type: ignore[no-untyped-def]
        if away and await office.arrived():
            raise DatabaseAway("connection")
        async with write() as session:
            yield session

    monkeypatch.setattr(office.app.database, "write", failing)
    await office.post("once")
    for _ in range(300):
        if await office.arrived():
            break
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.1)
    away = False
    assert [row.state for row in await office.settled()][-1] == "sent"
    assert await office.arrived() == ["once"]


async def test_a_look_that_fails_is_not_the_last_one() -> None:
    looks = 0

    async def waiting() -> list[Waiting]:
        nonlocal looks
        looks += 1
        raise DatabaseAway("connection")

    async def step(item: int) -> timedelta | None:
        return None

    work = asyncio.create_task(Lanes(waiting, step).run())
    await asyncio.sleep(0.2)
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)
    assert looks > 3


async def test_what_does_not_end_is_cut_off_when_the_process_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "FINISH_SECONDS", 0.1)
    ended: list[str] = []

    async def waiting() -> list[Waiting]:
        return [Waiting("quick", 1, more=False), Waiting("slow", 2, more=False)]

    async def step(item: int) -> timedelta | None:
        await asyncio.sleep(0.05 if item == 1 else 60)
        ended.append(str(item))
        return None

    work = asyncio.create_task(Lanes(waiting, step).run())
    await asyncio.sleep(0.02)
    work.cancel()
    await asyncio.wait({work}, timeout=2)
    assert work.done()
    assert ended == ["1"]


async def test_a_database_that_hangs_counts_as_away_and_telegram_keeps_the_update(
    database: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Any] = []

    async def hang(*_: Any) -> None:
        await asyncio.sleep(60)

    async def excuse(payloads: list[dict[str, Any]]) -> None:
        told.extend(payloads)

    monkeypatch.setattr(receiver, "store", hang)
    keep = Receiver(database, clock, lambda lane, number: None, excuse).keep
    assert not await keep([UPDATE])
    assert (told, database.outage.reason) == ([UPDATE], "timeout")
    monkeypatch.undo()
    assert await database.probe()
    assert await keep([UPDATE])
    assert not database.outage.lasts


async def test_an_update_that_had_to_wait_has_not_used_up_an_attempt(database: Database, clock: Clock) -> None:
    await Receiver(database, clock, lambda lane, number: None).keep([UPDATE])

    async def process(update: Row[Any]) -> bool:
        raise DatabaseAway("disk full")

    work = asyncio.create_task(Inbox(database, process).run())
    await asyncio.sleep(0.1)
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)
    async with database.read() as session:
        assert [(row.attempts, row.done_at) for row in await session.scalars(select(InboxUpdate))] == [(0, None)]
