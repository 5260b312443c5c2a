"""A desk and a chat around the same cases: persons write as they do in Telegram, staff press what the pages offer."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest_asyncio
from sqlalchemy import event

from bot.app import make_renderer
from bot.changes import Changes
from bot.conversation.turn import Parts
from bot.desk.app import Desk, desk_texts, make_desk
from bot.desk.passwords import Passwords
from bot.storage.database import Database
from bot.storage.models import Case, CaseMessage
from tests.bot.conftest import make_settings
from tests.bot.desk.conftest import CHEAP, Browser, World
from tests.bot.stage import Colleague, Stage, Visitor


@dataclass
class Office(World):
    """A desk whose deeds reach the outbox."""

    stage: Stage = field(kw_only=True)
    files: dict[str, bytes] = field(default_factory=dict)

    async def colleague(self, login: str, name: str, telegram_id: int, **more: Any) -> tuple[Browser, Colleague]:
        """Somebody at the desk who is in the group as well."""
        await self.member(login, "agent", name, telegram_id=telegram_id, **more)
        return await self.again(login), Colleague(self.stage, telegram_id)

    async def case(self, case_id: int = 1) -> Case:
        """A case as it stands."""
        async with self.database.read() as session:
            return await session.get_one(Case, case_id)

    async def message(self, text: str) -> CaseMessage:
        """The message with this text."""
        every: list[CaseMessage] = await self.all(CaseMessage)
        return next(one for one in every if one.text == text)

    async def asks(self, chat_id: int = 1001, language: str = "ar") -> Visitor:
        """Somebody who has asked for a human being."""
        visitor = Visitor(self.stage, chat_id, language)
        await visitor.writes("/start")
        await visitor.asks_for_a_human()
        return visitor

    async def sent_to(self, chat_id: int = 1001) -> str:
        """What waits to be sent to a person."""
        return await self.stage.on_its_way(chat_id)

    async def change(self, model: type[Any], **values: Any) -> None:
        """Set columns of every row."""
        await self.stage.change(model, **values)

    @contextmanager
    def queries(self) -> Iterator[list[str]]:
        """Every statement that the block makes."""
        seen: list[str] = []

        def note(*arguments: Any) -> None:
            seen.append(arguments[2])

        event.listen(self.database.engine.sync_engine, "before_cursor_execute", note)
        yield seen
        event.remove(self.database.engine.sync_engine, "before_cursor_execute", note)


@pytest_asyncio.fixture
async def office(database: Database, parts: Parts) -> AsyncIterator[Office]:
    stage, files = Stage(database, parts, make_settings()), dict[str, bytes]()

    async def file_of(file_id: str) -> bytes:
        return files[file_id]

    changes = Changes()
    database.changed = changes.publish
    desk = Desk(
        database=database, locales=desk_texts(parts.locales.zone), parts=parts, changes=changes,
        deliver=stage.delivery.deliver, render=make_renderer(stage.parts).body,
        file_of=file_of, secure_cookies=False,
        passwords=Passwords(CHEAP),
    )  # fmt: skip
    office = Office(desk, make_desk(desk), database, [], stage=stage, files=files)
    yield office
    for browser in office.browsers:
        await browser.aclose()


@pytest_asyncio.fixture
async def anna(office: Office) -> Browser:
    """Frau A. at the desk."""
    return (await office.colleague("anna", "Frau A.", 2001))[0]


@pytest_asyncio.fixture
async def bernd(office: Office) -> Browser:
    """Herr B. at the desk."""
    return (await office.colleague("bernd", "Herr B.", 2002))[0]


@pytest_asyncio.fixture
async def rana(office: Office) -> Visitor:
    """Somebody who reads Arabic and waits for a human being: case 1."""
    return await office.asks()


def words_of(answer: httpx.Response) -> str:
    """What a page says, without tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


async def step(browser: Browser, name: str, case_id: int = 1, **fields: str) -> httpx.Response:
    """Press a button of the case's page as it is shown now."""
    page = await browser.get(f"/cases/{case_id}")
    version = re.search(r'name="version" value="(\d+)"', page.text)
    seen = re.search(r'name="seen" value="(\d+)"', page.text)
    shown = {"version": version[1] if version else "", "seen": seen[1] if seen else ""}
    return await browser.send_form(f"/cases/{case_id}/{name}", shown | fields)
