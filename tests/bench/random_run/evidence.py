"""What remains of a run: every chat as the phones show it, and the database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import httpx
from sqlalchemy import select

from bot.storage.database import Database
from bot.storage.models import Base, Case, CaseEvent, CaseMessage, InboxUpdate, OutboxMessage, Person
from tests.bench.random_run.ledger import Said
from tests.journeys.phone import GROUP, Message

Row = TypeVar("Row", bound=Base)


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """All that the rules look at. `chats`: every message by chat, oldest first, deleted ones too."""

    said: Sequence[Said]
    updates: Sequence[int]
    chats: Mapping[int, Sequence[Message]]
    people: Sequence[Person] = ()
    cases: Sequence[Case] = ()
    events: Sequence[CaseEvent] = ()
    messages: Sequence[CaseMessage] = ()
    inbox: Sequence[InboxUpdate] = ()
    outbox: Sequence[OutboxMessage] = ()

    def by_bot(self, chat: int) -> list[Message]:
        """The bot's messages in a chat that are still there."""
        return [one for one in self.chats.get(chat, ()) if one["from"] == "bot" and not one["deleted"]]

    def cases_of(self, chat: int) -> dict[int, Case]:
        """The cases of the person with this chat, by id."""
        person = next((one.id for one in self.people if one.chat_id == chat), None)
        return {case.id: case for case in self.cases if person is not None and case.person_id == person}

    def rows_to(self, chat: int) -> list[OutboxMessage]:
        """The calls of the Bot API to a chat, in the order in which they are made; topics are in the group."""
        to_topic = {None} if chat == GROUP else set()
        return [row for row in self.outbox if row.chat_id in {chat, *to_topic}]

    def told_about(self, message_id: int) -> bool:
        """Whether the bot has answered somebody of staff who wrote this message; hints in General go after a while."""
        return any(one["reply_to"] == message_id and one["from"] == "bot" for one in self.chats.get(GROUP, ()))

    def state_of(self, chat: int, at: datetime) -> str:
        """How the person's open (or last) case stood at a moment."""
        mine = self.cases_of(chat)
        before = [event for event in self.events if event.case_id in mine and event.at <= at]
        return before[-1].to_state if before else "NONE"


async def gather(
    http: httpx.AsyncClient, database: Database, said: Sequence[Said], updates: Sequence[int], chats: Iterable[int]
) -> Evidence:
    """Look at everything, once all has come to rest."""
    shown = {chat: (await http.get(f"/sim/chat/{chat}")).json() for chat in (*chats, GROUP)}
    return Evidence(
        said=said, updates=updates, chats=shown,
        people=await _all(database, Person), cases=await _all(database, Case), events=await _all(database, CaseEvent),
        messages=await _all(database, CaseMessage), inbox=await _all(database, InboxUpdate),
        outbox=await _all(database, OutboxMessage),
    )  # fmt: skip


async def _all(database: Database, table: type[Row]) -> list[Row]:
    async with database.read() as session:
        return list(await session.scalars(select(table).order_by(*table.__table__.primary_key)))
