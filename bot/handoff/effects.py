"""What a transition means outside, as plain data. `text` is a message id of the locales, `params` fill its blanks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class TellPerson:
    """Say something to the person in their language; `buttons` names a row of buttons for the case."""

    text: str
    params: Mapping[str, Any] = field(default_factory=dict)
    buttons: str = ""


@dataclass(frozen=True)
class TellStaff:
    """Post a line in the case's topic, in the office's language. `alert`: with sound."""

    text: str
    params: Mapping[str, Any] = field(default_factory=dict)
    alert: bool = False


@dataclass(frozen=True)
class OpenTopic:
    """Make the case visible to staff: topic, header, the exchange the person agreed to share."""

    alert: bool


@dataclass(frozen=True)
class RefreshHeader:
    """Bring the header in the topic, with its buttons, up to date."""


@dataclass(frozen=True)
class Relay:
    """Pass a message to the other side: the one that caused the event, or the stored one with this id."""

    message_id: int | None = None


@dataclass(frozen=True)
class EditRelayed:
    """Correct the copy of a message on the other side; `at_desk`: it was changed there, and the topic follows."""

    message_id: int
    at_desk: bool = False


@dataclass(frozen=True)
class HoldMessage:
    """Do not send the colleague's message; ask them: send once, take over, or keep as a note."""


@dataclass(frozen=True)
class DeleteRelayed:
    """Take back all that shows a message: on the person's phone, and in the topic where it is deleted."""

    message_id: int


@dataclass(frozen=True)
class AlertCoordinator:
    """Call those who answer for the office (role admin), each in private: the topic was not enough."""

    text: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class CloseTopic:
    """The case is archived: nobody writes in its topic any more."""


@dataclass(frozen=True)
class ReopenTopic:
    """The case goes on after its end."""


@dataclass(frozen=True)
class DropBotAnswers:
    """Answers of the bot that have not been sent yet are not sent any more (exactly one speaker)."""


@dataclass(frozen=True)
class EraseCase:
    """Delete the texts of the case and its topic; a stub without texts remains."""


Effect = (
    TellPerson | TellStaff | OpenTopic | RefreshHeader | Relay | EditRelayed | DeleteRelayed | HoldMessage
    | AlertCoordinator | CloseTopic | ReopenTopic | DropBotAnswers | EraseCase
)  # fmt: skip
