"""Invariants 4, 8 and 14 of handoff.md where only a (simulated) Telegram can show them."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.app import App
from tests.bot.conftest import GROUP
from tests.bot.conversation.test_forgetting import everything_stored
from tests.bot.telegram.conftest import RANA, PostOffice, app, control, office, simulator_url
from tests.simulator.conftest import Control

__all__ = ["app", "control", "office", "simulator_url"]
TOKEN = "123456:test-token"


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """One kind of database is enough here: this is about Telegram."""
    return f"sqlite+aiosqlite:///{tmp_path / 'test.db'}"


async def test_invariant_4_what_fails_is_tried_again_when_telegram_says_and_nothing_is_lost(
    office: PostOffice, control: Control
) -> None:
    await control.post("fault", method="sendMessage", error=429, retry_after=1, chat=RANA)
    await office.post("erstens")
    await office.post("zweitens")
    assert await put_off(office) == office.clock() + timedelta(seconds=1)
    office.clock.forward(seconds=1)
    assert {row.state for row in await office.settled()} == {"sent"}
    assert await office.arrived() == ["erstens", "zweitens"]


async def put_off(office: PostOffice) -> datetime:
    """When the row that failed is due again."""
    for _ in range(200):
        due = [row.due_at for row in await office.rows() if row.attempts and row.state == "pending"]
        if due:
            return due[0]
        await asyncio.sleep(0.02)
    raise AssertionError("nothing was put off")


async def test_invariant_8_a_delivery_is_confirmed_by_a_reaction_under_the_message(
    office: PostOffice, control: Control
) -> None:
    written = await office.relay("Guten Tag", by_staff=True)
    rows = await office.settled()
    (confirm,) = [row for row in rows if row.kind == "confirm"]
    assert (confirm.method, confirm.state, confirm.chat_id) == ("setMessageReaction", "sent", GROUP)
    topic = await control.get(f"chat/{GROUP}?topic={office.case.thread_id}")
    reactions = [reaction for one in topic if one["message_id"] == written for reaction in one["reactions"]]
    assert [(reaction["from"], reaction["emoji"]) for reaction in reactions] == [("bot", "👌")]


async def test_invariant_8_what_did_not_arrive_is_not_confirmed(office: PostOffice, control: Control) -> None:
    await control.post("block", user=RANA)
    await office.relay("Guten Tag", by_staff=True)
    assert "confirm" not in {row.kind for row in await office.settled()}


async def test_invariant_14_the_token_stands_nowhere_and_media_are_copied_inside_telegram(
    office: PostOffice, app: App, control: Control, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await control.post("fault", method="copyMessage", error=500)
    await office.relay("Unsere Satzung", by_staff=False, media="photo")
    await put_off(office)
    office.clock.forward(seconds=5)
    rows = await office.settled()
    assert [row.method for row in rows if row.kind == "relay"] == ["copyMessage"]
    assert TOKEN not in await everything_stored(app.database)
    for chat in (RANA, GROUP):
        assert TOKEN not in str(await control.get(f"chat/{chat}"))
    assert not [call for call in await control.get("calls") if call.get("method") == "getFile"]
