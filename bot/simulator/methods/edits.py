"""Changing the bot's own messages."""

import time

from bot.simulator import rules
from bot.simulator.errors import bad_request
from bot.simulator.render import message_json
from bot.simulator.state import Json, Message
from bot.simulator.wire import Params
from bot.simulator.world import World


def _target(world: World, params: Params) -> Message:
    """The message to edit: in a chat, or one that somebody chose in inline mode."""
    inline_id = params.maybe_text("inline_message_id")
    if inline_id is None or params.maybe_text("chat_id"):
        return rules.own_message(world, rules.writable_chat(world, params), params)
    message = world.inline.messages.get(inline_id)
    if message is None or message.deleted:
        raise bad_request("MESSAGE_ID_INVALID")
    return message


def _apply(world: World, message: Message, changes: Json, *, mark_edited: bool = True) -> Json | bool:
    """Change a message; the answer is the message, or only True where Telegram does not name the chat."""
    rules.require_change(message, changes)
    for name, value in changes.items():
        setattr(message, name, value)
    if mark_edited:
        message.edited_at = time.time()
    world.show(message)
    return True if message.inline_message_id else message_json(world, message)


def _buttons(params: Params) -> Json:
    """An edit without a keyboard removes the inline buttons, as on Telegram."""
    return {"buttons": rules.markup_of(params).get("buttons")}


def edit_message_text(world: World, params: Params) -> Json | bool:
    """Replace text and buttons of a text message."""
    message = _target(world, params)
    if message.media is not None:
        raise bad_request("there is no text in the message to edit")
    text, entities = rules.text_of(params)
    return _apply(world, message, {"text": text, "entities": entities, **_buttons(params)})


def edit_message_caption(world: World, params: Params) -> Json | bool:
    """Replace caption and buttons of a message with a file."""
    message = _target(world, params)
    if message.media is None:
        raise bad_request("there is no caption in the message to edit")
    text, entities = rules.caption_of(params)
    return _apply(world, message, {"text": text, "entities": entities, **_buttons(params)})


def edit_message_reply_markup(world: World, params: Params) -> Json | bool:
    """Replace or remove the buttons; Telegram shows no "edited" mark for that."""
    message = _target(world, params)
    return _apply(world, message, _buttons(params), mark_edited=False)
