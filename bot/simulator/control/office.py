"""What happens in the office's group: members come and go, topics are changed by hand, the group moves."""

import time

from bot.simulator.control.body import Body
from bot.simulator.errors import ControlError
from bot.simulator.render import chat_json, member_json, message_json, user_json
from bot.simulator.state import Chat, Json, Message, Topic
from bot.simulator.topics import add_topic, delete_topic, set_closed
from bot.simulator.world import World

FIRST_STAFF_ID = 2001
STATUSES = ("member", "administrator", "creator", "left", "kicked")
BOT_STATUSES = ("administrator", "member", "left", "kicked")


def _one_of(value: str, allowed: tuple[str, ...], name: str) -> str:
    if value not in allowed:
        raise ControlError(f"field {name!r} must be one of {', '.join(allowed)}, not {value!r}")
    return value


def set_member(world: World, body: Body) -> Json:
    """A person joins or leaves the group or changes rank."""
    body.only("user", "status", "name")
    status = _one_of(body.text("status"), STATUSES, "status")
    user = world.user(body.number("user"))
    if body.has("name"):
        user.first_name = body.text("name")
    old = member_json(world, world.group, user.id)
    world.group.members[user.id] = status
    world.page.send("people", {})
    update = {
        "from": user_json(user),
        "old_chat_member": old,
        "new_chat_member": member_json(world, world.group, user.id),
    }
    return {"update_id": world.updates.push("chat_member", _in_group(world, update))}


def _in_group(world: World, update: Json) -> Json:
    return {"chat": chat_json(world, world.group), "date": int(time.time()), **update}


def set_rights(world: World, body: Body) -> Json:
    """The group changes what the bot may do, or removes it."""
    body.only("can_manage_topics", "status", "writes_in_closed_topics")
    group = world.group
    old = member_json(world, group, world.bot.id)
    group.can_manage_topics = body.flag("can_manage_topics", default=group.can_manage_topics)
    group.bot_status = _one_of(body.text("status", group.bot_status), BOT_STATUSES, "status")
    group.bot_writes_in_closed_topics = body.flag("writes_in_closed_topics", default=group.bot_writes_in_closed_topics)
    new = member_json(world, group, world.bot.id)
    if new == old:
        return {"update_id": None}
    changed_by = user_json(world.user(FIRST_STAFF_ID))
    update = {"from": changed_by, "old_chat_member": old, "new_chat_member": new}
    return {"update_id": world.updates.push("my_chat_member", _in_group(world, update))}


def change_topic(world: World, body: Body) -> Json:
    """A staff member deletes, closes, reopens, renames or creates a topic by hand."""
    body.only("topic", "action", "user", "name")
    action = body.text("action")
    group, staff_id = world.group, body.maybe_number("user") or FIRST_STAFF_ID
    if action == "create":
        return _create(world, body, staff_id)
    topic = group.topics.get(body.number("topic"))
    if topic is None or topic.deleted:
        raise ControlError(f"there is no topic {body.number('topic')}")
    if action == "delete":
        delete_topic(world, group, topic)
        return {"update_id": None}
    if action == "rename":
        topic.name = body.text("name")
        world.show_topics()
        service = {"forum_topic_edited": {"name": topic.name}}
        return _announced(world, world.post(group, staff_id, topic=topic.id, service=service))
    if action not in ("close", "reopen"):
        raise ControlError(f"unknown action {action!r}; known: create, rename, close, reopen, delete")
    if topic.closed == (action == "close"):
        raise ControlError(f"topic {topic.id} is {'already closed' if topic.closed else 'open'}")
    return _announced(world, set_closed(world, group, topic, closed=action == "close", by=staff_id))


def _create(world: World, body: Body, staff_id: int) -> Json:
    topic = Topic(0, body.text("name"))
    announced = _announced(world, add_topic(world, world.group, topic, staff_id))
    return {"topic": topic.id, **announced}


def _announced(world: World, message: Message) -> Json:
    return {"update_id": world.updates.push("message", message_json(world, message))}


def migrate(world: World, body: Body) -> Json:
    """The group gets a new id; the old one answers 400 with migrate_to_chat_id from now on."""
    body.only()
    old_id, new_id = world.group.id, world.group.id - 1
    before = Chat(old_id, "supergroup", world.group.title)
    moving_on = Message(old_id, world.group.next_message_id, FIRST_STAFF_ID, time.time())
    moving_on.service = {"migrate_to_chat_id": new_id}
    first = world.updates.push("message", message_json(world, moving_on))
    _move(world, before, new_id)
    arrived = world.post(world.group, FIRST_STAFF_ID, service={"migrate_from_chat_id": old_id})
    second = world.updates.push("message", message_json(world, arrived))
    world.page.send("reset", {})
    return {"old_chat_id": old_id, "new_chat_id": new_id, "update_ids": [first, second]}


def _move(world: World, before: Chat, new_id: int) -> None:
    group = world.chats.pop(before.id)
    group.id = new_id
    for message in group.messages.values():
        message.chat_id = new_id
    world.chats[new_id] = group
    world.moved = dict.fromkeys([*world.moved, before.id], new_id)
