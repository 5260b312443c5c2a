"""Rasa, simulator and bot as processes, as the journeys start them, and a crowd let loose on them."""

from __future__ import annotations

import contextlib
import inspect
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bot.processes import Child, family, free_port
from tests import conftest
from tests.bench.crowd import Live, live
from tests.bench.figures import Step
from tests.bench.machine import Usage, busy, others, usage
from tests.journeys.conftest import ACTIONS_PORT, World, a_world
from tests.journeys.phone import Phone, eventually

SQLITE, POSTGRESQL = conftest.DATABASES
_server: Callable[[], AbstractContextManager[conftest.PostgreSQL]] = contextlib.contextmanager(
    inspect.unwrap(conftest.postgresql_server)
)
"""The tests' own PostgreSQL server, which does not wait for the disk (fsync=off)."""


class Visits(Protocol):
    """Whoever can be let loose on the running whole."""

    async def visit(self, shown: Live, new_phone: Callable[[str], Phone]) -> tuple[list[Step], int]:
        """Do what they came for; their steps, and how many new cases the office gets by them."""


@dataclass(frozen=True)
class Rasa:
    """A Rasa server for everything that is measured: its address, and its process."""

    url: str
    child: Child


@dataclass(frozen=True)
class Outcome:
    """What a crowd did: its steps, requests sent, seconds from first to last, and what each process used.

    `others`: cores that programs which have no part in this kept busy meanwhile.
    """

    steps: list[Step]
    sent: int
    seconds: float
    before: Mapping[str, Usage]
    after: Mapping[str, Usage]
    others: float


@dataclass
class Stage:
    """The running whole with an open page; `database` and `desk` are addresses, `pids` by name, this process too."""

    world: World
    shown: Live
    database: str
    desk: str
    pids: Mapping[str, int]
    _sent: int = 0

    async def play(self, crowd: Visits) -> Outcome:
        """Let a crowd through."""
        before, all_before, began = self.usage(), busy(), time.perf_counter()
        steps, sent = await crowd.visit(self.shown, self.world.phone)
        seconds, after = time.perf_counter() - began, self.usage()
        outcome = Outcome(steps, sent, seconds, before, after, others(before, after, busy() - all_before) / seconds)
        self._sent += sent
        return outcome

    async def office_has_all(self) -> None:
        """Wait until the office has each request once. Raises `AssertionError` if that does not come about."""
        await eventually(self._arrived, self._missing)

    def usage(self) -> dict[str, Usage]:
        """What each process has used so far."""
        return {name: usage(pid) for name, pid in self.pids.items()}

    async def _topics(self) -> int:
        return len((await self.world.http.get("/sim/topics")).json())

    async def _arrived(self) -> bool | None:
        return await self._topics() == self._sent or None

    async def _missing(self) -> str:
        return f"{self._sent} requests were sent, and the office has {await self._topics()}"


@contextlib.asynccontextmanager
async def rasa_server() -> AsyncIterator[Rasa]:
    """A Rasa server with the present model."""
    async with family() as members:
        port = free_port()
        child = await members.start_rasa(port, ACTIONS_PORT)
        await child.answers(f"http://127.0.0.1:{port}/status")
        yield Rasa(f"http://127.0.0.1:{port}", child)


async def nothing(database: str) -> None:
    """The database stays empty."""


@contextlib.asynccontextmanager
async def stage(
    rasa: Rasa, database: str, folder: Path, fill: Callable[[str], Awaitable[None]] = nothing, /, **settings: str
) -> AsyncIterator[Stage]:
    """Simulator and bot on a fresh database (`conftest.DATABASES`); its file stands in `folder`.

    `fill` gets the database's address before anybody works with it. The office is always open, so that what is measured
    does not depend on the hour.
    """
    desk = free_port()
    settings = {"DESK_PORT": str(desk), "OFFICE_HOURS": "Mon-Sun 00:00-24:00", "HOLIDAYS": "", **settings}
    async with contextlib.AsyncExitStack() as stack:
        url = await stack.enter_async_context(_empty(database, folder))
        await fill(url)
        world = await stack.enter_async_context(a_world(rasa.url, url, folder, **settings))
        shown = await stack.enter_async_context(live(world.http))
        children = {child.name: child.process.pid for child in (rasa.child, *world.members.children)}
        yield Stage(world, shown, url, f"http://127.0.0.1:{desk}", {**children, "this bench": os.getpid()})


@contextlib.asynccontextmanager
async def _empty(database: str, folder: Path) -> AsyncIterator[str]:
    """The address of an empty database."""
    templates = conftest.Templates(folder)
    if database == SQLITE:
        yield await templates.sqlite(folder / "bench.db")
    else:
        with _server() as server:
            yield await templates.postgresql(server.url)
