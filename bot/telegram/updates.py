"""From Telegram's updates to what the conversation understands; anything that cannot matter to it is None."""

from __future__ import annotations

from typing import Any

from telegram import CallbackQuery, ChatMember, ChatMemberUpdated, Message, Update
from telegram.constants import ChatType

from bot.conversation.actions import Action
from bot.conversation.incoming import (
    FromPerson,
    FromStaff,
    Incoming,
    PersonMessage,
    PersonPress,
    PersonReach,
    StaffMessage,
    StaffPress,
)

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


def lane(payload: dict[str, Any]) -> str:
    """Whose turn an update is: updates of one chat (in the group: of one topic) are handled in order."""
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
    if update.my_chat_member is not None:
        return _reach(update.my_chat_member)
    message = update.message or update.edited_message
    if message is None or any(getattr(message, name, None) for name in SERVICE):
        return None
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
        media=_media(message), edited=edited,
        album=message.media_group_id,
    )  # fmt: skip


def _media(message: Message) -> str | None:
    found = next((kind for kind in MEDIA if getattr(message, kind, None)), None)
    return found or (None if message.text else "other")


def _from_staff(message: Message, *, edited: bool) -> StaffMessage | None:
    user_id = message.from_user.id if message.from_user else 0
    if message.from_user is not None and message.from_user.is_bot and user_id != ANONYMOUS_ADMIN:
        return None
    anonymous = message.sender_chat is not None or user_id == ANONYMOUS_ADMIN
    return StaffMessage(
        sender=FromStaff(user_id=user_id, anonymous=anonymous), chat_id=message.chat.id,
        message_id=message.message_id, thread_id=message.message_thread_id if message.is_topic_message else None,
        text=message.text or message.caption, media=_media(message), edited=edited,
    )  # fmt: skip


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
    thread = query.message.message_thread_id if isinstance(query.message, Message) else None
    return StaffPress(sender=FromStaff(user_id=query.from_user.id), chat_id=chat.id,
                      message_id=query.message.message_id, thread_id=thread, action=action)  # fmt: skip


def _reach(change: ChatMemberUpdated) -> PersonReach | None:
    if change.chat.type != ChatType.PRIVATE:
        return None
    gone = change.new_chat_member.status in {ChatMember.BANNED, ChatMember.LEFT}
    return PersonReach(sender=_sender(change.chat.id, change.from_user.language_code), reachable=not gone)
