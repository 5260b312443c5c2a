"""A desk on a real database, and browsers that behave as browsers do."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import pytest_asyncio
from argon2 import PasswordHasher
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.applications import Starlette

from bot.app import make_renderer
from bot.changes import Changes
from bot.conversation.turn import Parts, Turn
from bot.desk.app import Desk, desk_texts, make_desk
from bot.desk.passwords import Passwords
from bot.storage.database import Database
from bot.storage.models import Audit, Staff

PASSWORD = "drei gelbe Boote im Regen"
ORIGIN = "http://desk.test"
CHEAP = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
_TOKEN = re.compile(r'name="csrf" value="([^"]+)"')


class Browser(httpx.AsyncClient):
    """Keeps cookies, says where its forms come from, does not follow redirects."""

    def __init__(self, app: Starlette, address: str = "192.0.2.7", **more: Any) -> None:
        transport = httpx.ASGITransport(app=app, client=(address, 4321))
        headers = {"accept-language": "de"} | more.pop("headers", {})
        super().__init__(transport=transport, base_url=ORIGIN, headers=headers, **more)

    async def token(self) -> str:
        """The CSRF token that stands in the forms of this session."""
        found = _TOKEN.search((await self.get("/profile")).text)
        return found[1] if found else ""

    async def send_form(self, path: str, fields: dict[str, str] | None = None, **more: Any) -> httpx.Response:
        """Send a form as the page would: with its token and its origin."""
        data = {"csrf": await self.token()} | (fields or {})
        return await self.post(path, data=data, headers={"origin": ORIGIN} | more.pop("headers", {}), **more)

    async def log_in(self, login: str, password: str = PASSWORD, next: str = "/") -> httpx.Response:
        """Fill in the login form."""
        data = {"login": login, "password": password, "next": next}
        return await self.post("/login", data=data, headers={"origin": ORIGIN})


@dataclass
class World:
    """A desk under test, with ways to look behind it."""

    desk: Desk
    app: Starlette
    database: Database
    browsers: list[Browser]

    def browser(self, **more: Any) -> Browser:
        """A fresh browser."""
        browser = Browser(self.app, **more)
        self.browsers.append(browser)
        return browser

    async def member(self, login: str = "anna", role: str = "agent", name: str = "Frau A.", **more: Any) -> Staff:
        """Somebody who can log in with `PASSWORD`."""
        values = {"password_hash": CHEAP.hash(PASSWORD), "language": "de", **more}
        staff = Staff(login=login, name=name, role=role, **values)
        async with self.database.write() as session:
            session.add(staff)
        return staff

    async def logged_in(self, login: str = "anna", role: str = "agent", **more: Any) -> Browser:
        """A browser in which a new member of staff is logged in."""
        await self.member(login, role, **more)
        return await self.again(login)

    async def again(self, login: str) -> Browser:
        """Another browser of somebody known."""
        browser = self.browser()
        assert (await browser.log_in(login)).status_code == 303
        return browser

    async def reload(self, staff: Staff | int) -> Staff:
        """The row as it stands now."""
        async with self.database.read() as session:
            return await session.get_one(Staff, staff if isinstance(staff, int) else staff.id)

    async def all(self, model: Any) -> list[Any]:
        """All rows of a table, in order."""
        async with self.database.read() as session:
            return list(await session.scalars(select(model).order_by(*model.__table__.primary_key)))

    async def actions(self) -> list[str]:
        """What was written down, in order."""
        return [row.action for row in await self.all(Audit)]


@pytest.fixture
def secure() -> bool:
    """Whether the desk is reached over HTTPS."""
    return False


@pytest_asyncio.fixture
async def world(database: Database, parts: Parts, *, secure: bool) -> AsyncIterator[World]:
    async def deliver(session: AsyncSession, turn: Turn) -> None:
        raise AssertionError("nothing is sent here")

    async def file_of(file_id: str) -> bytes:
        return b"bytes of " + file_id.encode()

    desk = Desk(
        database=database, locales=desk_texts(parts.locales.zone), parts=parts, changes=Changes(), deliver=deliver,
        render=make_renderer(parts).body, file_of=file_of,
        secure_cookies=secure, passwords=Passwords(CHEAP),
    )  # fmt: skip
    world = World(desk, make_desk(desk), database, [])
    yield world
    for browser in world.browsers:
        await browser.aclose()
