"""Inline mode: from the words after the bot's name to the message sent via it."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQuery,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
)
from telegram.error import BadRequest

from tests.simulator.conftest import GROUP, Control

FRAU_A, HERR_B = 2001, 2002


def article(name: str = "satzung", text: str = "<b>Satzung</b>: the rules", **more: Any) -> InlineQueryResultArticle:
    return InlineQueryResultArticle(name, "Satzung", InputTextMessageContent(text, parse_mode="HTML"), **more)


async def asked(bot: Bot) -> InlineQuery:
    """The newest inline query, waited for."""
    query = (await bot.get_updates(timeout=5))[-1].inline_query
    assert query is not None
    return query


async def ask(bot: Bot, control: Control, *results: InlineQueryResultArticle, user: int = FRAU_A, **more: Any) -> Any:
    """Frau A. types "satzung" after the bot's name and the bot answers; what she sees."""
    typing = asyncio.create_task(control.post("inline", user=user, query="satzung", chat=GROUP))
    query = await asked(bot)
    await bot.answer_inline_query(query.id, list(results), **more)
    await bot.get_updates(offset=(await typing)["update_id"] + 1)
    return await typing


async def test_a_query_names_the_person_and_the_kind_of_chat_but_not_the_chat(bot: Bot, control: Control) -> None:
    typing = asyncio.create_task(control.post("inline", user=FRAU_A, query=" satzung ", chat=GROUP))
    query = await asked(bot)
    assert (query.from_user.id, query.query, query.chat_type) == (FRAU_A, "satzung", "supergroup")
    assert str(GROUP) not in str(query.to_dict())
    await query.answer([article()], cache_time=0, is_personal=True)
    seen = await typing
    assert [(one["id"], one["title"], one["text"]) for one in seen["results"]] == [
        ("satzung", "Satzung", "Satzung: the rules")
    ]
    assert (seen["inline_query_id"], seen["is_personal"]) == (query.id, True)


async def test_a_chosen_result_is_a_message_of_the_person_via_the_bot(bot: Bot, control: Control) -> None:
    thread = (await bot.create_forum_topic(GROUP, "#1")).message_thread_id
    seen = await ask(bot, control, article())
    await control.post(
        "choose", user=FRAU_A, chat=GROUP, topic=thread, result_id="satzung", inline_query_id=seen["inline_query_id"]
    )
    (update,) = await bot.get_updates()
    message = update.message
    assert message is not None
    assert message.from_user is not None
    assert message.via_bot == bot.bot
    assert (message.from_user.id, message.message_thread_id, message.text) == (FRAU_A, thread, "Satzung: the rules")
    assert message.entities[0].type == "bold"
    assert (await control.get(f"chat/{GROUP}"))[-1]["via_bot"] is True


async def test_what_was_chosen_is_told_only_with_feedback_switched_on(bot: Bot, control: Control) -> None:
    seen = await ask(bot, control, article())
    choice = {"user": FRAU_A, "chat": GROUP, "result_id": "satzung", "inline_query_id": seen["inline_query_id"]}
    assert (await control.post("choose", **choice))["chosen_update_id"] is None
    await control.post("botfather", inline_feedback=True)
    await control.post("choose", **choice)
    chosen = (await bot.get_updates())[-1].chosen_inline_result
    assert chosen is not None
    assert (chosen.result_id, chosen.query, chosen.from_user.id) == ("satzung", "satzung", FRAU_A)


async def test_a_message_via_the_bot_is_pressed_and_edited_by_its_inline_id(bot: Bot, control: Control) -> None:
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("more", callback_data="more")]])
    seen = await ask(bot, control, article(reply_markup=keyboard))
    sent = await control.post(
        "choose", user=FRAU_A, chat=GROUP, result_id="satzung", inline_query_id=seen["inline_query_id"]
    )
    await control.post("press", user=HERR_B, chat=GROUP, message_id=sent["message_id"], data="more")
    query = (await bot.get_updates())[-1].callback_query
    assert query is not None
    assert query.message is None
    await bot.edit_message_text("edited", inline_message_id=query.inline_message_id)
    assert (await control.get(f"chat/{GROUP}"))[-1]["text"] == "edited"


async def test_an_answer_for_all_is_kept_and_a_personal_one_is_shown_to_nobody_else(bot: Bot, control: Control) -> None:
    await ask(bot, control, article(), is_personal=True)
    assert (await control.post("inline", user=FRAU_A, query="satzung", chat=GROUP))["update_id"] is None
    other = await ask(bot, control, article("for-all"), user=HERR_B)
    again = await control.post("inline", user=HERR_B, query="satzung", chat=GROUP)
    assert [one["id"] for one in again["results"]] == ["for-all"]
    assert again["inline_query_id"] == other["inline_query_id"]


async def test_an_answer_without_cache_time_is_asked_for_again(bot: Bot, control: Control) -> None:
    first = await ask(bot, control, article(), cache_time=0)
    assert (await ask(bot, control, article(), cache_time=0))["inline_query_id"] != first["inline_query_id"]


