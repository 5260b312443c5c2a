"""Inline mode: what somebody sees who types the bot's name and some words, and what comes of choosing it."""

import asyncio
import time

from bot.simulator.control.body import Body
from bot.simulator.control.writing import announce, chat_to_write_in, topic_to_write_in, writer
from bot.simulator.errors import ControlError
from bot.simulator.inline import ANSWERABLE_FOR_S, InlineQuery
from bot.simulator.render import user_json
from bot.simulator.state import Json, Message, User
from bot.simulator.world import World

MAX_QUERY = 256


async def ask(world: World, body: Body) -> Json:
    """Type the bot's name and words; waits for the bot's results (504 after 10 s), or shows what is still kept."""
    body.only("user", "query", "chat", "topic", "offset")
    if not world.inline.on:
        raise ControlError("inline mode is off for this bot; POST /sim/botfather can switch it on")
    user = writer(world, body)
    place = _chat_type(world, body, user)
    query, offset = body.text("query", "")[:MAX_QUERY].strip(), body.text("offset", "")
    kept = world.inline.kept(user.id, query, offset)
    if kept is not None:
        return _shown(kept, update_id=None)
    asked = InlineQuery(str(5_000_000_000_000 + world.serial()), user.id, query, offset, time.time())
    world.inline.queries[asked.id] = asked
    update_id = _tell(world, asked, place)
    await _answer(asked)
    return _shown(asked, update_id=update_id)


def _chat_type(world: World, body: Body, user: User) -> str:
    """All the bot learns about the place: "supergroup", or "sender" in its own chat with the person."""
    if body.maybe_number("chat") in (None, user.id):
        return "sender"
    chat = chat_to_write_in(world, body, user)
    topic_to_write_in(chat, body, user)
    return chat.kind


def _tell(world: World, asked: InlineQuery, place: str) -> int | None:
    query = {
        "id": asked.id,
        "from": user_json(world.user(asked.user)),
        "query": asked.query,
        "offset": asked.offset,
        "chat_type": place,
    }
    update_id = world.updates.push("inline_query", query)
    if update_id is None:
        raise ControlError("the bot has not asked for updates of the kind inline_query", status=409)
    return update_id


async def _answer(asked: InlineQuery) -> None:
    try:
        await asyncio.wait_for(asked.answered.wait(), ANSWERABLE_FOR_S)
    except TimeoutError as error:
        raise ControlError(f"the bot did not answer within {ANSWERABLE_FOR_S:g} s", status=504) from error


def _shown(asked: InlineQuery, *, update_id: int | None) -> Json:
    return {"inline_query_id": asked.id, "update_id": update_id, **(asked.answer or {})}


def choose(world: World, body: Body) -> Json:
    """Tap a result: it becomes a message of this person, sent via the bot."""
    body.only("user", "chat", "topic", "result_id", "inline_query_id")
    user = writer(world, body)
    asked = world.inline.queries.get(body.text("inline_query_id"))
    answer = asked.answer if asked is not None else None
    if asked is None or answer is None or (answer["is_personal"] and asked.user != user.id):
        raise ControlError(f"user {user.id} sees no results of inline query {body.text('inline_query_id')}")
    result = next((one for one in answer["results"] if one["id"] == body.text("result_id")), None)
    if result is None:
        raise ControlError(f"inline query {asked.id} has no result {body.text('result_id')!r}")
    message = _post(world, body, user, result)
    update_id = announce(world, "message", message)
    chosen = _tell_choice(world, user, asked.query, result["id"], message)
    return {"message_id": message.message_id, "update_id": update_id, "chosen_update_id": chosen}


def _post(world: World, body: Body, user: User, result: Json) -> Message:
    chat = chat_to_write_in(world, body, user)
    topic = topic_to_write_in(chat, body, user)
    message = world.post(
        chat,
        user.id,
        text=result["text"],
        entities=result["entities"],
        topic=topic.id if topic else None,
        buttons=result["buttons"] or None,
        via_bot=True,
        inline_message_id=f"sim-inline-{world.serial():06d}" if result["buttons"] else None,
    )
    if message.inline_message_id:
        world.inline.messages[message.inline_message_id] = message
    return message


def _tell_choice(world: World, user: User, query: str, result_id: str, message: Message) -> int | None:
    """Telegram tells the bot what was chosen only if @BotFather was asked for that feedback."""
    if not world.inline.feedback:
        return None
    chosen: Json = {"result_id": result_id, "from": user_json(user), "query": query}
    if message.inline_message_id:
        chosen["inline_message_id"] = message.inline_message_id
    return world.updates.push("chosen_inline_result", chosen)


def set_botfather(world: World, body: Body) -> Json:
    """What the owner tells @BotFather: inline mode (on), feedback about chosen results (off)."""
    body.only("inline", "inline_feedback")
    world.inline.on = body.flag("inline", default=world.inline.on)
    world.inline.feedback = body.flag("inline_feedback", default=world.inline.feedback)
    return {"inline": world.inline.on, "inline_feedback": world.inline.feedback}
