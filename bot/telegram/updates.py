"""From Telegram's updates to what the conversation understands; anything that cannot matter to it is None."""

from __future__ import annotations

from typing import Any

from telegram import (
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

from bot.conversation.actions import Action
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
INLINE_LANES = 8
"""What people type for the picker is looked up side by side, and its lanes name nobody."""


def lane(payload: dict[str, Any]) -> str:
    """Whose turn an update is: updates of one chat (in the group: of one topic) are handled in order."""
    if typed := payload.get("inline_query"):
        return f"inline:{typed.get('from', {}).get('id', 0) % INLINE_LANES}"
    query = payload.get("callback_query") or {}
    member = payload.get("my_chat_member") or payload.get("chat_member") or {}
    message = payload.get("message") or payload.get("edited_message") or query.get("message") or member
    chat = message.get("chat") or query.get("from") or {}
    in_topic = message.get("is_topic_message") and chat.get("type") != ChatType.PRIVATE
    thread = message.get("message_thread_id") if in_topic else None
    return f"chat:{chat.get('id', 0)}" + (f":{thread}" if thread else "")


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
        sender=_sender(message.chat.id, code), message_id=message.message_id, text=message.text or message.caption,
        media=_media(message), edited=edited, file=_file(message), sent_at=message.date,
        album=message.media_group_id, forwarded=message.forward_origin is not None,
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
    return Attachment(file_id=found.file_id, name=name and name[:LONGEST_NAME], type=kind and kind[:LONGEST_TYPE],
                      size=found.file_size, unique_id=found.file_unique_id)  # fmt: skip


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
        text=message.text or message.caption, media=_media(message), edited=edited, file=_file(message),
        sent_at=message.date, album=message.media_group_id, via_bot=message.via_bot is not None,
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
    action = Action.decode(query.data)
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
    return InlineQuery(sender=FromStaff(user_id=query.from_user.id), query_id=query.id, words=query.query.strip(),
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
