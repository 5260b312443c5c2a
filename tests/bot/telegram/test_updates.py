"""What Telegram sends, freed of Telegram: whatever it is, reading it never raises."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram import Update

from bot.conversation.actions import Action
from bot.conversation.incoming import (
    GroupMoved,
    GroupRights,
    Incoming,
    PersonMessage,
    PersonPress,
    PersonReach,
    StaffMessage,
    StaffPress,
    TopicClosed,
)
from bot.telegram.updates import ANONYMOUS_ADMIN, MEDIA, SERVICE, lane, read
from tests.bot.conftest import GROUP

FILE = {"file_id": "f", "file_unique_id": "u", "file_size": 1}
SIZE = {"width": 1, "height": 1}
PERSON = {"id": 1001, "is_bot": False, "first_name": "Rana", "language_code": "ar"}
PRIVATE: dict[str, Any] = {"id": 1001, "type": "private"}
FORUM: dict[str, Any] = {"id": GROUP, "type": "supergroup", "title": "Office", "is_forum": True}
PLACE = {"latitude": 50.0, "longitude": 8.2}
CONTENT: dict[str, Any] = {
    "text": "hallo", "photo": [{**FILE, **SIZE}], "voice": {**FILE, "duration": 1},
    "video": {**FILE, **SIZE, "duration": 1}, "video_note": {**FILE, "length": 1, "duration": 1},
    "audio": {**FILE, "duration": 1}, "document": FILE,
    "sticker": {**FILE, **SIZE, "type": "regular", "is_animated": False, "is_video": False},
    "animation": {**FILE, **SIZE, "duration": 1}, "location": PLACE,
    "venue": {"location": PLACE, "title": "Rathaus", "address": "Schlossplatz 6"},
    "contact": {"phone_number": "+49611310", "first_name": "Rana"},
    "poll": {"id": "1", "question": "?", "options": [], "total_voter_count": 0, "is_closed": False,
             "is_anonymous": True, "type": "regular", "allows_multiple_answers": False, "allows_revoting": False,
             "members_only": False},
    "dice": {"value": 3, "emoji": "🎲"}, "story": {"chat": PRIVATE, "id": 1}, "caption": "unser Fest",
    "media_group_id": "9", "game": {"title": "x", "description": "y", "photo": []},
}  # fmt: skip
SERVICES: dict[str, Any] = {
    "forum_topic_created": {"name": "x", "icon_color": 1}, "forum_topic_edited": {"name": "y"},
    "forum_topic_closed": {}, "forum_topic_reopened": {}, "new_chat_members": [PERSON], "left_chat_member": PERSON,
    "new_chat_title": "x", "migrate_to_chat_id": -5, "migrate_from_chat_id": -6, "group_chat_created": True,
    "message_auto_delete_timer_changed": {"message_auto_delete_time": 5}, "write_access_allowed": {},
    "video_chat_started": {}, "delete_chat_photo": True, "connected_website": "wiesbaden.de",
}  # fmt: skip


def message(chat: dict[str, Any], sender: dict[str, Any] | None = PERSON, **content: Any) -> dict[str, Any]:
    return {"message_id": 7, "date": 1790000000, "chat": chat, **({"from": sender} if sender else {}), **content}


def understood(payload: dict[str, Any]) -> Incoming | None:
    """Through python-telegram-bot, as in the bot."""
    update = Update.de_json({"update_id": 1, **payload}, None)
    return read(update, GROUP)


def subset(values: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional={name: st.just(value) for name, value in values.items()})


CHATS = st.sampled_from([PRIVATE, FORUM, {"id": -77, "type": "group", "title": "x"}, {"id": -88, "type": "channel"}])
SENDERS = st.sampled_from([PERSON, None, {"id": 5, "is_bot": True, "first_name": "Bot"},
                           {"id": ANONYMOUS_ADMIN, "is_bot": True, "first_name": "Group"}])  # fmt: skip
EXTRA = {"message_thread_id": 3, "is_topic_message": True, "sender_chat": FORUM, "edit_date": 1790000001}
MESSAGES = st.builds(
    lambda chat, sender, content, service, extra: message(chat, sender, **content, **service, **extra),
    CHATS, SENDERS, subset(CONTENT), subset(SERVICES) | st.just({}), subset(EXTRA),
)  # fmt: skip
GONE = st.builds(lambda chat: {"chat": chat, "message_id": 7, "date": 0}, CHATS)
PRESSES = st.fixed_dictionaries(
    {"id": st.just("1"), "from": st.just(PERSON), "chat_instance": st.just("1")},
    optional={"message": MESSAGES | GONE, "data": st.text(max_size=64), "inline_message_id": st.just("i")},
)
STATUSES = st.sampled_from(["member", "left", "kicked"])


def change(chat: dict[str, Any], old: str, new: str) -> dict[str, Any]:
    bot = {"id": 5, "is_bot": True, "first_name": "Bot"}
    members = [{"user": bot, "status": status, **({"until_date": 0} if status == "kicked" else {})}
               for status in (old, new)]  # fmt: skip
    return {"chat": chat, "from": PERSON, "date": 1790000000, "old_chat_member": members[0],
            "new_chat_member": members[1]}  # fmt: skip


UPDATES = st.one_of(
    MESSAGES.map(lambda one: {"message": one}), MESSAGES.map(lambda one: {"edited_message": one}),
    MESSAGES.map(lambda one: {"channel_post": one}), PRESSES.map(lambda one: {"callback_query": one}),
    st.builds(change, CHATS, STATUSES, STATUSES).map(lambda one: {"my_chat_member": one}),
    st.builds(change, CHATS, STATUSES, STATUSES).map(lambda one: {"chat_member": one}),
    st.just({"poll": CONTENT["poll"]}), st.just({}),
    st.text(max_size=256).map(
        lambda words: {"inline_query": {"id": "1", "from": PERSON, "query": words, "offset": ""}}
    ),
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(UPDATES)
def test_whatever_telegram_sends_is_read_or_left_out_and_has_a_lane(payload: dict[str, Any]) -> None:
    found = understood(payload)
    assert lane(payload).startswith(("chat:", "inline:"))
    assert len(lane(payload)) <= 40
    if isinstance(found, (PersonMessage, PersonPress)):
        assert lane(payload) == f"chat:{found.sender.chat_id}"
    if isinstance(found, (StaffMessage, StaffPress, TopicClosed)):
        assert found.chat_id == GROUP


@pytest.mark.parametrize("name", sorted(SERVICES))
@pytest.mark.parametrize("chat", [PRIVATE, FORUM])
def test_what_nobody_wrote_says_nothing(chat: dict[str, Any], name: str) -> None:
    service = SERVICES[name] or {"from_request": True}
    assert name in SERVICE
    found = understood({"message": message(chat, **{name: service})})
    assert found == (GroupMoved(-5) if (name, chat) == ("migrate_to_chat_id", FORUM) else None)


@pytest.mark.parametrize("kind", MEDIA)
def test_every_kind_of_media_is_named(kind: str) -> None:
    found = understood({"message": message(PRIVATE, **{kind: CONTENT[kind]})})
    assert isinstance(found, PersonMessage)
    assert found.media == kind


@pytest.mark.parametrize(
    ("kind", "says"),
    [("location", "50.000000, 8.200000"), ("venue", "Rathaus, Schlossplatz 6, 50.000000, 8.200000"),
     ("contact", "Rana, +49611310")],
)  # fmt: skip
def test_a_place_or_a_contact_says_what_it_is_about(kind: str, says: str) -> None:
    found = understood({"message": message(PRIVATE, **{kind: CONTENT[kind]})})
    assert isinstance(found, PersonMessage)
    assert found.file is not None
    assert (found.file.file_id, found.file.name, found.text) == ("", says, None)


def test_a_kind_that_is_not_known_yet_is_still_a_message() -> None:
    found = understood({"message": message(PRIVATE, hologram={"x": 1})})
    assert isinstance(found, PersonMessage)
    assert (found.media, found.text) == ("other", None)


def test_a_text_of_a_person() -> None:
    found = understood({"message": message(PRIVATE, text="/Human@wegweiser_bot bitte")})
    assert isinstance(found, PersonMessage)
    assert (found.sender.chat_id, found.sender.language_code, found.media) == (1001, "ar", None)
    assert (found.command, found.edited) == ("human", False)


def test_an_edited_command_is_not_carried_out_again() -> None:
    found = understood({"edited_message": message(PRIVATE, text="/forget")})
    assert isinstance(found, PersonMessage)
    assert (found.command, found.edited) == (None, True)


def test_the_parts_of_an_album_name_it() -> None:
    photo = {"photo": CONTENT["photo"], "media_group_id": "9"}
    first = understood({"message": message(PRIVATE, caption="unser Fest", **photo)})
    second = understood({"message": message(PRIVATE, **photo)})
    assert isinstance(first, PersonMessage)
    assert isinstance(second, PersonMessage)
    assert (first.album, second.album, first.text) == ("9", "9", "unser Fest")


@pytest.mark.parametrize(
    ("more", "thread_id"),
    [({"message_thread_id": 3, "is_topic_message": True}, 3), ({"message_thread_id": 3}, None), ({}, None)],
)
def test_a_message_in_the_group_belongs_to_its_topic_or_to_general(more: dict[str, Any], thread_id: int | None) -> None:
    found = understood({"message": message(FORUM, text="Guten Tag", **more)})
    assert isinstance(found, StaffMessage)
    assert found.thread_id == thread_id


@pytest.mark.parametrize(
    ("sender", "more", "anonymous"),
    [({"id": ANONYMOUS_ADMIN, "is_bot": True, "first_name": "Group"}, {"sender_chat": FORUM}, True),
     (None, {"sender_chat": FORUM}, True), (PERSON, {}, False)],
)  # fmt: skip
def test_an_anonymous_admin_is_seen_as_one(sender: Any, more: dict[str, Any], *, anonymous: bool) -> None:
    found = understood({"message": message(FORUM, sender, text="Guten Tag", **more)})
    assert isinstance(found, StaffMessage)
    assert found.sender.anonymous is anonymous


def test_other_bots_and_other_groups_are_not_heard() -> None:
    bot = {"id": 5, "is_bot": True, "first_name": "Bot"}
    assert understood({"message": message(FORUM, bot, text="x")}) is None
    assert understood({"message": message({"id": -99, "type": "supergroup", "title": "x"}, text="x")}) is None


@pytest.mark.parametrize("gone", [True, False])
def test_a_press_is_read_even_if_its_message_is_too_old_to_be_shown(*, gone: bool) -> None:
    under = {"chat": PRIVATE, "message_id": 7, "date": 0} if gone else message(PRIVATE, text="menu")
    query = {"id": "1", "from": PERSON, "chat_instance": "1", "message": under, "data": "ask:rooms.event"}
    found = understood({"callback_query": query})
    assert isinstance(found, PersonPress)
    assert (found.action, found.message_id) == (Action("ask", ("rooms.event",)), 7)


@pytest.mark.parametrize(
    ("topics", "deletes", "found"),
    [(True, True, GroupRights(sufficient=True)), (True, False, GroupRights(sufficient=True, deletes=False)),
     (False, True, GroupRights(sufficient=False))],
)  # fmt: skip
def test_the_rights_to_work_in_the_group_and_to_delete_there_are_two(
    found: GroupRights, *, topics: bool, deletes: bool
) -> None:
    told = change(FORUM, "member", "member")
    names = ("can_manage_chat", "can_manage_video_chats", "can_restrict_members", "can_promote_members",
             "can_change_info", "can_invite_users", "can_post_stories", "can_edit_stories", "can_delete_stories",
             "can_be_edited", "is_anonymous")  # fmt: skip
    told["new_chat_member"] |= dict.fromkeys(names, False) | {
        "status": "administrator", "can_manage_topics": topics, "can_delete_messages": deletes}  # fmt: skip
    assert understood({"my_chat_member": told}) == found


@pytest.mark.parametrize(("status", "reachable"), [("kicked", False), ("left", False), ("member", True)])
def test_blocking_and_coming_back_are_read(status: str, *, reachable: bool) -> None:
    found = understood({"my_chat_member": change(PRIVATE, "member", status)})
    assert isinstance(found, PersonReach)
    assert found.reachable is reachable
