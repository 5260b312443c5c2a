"""Topics of the office's forum, as far as a bot may manage them."""

from bot.simulator import rules
from bot.simulator.errors import bad_request
from bot.simulator.render import topic_json
from bot.simulator.state import Chat, Json, Topic
from bot.simulator.topics import add_topic, delete_topic, set_closed
from bot.simulator.wire import Params
from bot.simulator.world import World

MAX_NAME = 128
# Some of the icons Telegram offers; the real list is longer, any other custom emoji is refused there.
ICONS = {
    "5237699328843200968": "✅", "5379748062124056162": "❗️", "5312536423851630001": "💡", "5312241539987020022": "🔥",
    "5309984423003823246": "📣", "5373251851074415873": "📝", "5417915203100613993": "💬", "5408906741125490282": "🏁",
}  # fmt: skip
COLOURS = frozenset({7322096, 16766590, 13338331, 9367192, 16749490, 16478047})


def _managed(world: World, params: Params, action: str) -> Chat:
    chat = rules.chat_of(world, params)
    rules.require_topic_rights(chat, action)
    return chat


def _topic(chat: Chat, params: Params) -> Topic:
    topic = chat.topics.get(params.number("message_thread_id"))
    if topic is None or topic.deleted:
        raise bad_request("TOPIC_ID_INVALID")
    return topic


def _require_known(icon: str) -> None:
    if icon and icon not in ICONS:
        raise bad_request("DOCUMENT_INVALID")


def get_forum_topic_icon_stickers(world: World, params: Params) -> list[Json]:
    """The custom emoji a topic may have as its icon, as `Sticker`."""
    look: Json = {"type": "custom_emoji", "width": 512, "height": 512, "is_animated": True, "is_video": False}
    return [
        {"file_id": f"sim-icon-{icon}", "file_unique_id": icon, "emoji": emoji, "custom_emoji_id": icon, **look}
        for icon, emoji in ICONS.items()
    ]


def create_forum_topic(world: World, params: Params) -> Json:
    """Open a new topic; its id is the id of the service message that appears with it."""
    chat = _managed(world, params, "create a")
    name = params.text("name").strip()
    if not name:
        raise bad_request("TOPIC_TITLE_EMPTY")
    _require_known(icon := params.text("icon_custom_emoji_id"))
    colour = params.number("icon_color", 7322096)
    if colour not in COLOURS:
        raise bad_request("TOPIC_ICON_COLOR_INVALID")
    topic = Topic(0, name[:MAX_NAME], icon, colour)
    add_topic(world, chat, topic, world.bot.id)
    return topic_json(topic)


def edit_forum_topic(world: World, params: Params) -> bool:
    """Rename a topic or change its icon; what is not given stays."""
    chat = _managed(world, params, "edit the")
    topic = _topic(chat, params)
    name = params.text("name").strip()[:MAX_NAME] or topic.name
    icon = params.maybe_text("icon_custom_emoji_id")
    icon = topic.icon if icon is None else icon
    _require_known(icon)
    if (name, icon) == (topic.name, topic.icon):
        raise bad_request("TOPIC_NOT_MODIFIED")
    edited = {"name": name} if name != topic.name else {}
    if icon != topic.icon:
        edited["icon_custom_emoji_id"] = icon
    topic.name, topic.icon = name, icon
    world.post(chat, world.bot.id, topic=topic.id, service={"forum_topic_edited": edited})
    world.show_topics()
    return True


def close_forum_topic(world: World, params: Params) -> bool:
    """Close an open topic."""
    chat = _managed(world, params, "edit the")
    _change(world, chat, _topic(chat, params), closed=True)
    return True


def reopen_forum_topic(world: World, params: Params) -> bool:
    """Open a closed topic again."""
    chat = _managed(world, params, "edit the")
    _change(world, chat, _topic(chat, params), closed=False)
    return True


def _change(world: World, chat: Chat, topic: Topic, *, closed: bool) -> None:
    if topic.closed == closed:
        raise bad_request("TOPIC_NOT_MODIFIED")
    set_closed(world, chat, topic, closed=closed, by=world.bot.id)


def delete_forum_topic(world: World, params: Params) -> bool:
    """Delete a topic with all its messages, which takes another right than all else that is done to topics."""
    chat = rules.chat_of(world, params)
    rules.require_right_to_delete(chat)
    delete_topic(world, chat, _topic(chat, params))
    return True
