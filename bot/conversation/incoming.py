"""What can come in, freed of Telegram: from a person's private chat, or from the office's group."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.conversation.actions import Action


@dataclass(frozen=True, kw_only=True)
class FromPerson:
    """Somebody in a private chat. `language_code` is what their Telegram is set to (IETF), if it says so."""

    chat_id: int
    language_code: str | None = None


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A file as Telegram describes it. `size` in bytes; parts that Telegram does not tell are None.

    A place or a contact is no file: it has no `file_id`, and `name` is what it says.
    """

    file_id: str
    name: str | None = None
    type: str | None = None
    size: int | None = None
    unique_id: str | None = None
    """The same for the same file always, unlike `file_id`; nothing can be fetched with it."""


@dataclass(frozen=True, kw_only=True)
class PersonMessage:
    """A message of a person. `media` names its kind if it is not text alone; `text` may then be a caption."""

    sender: FromPerson
    message_id: int
    text: str | None = None
    media: str | None = None
    edited: bool = False
    file: Attachment | None = None
    sent_at: datetime | None = None
    album: str | None = None
    """What Telegram calls the album that the message is a part of."""
    album_follows: bool = False
    """True for the second and later parts of an album: they are passed on, but not answered one by one."""
    forwarded: bool = False

    @property
    def command(self) -> str | None:
        """The command's name without slash and bot name, if the message is one."""
        if self.media or self.edited or not self.text or not self.text.startswith("/"):
            return None
        return self.text.split(maxsplit=1)[0][1:].split("@")[0].lower()

    @property
    def argument(self) -> str:
        """What stands behind the command, empty if nothing does."""
        return "".join((self.text or "").split(maxsplit=1)[1:]).strip()


@dataclass(frozen=True, kw_only=True)
class PersonPress:
    """A person pressed a button under `message_id`."""

    sender: FromPerson
    message_id: int
    action: Action


@dataclass(frozen=True, kw_only=True)
class PersonReach:
    """The person blocked the bot, or let it in again."""

    sender: FromPerson
    reachable: bool


@dataclass(frozen=True, kw_only=True)
class FromStaff:
    """Somebody in the office's group. `anonymous`: an admin who hides behind the group's name."""

    user_id: int
    anonymous: bool = False


@dataclass(frozen=True, kw_only=True)
class StaffMessage:
    """A message in the group; `thread_id` is None in General, `reply_to` None where nothing is answered."""

    sender: FromStaff
    chat_id: int
    message_id: int
    thread_id: int | None
    text: str | None = None
    media: str | None = None
    edited: bool = False
    file: Attachment | None = None
    sent_at: datetime | None = None
    album: str | None = None
    reply_to: int | None = None
    via_bot: bool = False
    """Picked from what a bot offered while its sender typed (inline mode)."""
    topic_by_bot: bool = False
    """Written in a topic that a bot has made, as far as the message tells."""

    @property
    def command(self) -> str | None:
        """The command's name without slash and bot name, if the text begins with one slash; in small letters."""
        text = self.text or ""
        if not text.startswith("/") or text.startswith("//"):
            return None
        return (text.split(maxsplit=1)[0][1:].split("@")[0]).lower()

    @property
    def argument(self) -> str:
        """What stands behind the command, empty if nothing does."""
        return "".join((self.text or "").split(maxsplit=1)[1:]).strip()


@dataclass(frozen=True, kw_only=True)
class StaffPress:
    """Somebody in the group pressed a button."""

    sender: FromStaff
    chat_id: int
    message_id: int
    thread_id: int | None
    action: Action


@dataclass(frozen=True, kw_only=True)
class TopicClosed:
    """Somebody closed a topic by hand."""

    sender: FromStaff
    chat_id: int
    message_id: int
    thread_id: int


@dataclass(frozen=True, kw_only=True)
class InlineQuery:
    """Somebody types words behind the bot's name, in whatever chat; `in_group`: in a group, as far as Telegram says."""

    sender: FromStaff
    query_id: str
    words: str
    in_group: bool
    language_code: str | None = None


@dataclass(frozen=True, kw_only=True)
class StaffPresence:
    """The standing of a member of the office's group has changed; `moved`: they came into it, or left it."""

    user_id: int
    present: bool
    moved: bool


@dataclass(frozen=True)
class GroupMoved:
    """Telegram gave the office's group another id."""

    chat_id: int


@dataclass(frozen=True)
class GroupRights:
    """What the bot may do in the office's group has changed. `sufficient`: it can work there."""

    sufficient: bool
    deletes: bool = True
    """Whether it may delete topics of erased cases; to work it need not."""


FromPrivateChat = PersonMessage | PersonPress | PersonReach
FromGroup = StaffMessage | StaffPress | TopicClosed
AboutGroup = InlineQuery | StaffPresence | GroupMoved | GroupRights
Incoming = FromPrivateChat | FromGroup | AboutGroup
