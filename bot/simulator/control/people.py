"""What people do in the app: write, edit, press a button, react, block the bot."""

import time

from bot.simulator.control.body import Body
from bot.simulator.control.writing import announce, chat_to_write_in, message_of, topic_to_write_in, writer
from bot.simulator.entities import formatted
from bot.simulator.errors import ControlError
from bot.simulator.files import sample_media
from bot.simulator.reactions import is_allowed
from bot.simulator.render import chat_json, message_json, user_json
from bot.simulator.state import ANONYMOUS_ADMIN_ID, Callback, Chat, Json, Media, Message, User
from bot.simulator.world import World

FILE_KINDS = ("photo", "voice", "document", "sticker", "video", "audio")
PLACE = {"latitude": 50.0826, "longitude": 8.2400}
ALBUM_KINDS = ("photo", "video", "document", "audio")
SMALLEST_ALBUM, LARGEST_ALBUM = 2, 10
UNEDITABLE = frozenset({"location", "contact", "sticker"})
PLACE_FIELDS = ("user", "language_code", "name", "chat", "topic", "reply_to", "anonymous", "forward")
MESSAGE_FIELDS = (
    *PLACE_FIELDS, "text", "caption", "media_group_id", "file_name", "file_size", "location", "contact", *FILE_KINDS,
)  # fmt: skip


def send_message(world: World, body: Body) -> Json:
    """A person writes (or sends a file, place or contact); answers with message_id and update_id."""
    body.only(*MESSAGE_FIELDS)
    user = writer(world, body)
    chat = chat_to_write_in(world, body, user)
    place = _place(chat, body, user)
    media = _media(world, body, user)
    text = body.text("caption" if media else "text", body.text("text", "") if media else "")
    if not text.strip() and media is None:
        raise ControlError("a message needs 'text' or one of " + ", ".join(("location", "contact", *FILE_KINDS)))
    message = _post(world, chat, place, text, media, body.text("media_group_id", "") or None)
    return {"message_id": message.message_id, "update_id": announce(world, "message", message)}


def send_album(world: World, body: Body) -> Json:
    """A person sends 2 to 10 files as one album, the caption on the first."""
    body.only("items", *PLACE_FIELDS, "caption")
    items = _album_items(body)
    user = writer(world, body)
    chat = chat_to_write_in(world, body, user)
    place, group = _place(chat, body, user), world.album_id()
    captions = [body.text("caption", ""), *[""] * (len(items) - 1)]
    album = [
        _post(world, chat, place, caption, sample_media(world, kind), group)
        for kind, caption in zip(items, captions, strict=True)
    ]
    return {
        "message_ids": [message.message_id for message in album],
        "update_ids": [announce(world, "message", message) for message in album],
        "media_group_id": group,
    }


def _album_items(body: Body) -> list[str]:
    items = body.raw("items")
    if not isinstance(items, list) or not set(map(str, items)) <= set(ALBUM_KINDS):
        raise ControlError(f"field 'items' must be a list of {', '.join(ALBUM_KINDS)}")
    if not SMALLEST_ALBUM <= len(items) <= LARGEST_ALBUM:
        raise ControlError(f"an album has {SMALLEST_ALBUM} to {LARGEST_ALBUM} items, not {len(items)}")
    if len(set(items)) > 1 and set(items) & {"document", "audio"}:
        raise ControlError("documents and sounds cannot share an album with anything else")
    return items


def _place(chat: Chat, body: Body, user: User) -> Json:
    """`Message` fields about who writes, where and in answer to what."""
    topic = topic_to_write_in(chat, body, user)
    anonymous = body.flag("anonymous")
    return {
        "sender": ANONYMOUS_ADMIN_ID if anonymous else user.id,
        "anonymous": anonymous,
        "topic": topic.id if topic else None,
        "reply_to": _reply_to(chat, body),
        "forward_origin": _origin(user) if body.flag("forward") else None,
    }


def _post(world: World, chat: Chat, place: Json, text: str, media: Media | None, group: str | None) -> Message:
    stored, entities = formatted(text, None, None)
    return world.post(chat, **place, text=stored, entities=entities, media=media, media_group_id=group)


def _reply_to(chat: Chat, body: Body) -> int | None:
    reply_to = body.maybe_number("reply_to")
    if reply_to is not None and chat.live(reply_to) is None:
        raise ControlError(f"there is no message {reply_to} to reply to")
    return reply_to


