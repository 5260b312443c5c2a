"""From Telegram's updates to what the conversation understands; anything that cannot matter to it is None."""

from __future__ import annotations

from typing import Any

from telegram import (
    Bot,
    CallbackQuery,
    ChatMember,
    ChatMemberAdministrator,
    ChatMemberOwner,
    ChatMemberUpdated,
    Message,
    PhotoSize,
    Update,
)
from telegram import InlineQuery as TypedQuery
from telegram.constants import ChatType

from bot.conversation.actions import LIMIT, Action
from bot.conversation.incoming import (
    AboutGroup,
    Attachment,
    FromPerson,
    FromStaff,
    GroupMoved,
    GroupRights,
    Incoming,
    InlineQuery,
    PersonMessage,
    PersonPress,
    PersonReach,
    StaffMessage,
    StaffPresence,
    StaffPress,
    TopicClosed,
)
from bot.telegram.members import is_in
from bot.telegram.wellformed import LONGEST_TEXT, is_sound

ANONYMOUS_ADMIN = 1087968824
"""@GroupAnonymousBot: the sender that Telegram names for admins who hide behind the group."""
MEDIA = ("photo", "voice", "video", "video_note", "audio", "document", "sticker", "animation", "location", "venue",
         "contact", "poll", "dice", "story")  # fmt: skip
SERVICE = ("forum_topic_created", "forum_topic_edited", "forum_topic_closed", "forum_topic_reopened",
           "new_chat_members", "left_chat_member", "new_chat_title", "new_chat_photo", "pinned_message",
           "delete_chat_photo", "group_chat_created", "general_forum_topic_hidden", "general_forum_topic_unhidden",
           "migrate_to_chat_id", "migrate_from_chat_id", "video_chat_started", "video_chat_ended",
           "message_auto_delete_timer_changed", "supergroup_chat_created", "write_access_allowed", "connected_website",
           "users_shared", "chat_shared", "boost_added", "chat_background_set", "proximity_alert_triggered",
           "video_chat_scheduled", "video_chat_participants_invited")  # fmt: skip


WITH_FILE = ("document", "voice", "video", "video_note", "audio", "animation", "sticker")
LONGEST_NAME, LONGEST_TYPE = 200, 100
"""What the database has room for."""
LONGEST_ID = 40
LONGEST_QUERY = 256
"""Characters that can be typed for the picker (Bot API, InlineQuery)."""
INLINE_LANES = 8
"""What people type for the picker is looked up side by side, and its lanes name nobody."""
LARGEST_ID = 2**52
"""Telegram's ids have at most 52 bits (Bot API, Chat)."""


class Unreadable(Exception):
    """An update that does not hold what the Bot API says; trying again would change nothing."""


def understand(payload: dict[str, Any], bot: Bot, staff_chat_id: int) -> tuple[Update, Incoming | None]:
    """An update, and what it says (see `read`). Raises `Unreadable`."""
    try:
        update = Update.de_json(payload, bot)
        incoming = read(update, staff_chat_id)
    except Exception as error:
        # The kind only: the words of an error may quote what somebody wrote.
        raise Unreadable(type(error).__name__) from None
    if incoming is not None and not is_sound(incoming):
        raise Unreadable("wrong type")
    return update, incoming


def lane(payload: dict[str, Any]) -> str:
    """Whose turn an update is: updates of one chat (in the group: of one topic) are handled in order."""
    if typed := _part(payload, "inline_query"):
        return f"inline:{_id(_part(typed, 'from')) % INLINE_LANES}"
    query, message = _part(payload, "callback_query"), _about(payload)
    chat = _part(message, "chat") or _part(query, "from")
    in_topic = message.get("is_topic_message") and chat.get("type") != ChatType.PRIVATE
    thread = _id(message, "message_thread_id") if in_topic else 0
    return f"chat:{_id(chat)}" + (f":{thread}" if thread else "")


def album(payload: dict[str, Any]) -> str | None:
    """The album of which an update brings a part."""
    name = _part(payload, "message").get("media_group_id")
    return _short(name, LONGEST_ID) if isinstance(name, str) else None


def sender_of(payload: dict[str, Any]) -> FromPerson | None:
    """Who wrote in private what cannot be read any further; None if that cannot be told either."""
    message, query = _about(payload), _part(payload, "callback_query")
    chat, sender = _part(message, "chat"), _part(message, "from") or _part(query, "from")
    if chat.get("type") != ChatType.PRIVATE or _id(chat) <= 0:
        return None
    code = sender.get("language_code")
    return FromPerson(chat_id=_id(chat), language_code=code if isinstance(code, str) else None)


