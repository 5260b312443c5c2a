"""Updates are stored before they are acknowledged, and each is processed once, in the order of its chat."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

import pytest
from sqlalchemy import Row, select

from bot.app import App
from bot.storage.database import Database
from bot.storage.models import InboxUpdate, OutboxMessage
from bot.telegram.inbox import Inbox, store
from tests.bot.telegram.conftest import RANA
from tests.conftest import Clock
from tests.simulator.conftest import Control


def update(number: int, chat: int, text: str = "hallo") -> dict[str, Any]:
    """A private message as Telegram delivers it."""
    person = {"id": chat, "is_bot": False, "first_name": "Rana", "language_code": "tr"}
    return {"update_id": number, "message": {"message_id": number, "date": int(Clock()().timestamp()), "text": text,
                                             "from": person, "chat": {"id": chat, "type": "private"}}}  # fmt: skip


async def stored(database: Database) -> list[InboxUpdate]:
    async with database.read() as session:
        return list(await session.scalars(select(InboxUpdate).order_by(InboxUpdate.update_id)))


async def test_e48_the_same_update_twice_is_stored_once_and_stays_as_it_was(database: Database, clock: Clock) -> None:
    await store(database, [update(1, RANA, "first"), update(1, RANA, "again")], clock())
    await store(database, [update(1, RANA, "again"), update(2, RANA)], clock())
    rows = await stored(database)
    assert [row.update_id for row in rows] == [1, 2]
    assert rows[0].payload is not None
    assert rows[0].payload["message"]["text"] == "first"


async def test_e48_an_update_that_comes_again_after_it_was_processed_is_not_processed_again(
    app: App, clock: Clock, control: Control
) -> None:
    await store(app.database, [update(1, RANA, "/start")], clock())
    work = asyncio.create_task(app.inbox.run())
    await _until_done(app.database)
    await store(app.database, [update(1, RANA, "/start")], clock())
    app.inbox.wake()
    await asyncio.sleep(0.1)
    work.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await work
    async with app.database.read() as session:
        assert len((await session.scalars(select(OutboxMessage))).all()) == 1
    assert [(row.outcome, row.payload) for row in await stored(app.database)] == [("done", None)]


async def _until_done(database: Database) -> None:
    for _ in range(300):
        if all(row.done_at for row in await stored(database)):
            return
        await asyncio.sleep(0.02)
    raise AssertionError("updates were left unprocessed")


async def test_chats_go_side_by_side_and_each_in_its_own_order(database: Database, clock: Clock) -> None:
    await store(database, [update(number, RANA + number % 3) for number in range(30)], clock())
    begun: list[int] = []
    at_once = most = 0

    async def process(update: Row[Any]) -> bool:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        begun.append(update.update_id)
        await asyncio.sleep(0.002)
        async with database.write() as session:
            row = await session.get(InboxUpdate, update.update_id)
            assert row is not None
            row.done_at = clock()
        at_once -= 1
        return True

    work = asyncio.create_task(Inbox(database, process).run())
    await _until_done(database)
    work.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await work
    for chat in range(3):
        assert [number for number in begun if number % 3 == chat] == list(range(chat, 30, 3))
    assert len(begun) == 30
    assert 2 <= most <= 3


async def test_an_update_that_keeps_failing_is_answered_with_regret_and_set_aside(
    app: App, clock: Clock, control: Control, monkeypatch: pytest.MonkeyPatch
) -> None:
    await store(app.database, [update(1, RANA, "/start")], clock())
    monkeypatch.delattr(app.parts.library, "topics")  # a fault of ours
    work = asyncio.create_task(app.inbox.run())
    await _until_done(app.database)
    work.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await work
    assert [row.outcome for row in await stored(app.database)] == ["failed"]
    async with app.database.read() as session:
        texts = [row.payload["text"] for row in await session.scalars(select(OutboxMessage)) if row.payload]
    assert texts == [app.parts.locales.say("tr", "error.sorry")]


async def test_an_update_is_done_only_together_with_its_replies(
    app: App, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the process ends between deciding and storing, nothing of the turn remains, and the update is taken again."""
    await store(app.database, [update(1, RANA, "/start")], clock())

    async def power_cut(*_: object, **__: object) -> None:
        raise asyncio.CancelledError

    process = app.inbox._process_one
    with monkeypatch.context() as patched, contextlib.suppress(asyncio.CancelledError):
        patched.setattr(app.delivery, "deliver", power_cut)
        await process(1)
    async with app.database.read() as session:
        assert (await session.scalars(select(OutboxMessage))).all() == []
    (cut,) = await stored(app.database)
    assert cut.done_at is None
    assert await process(1) is None
    (done,) = await stored(app.database)
    assert done.done_at is not None
    async with app.database.read() as session:
        assert len((await session.scalars(select(OutboxMessage))).all()) == 1
