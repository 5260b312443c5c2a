"""The bot in this process, all of it but Rasa, against the simulator: what the group sees as people use it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import httpx
from sqlalchemy import select

from bot.app import App, assemble
from bot.conversation.casework import turn_for_case
from bot.conversation.turn import Turn
from bot.storage.models import Case, Staff
from tests.bot.conftest import make_settings, read_content
from tests.journeys import office
from tests.journeys.conftest import World
from tests.journeys.phone import GROUP, Message, Phone, eventually


class Ticking:
    """A clock that goes on by itself, and jumps when told to."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def forward(self, **duration: float) -> None:
        """Jump ahead by a duration, as `timedelta` takes it."""
        self.ahead += timedelta(**duration)


@dataclass
class Whole:
    """The running bot; `http` is the simulator's control side."""

    app: App
    http: httpx.AsyncClient
    clock: Ticking

    def phone(self, language: str = "de", user: int = 1001) -> Phone:
        """The phone of somebody who writes in private."""
        return Phone(self.http, user, language)

    def staff(self, topic: int | None = None, user: int = office.FRAU_A) -> Phone:
        """The phone of somebody of the office, open at a topic (0: General)."""
        return Phone(self.http, user, "de", chat=GROUP, topic=topic)

    async def new_case(self, language: str = "de", user: int = 1001) -> office.Case:
        """Somebody asks for a human and agrees."""
        person = self.phone(language, user)
        await person.ask("/start")
        return await office.consent(cast(World, self), person, await office.ask_for_consent(person))

    async def rows(self, model: type[Any]) -> list[Any]:
        """Every row of a table, oldest first."""
        async with self.app.database.read() as session:
            return list(await session.scalars(select(model).order_by(*model.__table__.primary_key)))

    async def at_desk(self, deed: Callable[[Turn, Staff], Awaitable[None]]) -> None:
        """Frau A. does something to the first case at the desk."""
        async with self.app.database.write() as session:
            case, staff = await session.get_one(Case, 1), await session.get_one(Staff, 1)
            turn = await turn_for_case(session, self.app.parts, case, self.clock())
            assert turn is not None
            await deed(turn, staff)
            await self.app.delivery.deliver(session, turn)
        self.app.outbox.wake()

    async def control(self, action: str, /, **fields: Any) -> Any:
        """Do something on the simulator's control side."""
        answer = await self.http.post(f"/sim/{action}", json=fields)
        answer.raise_for_status()
        return answer.json()

    async def calls(self, method: str) -> int:
        """How often the bot has called a method."""
        return len((await self.http.get("/sim/calls", params={"method": method})).json())

    async def topics(self) -> list[dict[str, Any]]:
        """The topics of the group, oldest first."""
        return list((await self.http.get("/sim/topics")).json())

    async def becomes(self, look: Callable[[], Awaitable[bool]], what: str) -> None:
        """Wait until `look()` is true."""

        async def seen() -> bool | None:
            return await look() or None

        async def failed() -> str:
            return what

        await eventually(seen, failed)


@contextlib.asynccontextmanager
async def whole(
    database_url: str, simulator_url: str, http: httpx.AsyncClient, *, admin: bool = False
) -> AsyncIterator[Whole]:
    """Start the bot. `admin`: Frau A. answers for the office."""
    clock = Ticking()
    settings = make_settings(database_url=database_url, telegram_api_url=simulator_url, rasa_url="http://127.0.0.1:9")
    async with assemble(settings, clock, read_content()) as app:
        await _hire(app, "admin" if admin else "agent")
        work = [asyncio.create_task(one.run()) for one in (app.outbox, app.inbox, app.poller)]
        try:
            yield Whole(app, http, clock)
        finally:
            for task in work:
                task.cancel()
            await asyncio.gather(*work, return_exceptions=True)


async def _hire(app: App, role: str) -> None:
    async with app.database.write() as session:
        if await session.scalar(select(Staff.id).limit(1)) is None:
            session.add_all([Staff(telegram_id=2001, name="Frau A.", role=role),
                             Staff(telegram_id=2002, name="Herr B.")])  # fmt: skip


def of_bot(messages: list[Message], after: int = 0) -> list[Message]:
    """Those that the bot wrote, newer than `after`."""
    return [one for one in messages if one["from"] == "bot" and one["message_id"] > after]