def _media(world: World, body: Body, user: User) -> Media | None:
    if body.flag("location"):
        return Media("location", dict(PLACE))
    if body.flag("contact"):
        name = {"first_name": user.first_name, "user_id": user.id}
        return Media("contact", {"phone_number": f"+49611000{user.id}", **name})
    for kind in FILE_KINDS:
        if body.flag(kind):
            return sample_media(world, kind, body.text("file_name", "") or None, body.maybe_number("file_size"))
    return None


def _origin(user: User) -> Json:
    return {"type": "hidden_user", "sender_user_name": f"A friend of {user.first_name}", "date": int(time.time())}


def edit_message(world: World, body: Body) -> Json:
    """A person changes the text (or caption) of their own message."""
    body.only("user", "chat", "message_id", "text")
    user = writer(world, body)
    message = message_of(chat_to_write_in(world, body, user), body)
    if message.sender != user.id:
        raise ControlError(f"message {message.message_id} is not by user {user.id}")
    if message.service or message.via_bot or (message.media and message.media.kind in UNEDITABLE):
        raise ControlError(f"message {message.message_id} has no text or caption that a person could edit")
    message.text, message.entities = formatted(body.text("text"), None, None)
    message.edited_at = time.time()
    world.show(message)
    return {"update_id": announce(world, "edited_message", message)}


def press_button(world: World, body: Body) -> Json:
    """A person presses an inline button; 409 when it is not there any more, unless `stale`."""
    body.only("user", "message_id", "data", "chat", "stale", "expired")
    user = writer(world, body)
    chat = chat_to_write_in(world, body, user)
    data, message_id = body.text("data"), body.number("message_id")
    message = chat.live(message_id)
    present = message is not None and any(
        button.get("callback_data") == data for row in message.buttons or [] for button in row
    )
    if not present and not body.flag("stale"):
        raise ControlError(f"message {message_id} in chat {chat.id} has no button {data!r}", status=409)
    callback = Callback(str(4_000_000_000_000 + world.serial()), user.id, time.time(), expired=body.flag("expired"))
    world.callbacks[callback.id] = callback
    query = {
        "id": callback.id,
        "from": user_json(user),
        **_pressed(world, chat, message_id),
        "chat_instance": str(chat.id),
        "data": data,
    }
    return {"callback_query_id": callback.id, "update_id": world.updates.push("callback_query", query)}


def _pressed(world: World, chat: Chat, message_id: int) -> Json:
    """The message of a pressed button; one sent via the bot is only named, one that is gone only numbered."""
    message = chat.live(message_id)
    if message is None:
        return {"message": {"chat": chat_json(world, chat), "message_id": message_id, "date": 0}}
    if message.inline_message_id:
        return {"inline_message_id": message.inline_message_id}
    return {"message": message_json(world, message)}


def react(world: World, body: Body) -> Json:
    """A person sets a reaction, or removes it (emoji missing or empty)."""
    body.only("user", "chat", "message_id", "emoji")
    user = writer(world, body)
    chat = chat_to_write_in(world, body, user)
    message = message_of(chat, body)
    emoji = body.text("emoji", "")
    if emoji and not is_allowed(emoji):
        raise ControlError(f"{emoji!r} is not a Telegram reaction")
    old = message.reactions.pop(user.id, "")
    if emoji:
        message.reactions[user.id] = emoji
    world.show(message)
    update = {
        "chat": chat_json(world, chat),
        "message_id": message.message_id,
        "user": user_json(user),
        "date": int(time.time()),
        "old_reaction": _reactions(old),
        "new_reaction": _reactions(emoji),
    }
    return {"update_id": world.updates.push("message_reaction", update)}


def _reactions(emoji: str) -> list[Json]:
    return [{"type": "emoji", "emoji": emoji}] if emoji else []


def block(world: World, body: Body) -> Json:
    """A person blocks the bot."""
    return _set_blocked(world, body, blocked=True)


def unblock(world: World, body: Body) -> Json:
    """A person takes the block back."""
    return _set_blocked(world, body, blocked=False)


def _set_blocked(world: World, body: Body, *, blocked: bool) -> Json:
    body.only("user")
    user = world.user(body.number("user"))
    if user.blocked == blocked:
        raise ControlError(f"user {user.id} has {'already' if blocked else 'not'} blocked the bot")
    user.blocked, user.started = blocked, True
    bot = user_json(world.bot)
    free, kicked = {"user": bot, "status": "member"}, {"user": bot, "status": "kicked", "until_date": 0}
    update = {
        "chat": chat_json(world, world.private_chat(user.id)),
        "from": user_json(user),
        "date": int(time.time()),
        "old_chat_member": free if blocked else kicked,
        "new_chat_member": kicked if blocked else free,
    }
    world.page.send("people", {})
    return {"update_id": world.updates.push("my_chat_member", update)}
