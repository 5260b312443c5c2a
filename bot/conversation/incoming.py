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
    """A file as Telegram describes it. `size` in bytes; parts that Telegram does not tell are None."""

    file_id: str
    name: str | None = None
    type: str | None = None
    size: int | None = None


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
    """A message in the group; `thread_id` is None in General."""

    sender: FromStaff
    chat_id: int
    message_id: int
    thread_id: int | None
    text: str | None = None
    media: str | None = None
    edited: bool = False
    file: Attachment | None = None
    album: str | None = None


@dataclass(frozen=True, kw_only=True)
class StaffPress:
    """Somebody in the group pressed a button."""

    sender: FromStaff
    chat_id: int
    message_id: int
    thread_id: int | None
    action: Action


FromPrivateChat = PersonMessage | PersonPress | PersonReach
FromGroup = StaffMessage | StaffPress
Incoming = FromPrivateChat | FromGroup
