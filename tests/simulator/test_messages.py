"""Sending, editing and reacting, under Telegram's rules."""

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, ReplyParameters
from telegram.error import BadRequest, Forbidden, InvalidToken

from tests.simulator.conftest import GROUP, Control, bot_at


def keyboard(*data: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton("ok", callback_data=item)] for item in data])


async def test_message_ids_rise_per_chat_and_the_private_chat_id_is_the_users(bot: Bot, rana: int) -> None:
    first = await bot.send_message(rana, "one")
    second = await bot.send_message(rana, "two")
    assert (first.chat.id, first.message_id, second.message_id) == (rana, 2, 3)


async def test_a_text_of_4096_characters_fits_and_one_more_does_not(bot: Bot, rana: int) -> None:
    await bot.send_message(rana, f"<b>{'x' * 4096}</b>", parse_mode="HTML")
    with pytest.raises(BadRequest, match="Message is too long"):
        await bot.send_message(rana, "x" * 4097)


async def test_an_empty_text_is_refused(bot: Bot, rana: int) -> None:
    with pytest.raises(BadRequest, match="Message text is empty"):
        await bot.send_message(rana, "  \n")


@pytest.mark.parametrize("data", ["x" * 65, "ي" * 33])
async def test_callback_data_is_limited_to_64_bytes(bot: Bot, rana: int, data: str) -> None:
    await bot.send_message(rana, "fits", reply_markup=keyboard("ي" * 32))
    with pytest.raises(BadRequest, match="Button_data_invalid"):
        await bot.send_message(rana, "too long", reply_markup=keyboard(data))


async def test_a_keyboard_holds_at_most_100_buttons_with_text(bot: Bot, rana: int) -> None:
    await bot.send_message(rana, "full", reply_markup=keyboard(*map(str, range(100))))
    with pytest.raises(BadRequest, match="Reply markup is too long"):
        await bot.send_message(rana, "too many", reply_markup=keyboard(*map(str, range(101))))
    with pytest.raises(BadRequest, match="text must be non-empty"):
        await bot.send_message(
            rana, "no label", reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton(" ", callback_data="a")]])
        )


async def test_an_edit_that_changes_nothing_is_refused(bot: Bot, rana: int) -> None:
    sent = await bot.send_message(rana, "same", reply_markup=keyboard("a"))
    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_text("same", rana, sent.message_id, reply_markup=keyboard("a"))
    await bot.edit_message_text("same", rana, sent.message_id)
    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_reply_markup(rana, sent.message_id)


async def test_an_edit_is_marked_and_drops_the_buttons(bot: Bot, control: Control, rana: int) -> None:
    sent = await bot.send_message(rana, "old", reply_markup=keyboard("a"))
    await bot.edit_message_text("<i>new</i>", rana, sent.message_id, parse_mode="HTML")
    shown = (await control.get(f"chat/{rana}"))[-1]
    assert (shown["text"], shown["edited"], shown["buttons"]) == ("new", True, [])
    assert shown["entities"] == [{"type": "italic", "offset": 0, "length": 3}]


async def test_only_own_and_present_messages_can_be_edited(bot: Bot, rana: int) -> None:
    with pytest.raises(BadRequest, match="Message can't be edited"):
        await bot.edit_message_text("x", rana, 1)
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await bot.edit_message_text("x", rana, 99)


async def test_a_deleted_message_is_gone_for_edits_and_replies(bot: Bot, control: Control, rana: int) -> None:
    sent = await bot.send_message(rana, "short-lived")
    await bot.delete_message(rana, sent.message_id)
    assert (await control.get(f"chat/{rana}"))[-1]["deleted"] is True
    with pytest.raises(BadRequest, match="Message to delete not found"):
        await bot.delete_message(rana, sent.message_id)
    with pytest.raises(BadRequest, match="Message to be replied not found"):
        await bot.send_message(rana, "x", reply_parameters=ReplyParameters(sent.message_id))
    lenient = ReplyParameters(sent.message_id, allow_sending_without_reply=True)
    assert (await bot.send_message(rana, "x", reply_parameters=lenient)).reply_to_message is None


async def test_a_reply_shows_what_it_answers(bot: Bot, rana: int) -> None:
    sent = await bot.send_message(rana, "answer", reply_parameters=ReplyParameters(1))
    assert sent.reply_to_message is not None
    assert sent.reply_to_message.text == "hello"


async def test_a_bot_cannot_start_a_conversation(bot: Bot, control: Control) -> None:
    with pytest.raises(Forbidden, match="bot can't initiate conversation with a user"):
        await bot.send_message(1002, "hello")
    with pytest.raises(Forbidden, match="bot can't initiate conversation with a user"):
        await bot.send_message(2001, "hello")
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(999_999, "hello")


async def test_a_blocked_bot_learns_it_and_cannot_write(bot: Bot, control: Control, rana: int) -> None:
    await control.post("block", user=rana)
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(rana, "hello?")
    await control.post("unblock", user=rana)
    await bot.send_message(rana, "back")
    changes = [update.my_chat_member for update in await bot.get_updates() if update.my_chat_member]
    assert [change.new_chat_member.status for change in changes] == ["kicked", "member"]


async def test_reactions_need_a_message_and_an_allowed_emoji(bot: Bot, control: Control, rana: int) -> None:
    await bot.set_message_reaction(rana, 1, "👍")
    assert (await control.get(f"chat/{rana}"))[0]["reactions"] == [{"from": "bot", "emoji": "👍"}]
    await bot.set_message_reaction(rana, 1)
    assert (await control.get(f"chat/{rana}"))[0]["reactions"] == []
    with pytest.raises(BadRequest, match="Reaction_invalid"):
        await bot.set_message_reaction(rana, 1, "🧾")
    with pytest.raises(BadRequest, match="Message to react not found"):
        await bot.set_message_reaction(rana, 77, "👍")


async def test_copies_carry_no_author_and_forwards_do(bot: Bot, control: Control, rana: int) -> None:
    copied = await bot.copy_message(GROUP, rana, 1)
    forwarded = await bot.forward_message(GROUP, rana, 1)
    shown = await control.get(f"chat/{GROUP}")
    assert [(m["message_id"], m["text"], m["forwarded"]) for m in shown] == [
        (copied.message_id, "hello", False),
        (forwarded.message_id, "hello", True),
    ]
    with pytest.raises(BadRequest, match="Message to copy not found"):
        await bot.copy_message(GROUP, rana, 99)


async def test_a_pin_is_seen_in_the_chat(bot: Bot, rana: int) -> None:
    await bot.pin_chat_message(rana, 1)
    pinned = (await bot.get_chat(rana)).pinned_message
    assert pinned is not None
    assert pinned.message_id == 1


async def test_a_wrong_token_and_an_unknown_method_are_refused(simulator_url: str, bot: Bot, control: Control) -> None:
    with pytest.raises(InvalidToken):
        async with bot_at(simulator_url, "123456:wrong"):
            pass
    answer = await control.client.post("/bot123456:test-token/sendFlowers")
    assert (answer.status_code, answer.json()["description"]) == (404, "Not Found")


async def test_commands_are_kept_per_language(bot: Bot, control: Control) -> None:
    await bot.set_my_commands([("start", "Begin")])
    await bot.set_my_commands([("start", "Anfangen")], language_code="de")
    shown = (await control.get("commands"))["scopes"]["default"]
    assert (shown[""][0]["description"], shown["de"][0]["description"]) == ("Begin", "Anfangen")
    with pytest.raises(BadRequest, match="Bot_command_invalid"):
        await bot.set_my_commands([("Start!", "Begin")])
