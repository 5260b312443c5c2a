"""How updates reach the bot: polling, competing readers, redelivery, webhooks, button presses."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest, Conflict

from bot.simulator.server import listen, make_server, url_of
from tests.simulator.conftest import GROUP, Control, bot_at


async def test_a_waiting_reader_gets_a_message_at_once(bot: Bot, control: Control) -> None:
    waiting = asyncio.create_task(bot.get_updates(timeout=10))
    await asyncio.sleep(0.05)
    sent = await control.post("message", user=1001, text="/start now", language_code="tr")
    (update,) = await asyncio.wait_for(waiting, 1)
    assert update.update_id == sent["update_id"]
    assert update.message is not None
    assert update.message.entities[0].type == "bot_command"
    assert update.effective_user is not None
    assert update.effective_user.language_code == "tr"


async def test_update_ids_rise_by_one_and_an_offset_confirms(bot: Bot, control: Control) -> None:
    for text in ("a", "b", "c"):
        await control.post("message", user=1001, text=text)
    first, second, third = await bot.get_updates()
    assert (second.update_id, third.update_id) == (first.update_id + 1, first.update_id + 2)
    assert [u.update_id for u in await bot.get_updates(limit=1)] == [first.update_id]
    assert [u.update_id for u in await bot.get_updates(offset=third.update_id)] == [third.update_id]
    assert await control.get("pending") == 1


async def test_a_second_reader_ends_the_first_with_a_conflict(bot: Bot, simulator_url: str) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=10))
    await asyncio.sleep(0.05)
    async with bot_at(simulator_url) as other:
        await other.get_updates()
    with pytest.raises(Conflict, match="terminated by other getUpdates request"):
        await first


async def test_only_allowed_kinds_are_queued(bot: Bot, control: Control) -> None:
    await bot.get_updates(allowed_updates=["callback_query"])
    assert (await control.post("message", user=1001, text="unseen"))["update_id"] is None
    assert await control.get("pending") == 0


async def test_an_update_can_be_delivered_again_under_its_old_id(bot: Bot, control: Control, rana: int) -> None:
    (update,) = await bot.get_updates()
    assert await bot.get_updates(offset=update.update_id + 1) == ()
    await control.post("redeliver", update_id=update.update_id)
    (again,) = await bot.get_updates(offset=update.update_id + 1)
    assert again.update_id == update.update_id
    assert await bot.get_updates(offset=update.update_id + 1) == ()


async def test_a_press_arrives_and_can_be_answered_once(bot: Bot, control: Control, rana: int) -> None:
    sent = await bot.send_message(rana, "?", reply_markup=_keyboard())
    press = await control.post("press", user=rana, message_id=sent.message_id, data="yes:1")
    query = (await bot.get_updates())[-1].callback_query
    assert query is not None
    assert (query.id, query.data) == (press["callback_query_id"], "yes:1")
    assert await control.get(f"callback/{query.id}") is None
    await query.answer("done", show_alert=True)
    assert await control.get(f"callback/{query.id}") == {"text": "done", "show_alert": True}
    with pytest.raises(BadRequest, match="Query is too old"):
        await query.answer()


async def test_a_button_that_is_gone_can_only_be_pressed_as_stale(bot: Bot, control: Control, rana: int) -> None:
    sent = await bot.send_message(rana, "?", reply_markup=_keyboard())
    await bot.edit_message_text("closed", rana, sent.message_id)
    status, reason = await control.refused("press", user=rana, message_id=sent.message_id, data="yes:1")
    assert (status, reason) == (409, f"message {sent.message_id} in chat {rana} has no button 'yes:1'")
    await control.post("press", user=rana, message_id=sent.message_id, data="yes:1", stale=True)
    assert (await bot.get_updates())[-1].callback_query is not None


async def test_edits_and_reactions_of_people_arrive(bot: Bot, control: Control, rana: int) -> None:
    await control.post("edit", user=rana, message_id=1, text="hello again")
    await control.post("react", user=rana, message_id=1, emoji="❤")
    _, edited, reacted = await bot.get_updates()
    assert edited.edited_message is not None
    assert edited.edited_message.text == "hello again"
    assert reacted.message_reaction is not None
    assert len(reacted.message_reaction.new_reaction) == 1


async def test_a_webhook_gets_each_update_until_it_agrees(bot: Bot, control: Control) -> None:
    seen: list[tuple[str | None, dict[str, Any]]] = []

    twice = asyncio.Event()

    async def receive(request: Request) -> Response:
        seen.append((request.headers.get("X-Telegram-Bot-Api-Secret-Token"), await request.json()))
        if len(seen) == 2:
            twice.set()
        return Response(status_code=500 if len(seen) == 1 else 200)

    async with _serving(Starlette(routes=[Route("/hook", receive, methods=["POST"])])) as url:
        await bot.set_webhook(f"{url}/hook", secret_token="s3cret")
        with pytest.raises(Conflict, match="webhook is active"):
            await bot.get_updates()
        await control.post("message", user=1001, text="over the hook")
        await asyncio.wait_for(twice.wait(), 5)
        assert "500" in str((await bot.get_webhook_info()).last_error_message)
        await bot.delete_webhook()
    assert [(secret, update["message"]["text"]) for secret, update in seen] == [("s3cret", "over the hook")] * 2


async def test_a_webhook_elsewhere_needs_https_and_a_plain_secret(bot: Bot) -> None:
    with pytest.raises(BadRequest, match="(?i)HTTPS URL must be provided"):
        await bot.set_webhook("http://example.org/hook")
    with pytest.raises(BadRequest, match="unallowed characters"):
        await bot.set_webhook("https://example.org/hook", secret_token="not plain!")


async def test_what_a_removed_bot_cannot_see_does_not_arrive(bot: Bot, control: Control) -> None:
    await control.post("rights", status="kicked")
    sent = await control.post("message", user=2001, chat=GROUP, text="among us")
    assert sent["update_id"] is None
    await control.post("rights", status="administrator")


def _keyboard() -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton("yes", callback_data="yes:1")]])


@asynccontextmanager
async def _serving(app: Starlette) -> AsyncIterator[str]:
    with listen("127.0.0.1", 0) as listening:
        server = make_server(app)
        task = asyncio.create_task(server.serve(sockets=[listening]))
        yield url_of(listening)
        server.should_exit = True
        await task
