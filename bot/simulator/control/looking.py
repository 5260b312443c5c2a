"""What can be seen from outside: chats, topics, commands, calls, people."""

from typing import Any

from starlette.datastructures import QueryParams

from bot.simulator.errors import ControlError
from bot.simulator.state import Json
from bot.simulator.view import message_view
from bot.simulator.world import World


def chat_messages(world: World, chat_id: int, query: QueryParams) -> list[Json]:
    """A chat's messages in order; `topic` narrows (0 = General), `service=1` adds service messages."""
    chat = world.chats.get(world.moved.get(chat_id, chat_id))
    if chat is None:
        return []
    topic = _number(query, "topic")
    wanted = [
        message
        for message in chat.messages.values()
        if (topic is None or (message.topic or 0) == topic) and (query.get("service") or not message.service)
    ]
    return [message_view(world, message) for message in wanted]


def _number(query: QueryParams, name: str) -> int | None:
    value = query.get(name)
    if value is None or value == "":
        return None
    try:
        return int(value)
    except ValueError as error:
        raise ControlError(f"query {name!r} must be a whole number, not {value!r}") from error


def topics(world: World) -> list[Json]:
    """All topics of the office's forum, deleted ones included."""
    return [
        {"id": topic.id, "name": topic.name, "closed": topic.closed, "deleted": topic.deleted, "icon": topic.icon}
        for topic in world.group.topics.values()
    ]


def commands(world: World) -> dict[str, Any]:
    """The bot's name, its menu per scope and language ("" = every other language), and its descriptions."""
    scopes: dict[str, dict[str, list[Json]]] = {}
    for (scope, language), menu in world.commands.items():
        scopes.setdefault(scope, {})[language] = menu
    return {"username": world.bot.username, "scopes": scopes, **world.bot_texts}


def calls(world: World, query: QueryParams) -> list[Json]:
    """The log of Bot API calls, of one `method` and `since` a Unix time if given."""
    try:
        since = float(query.get("since") or 0)
    except ValueError as error:
        raise ControlError("query 'since' must be a Unix time in seconds") from error
    return world.calls.select(query.get("method"), since)


def people(world: World) -> list[Json]:
    """Everybody known except bots, with their standing in the group."""
    return [
        {
            "id": user.id,
            "name": user.first_name,
            "language_code": user.language_code,
            "started": user.started,
            "blocked": user.blocked,
            "group_status": world.group.members.get(user.id),
        }
        for user in world.users.values()
        if not user.is_bot
    ]


def group(world: World) -> Json:
    """The office's group as it is now; its id changes with a migration."""
    chat = world.group
    return {
        "id": chat.id, "title": chat.title, "bot_status": chat.bot_status, "can_manage_topics": chat.can_manage_topics,
    }  # fmt: skip


def callback_answer(world: World, callback_id: str) -> Json | None:
    """The bot's answer to a press, None while there is none; 404 for an unknown press."""
    callback = world.callbacks.get(callback_id)
    if callback is None:
        raise ControlError(f"there was no press {callback_id}", status=404)
    return callback.answer
