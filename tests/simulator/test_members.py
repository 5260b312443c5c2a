"""The office's group: who comes, goes and is promoted, and what the bot may do there."""

import pytest
from telegram import Bot, Message, Update
from telegram.error import BadRequest

from tests.simulator.conftest import GROUP, KINDS, Control


def changes(updates: tuple[Update, ...]) -> list[tuple[str, str]]:
    return [
        (update.chat_member.old_chat_member.status, update.chat_member.new_chat_member.status)
        for update in updates
        if update.chat_member
    ]


def service(updates: tuple[Update, ...]) -> list[Message]:
    return [update.message for update in updates if update.message]


async def test_whoever_leaves_is_told_by_a_line_in_the_group_and_a_change(bot: Bot, control: Control) -> None:
    await control.post("member", user=2002, status="left")
    updates = await bot.get_updates()
    (line,) = service(updates)
    assert line.left_chat_member is not None
    assert (line.left_chat_member.id, line.chat.id) == (2002, GROUP)
    assert changes(updates) == [("member", "left")]


async def test_a_newcomer_in_the_group_is_told_too(bot: Bot, control: Control) -> None:
    await control.post("member", user=2003, status="member", name="Frau C.")
    updates = await bot.get_updates()
    (line,) = service(updates)
    assert [user.first_name for user in line.new_chat_members] == ["Frau C."]
    assert changes(updates) == [("left", "member")]


@pytest.mark.parametrize("status", ["administrator", "restricted", "creator"])
async def test_another_rank_leaves_no_line_and_is_an_administrators_doing(
    bot: Bot, control: Control, status: str
) -> None:
    await control.post("member", user=2002, status=status)
    (update,) = await bot.get_updates()
    assert update.chat_member is not None
    assert (update.chat_member.new_chat_member.status, update.chat_member.from_user.id) == (status, 2001)
    assert (await bot.get_chat_member(GROUP, 2002)).status == status


async def test_somebody_kicked_is_named_as_gone_and_not_as_the_one_who_did_it(bot: Bot, control: Control) -> None:
    await control.post("member", user=2002, status="kicked")
    updates = await bot.get_updates()
    (line,) = service(updates)
    assert line.from_user is not None
    assert line.left_chat_member is not None
    assert (line.from_user.id, line.left_chat_member.id) == (2001, 2002)
    assert changes(updates) == [("member", "kicked")]


async def test_changes_are_told_only_to_an_administrator_who_asked(bot: Bot, control: Control) -> None:
    await bot.get_updates(allowed_updates=["message"])
    assert (await control.post("member", user=2002, status="administrator"))["update_id"] is None
    await bot.get_updates(allowed_updates=KINDS)
    await control.post("rights", status="member")
    assert (await control.post("member", user=2002, status="member"))["update_id"] is None


async def test_a_restricted_person_cannot_write(bot: Bot, control: Control) -> None:
    await control.post("member", user=2002, status="restricted")
    _, reason = await control.refused("message", user=2002, chat=GROUP, text="x")
    assert reason == "user 2002 is restricted and may not write in the group"


async def test_a_removed_bot_is_told_so_and_sees_nothing_more(bot: Bot, control: Control) -> None:
    thread = (await bot.create_forum_topic(GROUP, "#1")).message_thread_id
    await control.post("rights", status="kicked")
    (update,) = await bot.get_updates()
    assert update.my_chat_member is not None
    assert update.my_chat_member.new_chat_member.status == "kicked"
    assert update.my_chat_member.chat.id == GROUP
    assert (await control.post("topic", topic=thread, action="close"))["update_id"] is None
    assert await control.post("member", user=2002, status="left") == {"update_id": None, "service_update_id": None}


async def test_each_right_of_the_bot_can_be_taken(bot: Bot, control: Control) -> None:
    staff = await control.post("message", user=2001, chat=GROUP, text="note")
    own = await bot.send_message(GROUP, "mine")
    await control.post("rights", can_delete_messages=False, can_pin_messages=False)
    with pytest.raises(BadRequest, match="Message can't be deleted"):
        await bot.delete_message(GROUP, staff["message_id"])
    with pytest.raises(BadRequest, match="Not enough rights to manage pinned messages in the chat"):
        await bot.pin_chat_message(GROUP, own.message_id)
    await bot.delete_message(GROUP, own.message_id)
    await control.post("rights", can_delete_messages=True, can_pin_messages=True)
    await bot.pin_chat_message(GROUP, staff["message_id"])
    await bot.unpin_chat_message(GROUP, staff["message_id"])
    await bot.delete_message(GROUP, staff["message_id"])


async def test_a_staff_member_renames_closes_reopens_and_deletes_a_topic(bot: Bot, control: Control) -> None:
    thread = (await bot.create_forum_topic(GROUP, "#1")).message_thread_id
    await control.post("topic", topic=thread, action="rename", name="#1 neu", user=2002)
    await control.post("topic", topic=thread, action="close", user=2002)
    await control.post("topic", topic=thread, action="reopen", user=2002)
    assert (await control.post("topic", topic=thread, action="delete", user=2002))["update_id"] is None
    renamed, closed, reopened = service(await bot.get_updates())
    assert renamed.forum_topic_edited is not None
    assert renamed.forum_topic_edited.name == "#1 neu"
    assert closed.forum_topic_closed is not None
    assert reopened.forum_topic_reopened is not None
    assert {message.from_user.id for message in (renamed, closed, reopened) if message.from_user} == {2002}


async def test_only_icons_from_telegrams_list_are_taken(bot: Bot, control: Control) -> None:
    icons = await bot.get_forum_topic_icon_stickers()
    checked = next(icon for icon in icons if icon.emoji == "✅")
    topic = await bot.create_forum_topic(GROUP, "#1", icon_custom_emoji_id=checked.custom_emoji_id)
    assert topic.icon_custom_emoji_id == checked.custom_emoji_id
    with pytest.raises(BadRequest, match="Document_invalid"):
        await bot.edit_forum_topic(GROUP, topic.message_thread_id, icon_custom_emoji_id="1")


@pytest.mark.parametrize("kind", ["photo", "document", "voice", "video", "audio"])
async def test_an_edited_caption_arrives_with_its_file(bot: Bot, control: Control, kind: str) -> None:
    file = {kind: True}
    sent = await control.post("message", user=2001, chat=GROUP, caption="alt", **file)
    await control.post("edit", user=2001, chat=GROUP, message_id=sent["message_id"], text="neu")
    edited = (await bot.get_updates())[-1].edited_message
    assert edited is not None
    assert (edited.caption, edited.text) == ("neu", None)
    assert getattr(edited, kind)


@pytest.mark.parametrize("kind", ["location", "contact", "sticker"])
async def test_what_has_no_words_cannot_be_edited(control: Control, kind: str) -> None:
    thing = {kind: True}
    sent = await control.post("message", user=1001, **thing)
    _, reason = await control.refused("edit", user=1001, message_id=sent["message_id"], text="x")
    assert reason.endswith("has no text or caption that a person could edit")
