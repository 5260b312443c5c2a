"""One turn: everything a step needs to know about the message being handled, and what has been decided so far."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversation.actions import Action
from bot.conversation.content import Content
from bot.conversation.replies import Button, Item, Part, Phrase, Reply, Rows, Toast
from bot.handoff.calendar import Calendar
from bot.handoff.states import CaseView, Mode, State
from bot.handoff.timers import Limits
from bot.locales import Locales
from bot.rasa import Understanding
from bot.storage import persons
from bot.storage.models import Case, FlowRun, Person
from bot.storage.retention import Retention
from bot.storage.visits import note_visit
from knowledge.library import Library


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What the conversation is built from; made once in `bot/app.py`."""

    content: Content
    locales: Locales
    calendar: Calendar
    """As the settings give it; what the desk sets goes before it (`bot.storage.office.calendar_of`)."""
    limits: Limits
    clock: Callable[[], datetime]
    office_language: str
    messages_per_minute: int
    messages_per_minute_all: int
    newcomers_per_minute: int
    retention: Retention
    """How long everything is kept."""
    translates: bool = False
    """Whether a translation service is configured."""

    @property
    def library(self) -> Library:
        """The curated entries and contacts as they stand now."""
        return self.content.library


@dataclass
class Turn:
    """A person, their open case if any, and the items to send. Lives inside one database transaction."""

    parts: Parts
    session: AsyncSession
    person: Person
    case: Case | None
    """The open case, or the one that this turn is about."""
    now: datetime
    language: str
    """The language of this reply: the person's, or that of a message clearly written in another."""
    newcomer: bool = False
    """Nothing was known of the person before this turn."""
    pressed: int | None = None
    """The message whose button was pressed, if this turn is a press."""
    argument: str = ""
    """What stands behind the command, if this turn is one."""
    run: FlowRun | None = None
    """The guided flow whose question is open."""
    latest: FlowRun | None = None
    """The guided flow used last, which the menu offers to go on with."""
    flow_pressed: bool = False
    """The button stood under a flow's question: the next one takes its place."""
    starts_over: bool = False
    """A flow is begun afresh although it was begun before."""
    understanding: Understanding | None = None
    """What Rasa made of the press, if it was one that Rasa decides about."""
    degraded: bool = False
    """Rasa was asked and did not answer."""
    ended: Case | None = None
    """A case that is over, within the time in which it can be taken up again."""
    items: list[Item] = field(default_factory=list)
    toast: Toast | None = None

    @property
    def local_now(self) -> datetime:
        """The time in the office's zone."""
        return self.now.astimezone(self.parts.locales.zone)

    @property
    def view(self) -> CaseView:
        """The open case as the transition function sees it."""
        return view_of(self.case)

    @property
    def mode(self) -> Mode:
        """Who may speak right now."""
        return self.view.mode

    def say(
        self, key: str, *, rows: Rows = (), edit: bool = False, kind: str = "answer", **params: Any
    ) -> None:
        """Reply with one phrase; `edit` puts it in the place of the message whose button was pressed."""
        self.send(Phrase(key, params), rows=rows, edit=edit, kind=kind)

    def send(self, *parts: Part, rows: Rows = (), edit: bool = False, kind: str = "answer") -> None:
        """Reply with several parts in one message."""
        place = self.pressed if edit else None
        self.items.append(Reply(parts=parts, language=self.language, rows=rows, replace=place, kind=kind))

    async def count(self, name: str, key: str = "") -> None:
        """Raise an anonymous counter for the day."""
        await persons.count(self.session, self.local_now.date(), name, key, self.language)

    async def count_question(self, name: str, key: str = "", *, topic: str = "") -> None:
        """The same for a question, and note that somebody asked; `topic`: none if it is sensitive."""
        await self.count(name, key)
        await note_visit(self.session, self.local_now.date(), self.person.chat_id, topic, self.language)


def view_of(case: Case | None) -> CaseView:
    """The case without texts, as plain data; the empty case for None."""
    if case is None:
        return CaseView()
    return CaseView(
        id=case.id, state=State(case.state), version=case.version, reason=case.reason, language=case.language,
        topic=case.topic, urgent=case.urgent, owner=case.owner_id, changed_at=case.changed_at,
        promised_at=case.promised_at, escalated_at=case.escalated_at,
    )  # fmt: skip


def button(key: str, name: str, *args: str) -> Button:
    """A button with one of the bot's own labels."""
    return Button(Phrase(key), Action(name, args))
