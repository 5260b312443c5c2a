"""Sending text, and everything done to messages besides editing and copying."""

from typing import Any

from bot.simulator import rules
from bot.simulator.errors import bad_request
from bot.simulator.reactions import is_allowed
from bot.simulator.render import message_json
from bot.simulator.state import Chat, Json, Message
from bot.simulator.wire import Params
from bot.simulator.world import World

CHAT_ACTIONS = frozenset(
    {"typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document",
     "choose_sticker", "find_location", "record_video_note", "upload_video_note"}
)  # fmt: skip


def send_as_bot(world: World, params: Params, content: Json) -> Message:
    """Post `content` as the bot's message after checking chat, topic, reply and keyboard."""
    chat = rules.writable_chat(world, params)
    return world.post(
        chat,
        world.bot.id,
        topic=rules.topic_of(chat, params),
        reply_to=rules.reply_of(chat, params),
        silent=params.flag("disable_notification"),
        **rules.markup_of(params),
        **content,
    )


def send_message(world: World, params: Params) -> Json:
    """Send a text."""
    rules.writable_chat(world, params)
    text, entities = rules.text_of(params)
    return message_json(world, send_as_bot(world, params, {"text": text, "entities": entities}))


def send_chat_action(world: World, params: Params) -> bool:
    """Show "typing..." and the like on the page; nothing is stored."""
    chat = rules.writable_chat(world, params)
    if params.text("action") not in CHAT_ACTIONS:
        raise bad_request("wrong parameter action in request")
    topic = rules.topic_of(chat, params)
    world.page.send("action", {"chat": chat.id, "topic": topic, "action": params.text("action")})
    return True


def delete_message(world: World, params: Params) -> bool:
    """Delete one message; in a private chat also the person's, as Telegram allows."""
    chat = rules.chat_of(world, params)
    message = chat.live(params.number("message_id"))
    if message is None:
        raise bad_request("message to delete not found")
    if not _may_delete(world, chat, message):
        raise bad_request("message can't be deleted")
    world.delete(message)
    return True


def _may_delete(world: World, chat: Chat, message: Message) -> bool:
    if message.message_id in chat.topics:
        return False
    return message.sender == world.bot.id or not chat.is_group or chat.bot_may("can_delete_messages")


def delete_messages(world: World, params: Params) -> bool:
    """Delete up to 100 messages; those that are gone already are skipped, as Telegram does."""
    chat = rules.chat_of(world, params)
    for message_id in rules.message_ids(params, rising=False):
        message = chat.live(message_id)
        if message is not None and _may_delete(world, chat, message):
            world.delete(message)
    return True


def set_message_reaction(world: World, params: Params) -> bool:
    """Set or (with an empty list) remove the bot's reaction; 400 for emoji outside Telegram's list."""
    chat = rules.writable_chat(world, params)
    message = chat.live(params.number("message_id"))
    if message is None:
        raise bad_request("message to react not found")
    reactions: Any = params.data("reaction") or []
    if len(reactions) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    emoji = str(reactions[0].get("emoji", "")) if reactions else ""
    if reactions and not is_allowed(emoji):
        raise bad_request("REACTION_INVALID")
    message.reactions.pop(world.bot.id, None)
    if emoji:
        message.reactions[world.bot.id] = emoji
    world.show(message)
    return True


def _chat_to_pin_in(world: World, params: Params) -> Chat:
    chat = rules.writable_chat(world, params)
    if chat.is_group and not chat.bot_may("can_pin_messages"):
        raise bad_request("not enough rights to manage pinned messages in the chat")
    return chat


def _message_to_pin(world: World, params: Params, chat: Chat) -> Message:
    message = chat.live(params.number("message_id"))
    if message is None:
        raise bad_request("message to pin not found")
    return message


def pin_chat_message(world: World, params: Params) -> bool:
    """Pin a message; the service message about it appears in the chat."""
    chat = _chat_to_pin_in(world, params)
    message = _message_to_pin(world, params, chat)
    if message.message_id not in chat.pinned:
        chat.pinned.append(message.message_id)
        pinned = {"pinned_message": message_json(world, message, with_reply=False)}
        world.post(chat, world.bot.id, topic=message.topic, service=pinned)
    return True


def unpin_chat_message(world: World, params: Params) -> bool:
    """Unpin a message, or the last pinned one when no id is given."""
    chat = _chat_to_pin_in(world, params)
    message_id = params.maybe_number("message_id") or (chat.pinned[-1] if chat.pinned else 0)
    if message_id not in chat.pinned:
        raise bad_request("message to unpin not found")
    chat.pinned.remove(message_id)
    return True
