"""Staff who look at the desk's queue in their browsers, logged in as they log in."""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from html.parser import HTMLParser
from types import TracebackType

import httpx

from tests.bench.crowd import Live
from tests.bench.figures import Step
from tests.journeys.phone import Phone

TARGET = 0.150
"""Seconds that the 95th percentile may take (issue 5)."""
STEP = "queue page"
_NUMBER = re.compile(r"\bW-\d{4,}")


class _Forms(HTMLParser):
    """The address of a page's first form with a password, and its hidden fields."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.action = ""
        self.hidden: dict[str, str] = {}
        self._open = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember what a browser would send along."""
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = found.get("action", "")
        elif tag == "input" and found.get("type") == "hidden" and not self.action:
            self.hidden[found["name"]] = found.get("value", "")
        elif tag == "input" and found.get("type") == "password":
            self.action = self._open


class Browser:
    """A browser at the desk: keeps cookies and its connection, says where a form comes from."""

    def __init__(self, desk: str) -> None:
        self._http = httpx.AsyncClient(base_url=desk, timeout=30)
        self._from_here = {"Origin": desk, "Sec-Fetch-Site": "same-origin"}

    async def __aenter__(self) -> Browser:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None,
                        trace: TracebackType | None) -> None:  # fmt: skip
        await self._http.aclose()

    async def log_in(self, login: str, password: str) -> None:
        """Fill in the form of the login page. Raises `AssertionError` if the desk does not let us in."""
        form = _Forms((await self._http.get("/login")).text)
        data = {**form.hidden, "login": login, "password": password}
        answer = await self._http.post(form.action, data=data, headers=self._from_here)
        assert answer.status_code == httpx.codes.SEE_OTHER, f"{login} cannot log in: {answer.status_code}"

    async def look(self, cases: int) -> float | None:
        """Seconds until the whole queue page is here; None if it is not the page, with so many cases on it."""
        began = time.perf_counter()
        answer = await self._http.get("/queue")
        seconds = time.perf_counter() - began
        whole = answer.status_code == httpx.codes.OK and len(set(_NUMBER.findall(answer.text))) == cases
        return seconds if whole else None


@dataclass(frozen=True, kw_only=True)
class Readers:
    """Staff who log in and then look at the queue, all at once, `looks` times in all; `pause`: mean seconds between."""

    desk: str
    logins: tuple[str, ...]
    password: str
    cases: int
    looks: int = 200
    pause: float = 0.0

    async def visit(self, shown: Live, new_phone: Callable[[str], Phone]) -> tuple[list[Step], int]:
        """Let everybody read; no case comes of it."""
        looked = await asyncio.gather(*(self._read(login) for login in self.logins))
        return [step for steps in looked for step in steps], 0

    async def _read(self, login: str) -> list[Step]:
        chance = random.Random(login)
        async with Browser(self.desk) as browser:
            await browser.log_in(login, self.password)
            return [await self._look(browser, chance) for _ in range(self.looks // len(self.logins))]

    async def _look(self, browser: Browser, chance: random.Random) -> Step:
        if self.pause:
            await asyncio.sleep(chance.expovariate(1 / self.pause))
        return Step(STEP, await browser.look(self.cases))
