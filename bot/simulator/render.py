"""Objects of the Bot API as JSON, built from the simulated state."""

from bot.simulator.state import OTHER_RIGHTS, Chat, Json, Message, Topic, User
from bot.simulator.world import World

PERMISSIONS = (
    "can_send_messages", "can_send_audios", "can_send_documents", "can_send_photos", "can_send_videos",
    "can_send_video_notes", "can_send_voice_notes", "can_send_polls", "can_send_other_messages",
    "can_add_web_page_previews", "can_change_info", "can_invite_users", "can_pin_messages", "can_manage_topics",
    "can_edit_tag", "can_react_to_messages",
)  # fmt: skip


def user_json(user: User) -> Json:
    """A `User`; language only when Telegram would know it."""
    shown: Json = {"id": user.id, "is_bot": user.is_bot, "first_name": user.first_name}
    if user.username:
        shown["username"] = user.username
    if user.language_code:
        shown["language_code"] = user.language_code
    return shown


def chat_json(world: World, chat: Chat) -> Json:
    """A `Chat` as it stands inside messages and updates."""
    if chat.is_group:
        return {"id": chat.id, "type": chat.kind, "title": chat.title, "is_forum": True}
    return {"id": chat.id, "type": "private", "first_name": world.user(chat.id).first_name}


def topic_json(topic: Topic) -> Json:
    """A `ForumTopic`."""
    shown: Json = {"message_thread_id": topic.id, "name": topic.name, "icon_color": topic.icon_color}
    if topic.icon:
        shown["icon_custom_emoji_id"] = topic.icon
    return shown


def message_json(world: World, message: Message, *, with_reply: bool = True) -> Json:
    """A `Message`; the message it replies to is included one level deep, as Telegram does."""
    chat = world.chats[message.chat_id]
    shown: Json = {"message_id": message.message_id, "date": int(message.at), "chat": chat_json(world, chat)}
    shown["from"] = user_json(world.user(message.sender))
    if message.anonymous:
        shown["sender_chat"] = chat_json(world, chat)
    if message.topic is not None:
        shown |= {"message_thread_id": message.topic, "is_topic_message": True}
    if with_reply:
        shown |= _reply(world, chat, message)
    shown |= _content(message)
    if message.buttons:
        shown["reply_markup"] = {"inline_keyboard": message.buttons}
    if message.edited_at is not None:
        shown["edit_date"] = int(message.edited_at)
    if message.media_group_id:
        shown["media_group_id"] = message.media_group_id
    if message.via_bot:
        shown["via_bot"] = user_json(world.bot)
    if message.forward_origin:
        shown["forward_origin"] = message.forward_origin
    return shown


def _reply(world: World, chat: Chat, message: Message) -> Json:
    """Without an answer to a message, a message in a topic answers the topic's first (service) message."""
    target = chat.live(message.reply_to if message.reply_to is not None else message.topic or 0)
    if target is None or target is message:
        return {}
    return {"reply_to_message": message_json(world, target, with_reply=False)}


def _content(message: Message) -> Json:
    shown: Json = dict(message.service or {})
    text_key, entities_key = ("caption", "caption_entities") if message.media else ("text", "entities")
    if message.media:
        shown[message.media.kind] = message.media.payload
    if message.text:
        shown[text_key] = message.text
    if message.entities:
        shown[entities_key] = message.entities
    return shown


def member_json(world: World, chat: Chat, user_id: int) -> Json:
    """A `ChatMember` of the group, the bot included."""
    shown: Json = {"user": user_json(world.user(user_id))}
    is_bot = user_id == world.bot.id
    status = chat.bot_status if is_bot else chat.members.get(user_id, "left")
    shown["status"] = status
    if status == "kicked":
        shown["until_date"] = 0
    if status == "creator":
        shown["is_anonymous"] = False
    if status == "restricted":
        shown |= dict.fromkeys(PERMISSIONS, False) | {"is_member": True, "until_date": 0}
    if status == "administrator":
        shown |= _rights(chat, can_be_edited=False, all_rights=not is_bot)
    return shown


def _rights(chat: Chat, *, can_be_edited: bool, all_rights: bool) -> Json:
    others = (
        "can_manage_video_chats", "can_restrict_members", "can_promote_members", "can_change_info",
        "can_post_stories", "can_edit_stories", "can_delete_stories",
    )  # fmt: skip
    rights: Json = {"can_manage_chat": True} | dict.fromkeys(others, all_rights)
    rights |= {name: all_rights or chat.bot_may(name) for name in OTHER_RIGHTS}
    rights |= {"can_be_edited": can_be_edited, "is_anonymous": False}
    rights["can_manage_topics"] = all_rights or chat.can_manage_topics
    return rights