async def test_a_bot_that_does_not_answer_is_waited_for_ten_seconds(
    bot: Bot, control: Control, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.simulator.control.inline.ANSWERABLE_FOR_S", 0.05)
    status, reason = await control.refused("inline", user=FRAU_A, query="x", chat=GROUP)
    assert (status, reason) == (504, "the bot did not answer within 0.05 s")


def many(count: int) -> list[dict[str, Any]]:
    return [article(str(number)).to_dict() for number in range(count)]


def without(result: dict[str, Any], name: str) -> list[dict[str, Any]]:
    return [{key: value for key, value in result.items() if key != name}]


@pytest.mark.parametrize(
    ("results", "reason"),
    [
        (lambda: many(51), "too many inline query results specified"),
        (lambda: [*many(1), *many(1)], "RESULT_ID_DUPLICATE"),
        (lambda: [article("x" * 60).to_dict() | {"id": "ü" * 33}], "RESULT_ID_INVALID"),
        (lambda: [article().to_dict() | {"id": ""}], "RESULT_ID_INVALID"),
        (lambda: without(article().to_dict(), "id"), "can't parse inline query result: Can't find field \"id\""),
        (lambda: without(article().to_dict(), "title"), "can't parse inline query result: Can't find field \"title\""),
        (
            lambda: without(article().to_dict(), "input_message_content"),
            "can't parse inline query result: Input message content is not specified",
        ),
        (lambda: [article(text="<b>open").to_dict()], "can't parse inline query result: Can't parse entities"),
        (lambda: [article(text="x" * 4097).to_dict()], "can't parse inline query result: Message is too long"),
    ],
)
async def test_results_are_refused_in_telegrams_words(
    bot: Bot, control: Control, simulator_url: str, results: Callable[[], list[dict[str, Any]]], reason: str
) -> None:
    typing = asyncio.create_task(control.post("inline", user=FRAU_A, query="satzung", chat=GROUP))
    query = await asked(bot)
    body = {"inline_query_id": query.id, "results": results()}
    answer = await control.client.post(f"/bot{bot.token}/answerInlineQuery", json=body)
    assert answer.status_code == 400
    assert answer.json()["description"].startswith(f"Bad Request: {reason}")
    await query.answer(many_articles(50))
    assert len((await typing)["results"]) == 50


def many_articles(count: int) -> list[InlineQueryResultArticle]:
    return [article(str(number)) for number in range(count)]


async def test_a_query_can_be_answered_once_and_only_if_it_was_asked(bot: Bot, control: Control) -> None:
    seen = await ask(bot, control, article())
    for query in (seen["inline_query_id"], "12345"):
        with pytest.raises(BadRequest, match="Query is too old and response timeout expired or query id is invalid"):
            await bot.answer_inline_query(query, [article()])


async def test_a_button_above_the_results_needs_a_plain_start_parameter(bot: Bot, control: Control) -> None:
    button = InlineQueryResultsButton("Hilfe", start_parameter="help-1")
    seen = await ask(bot, control, button=button, next_offset="20")
    assert (seen["button"], seen["next_offset"]) == ({"text": "Hilfe", "start_parameter": "help-1"}, "20")
    with pytest.raises(BadRequest, match="Start_param_invalid"):
        await bot.answer_inline_query("1", [], button=InlineQueryResultsButton("Hilfe", start_parameter="a b"))


async def test_inline_mode_can_be_off(bot: Bot, control: Control) -> None:
    assert (await bot.get_me()).supports_inline_queries is True
    await control.post("botfather", inline=False)
    assert (await bot.get_me()).supports_inline_queries is False
    _, reason = await control.refused("inline", user=FRAU_A, query="x", chat=GROUP)
    assert reason.startswith("inline mode is off")
    with pytest.raises(BadRequest, match="User_bot_invalid"):
        await bot.answer_inline_query("1", [])


async def test_somebody_outside_the_group_can_ask_only_in_the_bots_own_chat(bot: Bot, control: Control) -> None:
    _, reason = await control.refused("inline", user=1002, query="x", chat=GROUP)
    assert reason == "user 1002 is not a member of the group"
    typing = asyncio.create_task(control.post("inline", user=1002, query="x"))
    query = await asked(bot)
    assert query.chat_type == "sender"
    await query.answer([])
    assert (await typing)["results"] == []


async def test_results_of_others_and_unknown_ones_cannot_be_chosen(bot: Bot, control: Control) -> None:
    seen = await ask(bot, control, article(), is_personal=True)
    choice = {"chat": GROUP, "inline_query_id": seen["inline_query_id"]}
    _, reason = await control.refused("choose", user=HERR_B, result_id="satzung", **choice)
    assert reason == f"user {HERR_B} sees no results of inline query {seen['inline_query_id']}"
    _, reason = await control.refused("choose", user=FRAU_A, result_id="else", **choice)
    assert reason.endswith("has no result 'else'")


async def test_a_button_that_begins_a_query_is_shown_with_its_words(bot: Bot, control: Control) -> None:
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Suchen", switch_inline_query_current_chat="satzung")]])
    await bot.send_message(GROUP, "case", reply_markup=keyboard)
    ((button,),) = (await control.get(f"chat/{GROUP}"))[-1]["buttons"]
    assert button == {"text": "Suchen", "switch_inline_query_current_chat": "satzung"}
