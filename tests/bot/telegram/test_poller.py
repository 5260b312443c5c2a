"""What Telegram sends is stored as it is, before anybody tries to read it."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import pytest
from sqlalchemy import select
from telegram import Bot

from bot.conversation.path import Conversation
from bot.storage.database import Database
from bot.storage.models import InboxUpdate
from bot.telegram.access import GroupAccess
from bot.telegram.delivery import Delivery
from bot.telegram.poller import BUSY, Poller
from bot.telegram.processor import Processor
from bot.telegram.queues import INBOX
from bot.telegram.receiver import Receiver
from bot.telegram.staffchat import StaffChat
from tests.conftest import Clock

UNREADABLE = {"update_id": 7, "message": {"message_id": 1, "poll": {"id": "no poll of today has so few fields"}}}
READABLE = {"update_id": 8, "message": {"message_id": 2, "date": 0, "chat": {"id": 1, "type": "private"}, "text": "hi"}}


async def _nobody(chat_id: int) -> None:
    """Nothing waits for this group."""


class OneAnswer:
    """In the place of a bot: its Telegram has these updates once, and then nothing more."""

    def __init__(self, *updates: dict[str, Any]) -> None:
        self._updates = list(updates)
        self.offsets: list[int | None] = []
        self.asked_again = asyncio.Event()

    async def do_api_request(self, endpoint: str, api_kwargs: dict[str, Any], **_: Any) -> list[dict[str, Any]]:
        """Answer the first question and let the second wait for ever."""
        self.offsets.append(api_kwargs.get("offset"))
        if len(self.offsets) > 1:
            self.asked_again.set()
            await asyncio.Event().wait()
        return self._updates


def _nobody_waits(lane: str, update_id: int) -> None:
    """What is stored is not worked on."""


async def _poll_once(database: Database, clock: Clock, telegram: OneAnswer) -> None:
    keep = Receiver(database, clock, _nobody_waits).keep
    polling = asyncio.create_task(Poller(cast(Bot, telegram), database, keep).run())
    await telegram.asked_again.wait()
    polling.cancel()
    await asyncio.gather(polling, return_exceptions=True)


async def test_an_update_that_cannot_be_read_keeps_no_other_from_being_stored(
    database: Database, clock: Clock
) -> None:
    bot = OneAnswer(UNREADABLE, READABLE)
    await _poll_once(database, clock, bot)
    async with database.read() as session:
        stored = (await session.scalars(select(InboxUpdate).order_by(InboxUpdate.update_id))).all()
    assert [row.update_id for row in stored] == [7, 8]
    assert stored[1].payload == READABLE


async def test_updates_are_acknowledged_only_after_they_are_stored(database: Database, clock: Clock) -> None:
    bot = OneAnswer(READABLE)
    await _poll_once(database, clock, bot)
    assert bot.offsets == [None, 9]


async def test_what_telegram_could_not_bring_to_the_webhook_is_asked_for_though_later_ones_are_stored(
    database: Database, clock: Clock
) -> None:
    async with database.write() as session:
        session.add(InboxUpdate(update_id=9, lane="chat:1", payload=None, received_at=clock(), done_at=clock()))
    bot = OneAnswer(READABLE, {**READABLE, "update_id": 9})
    await _poll_once(database, clock, bot)
    assert bot.offsets == [None, 10]
    async with database.read() as session:
        stored = (await session.scalars(select(InboxUpdate).order_by(InboxUpdate.update_id))).all()
    assert [(row.update_id, row.done_at is None) for row in stored] == [(8, True), (9, False)]


async def test_telegram_is_told_only_when_the_disk_has_them_but_they_are_worked_on_before(
    database: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot, woken, written = OneAnswer(READABLE), asyncio.Event(), asyncio.Event()
    monkeypatch.setattr(database, "settle", written.wait)
    keep = Receiver(database, clock, lambda lane, number: woken.set()).keep
    polling = asyncio.create_task(Poller(cast(Bot, bot), database, keep).run())
    await asyncio.wait_for(woken.wait(), 5)
    await asyncio.sleep(0.1)
    assert bot.offsets == [None]
    written.set()
    await asyncio.wait_for(bot.asked_again.wait(), 5)
    assert bot.offsets == [None, 9]
    polling.cancel()
    await asyncio.gather(polling, return_exceptions=True)


async def test_while_many_are_being_answered_what_comes_gathers_before_it_is_fetched(
    database: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.telegram.poller.GATHER_SECONDS", 0.4)
    bot = OneAnswer(READABLE)
    keep = Receiver(database, clock, _nobody_waits).keep
    polling = asyncio.create_task(Poller(cast(Bot, bot), database, keep, lambda: BUSY).run())
    await asyncio.sleep(0.2)
    assert bot.offsets == [None]
    await asyncio.wait_for(bot.asked_again.wait(), 5)
    polling.cancel()
    await asyncio.gather(polling, return_exceptions=True)


async def test_an_update_that_cannot_be_read_is_set_aside_and_does_not_block_its_chat(
    database: Database, clock: Clock
) -> None:
    async with database.write() as session:
        session.add(InboxUpdate(update_id=7, lane="chat:1", payload=UNREADABLE, received_at=clock(), attempts=0))
    conversation = cast(Conversation, SimpleNamespace(parts=SimpleNamespace(clock=clock)))
    processor = Processor(Bot("1:token"), database, conversation, cast(Delivery, None), staff_chat=StaffChat(-1),
                          access=cast(GroupAccess, None), retry=_nobody)  # fmt: skip
    async with database.read() as session:
        assert await processor.process((await session.execute(select(INBOX))).one())
    async with database.read() as session:
        row = await session.get_one(InboxUpdate, 7)
    assert (row.outcome, row.payload) == ("unreadable", None)
