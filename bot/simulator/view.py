"""How the control side and the page see a message: flat, with everything a test wants to ask about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.simulator.state import Json, Message

if TYPE_CHECKING:
    from bot.simulator.world import World


INLINE_BUTTON = "switch_inline_query_current_chat"


def message_view(world: World, message: Message) -> Json:
    """One message as `/sim/chat` lists it; `from` is "bot" or a user id, `at` Unix seconds."""
    return {
        "message_id": message.message_id,
        "from": _who(world, message.sender),
        "name": world.user(message.sender).first_name,
        "text": message.text,
        "entities": message.entities,
        "buttons": [[_button(button) for button in row] for row in message.buttons or []],
        "keyboard": message.keyboard,
        "topic": message.topic,
        "edited": message.edited_at is not None,
        "deleted": message.deleted,
        "media": message.media.kind if message.media else None,
        "file_id": _file(message).get("file_id"),
        "file_name": _file(message).get("file_name"),
        "media_group_id": message.media_group_id,
        "forwarded": message.forward_origin is not None,
        "location": message.media.payload if message.media and message.media.kind == "location" else None,
        "contact": message.media.payload if message.media and message.media.kind == "contact" else None,
        "via_bot": message.via_bot,
        "reactions": [{"from": _who(world, user), "emoji": emoji} for user, emoji in message.reactions.items()],
        "reply_to": message.reply_to,
        "silent": message.silent,
        "service": next(iter(message.service)) if message.service else None,
        "subject": _subject(message),
        "at": message.at,
    }


def _who(world: World, user_id: int) -> str | int:
    return "bot" if user_id == world.bot.id else user_id


def _button(button: Json) -> Json:
    shown = {"text": button["text"]}
    if "url" in button:
        shown["url"] = button["url"]
    elif INLINE_BUTTON in button:
        shown[INLINE_BUTTON] = button[INLINE_BUTTON]
    else:
        shown["data"] = button.get("callback_data", "")
    return shown


def _subject(message: Message) -> str | None:
    """What a service message is about: the topic's new name, or who came or left."""
    service = message.service or {}
    if "forum_topic_edited" in service:
        name: str | None = service["forum_topic_edited"].get("name")
        return name
    people = service.get("new_chat_members") or [service.get("left_chat_member")]
    return ", ".join(person["first_name"] for person in people if person) or None


def _file(message: Message) -> Json:
    """The largest version of a picture, or the one file (or place) there is."""
    if message.media is None:
        return {}
    payload = message.media.payload
    return dict(payload[-1] if isinstance(payload, list) else payload)
