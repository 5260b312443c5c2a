"""Questions about the bot, chats and their members."""

from bot.simulator import rules
from bot.simulator.errors import bad_request
from bot.simulator.render import chat_json, member_json, message_json, user_json
from bot.simulator.state import Json
from bot.simulator.wire import Params
from bot.simulator.world import World


def get_me(world: World, params: Params) -> Json:
    """The bot itself."""
    groups = {"can_join_groups": True, "can_read_all_group_messages": False}
    groups["supports_inline_queries"] = world.inline.on
    return user_json(world.bot) | groups | {"can_connect_to_business": False, "has_main_web_app": False}


def acknowledge(world: World, params: Params) -> bool:
    """logOut and close: nothing to do here."""
    return True


def get_chat(world: World, params: Params) -> Json:
    """A `ChatFullInfo`."""
    chat = rules.chat_of(world, params)
    if chat.is_group:
        rules.require_bot_in(chat)
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
    shown = chat_json(world, chat) | {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(gifts, False),
    }
    pinned = next((chat.live(message_id) for message_id in reversed(chat.pinned)), None)
    if pinned is not None:
        shown["pinned_message"] = message_json(world, pinned, with_reply=False)
    return shown


def get_chat_member(world: World, params: Params) -> Json:
    """One person's standing in a chat; people the group never saw are unknown, others have "left"."""
    chat = rules.chat_of(world, params)
    if chat.is_group:
        rules.require_bot_in(chat)
    user_id = params.number("user_id")
    if user_id not in world.users:
        raise bad_request("user not found")
    if not chat.is_group:
        return {"user": user_json(world.user(user_id)), "status": "member"}
    return member_json(world, chat, user_id)


def get_chat_administrators(world: World, params: Params) -> list[Json]:
    """All administrators of the group, the bot included."""
    chat = rules.chat_of(world, params)
    if not chat.is_group:
        raise bad_request("there are no administrators in the private chat")
    rules.require_bot_in(chat)
    people = [user_id for user_id, status in chat.members.items() if status in ("administrator", "creator")]
    bots = [world.bot.id] if chat.bot_status == "administrator" else []
    return [member_json(world, chat, user_id) for user_id in [*people, *bots]]
