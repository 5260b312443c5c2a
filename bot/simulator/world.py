"""The whole simulated state in one place, with the few operations that every part of the simulator shares."""

import itertools
import time
from typing import Any

from bot.simulator.broadcast import Broadcast
from bot.simulator.calls import CallLog
from bot.simulator.faults import Faults
from bot.simulator.inline import InlineMode
from bot.simulator.limits import Limits
from bot.simulator.state import (
    ANONYMOUS_ADMIN_ID,
    DEFAULT_BOT_ID,
    FIRST_GROUP_MESSAGE_ID,
    GROUP_ID,
    GROUP_TITLE,
    Callback,
    Chat,
    Json,
    Message,
    StoredFile,
    User,
)
from bot.simulator.updates import UpdateQueue
from bot.simulator.view import message_view

STAFF = {2001: ("Frau A.", "administrator"), 2002: ("Herr B.", "member")}
NEWCOMERS = {1001: ("Rana", "ar"), 1002: ("Mehmet", "tr"), 1003: ("Anna", "de"), 1004: ("John", "en")}
HIGHEST_KNOWN_USER_ID = 2999


def bot_id_of(token: str | None) -> int:
    """The bot's user id, which Telegram writes before the colon of the token."""
    head = (token or "").partition(":")[0]
    return int(head) if head.isdigit() else DEFAULT_BOT_ID


class World:
    """State in memory; single-threaded, so every synchronous change is atomic."""

    def __init__(self, token: str | None) -> None:
        self.token = token
        self.updates = UpdateQueue()
        self.page = Broadcast()
        self.bot_texts: dict[str, dict[str, str]] = {"description": {}, "short_description": {}}
        self.commands: dict[tuple[str, str], list[Json]] = {}
        self.bot = User(bot_id_of(token), "Wegweiser", is_bot=True, username="wegweiser_sim_bot")
        self.reset()

    def reset(self) -> None:
        """Forget people, chats and faults; keep what belongs to the bot: commands, webhook, update counter."""
        self.faults = Faults()
        self.limits = Limits()
        self.inline = InlineMode()
        self.calls = CallLog()
        self.files: dict[str, StoredFile] = {}
        self.callbacks: dict[str, Callback] = {}
        self.moved: dict[int, int] = {}
        self._serial = itertools.count(1)
        self.users: dict[int, User] = {self.bot.id: self.bot}
        self.users[ANONYMOUS_ADMIN_ID] = User(
            ANONYMOUS_ADMIN_ID, "Group", is_bot=True, username="GroupAnonymousBot", started=False
        )
        self.group = Chat(GROUP_ID, "supergroup", GROUP_TITLE, FIRST_GROUP_MESSAGE_ID)
        self.chats: dict[int, Chat] = {GROUP_ID: self.group}
        for user_id, (name, status) in STAFF.items():
            self.users[user_id] = User(user_id, name, "de")
            self.group.members[user_id] = status
        self.updates.clear()
        self.page.send("reset", {})

    def serial(self) -> int:
        """The next number for ids of files and callbacks; never repeats before a reset."""
        return next(self._serial)

    def album_id(self) -> str:
        """A new `media_group_id`."""
        return str(13_000_000_000 + self.serial())

    def user(self, user_id: int) -> User:
        """The person with this id, made on first use."""
        if user_id not in self.users:
            name, language = NEWCOMERS.get(user_id, (f"Person {user_id}", ""))
            self.users[user_id] = User(user_id, name, language)
        return self.users[user_id]

    def private_chat(self, user_id: int) -> Chat:
        """The person's chat with the bot, made on first use; does not mark it as started."""
        self.user(user_id)
        return self.chats.setdefault(user_id, Chat(user_id, "private"))

    def post(self, chat: Chat, sender: int, **content: Any) -> Message:
        """Add a message with the chat's next id and show it on the page; `content` are `Message` fields."""
        message = Message(chat.id, chat.next_message_id, sender, time.time(), **content)
        chat.next_message_id += 1
        chat.messages[message.message_id] = message
        self.show(message)
        return message

    def show(self, message: Message) -> None:
        """Tell the page that a message is new or changed."""
        if self.page.listening:
            self.page.send("message", {"chat": message.chat_id, "message": message_view(self, message)})

    def delete(self, message: Message) -> None:
        """Mark a message as deleted, for everybody."""
        message.deleted = True
        self.show(message)

    def show_topics(self) -> None:
        """Tell the page that the list of topics changed."""
        self.page.send("topics", {})
