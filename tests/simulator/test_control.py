"""Faults on demand, the logs, and refusals a test author can understand."""

import asyncio
import json
import time

import pytest
from telegram import Bot
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError

from tests.simulator.conftest import GROUP, Control


async def test_a_fault_hits_the_ordered_number_of_calls(
    bot: Bot, control: Control, rana: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    await control.post("fault", method="sendMessage", error=429, retry_after=7, times=2)
    for _ in range(2):
        with pytest.raises(RetryAfter, match="Retry in 0:00:07"):
            await bot.send_message(rana, "x")
    await bot.send_message(rana, "x")
    assert len(await control.get(f"chat/{rana}")) == 2


async def test_a_fault_can_be_meant_for_one_chat(bot: Bot, control: Control, rana: int) -> None:
    await control.post("fault", method="sendMessage", error=400, chat=GROUP, description="Bad Request: no")
    await bot.send_message(rana, "x")
    with pytest.raises(BadRequest, match="No"):
        await bot.send_message(GROUP, "x")


async def test_a_lost_answer_leaves_the_effect(bot: Bot, control: Control, rana: int) -> None:
    await control.post("fault", method="sendMessage", after=True)
    with pytest.raises(NetworkError):
        await bot.send_message(rana, "arrived")
    await control.post("fault", method="sendMessage", after=True, error=500)
    with pytest.raises(TelegramError, match="Internal Server Error"):
        await bot.send_message(rana, "arrived too")
    await control.post("fault", method="sendMessage", error="cut")
    with pytest.raises(NetworkError):
        await bot.send_message(rana, "never")
    assert [m["text"] for m in await control.get(f"chat/{rana}")][1:] == ["arrived", "arrived too"]


async def test_a_delay_holds_only_the_answer_it_was_ordered_for(bot: Bot, control: Control, rana: int) -> None:
    await control.post("fault", method="sendMessage", delay=1.0)
    started = time.monotonic()
    slow = asyncio.create_task(bot.send_message(rana, "slow"))
    await asyncio.sleep(0.02)
    await control.get("pending")
    assert not slow.done()
    await slow
    assert time.monotonic() - started >= 1.0


async def test_calls_are_logged_without_text(bot: Bot, control: Control, rana: int) -> None:
    await bot.send_message(rana, "secret words")
    with pytest.raises(BadRequest):
        await bot.edit_message_text("x", rana, 99)
    log = await control.get("calls?since=0")
    assert [(c["method"], c["chat_id"], c["ok"]) for c in log[-2:]] == [
        ("sendMessage", rana, True),
        ("editMessageText", rana, False),
    ]
    assert "secret" not in json.dumps(log)
    assert await control.get(f"calls?method=sendMessage&since={time.time() + 5}") == []


@pytest.mark.parametrize(
    ("action", "fields", "reason"),
    [
        ("message", {"text": "x"}, "field 'user' is missing"),
        ("message", {"user": "1001", "text": "x"}, "field 'user' must be a whole number, not '1001'"),
        ("message", {"user": 1001}, "a message needs 'text' or one of"),
        ("message", {"user": 1001, "txt": "x"}, "unknown field 'txt'"),
        ("message", {"user": 2001, "chat": GROUP, "topic": 9, "text": "x"}, "there is no topic 9"),
        ("fault", {"error": 42}, "field 'error' must be a code from 400 to 599"),
        ("fault", {}, "a fault needs 'error'"),
        ("member", {"user": 2002, "status": "gone"}, "field 'status' must be one of"),
        ("topic", {"topic": 3, "action": "close"}, "there is no topic 3"),
        ("redeliver", {"update_id": 1}, "there was no update 1"),
        ("edit", {"user": 1001, "message_id": 5, "text": "x"}, "there is no message 5"),
        ("react", {"user": 1001, "message_id": 5, "emoji": "👍"}, "there is no message 5"),
    ],
)
async def test_a_wrong_control_request_says_what_is_wrong(
    control: Control, action: str, fields: dict[str, object], reason: str
) -> None:
    status, said = await control.refused(action, **fields)
    assert status == 400
    assert said.startswith(reason)


async def test_a_body_that_is_not_json_is_refused(control: Control) -> None:
    answer = await control.client.post("/sim/message", content=b"{oops")
    assert answer.status_code == 400
    assert "not JSON" in answer.json()["error"]


async def test_people_are_listed_with_their_language(control: Control, rana: int) -> None:
    people = {person["id"]: person for person in await control.get("users")}
    assert people[1001]["language_code"] == "ar"
    assert people[2001]["group_status"] == "administrator"


async def test_a_reset_forgets_messages_but_update_ids_go_on(control: Control, bot: Bot) -> None:
    before = await control.post("message", user=1001, text="a")
    await control.post("reset")
    assert await control.get("chat/1001") == []
    after = await control.post("message", user=1001, text="b")
    assert (after["message_id"], after["update_id"]) == (1, before["update_id"] + 1)


async def test_the_page_and_its_live_events_are_served(control: Control, simulator_url: str) -> None:
    page = await control.client.get("/")
    assert page.status_code == 200
    assert "newcomer-input" in page.text
    async with control.client.stream("GET", "/sim/events") as stream:
        lines = stream.aiter_lines()
        await control.post("message", user=1001, text="live")
        async for line in lines:
            if line.startswith("data:"):
                break
        assert json.loads(line.removeprefix("data:"))["message"]["text"] == "live"
