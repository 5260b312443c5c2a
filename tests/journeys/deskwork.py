"""The office's desk in real browsers: a world with a desk, and colleagues who sit at it."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]
from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    ViewportSize,
    async_playwright,
    expect,
)
from sqlalchemy import select

from bot.demo import PASSWORD, STAFF
from bot.desk.app import desk_texts
from bot.desk.passwords import Passwords
from bot.processes import free_port
from bot.storage.database import Database
from bot.storage.models import Staff
from tests.journeys.conftest import World, a_world
from tests.journeys.office import Case
from tests.journeys.test_page import CHROMIUM, FLAGS, PATIENCE_MS
from tests.journeys.words import PHRASES

TEXTS = desk_texts(PHRASES.zone)
DESKTOP: ViewportSize = {"width": 1280, "height": 860}
PHONE: ViewportSize = {"width": 360, "height": 740}
REFUSED = "the server responded with a status of 422"
"""What Chromium writes to its console when something was refused, with a sentence for whoever asked for it."""


def desk_label(language: str, key: str, **params: Any) -> str:
    """A text of the desk."""
    return TEXTS.say(language, key, params)


@dataclass
class Seat:
    """Somebody of the office at a browser."""

    page: Page
    address: str
    language: str = "de"
    complaints: list[str] = field(default_factory=list)
    abroad: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=lambda: [REFUSED])

    @staticmethod
    async def take(browser: Browser, address: str, language: str = "de", **options: Any) -> Seat:
        """A browser of their own, with ears for whatever its console complains about and where it goes."""
        context = await browser.new_context(locale=language, viewport=options.pop("viewport", DESKTOP), **options)
        seat = Seat(await context.new_page(), address, language)
        seat.page.set_default_timeout(PATIENCE_MS)
        seat._listen(context)
        return seat

    def _listen(self, context: BrowserContext) -> None:
        def hear(message: ConsoleMessage) -> None:
            if message.type in {"error", "warning"} and not any(known in message.text for known in self.expected):
                self.complaints.append(message.text)

        def follow(request: Request) -> None:
            if not request.url.startswith(self.address):
                self.abroad.append(request.url)

        self.page.on("console", hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        context.on("request", follow)

    def forgives(self, *complaints: str) -> None:
        """What the test itself brings about is no fault."""
        self.expected += complaints

    def say(self, key: str, **params: Any) -> str:
        """A text of the desk as this person reads it."""
        return desk_label(self.language, key, **params)

    async def opens(self, path: str = "/") -> None:
        """Go to a page."""
        await self.page.goto(self.address + path)

    async def logs_in(self, login: str, password: str = PASSWORD) -> None:
        """Fill in the form that is on the screen."""
        await self.page.get_by_label(self.say("login.login")).fill(login)
        await self.page.get_by_label(self.say("login.password")).fill(password)
        await self.presses("login.enter")

    async def presses(self, key: str, within: Locator | None = None, **params: Any) -> None:
        """Press the button of that name."""
        name = re.compile(f"^{re.escape(self.say(key, **params))}")
        await (within or self.page.locator("body")).get_by_role("button", name=name).first.click()

    async def unfolds(self, key: str) -> None:
        """Open what hides behind a heading."""
        await self.page.locator("summary", has_text=self.say(key)).first.click()

    async def sees(self, text: str | re.Pattern[str], place: str = "main") -> Locator:
        """Wait until a text is on the page; where it stands."""
        found = self.page.locator(place).get_by_text(text).first
        await expect(found).to_be_visible(timeout=PATIENCE_MS)
        return found

    async def sees_message(self, text: str) -> Locator:
        """Wait until a message stands in the conversation."""
        found = self.page.locator("#conversation > li", has_text=text).last
        await expect(found).to_be_visible(timeout=PATIENCE_MS)
        return found

    async def sees_state(self, state: str) -> None:
        """Wait until the head of the case shows a state (`claimed`, `resolved` ...)."""
        badges = self.page.locator("#case-head .badges")
        await expect(badges).to_contain_text(self.say(f"case.state_{state}"), timeout=PATIENCE_MS)

    def row(self, number: str) -> Locator:
        """The row of a case in the queue."""
        return self.page.locator(".row-case", has_text=number)

    async def opens_case(self, case: Case) -> None:
        """Go to the page of a case, and wait until it hears news."""
        async with self.page.expect_response(lambda answer: answer.url.endswith("/live")):
            await self.opens(f"/cases/{int(case.number[2:])}")

    async def takes(self) -> None:
        """Take the case on the screen."""
        await self.presses("case.take", self.page.locator("#case-head"))
        await self.sees_state("claimed")

    async def writes(self, text: str) -> None:
        """Write to the person."""
        await self.page.locator("#text").fill(text)
        await self.presses("case.send")

    async def picks(self, kind: str, title: str | re.Pattern[str], typed: str = "") -> None:
        """Open a list beside the conversation and choose what has that title; `typed` is looked for."""
        # The list that may be open already is not the one to type into; the new one hears once it has settled.
        await self.page.evaluate("document.getElementById('pick-q')?.setAttribute('data-old', '')")
        await self.page.locator("nav.tabs").get_by_role("link", name=self.say(f"case.pick_{kind}")).click()
        await self.page.locator("#panel:not(.htmx-settling) #pick-q:not([data-old])").fill(typed or str(title))
        await self.page.locator("#pick-results").get_by_role("link", name=title, exact=True).click()

    async def stays(self) -> None:
        """From now on it would be noticed if the page were loaded anew."""
        await self.page.evaluate("window.stayed = true")

    async def has_stayed(self) -> bool:
        """Whether the page is still the one of `stays`."""
        return bool(await self.page.evaluate("window.stayed === true"))

    async def violations(self) -> list[str]:
        """What axe finds on the page, one line each."""
        found = (await Axe().run(self.page)).response["violations"]
        return [f"{one['id']}: {node['target']} {node['html'][:160]}" for one in found for node in one["nodes"]]

    async def width(self) -> int:
        """How wide the page is, what cannot be seen included."""
        return int(await self.page.evaluate("document.documentElement.scrollWidth"))


@dataclass
class Office:
    """A running bot with its desk, and a Chromium for those who sit there."""

    world: World
    browser: Browser
    address: str
    database: Database
    seats: list[Seat] = field(default_factory=list)

    async def seat(self, language: str = "de", **options: Any) -> Seat:
        """A browser in which nobody is logged in yet."""
        seat = await Seat.take(self.browser, self.address, language, **options)
        self.seats.append(seat)
        return seat

    async def colleague(self, login: str, **options: Any) -> Seat:
        """Somebody who is logged in and looks at the queue; emma reads English."""
        seat = await self.seat("en" if login == "emma" else "de", **options)
        await seat.opens("/queue")
        await seat.logs_in(login)
        await expect(seat.page.locator("#board")).to_be_visible()
        return seat

    async def leave(self) -> None:
        """Close the browsers of a test; none of them may have complained or looked beyond the desk."""
        seats, self.seats = self.seats, []
        for seat in seats:
            await seat.page.context.close()
        complaints = [text for seat in seats for text in (*seat.complaints, *seat.abroad)]
        assert not complaints, complaints


async def give_logins(database: Database) -> None:
    """Let the members of the simulator's group log in, as in the demo, and somebody who reads English."""
    hashed = await Passwords().hash(PASSWORD)
    async with database.write() as session:
        for member in await session.scalars(select(Staff)):
            _, member.login, member.role = STAFF[member.telegram_id or 0]
            member.password_hash = hashed
        session.add(Staff(name="Ms E.", login="emma", role="admin", language="en", password_hash=hashed))


@contextlib.asynccontextmanager
async def an_office(rasa_url: str, database_url: str, folder: Path) -> AsyncIterator[Office]:
    """A world with a desk, open day and night, and a browser."""
    port = free_port()
    hours = {"OFFICE_HOURS": "Mon-Sun 00:00-24:00", "HOLIDAYS": ""}
    async with (
        a_world(rasa_url, database_url, folder, DESK_PORT=str(port), **hours) as world,
        async_playwright() as playwright,
    ):
        database = Database(database_url)
        await give_logins(database)
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield Office(world, browser, f"http://127.0.0.1:{port}", database)
        await browser.close()
        await database.close()


class Watch:
    """Measures how long things take."""

    def __init__(self) -> None:
        self.start = time.monotonic()

    @property
    def seconds(self) -> float:
        """Since it was made."""
        return time.monotonic() - self.start
