"""What the simulated Telegram remembers: people, chats, topics, messages, files and button presses."""

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

GROUP_ID = -1001000000001
GROUP_TITLE = "Koordinierungsstelle (Team)"
DEFAULT_BOT_ID = 7000001
ANONYMOUS_ADMIN_ID = 1087968824
FIRST_GROUP_MESSAGE_ID = 2  # 1 stands for the General topic and is never a message of its own
FIRST_STAFF_ID = 2001
PRESENT = frozenset({"member", "administrator", "creator", "restricted"})
OTHER_RIGHTS = ("can_delete_messages", "can_pin_messages", "can_invite_users")


@dataclass(slots=True)
class User:
    """A person (or the bot); `started` means they wrote to the bot, without which it may not write to them."""

    id: int
    first_name: str
    language_code: str = ""
    is_bot: bool = False
    username: str = ""
    started: bool = False
    blocked: bool = False


@dataclass(slots=True)
class Media:
    """What a message carries besides text; `payload` is the value Telegram puts under the key `kind`."""

    kind: str
    payload: Any


@dataclass(slots=True)
class Message:
    """One message of one chat; `text` is the caption when there is media. Times are Unix seconds."""

    chat_id: int
    message_id: int
    sender: int
    at: float
    text: str = ""
    entities: list[Json] = field(default_factory=list)
    topic: int | None = None
    reply_to: int | None = None
    buttons: list[list[Json]] | None = None
    keyboard: list[list[str]] | None = None
    media: Media | None = None
    media_group_id: str | None = None
    service: Json | None = None
    forward_origin: Json | None = None
    via_bot: bool = False
    inline_message_id: str | None = None
    anonymous: bool = False
    silent: bool = False
    edited_at: float | None = None
    deleted: bool = False
    reactions: dict[int, str] = field(default_factory=dict)


@dataclass(slots=True)
class Topic:
    """A topic of the forum; its id is the id of the service message that created it."""

    id: int
    name: str
    icon: str = ""
    icon_color: int = 7322096
    closed: bool = False
    deleted: bool = False


@dataclass(slots=True)
class Chat:
    """A private chat (id = the person's id) or the office's forum; `members` maps user id to status.

    `bot_lacks` names the rights of `OTHER_RIGHTS` that the bot does not have although it is an administrator.
    """

    id: int
    kind: str
    title: str = ""
    next_message_id: int = 1
    messages: dict[int, Message] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    members: dict[int, str] = field(default_factory=dict)
    pinned: list[int] = field(default_factory=list)
    bot_status: str = "administrator"
    can_manage_topics: bool = True
    bot_lacks: frozenset[str] = frozenset()
    bot_writes_in_closed_topics: bool = False

    @property
    def is_group(self) -> bool:
        """Whether this is the office's group and not a private chat."""
        return self.kind == "supergroup"

    @property
    def bot_is_in(self) -> bool:
        """Whether the bot sees what happens here."""
        return self.bot_status not in ("left", "kicked")

    def bot_may(self, right: str) -> bool:
        """Whether the bot is an administrator with a right such as `can_pin_messages`."""
        return self.bot_status == "administrator" and right not in self.bot_lacks

    def live(self, message_id: int) -> Message | None:
        """The message with this id unless it is missing or deleted."""
        message = self.messages.get(message_id)
        return None if message is None or message.deleted else message


@dataclass(slots=True)
class Callback:
    """One press of an inline button and, later, the bot's answer to it."""

    id: str
    user: int
    at: float
    answer: Json | None = None
    expired: bool = False


@dataclass(slots=True)
class StoredFile:
    """An uploaded or invented file; `size` may be claimed without that many bytes being there."""

    file_id: str
    kind: str
    name: str
    mime: str
    data: bytes
    size: int
