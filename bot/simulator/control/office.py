"""What happens to the office's group: topics are changed by hand, the group moves."""

import time

from bot.simulator.control.body import Body
from bot.simulator.control.writing import announce
from bot.simulator.errors import ControlError
from bot.simulator.render import message_json
from bot.simulator.state import FIRST_STAFF_ID, Chat, Json, Message, Topic
from bot.simulator.topics import add_topic, delete_topic, set_closed
from bot.simulator.world import World


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
    return {"update_id": announce(world, "message", message)}


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
