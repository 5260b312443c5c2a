"""What everything people write has in common: who writes, in which chat and topic, and that the bot hears of it."""

from bot.simulator.control.body import Body
from bot.simulator.errors import ControlError
from bot.simulator.render import message_json
from bot.simulator.state import Chat, Message, Topic, User
from bot.simulator.world import World

WRITERS = ("member", "administrator", "creator")


def writer(world: World, body: Body) -> User:
    """The person of the field `user`; takes over `language_code` and `name` when they are given."""
    user = world.user(body.number("user"))
    if user.is_bot:
        raise ControlError(f"user {user.id} is a bot")
    if body.has("language_code"):
        user.language_code = body.text("language_code")
    if body.has("name"):
        user.first_name = body.text("name")
    return user


def chat_to_write_in(world: World, body: Body, user: User) -> Chat:
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
    status = chat.members.get(user.id)
    if status == "restricted":
        raise ControlError(f"user {user.id} is restricted and may not write in the group")
    if status not in WRITERS:
        raise ControlError(f"user {user.id} is not a member of the group")
    return chat


def topic_to_write_in(chat: Chat, body: Body, user: User) -> Topic | None:
    """The topic of the field `topic`, None for General; a closed one is for administrators alone."""
    topic_id = body.maybe_number("topic")
    if topic_id is None:
        return None
    topic = chat.topics.get(topic_id)
    if topic is None or topic.deleted:
        raise ControlError(f"there is no topic {topic_id}")
    if topic.closed and chat.members.get(user.id) != "administrator":
        raise ControlError(f"topic {topic_id} is closed and user {user.id} is no administrator")
    return topic


def message_of(chat: Chat, body: Body) -> Message:
    """The message of the field `message_id`."""
    message = chat.live(body.number("message_id"))
    if message is None:
        raise ControlError(f"there is no message {body.number('message_id')} in chat {chat.id}")
    return message


def announce(world: World, kind: str, message: Message) -> int | None:
    """Queue an update about a message and return its id, or None if the bot is not in the group or does not ask."""
    chat = world.chats[message.chat_id]
    if chat.is_group and not chat.bot_is_in:
        return None
    return world.updates.push(kind, message_json(world, message))
