"""A simulated Telegram, and the assembled bot with its outbox running against it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import select

from bot.app import App, assemble
from bot.handoff.effects import Relay
from bot.storage.models import Case, CaseMessage, OutboxMessage, Person, Staff
from bot.telegram.outbox import enqueue
from tests.bot.conftest import GROUP, make_settings, read_content
from tests.bot.telegram.whole import Whole, whole
from tests.conftest import Clock, Templates
from tests.simulator.conftest import Control, control, simulator_url

__all__ = ["control", "simulator_url"]

PATIENCE = 6.0
RANA, ANNA = 1001, 2001


@dataclass
class PostOffice:
    """The running outbox, one case, and what arrived in the simulator."""

    app: App
    control: Control
    clock: Clock
    case: Case

    async def post(self, text: str, *, to: int | None = RANA, kind: str = "system", **more: Any) -> None:
        """Put a message into the outbox: to a chat, or (`to` None) to the topic of the case."""
        payload = {"text": text, "parse_mode": "HTML", **more.pop("payload", {})}
        async with self.app.database.write() as session:
            enqueue(session, self.clock(), kind=kind, method=more.pop("method", "sendMessage"), payload=payload,
                    chat_id=to, case=self.case if to is None else None)  # fmt: skip
        self.app.outbox.wake()

    async def relay(self, text: str, *, by_staff: bool, media: str | None = None) -> int:
        """A message of staff (or of the person), passed on as the bot does it; returns its id on the writer's side."""
        chat_id, user = (GROUP, ANNA) if by_staff else (RANA, RANA)
        fields: dict[str, Any] = {"photo": True, "caption": text} if media else {"text": text}
        if by_staff and self.case.thread_id:
            fields["topic"] = self.case.thread_id
        written = await self.control.post("message", user=user, chat=chat_id, **fields)
        async with self.app.database.write() as session:
            kept = CaseMessage(case_id=self.case.id, author="staff" if by_staff else "person", text=text, media=media,
                               staff_id=1 if by_staff else None, at=self.clock(), source_chat_id=chat_id,
                               source_message_id=written["message_id"])  # fmt: skip
            session.add(kept)
            await session.flush()
            person = await session.get(Person, self.case.person_id)
            case = await session.get(Case, self.case.id)
            assert person is not None
            assert case is not None
            await self.app.delivery._room.carry_out(session, case, (Relay(kept.id),), person)
        self.app.outbox.wake()
        return int(written["message_id"])

    async def rows(self) -> list[OutboxMessage]:
        """The outbox, oldest first."""
        async with self.app.database.read() as session:
            return list(await session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))

    async def settled(self) -> list[OutboxMessage]:
        """Wait until nothing is waiting any more."""
        for _ in range(int(PATIENCE / 0.02)):
            rows = await self.rows()
            if all(row.state not in {"pending", "sending"} for row in rows):
                return rows
            await asyncio.sleep(0.02)
        raise AssertionError(f"still waiting: {[(row.kind, row.method, row.state, row.error) for row in rows]}")

    async def arrived(self, chat: int = RANA, **query: Any) -> list[str]:
        """The bot's texts in a chat, deleted ones left out."""
        extra = "".join(f"?{name}={value}" for name, value in query.items())
        messages = await self.control.get(f"chat/{chat}{extra}")
        return [one["text"] for one in messages if one["from"] == "bot" and not one["deleted"]]

    async def reload(self) -> Case:
        """The case as it is now."""
        async with self.app.database.read() as session:
            case = await session.get(Case, self.case.id)
        assert case is not None
        self.case = case
        return case


@contextlib.asynccontextmanager
async def running(app: App) -> AsyncIterator[None]:
    """The outbox at work."""
    work = asyncio.create_task(app.outbox.run())
    try:
        yield
    finally:
        work.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await work


@pytest.fixture
def database_url(migrated_url: str) -> str:
    """With the present schema: what is tested here is not how it is made."""
    return migrated_url


@pytest_asyncio.fixture
async def app(database_url: str, simulator_url: str, control: Control, clock: Clock) -> AsyncIterator[App]:
    """The bot, put together but not running."""
    settings = make_settings(database_url=database_url, telegram_api_url=simulator_url)
    async with assemble(settings, clock, read_content()) as app:
        yield app


@pytest_asyncio.fixture
async def office(app: App, control: Control, clock: Clock) -> AsyncIterator[PostOffice]:
    """Rana has a case that Frau A. has taken; its topic is open. The outbox runs."""
    await control.post("message", user=RANA, text="/start", language_code="de")
    async with app.database.write() as session:
        staff = Staff(telegram_id=ANNA, name="Frau A.")
        person = Person(chat_id=RANA, language="de", created_at=clock(), seen_at=clock())
        session.add_all([staff, person])
        await session.flush()
        case = Case(person_id=person.id, state="CLAIMED", owner_id=staff.id, reason="button", language="de",
                    opened_at=clock(), changed_at=clock())  # fmt: skip
        session.add(case)
    post_office = PostOffice(app, control, clock, case)
    async with running(app):
        await post_office.post("header", to=None, kind="new_header")
        await post_office.settled()
        await post_office.reload()
        yield post_office


@pytest_asyncio.fixture
async def bot(
    templates: Templates, tmp_path: Path, simulator_url: str, control: Control
) -> AsyncIterator[Whole]:
    """All of the bot but Rasa, at work on SQLite; Frau A. answers for the office."""
    url = await templates.sqlite(tmp_path / "whole.db")
    async with whole(url, simulator_url, control.client, admin=True) as one:
        yield one