def words_of(payload: dict[str, Any]) -> str:
    """What stands in a message, written or changed, or below a picture; nothing where something was pressed."""
    message = _part(payload, "message") or _part(payload, "edited_message")
    words = message.get("text") or message.get("caption")
    return words if isinstance(words, str) else ""


def _about(payload: dict[str, Any]) -> dict[str, Any]:
    """What has a chat in an update."""
    parts = (_part(payload, "message"), _part(payload, "edited_message"),
             _part(_part(payload, "callback_query"), "message"), _part(payload, "my_chat_member"),
             _part(payload, "chat_member"))  # fmt: skip
    return next(filter(None, parts), {})


def _part(payload: dict[str, Any], name: str) -> dict[str, Any]:
    part = payload.get(name)
    return part if isinstance(part, dict) else {}


def _id(payload: dict[str, Any], name: str = "id") -> int:
    number = payload.get(name)
    return number if type(number) is int and abs(number) < LARGEST_ID else 0


def read(update: Update, staff_chat_id: int) -> Incoming | None:
    """What an update says, or None if it says nothing to the bot (service messages, other groups)."""
    if update.callback_query is not None:
        return _press(update.callback_query, staff_chat_id)
    if update.inline_query is not None:
        return _typed(update.inline_query)
    if update.my_chat_member is not None:
        return _reach(update.my_chat_member, staff_chat_id)
    if update.chat_member is not None:
        return _presence(update.chat_member, staff_chat_id)
    message = update.message or update.edited_message
    if message is None:
        return None
    if any(getattr(message, name, None) for name in SERVICE):
        return _about_group(message, staff_chat_id)
    edited = update.edited_message is not None
    if message.chat.type == ChatType.PRIVATE:
        return _from_person(message, edited=edited)
    return _from_staff(message, edited=edited) if message.chat.id == staff_chat_id else None


def _sender(chat_id: int, language_code: str | None) -> FromPerson:
    return FromPerson(chat_id=chat_id, language_code=language_code)


def _from_person(message: Message, *, edited: bool) -> PersonMessage:
    code = message.from_user.language_code if message.from_user else None
    return PersonMessage(
        sender=_sender(message.chat.id, code), message_id=message.message_id, text=_text(message),
        media=_media(message), edited=edited, file=_file(message), sent_at=message.date,
        album=_short(message.media_group_id, LONGEST_ID), forwarded=message.forward_origin is not None,
    )  # fmt: skip


def _media(message: Message) -> str | None:
    found = next((kind for kind in MEDIA if getattr(message, kind, None)), None)
    return found or (None if message.text else "other")


def _file(message: Message) -> Attachment | None:
    """The file of a message, of a picture the largest size; of a place or a contact what it says, in a name's place."""
    found = message.photo[-1] if message.photo else next(
        (file for name in WITH_FILE if (file := getattr(message, name, None)) is not None), None)  # fmt: skip
    if found is None:
        said = _said_without_words(message)
        return Attachment(file_id="", name=said[:LONGEST_NAME]) if said else None
    kind = "image/jpeg" if isinstance(found, PhotoSize) else getattr(found, "mime_type", None)
    name = getattr(found, "file_name", None)
    return Attachment(file_id=found.file_id[:LONGEST_NAME], name=_short(name, LONGEST_NAME),
                      type=_short(kind, LONGEST_TYPE), size=found.file_size,
                      unique_id=_short(found.file_unique_id, LONGEST_ID))  # fmt: skip


def _short(value: str | None, longest: int) -> str | None:
    return value and value[:longest]


def _text(message: Message) -> str | None:
    """What was written; not more of it than Telegram lets anybody write."""
    return _short(message.text or message.caption, LONGEST_TEXT)


def _said_without_words(message: Message) -> str:
    """A place with its coordinates, a contact with its number; empty for any other message."""
    venue, contact, parts = message.venue, message.contact, list[str | None]()
    place = message.location or (venue.location if venue else None)
    if place is not None:
        named = [venue.title, venue.address] if venue else []
        parts = [*named, f"{place.latitude:.6f}, {place.longitude:.6f}"]
    elif contact is not None:
        parts = [" ".join(filter(None, (contact.first_name, contact.last_name))), contact.phone_number]
    return ", ".join(filter(None, parts))


