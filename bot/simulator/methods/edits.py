"""Changing the bot's own messages."""

import time

from bot.simulator import rules
from bot.simulator.errors import bad_request
from bot.simulator.render import message_json
from bot.simulator.state import Json, Message
from bot.simulator.wire import Params
from bot.simulator.world import World


def _apply(world: World, message: Message, changes: Json, *, mark_edited: bool = True) -> Json:
    rules.require_change(message, changes)
    for name, value in changes.items():
        setattr(message, name, value)
    if mark_edited:
        message.edited_at = time.time()
    world.show(message)
    return message_json(world, message)


def _buttons(params: Params) -> Json:
    """An edit without a keyboard removes the inline buttons, as on Telegram."""
    return {"buttons": rules.markup_of(params).get("buttons")}


def edit_message_text(world: World, params: Params) -> Json:
    """Replace text and buttons of a text message."""
    chat = rules.writable_chat(world, params)
    message = rules.own_message(world, chat, params)
    if message.media is not None:
        raise bad_request("there is no text in the message to edit")
    text, entities = rules.text_of(params)
    return _apply(world, message, {"text": text, "entities": entities, **_buttons(params)})


def edit_message_caption(world: World, params: Params) -> Json:
    """Replace caption and buttons of a message with a file."""
    chat = rules.writable_chat(world, params)
    message = rules.own_message(world, chat, params)
    if message.media is None:
        raise bad_request("there is no caption in the message to edit")
    text, entities = rules.caption_of(params)
    return _apply(world, message, {"text": text, "entities": entities, **_buttons(params)})


def edit_message_reply_markup(world: World, params: Params) -> Json:
    """Replace or remove the buttons; Telegram shows no "edited" mark for that."""
    chat = rules.writable_chat(world, params)
    message = rules.own_message(world, chat, params)
    return _apply(world, message, _buttons(params), mark_edited=False)
