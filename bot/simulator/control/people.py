"""What people do in the app: write, edit, press a button, react, block the bot."""

import time

from bot.simulator.control.body import Body
from bot.simulator.entities import formatted
from bot.simulator.errors import ControlError
from bot.simulator.files import sample_media
from bot.simulator.reactions import is_allowed
from bot.simulator.render import chat_json, message_json, user_json
from bot.simulator.state import ANONYMOUS_ADMIN_ID, Callback, Chat, Json, Media, Message, Topic, User
from bot.simulator.world import World

FILE_KINDS = ("photo", "voice", "document", "sticker", "video", "audio")
PLACE = {"latitude": 50.0826, "longitude": 8.2400}
MESSAGE_FIELDS = (
    "user", "text", "language_code", "name", "chat", "topic", "reply_to", "caption", "media_group_id", "anonymous",
    "file_name", "file_size", "forward", "location", "contact", *FILE_KINDS,
)  # fmt: skip


def send_message(world: World, body: Body) -> Json:
    """A person writes (or sends a file, place or contact); answers with message_id and update_id."""
    body.only(*MESSAGE_FIELDS)
    user = _writer(world, body)
    chat = _chat(world, body, user)
    topic = _topic_to_write_in(chat, body, user)
    media = _media(world, body, user)
    text = body.text("caption" if media else "text", body.text("text", "") if media else "")
    if not text.strip() and media is None:
        raise ControlError("a message needs 'text' or one of " + ", ".join(("location", "contact", *FILE_KINDS)))
    stored, entities = formatted(text, None, None)
    anonymous = body.flag("anonymous")
    message = world.post(
        chat,
        ANONYMOUS_ADMIN_ID if anonymous else user.id,
        text=stored,
        entities=entities,
        topic=topic.id if topic else None,
        reply_to=_reply_to(chat, body),
        media=media,
        media_group_id=body.text("media_group_id", "") or None,
        anonymous=anonymous,
        forward_origin=_origin(user) if body.flag("forward") else None,
    )
    return {"message_id": message.message_id, "update_id": _announce(world, "message", message)}


def _announce(world: World, kind: str, message: Message) -> int | None:
    """Queue an update about a message, unless the bot is not in the group."""
    chat = world.chats[message.chat_id]
    if chat.is_group and chat.bot_status in ("left", "kicked"):
        return None
    return world.updates.push(kind, message_json(world, message))


def _writer(world: World, body: Body) -> User:
    user = world.user(body.number("user"))
    if user.is_bot:
        raise ControlError(f"user {user.id} is a bot")
    if body.has("language_code"):
        user.language_code = body.text("language_code")
    if body.has("name"):
        user.first_name = body.text("name")
    return user


def _chat(world: World, body: Body, user: User) -> Chat:
    """The chat to act in, private by default; the group's old id keeps working after a migration."""
    chat_id = body.maybe_number("chat")
    if chat_id is None or chat_id == user.id:
        if user.blocked:
            raise ControlError(f"user {user.id} has blocked the bot; unblock it first")
        user.started = True
        return world.private_chat(user.id)
    chat = world.chats.get(world.moved.get(chat_id, chat_id))
    if chat is None or not chat.is_group:
        raise ControlError(f"there is no chat {chat_id} in which user {user.id} could write")
    if chat.members.get(user.id) not in ("member", "administrator", "creator"):
        raise ControlError(f"user {user.id} is not a member of the group")
    return chat


def _topic_to_write_in(chat: Chat, body: Body, user: User) -> Topic | None:
    topic_id = body.maybe_number("topic")
    if topic_id is None:
        return None
    topic = chat.topics.get(topic_id)
    if topic is None or topic.deleted:
        raise ControlError(f"there is no topic {topic_id}")
    if topic.closed and chat.members.get(user.id) != "administrator":
        raise ControlError(f"topic {topic_id} is closed and user {user.id} is no administrator")
    return topic


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
    user = _writer(world, body)
    message = _message(_chat(world, body, user), body)
    if message.sender != user.id:
        raise ControlError(f"message {message.message_id} is not by user {user.id}")
    message.text, message.entities = formatted(body.text("text"), None, None)
    message.edited_at = time.time()
    world.show(message)
    return {"update_id": _announce(world, "edited_message", message)}


def _message(chat: Chat, body: Body) -> Message:
    message = chat.live(body.number("message_id"))
    if message is None:
        raise ControlError(f"there is no message {body.number('message_id')} in chat {chat.id}")
    return message


def press_button(world: World, body: Body) -> Json:
    """A person presses an inline button; 409 when it is not there any more, unless `stale`."""
    body.only("user", "message_id", "data", "chat", "stale", "expired")
    user = _writer(world, body)
    chat = _chat(world, body, user)
    data, message_id = body.text("data"), body.number("message_id")
    message = chat.live(message_id)
    present = message is not None and any(
        button.get("callback_data") == data for row in message.buttons or [] for button in row
    )
    if not present and not body.flag("stale"):
        raise ControlError(f"message {message_id} in chat {chat.id} has no button {data!r}", status=409)
    callback = Callback(str(4_000_000_000_000 + world.serial()), user.id, time.time(), expired=body.flag("expired"))
    world.callbacks[callback.id] = callback
    inaccessible = {"chat": chat_json(world, chat), "message_id": message_id, "date": 0}
    query = {
        "id": callback.id,
        "from": user_json(user),
        "message": message_json(world, message) if message is not None else inaccessible,
        "chat_instance": str(chat.id),
        "data": data,
    }
    return {"callback_query_id": callback.id, "update_id": world.updates.push("callback_query", query)}


def react(world: World, body: Body) -> Json:
    """A person sets a reaction, or removes it (emoji missing or empty)."""
    body.only("user", "chat", "message_id", "emoji")
    user = _writer(world, body)
    chat = _chat(world, body, user)
    message = _message(chat, body)
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
