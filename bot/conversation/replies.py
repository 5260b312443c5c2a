"""What comes out, freed of Telegram: messages made of phrases, answers and quotes, with buttons; and case effects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.conversation.actions import Action
from bot.documents.document import Document
from bot.handoff.effects import Effect
from bot.storage.models import Case


@dataclass(frozen=True)
class Phrase:
    """A text of the bot itself: a message id of the locales and what fills its blanks."""

    key: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """A curated entry, whole (`part` "short") or its further steps ("steps")."""

    entry_id: str
    part: str = "short"


@dataclass(frozen=True)
class Explanation:
    """A term of the glossary and what it means."""

    term_id: str


@dataclass(frozen=True)
class Quote:
    """What somebody wrote, as it stands."""

    text: str


@dataclass(frozen=True)
class Filled:
    """An office phrase of the knowledge and what fills its blanks, as stored (`bot.conversation.relayed`)."""

    phrase_id: str
    blanks: Mapping[str, str]


@dataclass(frozen=True)
class ContactCard:
    """A body of the directory: what it does and how to reach it."""

    contact_id: str


@dataclass(frozen=True)
class Lines:
    """Phrases that belong together, one a line."""

    phrases: tuple[Phrase, ...]


Part = Phrase | Answer | Explanation | Lines | Quote | Filled | ContactCard


@dataclass(frozen=True)
class Button:
    """A button: its label is a phrase, or a curated text as it stands; in the message's language if none is named."""

    label: Phrase | str
    action: Action
    language: str | None = None


Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Reply:
    """One message to the person. `replace`: edit this message instead of sending a new one."""

    parts: tuple[Part, ...]
    language: str
    rows: Rows = ()
    replace: int | None = None
    kind: str = "answer"
    """answer: dropped if a human takes over before it is sent; flow: the same, and remembered as the message with the
    open question; system: sent in any case; farewell: leaves no trace."""


@dataclass(frozen=True, kw_only=True)
class Buttons:
    """Put other buttons under a message that has been sent."""

    message_id: int
    rows: Rows
    language: str


@dataclass(frozen=True)
class CaseStep:
    """What a transition asks for on the office's side."""

    case: Case
    effects: tuple[Effect, ...]


@dataclass(frozen=True)
class StaffNote:
    """A line for staff as a reply to what they wrote; `thread_id` None is General."""

    text: Phrase
    thread_id: int | None
    reply_to: int | None = None
    rows: Rows = ()
    parts: tuple[Part, ...] = ()
    """What stands below the line."""
    replace: int | None = None
    """Put this in the place of the message whose button was pressed."""
    hint_for: int | None = None
    """A hint for the member with this Telegram id: at most once an hour, and it goes away after a minute."""
    asks_for: int | None = None
    """Id of the case message that a reply to this line completes."""
    picker: bool = False
    """With a button that opens the picker of entries, phrases and terms."""


@dataclass(frozen=True)
class Toast:
    """A short answer to a press, shown over the chat; `alert` must be dismissed."""

    text: Phrase
    alert: bool = False


@dataclass(frozen=True, kw_only=True)
class File:
    """A document to print, as a PDF under this name (without its ending), with a line below it."""

    document: Document
    name: str
    caption: Phrase
    language: str


@dataclass(frozen=True, kw_only=True)
class Data:
    """Plain data to take along, as a JSON file under this name (without its ending), with a line below it."""

    content: Mapping[str, Any]
    name: str
    caption: Phrase
    language: str


Item = Reply | File | Data | Buttons | CaseStep | StaffNote
