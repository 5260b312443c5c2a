"""The office's forum: topics, rights, members, and the day its id changes."""

import pytest
from telegram import Bot
from telegram.error import BadRequest, ChatMigrated, Forbidden

from tests.simulator.conftest import GROUP, Control


async def test_messages_stay_in_their_topic(bot: Bot, control: Control) -> None:
    topic = await bot.create_forum_topic(GROUP, "#1 ar · Gründung")
    sent = await bot.send_message(GROUP, "case", message_thread_id=topic.message_thread_id)
    await bot.send_message(GROUP, "for all")
    assert (sent.message_thread_id, sent.is_topic_message) == (topic.message_thread_id, True)
    assert [m["text"] for m in await control.get(f"chat/{GROUP}?topic={topic.message_thread_id}")] == ["case"]
    assert [m["text"] for m in await control.get(f"chat/{GROUP}?topic=0")] == ["for all"]


async def test_staff_write_in_a_topic_and_the_bot_sees_where(bot: Bot, control: Control) -> None:
    topic = await bot.create_forum_topic(GROUP, "#1")
    await control.post("message", user=2001, chat=GROUP, topic=topic.message_thread_id, text="Guten Tag")
    message = (await bot.get_updates())[-1].message
    assert message is not None
    assert (message.message_thread_id, message.is_topic_message) == (topic.message_thread_id, True)
    assert message.from_user is not None
    assert message.from_user.first_name == "Frau A."
    assert message.reply_to_message is not None
    assert message.reply_to_message.forum_topic_created is not None


async def test_unknown_and_deleted_topics_are_not_found(bot: Bot, control: Control) -> None:
    topic = await bot.create_forum_topic(GROUP, "#1")
    await bot.send_message(GROUP, "case", message_thread_id=topic.message_thread_id)
    await control.post("topic", topic=topic.message_thread_id, action="delete")
    for thread in (topic.message_thread_id, 4711):
        with pytest.raises(BadRequest, match="Message thread not found"):
            await bot.send_message(GROUP, "x", message_thread_id=thread)
    assert [m["deleted"] for m in await control.get(f"chat/{GROUP}")] == [True]
    assert (await control.get("topics"))[0]["deleted"] is True


async def test_a_closed_topic_takes_nothing_until_reopened(bot: Bot, control: Control) -> None:
    thread = (await bot.create_forum_topic(GROUP, "#1")).message_thread_id
    await control.post("topic", topic=thread, action="close")
    with pytest.raises(BadRequest, match="Topic_closed"):
        await bot.send_message(GROUP, "x", message_thread_id=thread)
    with pytest.raises(BadRequest, match="Topic_not_modified"):
        await bot.close_forum_topic(GROUP, thread)
    await bot.reopen_forum_topic(GROUP, thread)
    await bot.send_message(GROUP, "x", message_thread_id=thread)
    assert [u.message.forum_topic_closed for u in await bot.get_updates() if u.message]


async def test_topics_can_be_renamed_and_deleted_by_the_bot(bot: Bot, control: Control) -> None:
    thread = (await bot.create_forum_topic(GROUP, "#1")).message_thread_id
    await bot.edit_forum_topic(GROUP, thread, name="#1 ✅", icon_custom_emoji_id="5237699328843200968")
    assert (await control.get("topics"))[0]["name"] == "#1 ✅"
    await bot.delete_forum_topic(GROUP, thread)
    with pytest.raises(BadRequest, match="Topic_id_invalid"):
        await bot.edit_forum_topic(GROUP, thread, name="gone")


async def test_without_the_right_no_topic_is_created(bot: Bot, control: Control) -> None:
    await control.post("rights", can_manage_topics=False)
    with pytest.raises(BadRequest, match="Not enough rights to create a topic"):
        await bot.create_forum_topic(GROUP, "#1")
    change = (await bot.get_updates())[-1].my_chat_member
    assert change is not None
    assert change.new_chat_member.to_dict()["can_manage_topics"] is False


async def test_to_delete_a_topic_takes_the_right_to_delete_messages(bot: Bot, control: Control) -> None:
    thread = (await bot.create_forum_topic(GROUP, "#1")).message_thread_id
    await control.post("rights", can_delete_messages=False)
    with pytest.raises(BadRequest, match="Not enough rights to delete the topic"):
        await bot.delete_forum_topic(GROUP, thread)
    await control.post("rights", can_delete_messages=True, can_manage_topics=False)
    await bot.delete_forum_topic(GROUP, thread)


async def test_a_removed_bot_cannot_write_to_the_group(bot: Bot, control: Control) -> None:
    await control.post("rights", status="kicked")
    with pytest.raises(Forbidden, match="bot was kicked from the supergroup chat"):
        await bot.send_message(GROUP, "x")


async def test_a_wrong_thread_may_silently_end_in_general(bot: Bot, control: Control) -> None:
    thread = (await bot.create_forum_topic(GROUP, "#1")).message_thread_id
    await control.post("fault", method="sendMessage", thread_ignored=True)
    assert (await bot.send_message(GROUP, "lost", message_thread_id=thread)).message_thread_id is None
    assert (await bot.send_message(GROUP, "found", message_thread_id=thread)).message_thread_id == thread


async def test_membership_is_known_and_changes_are_told(bot: Bot, control: Control) -> None:
    assert (await bot.get_chat_member(GROUP, 2002)).status == "member"
    assert {m.user.id for m in await bot.get_chat_administrators(GROUP)} == {2001, 123456}
    await control.post("member", user=2002, status="left")
    assert (await bot.get_chat_member(GROUP, 2002)).status == "left"
    assert (await bot.get_updates())[-1].chat_member is not None
    _, reason = await control.refused("message", user=2002, chat=GROUP, text="still here?")
    assert reason == "user 2002 is not a member of the group"
    with pytest.raises(BadRequest, match="User not found"):
        await bot.get_chat_member(GROUP, 5555)


async def test_the_group_moves_and_takes_its_topics_along(bot: Bot, control: Control) -> None:
    thread = (await bot.create_forum_topic(GROUP, "#1")).message_thread_id
    moved = await control.post("migrate")
    with pytest.raises(ChatMigrated) as refusal:
        await bot.send_message(GROUP, "x", message_thread_id=thread)
    assert refusal.value.new_chat_id == moved["new_chat_id"]
    await bot.send_message(moved["new_chat_id"], "x", message_thread_id=thread)
    to, from_ = [update.message for update in await bot.get_updates()][-2:]
    assert to is not None
    assert from_ is not None
    assert (to.chat.id, to.migrate_to_chat_id) == (GROUP, moved["new_chat_id"])
    assert (from_.chat.id, from_.migrate_from_chat_id) == (moved["new_chat_id"], GROUP)


async def test_an_anonymous_admin_has_no_name(bot: Bot, control: Control) -> None:
    await control.post("message", user=2001, chat=GROUP, text="who am I", anonymous=True)
    message = (await bot.get_updates())[-1].message
    assert message is not None
    assert message.sender_chat is not None
    assert message.sender_chat.id == GROUP
