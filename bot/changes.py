"""Tells whoever watches inside this process that a case has changed; carries ids only, nothing is stored."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

AGAIN = 0
"""Instead of a case id: more has changed than could be kept, look at everything again."""


class Changes:
    """A list of watchers, all on one event loop. `limit` different cases are kept for each that is slow."""

    def __init__(self, limit: int = 64) -> None:
        self._limit = limit
        self._watchers: set[Watcher] = set()

    def publish(self, case_id: int) -> None:
        """Tell every watcher; never waits. To be called after the commit: whoever is told will look at once."""
        for watcher in self._watchers:
            watcher.note(case_id)

    @contextmanager
    def subscribe(self) -> Iterator[Watcher]:
        """A watcher that is told of what is published while the block runs: `async for case_id in watcher`."""
        watcher = Watcher(self._limit)
        self._watchers.add(watcher)
        try:
            yield watcher
        finally:
            self._watchers.discard(watcher)


class Watcher:
    """Case ids in the order of their change, each once until it is taken; `AGAIN` alone if there were too many."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._waiting: dict[int, None] = {}
        self._news = asyncio.Event()

    def note(self, case_id: int) -> None:
        """Keep `case_id` until it is taken."""
        if AGAIN not in self._waiting:
            self._waiting[case_id] = None
        if len(self._waiting) > self._limit:
            self._waiting = {AGAIN: None}
        self._news.set()

    async def take(self) -> int:
        """The next case id, or `AGAIN`; waits for one."""
        while not self._waiting:
            self._news.clear()
            await self._news.wait()
        case_id = next(iter(self._waiting))
        del self._waiting[case_id]
        return case_id

    async def __aiter__(self) -> AsyncIterator[int]:
        while True:
            yield await self.take()