def _author(message: Message) -> FromStaff:
    user_id = message.from_user.id if message.from_user else 0
    return FromStaff(user_id=user_id, anonymous=message.sender_chat is not None or user_id == ANONYMOUS_ADMIN)


def _by_bot(message: Message) -> bool:
    return message.from_user is not None and message.from_user.is_bot


def _thread(message: Message) -> int | None:
    return message.message_thread_id if message.is_topic_message else None


def _from_staff(message: Message, *, edited: bool) -> StaffMessage | None:
    sender = _author(message)
    if _by_bot(message) and sender.user_id != ANONYMOUS_ADMIN:
        return None
    reply = message.reply_to_message
    answered = reply.message_id if reply else None
    made_by_bot = reply is not None and reply.forum_topic_created is not None and _by_bot(reply)
    return StaffMessage(
        sender=sender, chat_id=message.chat.id, message_id=message.message_id, thread_id=_thread(message),
        text=_text(message), media=_media(message), edited=edited, file=_file(message),
        sent_at=message.date, album=_short(message.media_group_id, LONGEST_ID), via_bot=message.via_bot is not None,
        topic_by_bot=made_by_bot,
        # In a topic, what answers nothing answers the message that made the topic.
        reply_to=None if answered == message.message_thread_id else answered,
    )  # fmt: skip


def _about_group(message: Message, staff_chat_id: int) -> GroupMoved | TopicClosed | None:
    """Of what nobody wrote, the group's new id matters, and that somebody closed a topic."""
    if message.migrate_to_chat_id and message.chat.id == staff_chat_id:
        return GroupMoved(message.migrate_to_chat_id)
    if message.migrate_from_chat_id == staff_chat_id:
        return GroupMoved(message.chat.id)
    thread, sender = _thread(message), _author(message)
    by_bot = _by_bot(message) and not sender.anonymous
    if message.forum_topic_closed is None or message.chat.id != staff_chat_id or thread is None or by_bot:
        return None
    return TopicClosed(sender=sender, chat_id=message.chat.id, message_id=message.message_id, thread_id=thread)


def _press(query: CallbackQuery, staff_chat_id: int) -> Incoming | None:
    if query.message is None or query.data is None:
        return None
    action = Action.decode(query.data[:LIMIT])
    chat = query.message.chat
    if chat.type == ChatType.PRIVATE:
        return PersonPress(sender=_sender(chat.id, query.from_user.language_code),
                           message_id=query.message.message_id, action=action)  # fmt: skip
    if chat.id != staff_chat_id:
        return None
    thread = _thread(query.message) if isinstance(query.message, Message) else None
    return StaffPress(sender=FromStaff(user_id=query.from_user.id), chat_id=chat.id,
                      message_id=query.message.message_id, thread_id=thread, action=action)  # fmt: skip


def _typed(query: TypedQuery) -> InlineQuery:
    return InlineQuery(sender=FromStaff(user_id=query.from_user.id), query_id=query.id,
                       words=query.query[:LONGEST_QUERY].strip(),
                       in_group=query.chat_type in {None, ChatType.GROUP, ChatType.SUPERGROUP},
                       language_code=query.from_user.language_code)  # fmt: skip


def _reach(change: ChatMemberUpdated, staff_chat_id: int) -> PersonReach | AboutGroup | None:
    bot = change.new_chat_member
    if change.chat.id == staff_chat_id:
        return _rights(bot)
    if change.chat.type != ChatType.PRIVATE:
        return None
    gone = bot.status in {ChatMember.BANNED, ChatMember.LEFT}
    return PersonReach(sender=_sender(change.chat.id, change.from_user.language_code), reachable=not gone)


def _rights(bot: ChatMember) -> GroupRights:
    if isinstance(bot, ChatMemberAdministrator):
        return GroupRights(sufficient=bool(bot.can_manage_topics), deletes=bot.can_delete_messages)
    return GroupRights(sufficient=isinstance(bot, ChatMemberOwner))


def _presence(change: ChatMemberUpdated, staff_chat_id: int) -> StaffPresence | None:
    """Somebody's standing in the group has changed, whether or not they are in it as before."""
    if change.chat.id != staff_chat_id:
        return None
    before, present = is_in(change.old_chat_member), is_in(change.new_chat_member)
    return StaffPresence(user_id=change.new_chat_member.user.id, present=present, moved=before is not present)
