"""Several messages at once: albums of people and of the bot, copies and forwards of many."""

from typing import Any

import pytest
from telegram import Bot, InputMediaAudio, InputMediaDocument, InputMediaPhoto
from telegram.error import BadRequest

from tests.simulator.conftest import GROUP, Control


async def test_a_person_sends_an_album_with_the_caption_on_the_first(bot: Bot, control: Control) -> None:
    sent = await control.post("album", user=1001, items=["photo", "video", "photo"], caption="unser Raum")
    messages = [update.message for update in await bot.get_updates() if update.message]
    assert [message.message_id for message in messages] == sent["message_ids"]
    assert [message.caption for message in messages] == ["unser Raum", None, None]
    assert {message.media_group_id for message in messages} == {sent["media_group_id"]}


async def test_staff_send_an_album_into_a_topic(bot: Bot, control: Control) -> None:
    thread = (await bot.create_forum_topic(GROUP, "#1")).message_thread_id
    await control.post("album", user=2001, chat=GROUP, topic=thread, items=["document", "document"])
    messages = [update.message for update in await bot.get_updates() if update.message]
    assert [(message.message_thread_id, message.document is not None) for message in messages] == [(thread, True)] * 2


@pytest.mark.parametrize(
    ("items", "reason"),
    [
        (["photo"], "an album has 2 to 10 items, not 1"),
        (["photo"] * 11, "an album has 2 to 10 items, not 11"),
        (["photo", "voice"], "field 'items' must be a list of photo, video, document, audio"),
        (["photo", "document"], "documents and sounds cannot share an album with anything else"),
    ],
)
async def test_people_cannot_send_what_is_no_album(control: Control, items: list[str], reason: str) -> None:
    assert await control.refused("album", user=1001, items=items) == (400, reason)


async def test_a_copied_album_is_an_album_again_under_rising_ids(bot: Bot, control: Control) -> None:
    album = await control.post("album", user=1001, items=["photo"] * 3, caption="unser Raum")
    alone = await control.post("message", user=1001, text="bitte")
    ids = [*album["message_ids"], alone["message_id"]]
    copies = await bot.copy_messages(GROUP, 1001, ids)
    shown = await control.get(f"chat/{GROUP}")
    assert [copy.message_id for copy in copies] == [message["message_id"] for message in shown]
    assert [message["text"] for message in shown] == ["unser Raum", "", "", "bitte"]
    groups = [message["media_group_id"] for message in shown]
    assert groups[0] == groups[1] == groups[2] != album["media_group_id"]
    assert groups[3] is None
    assert not any(message["forwarded"] for message in shown)


async def test_captions_can_be_left_out_of_copies(bot: Bot, control: Control) -> None:
    album = await control.post("album", user=1001, items=["photo"] * 2, caption="unser Raum")
    await bot.copy_messages(GROUP, 1001, album["message_ids"], remove_caption=True)
    assert [message["text"] for message in await control.get(f"chat/{GROUP}")] == ["", ""]


async def test_what_cannot_be_copied_is_skipped_until_nothing_is_left(bot: Bot, control: Control, rana: int) -> None:
    await bot.pin_chat_message(rana, 1)
    assert len(await bot.copy_messages(GROUP, rana, [1, 2, 77])) == 1
    for call in (bot.copy_messages, bot.forward_messages):
        with pytest.raises(BadRequest, match="There are no messages to forward"):
            await call(GROUP, rana, [2, 77])


async def test_a_forwarded_album_names_its_author(bot: Bot, control: Control) -> None:
    album = await control.post("album", user=1001, items=["photo"] * 2)
    assert len(await bot.forward_messages(GROUP, 1001, album["message_ids"])) == 2
    shown = await control.get(f"chat/{GROUP}")
    assert [message["forwarded"] for message in shown] == [True, True]
    assert len({message["media_group_id"] for message in shown}) == 1


@pytest.mark.parametrize(
    ("ids", "reason"),
    [
        ([], "Message identifiers are not specified"),
        ([2, 1], "Message identifiers must be in a strictly increasing order"),
        ([1, 1], "Message identifiers must be in a strictly increasing order"),
        (list(range(1, 102)), "Too many message identifiers specified"),
    ],
)
async def test_lists_of_ids_that_telegram_refuses(bot: Bot, rana: int, ids: list[int], reason: str) -> None:
    with pytest.raises(BadRequest, match=reason):
        await bot.copy_messages(GROUP, rana, ids)


async def test_copies_go_into_their_topic_and_not_into_a_closed_one(bot: Bot, control: Control, rana: int) -> None:
    thread = (await bot.create_forum_topic(GROUP, "#1")).message_thread_id
    await bot.copy_messages(GROUP, rana, [1], message_thread_id=thread)
    assert [message["topic"] for message in await control.get(f"chat/{GROUP}")] == [thread]
    await bot.close_forum_topic(GROUP, thread)
    with pytest.raises(BadRequest, match="Topic_closed"):
        await bot.copy_messages(GROUP, rana, [1], message_thread_id=thread)


async def test_an_album_of_the_bot_does_not_mix_documents_with_photos(bot: Bot, rana: int) -> None:
    mixed: list[tuple[list[Any], str]] = [
        ([InputMediaPhoto(b"png"), InputMediaDocument(b"pdf")], "Document can't be mixed with other media types"),
        ([InputMediaPhoto(b"png"), InputMediaAudio(b"mp3")], "Audio can't be mixed with other media types"),
    ]
    for media, reason in mixed:
        with pytest.raises(BadRequest, match=reason):
            await bot.send_media_group(rana, media)


async def test_deleting_many_skips_what_is_gone(bot: Bot, control: Control, rana: int) -> None:
    sent = await bot.send_message(rana, "short-lived")
    await bot.delete_messages(rana, [sent.message_id, 1, 77])
    assert all(message["deleted"] for message in await control.get(f"chat/{rana}"))
