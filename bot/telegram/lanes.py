"""Work that is done lane by lane: lanes side by side, the items of one lane one after the other."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import NamedTuple

from bot.storage.away import DatabaseAway

log = logging.getLogger(__name__)

AT_ONCE = 24
IDLE_SECONDS = 1.0
"""How long to sleep when nothing wakes: items put off until later need looking at."""
ELSEWHERE_SECONDS = 0.05
"""How long to sleep while lanes wait for another worker: it does not say when it is done with one."""
REST_AFTER_FAULT = timedelta(seconds=5)
FINISH_SECONDS = 15.0
"""How long what is under way may take to end when the process is to stop."""


class Waiting(NamedTuple):
    """A lane with work: its oldest item, whether there are others behind it, and whether another worker is at it."""

    lane: str
    oldest: int
    more: bool
    elsewhere: bool = False


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
        self._elsewhere = False
        """In some lane another worker is at work: what waits behind that is for whoever looks first."""
        self.turned_at = time.monotonic()
        """When the loop last went round (monotonic)."""

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
                await self._try_to_start()
                # Not wait_for: before Python 3.12 it can swallow the cancellation that is to end this loop.
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(self._pause()):
                        await self._wake.wait()
        finally:
            await self._finish()

    async def _finish(self) -> None:
        """Let what is under way come to its end, but not wait for ever; what is cut off is done again later."""
        tasks = {task for _, task in self._running.values()}
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=FINISH_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _try_to_start(self) -> None:
        """A look that fails is no reason to stop looking."""
        try:
            await self._start()
        except DatabaseAway:
            await asyncio.sleep(IDLE_SECONDS)
        except Exception:
            log.exception("it could not be seen what waits; the next look tries again")
            await asyncio.sleep(IDLE_SECONDS)
        self.turned_at = time.monotonic()

    async def _start(self) -> None:
        now = asyncio.get_running_loop().time()
        self._resting = {lane: until for lane, until in self._resting.items() if until > now}
        # What ends while we look may leave its lane other than we saw it: such a lane waits for the next look.
        busy = {lane: item for lane, (item, _) in self._running.items()}
        waiting = await self._waiting()
        self._crowded = False
        self._elsewhere = any(one.elsewhere for one in waiting)
        for lane, item, more, elsewhere in waiting:
            if elsewhere:
                continue
            if lane in busy:
                if more or item != busy[lane]:
                    self._look_again(lane)
            elif len(self._running) >= AT_ONCE:
                self._crowded = True
            elif lane not in self._resting:
                self._begin(lane, item, more=more)

    def _pause(self) -> float:
        """How long to sleep if nothing wakes."""
        now = asyncio.get_running_loop().time()
        rests = [max(until - now, ELSEWHERE_SECONDS) for until in self._resting.values()]
        return min(IDLE_SECONDS, *rests, ELSEWHERE_SECONDS if self._elsewhere else IDLE_SECONDS)

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
            if not isinstance(task.exception(), DatabaseAway):
                log.error("a lane stopped: %s", type(task.exception()).__name__, exc_info=task.exception())
            self._resting[lane] = asyncio.get_running_loop().time() + REST_AFTER_FAULT.total_seconds()
