"""Telegram's flood limits, when a test asks for them."""

from datetime import timedelta

import pytest
from telegram import Bot, InputMediaPhoto
from telegram.error import RetryAfter

from tests.simulator.conftest import GROUP, Control


@pytest.fixture(autouse=True)
def _spans(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


def seconds(refusal: pytest.ExceptionInfo[RetryAfter]) -> float:
    wait = refusal.value.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else wait


async def test_more_topics_than_allowed_have_to_wait_most_of_a_minute(bot: Bot, control: Control) -> None:
    await control.post("limit", topics_per_minute=2)
    for name in ("#1", "#2"):
        await bot.create_forum_topic(GROUP, name)
    with pytest.raises(RetryAfter) as refusal:
        await bot.create_forum_topic(GROUP, "#3")
    assert 50 < seconds(refusal) <= 60
    assert [topic["name"] for topic in await control.get("topics")] == ["#1", "#2"]
    await bot.send_message(GROUP, "messages have a limit of their own")


async def test_messages_to_the_group_are_limited_and_private_ones_are_not(
    bot: Bot, control: Control, rana: int
) -> None:
    await control.post("limit", group_messages_per_minute=2)
    await bot.send_message(GROUP, "1")
    await bot.copy_message(GROUP, rana, 1)
    with pytest.raises(RetryAfter):
        await bot.send_message(GROUP, "3")
    await bot.send_message(rana, "private")
    await bot.send_chat_action(GROUP, "typing")


async def test_an_album_counts_as_many_messages_as_it_has(bot: Bot, control: Control, rana: int) -> None:
    album = [InputMediaPhoto(b"one"), InputMediaPhoto(b"two")]
    await control.post("limit", group_messages_per_minute=3)
    await bot.send_media_group(GROUP, album)
    with pytest.raises(RetryAfter):
        await bot.send_media_group(GROUP, album)
    await bot.send_message(GROUP, "one more fits")


async def test_refused_calls_do_not_count_and_the_limit_can_be_lifted(bot: Bot, control: Control) -> None:
    await control.post("limit", group_messages_per_minute=1)
    await bot.send_message(GROUP, "1")
    for _ in range(3):
        with pytest.raises(RetryAfter):
            await bot.send_message(GROUP, "2")
    await control.post("limit")
    await bot.send_message(GROUP, "2")
    assert len(await control.get(f"chat/{GROUP}")) == 2


async def test_after_a_minute_there_is_room_again(bot: Bot, control: Control, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.simulator.limits.WINDOW_S", 0.0)
    await control.post("limit", group_messages_per_minute=1)
    await bot.send_message(GROUP, "1")
    await bot.send_message(GROUP, "2")


async def test_a_limit_below_one_is_refused(control: Control) -> None:
    _, reason = await control.refused("limit", topics_per_minute=0)
    assert reason == "field 'topics_per_minute' must be at least 1, not 0"
