"""Who is in the office's group and what the bot may do there."""

import time

from bot.simulator.control.body import Body
from bot.simulator.control.writing import announce
from bot.simulator.errors import ControlError
from bot.simulator.render import chat_json, member_json, user_json
from bot.simulator.state import FIRST_STAFF_ID, OTHER_RIGHTS, PRESENT, Chat, Json, User
from bot.simulator.world import World

STATUSES = ("member", "administrator", "creator", "restricted", "left", "kicked")
BOT_STATUSES = ("administrator", "member", "left", "kicked")
BY_THEMSELVES = ("member", "left")


def _one_of(value: str, allowed: tuple[str, ...], name: str) -> str:
    if value not in allowed:
        raise ControlError(f"field {name!r} must be one of {', '.join(allowed)}, not {value!r}")
    return value


def set_member(world: World, body: Body) -> Json:
    """A person joins or leaves the group or changes rank, by themselves or by an administrator (`by`)."""
    body.only("user", "status", "name", "by")
    status = _one_of(body.text("status"), STATUSES, "status")
    user, group = world.user(body.number("user")), world.group
    if user.is_bot:
        raise ControlError(f"user {user.id} is a bot; POST /sim/rights changes what it may do")
    if body.has("name"):
        user.first_name = body.text("name")
    by = _who_changes(world, body, user, status)
    old, was_in = member_json(world, group, user.id), group.members.get(user.id) in PRESENT
    group.members[user.id] = status
    world.page.send("people", {})
    service_id = _announce_change(world, user, by, was_in=was_in, is_in=status in PRESENT)
    update = {"from": user_json(by), "old_chat_member": old, "new_chat_member": member_json(world, group, user.id)}
    return {"update_id": _tell(world, update), "service_update_id": service_id}


def _who_changes(world: World, body: Body, user: User, status: str) -> User:
    """Joining and leaving is one's own doing, everything else an administrator's, unless `by` says otherwise."""
    by = body.maybe_number("by")
    if by is not None:
        return world.user(by)
    was_in = world.group.members.get(user.id) in PRESENT
    alone = status in BY_THEMSELVES and was_in == (status == "left")
    return user if alone else world.user(FIRST_STAFF_ID)


def _announce_change(world: World, user: User, by: User, *, was_in: bool, is_in: bool) -> int | None:
    """The line everybody in the group sees when somebody comes or goes; the update id the bot gets it under."""
    if was_in == is_in:
        return None
    shown = user_json(user)
    service: Json = {"new_chat_members": [shown]} if is_in else {"left_chat_member": shown}
    return announce(world, "message", world.post(world.group, by.id, service=service))


def _tell(world: World, update: Json) -> int | None:
    """Only an administrator learns about the others."""
    if world.group.bot_status != "administrator":
        return None
    return world.updates.push("chat_member", _in_group(world, update))


def _in_group(world: World, update: Json) -> Json:
    return {"chat": chat_json(world, world.group), "date": int(time.time()), **update}


def set_rights(world: World, body: Body) -> Json:
    """The group changes what the bot may do, or removes it."""
    body.only("can_manage_topics", "status", "writes_in_closed_topics", *OTHER_RIGHTS)
    group = world.group
    old = member_json(world, group, world.bot.id)
    group.can_manage_topics = body.flag("can_manage_topics", default=group.can_manage_topics)
    group.bot_status = _one_of(body.text("status", group.bot_status), BOT_STATUSES, "status")
    group.bot_writes_in_closed_topics = body.flag("writes_in_closed_topics", default=group.bot_writes_in_closed_topics)
    group.bot_lacks = frozenset(name for name in OTHER_RIGHTS if not _has(group, body, name))
    new = member_json(world, group, world.bot.id)
    if new == old:
        return {"update_id": None}
    changed_by = user_json(world.user(FIRST_STAFF_ID))
    update = {"from": changed_by, "old_chat_member": old, "new_chat_member": new}
    return {"update_id": world.updates.push("my_chat_member", _in_group(world, update))}


def _has(group: Chat, body: Body, right: str) -> bool:
    return body.flag(right, default=right not in group.bot_lacks)
