"""Work that is done lane by lane: lanes side by side, the items of one lane one after the other."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import NamedTuple

log = logging.getLogger(__name__)

AT_ONCE = 24
IDLE_SECONDS = 1.0
"""How long to sleep when nothing wakes: items put off until later need looking at."""
REST_AFTER_FAULT = timedelta(seconds=5)


class Waiting(NamedTuple):
    """A lane with work: its oldest item, and whether there are others behind it."""

    lane: str
    oldest: int
    more: bool


class Lanes:
    """Runs `step` for the oldest item of every lane, as `waiting` names them, until stopped.

    A step handles one item and returns None, or how long its lane is to rest; zero where it left more to do, in its
    lane or in others. One look at what waits serves all lanes, and is taken only if something may be there: looks cost
    about as much as the work.
    """

    def __init__(
        self, waiting: Callable[[], Awaitable[Sequence[Waiting]]],
        step: Callable[[int], Awaitable[timedelta | None]],
    ) -> None:  # fmt: skip
        self._waiting = waiting
        self._step = step
        self._wake = asyncio.Event()
        self._running: dict[str, tuple[int, asyncio.Task[None]]] = {}
        self._resting: dict[str, float] = {}
        self._look_after: set[str] = set()
        """Running lanes in which something waits as well."""
        self._crowded = False
        """Not every lane with work could be started."""

    def wake(self) -> None:
        """Say that items may be waiting."""
        self._wake.set()

    def hurry(self) -> None:
        """Say that what lanes rest for is over."""
        self._resting.clear()
        self.wake()

    async def run(self) -> None:
        """Work until cancelled; then the items under way are finished and no more begun."""
        try:
            while True:
                self._wake.clear()
                await self._start()
                # Not wait_for: before Python 3.12 it can swallow the cancellation that is to end this loop.
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(IDLE_SECONDS):
                        await self._wake.wait()
        finally:
            await asyncio.gather(*(task for _, task in self._running.values()), return_exceptions=True)

    async def _start(self) -> None:
        now = asyncio.get_running_loop().time()
        self._resting = {lane: until for lane, until in self._resting.items() if until > now}
        # What ends while we look may leave its lane other than we saw it: such a lane waits for the next look.
        busy = {lane: item for lane, (item, _) in self._running.items()}
        waiting = await self._waiting()
        self._crowded = False
        for lane, item, more in waiting:
            if lane in busy:
                if more or item != busy[lane]:
                    self._look_again(lane)
            elif len(self._running) >= AT_ONCE:
                self._crowded = True
            elif lane not in self._resting:
                self._begin(lane, item, more=more)

    def _begin(self, lane: str, item: int, *, more: bool) -> None:
        task = asyncio.create_task(self._work(lane, item))
        self._running[lane] = (item, task)
        if more:
            self._look_after.add(lane)
        task.add_done_callback(partial(self._done, lane))

    def _look_again(self, lane: str) -> None:
        """After what the lane is doing now; at once if it has come to an end meanwhile."""
        if lane in self._running:
            self._look_after.add(lane)
        else:
            self._wake.set()

    async def _work(self, lane: str, item: int) -> None:
        rest = await self._step(item)
        if rest is not None:
            self._look_after.add(lane)
        if rest:
            self._resting[lane] = asyncio.get_running_loop().time() + rest.total_seconds()

    def _done(self, lane: str, task: asyncio.Task[None]) -> None:
        del self._running[lane]
        if self._crowded or lane in self._look_after:
            self._look_after.discard(lane)
            self._wake.set()
        if not task.cancelled() and task.exception() is not None:
            # The item is still stored; the lane rests so that a lasting fault does not spin.
            log.error("a lane stopped: %s", type(task.exception()).__name__, exc_info=task.exception())
            self._resting[lane] = asyncio.get_running_loop().time() + REST_AFTER_FAULT.total_seconds()
