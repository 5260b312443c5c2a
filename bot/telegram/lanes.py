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
REST_AFTER_DEFEAT = timedelta(seconds=0.05)
"""How long a lane rests of which another worker was quicker to take the oldest item; it may be done soon."""
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

    A step handles one item and returns None, or how long its lane is to rest; zero where the item is still there. One
    look at what waits serves all lanes, and is taken only if something may be there that was not offered: looks cost
    about as much as the work.
    """

    def __init__(
        self, waiting: Callable[[], Awaitable[Sequence[Waiting]]],
        step: Callable[[int], Awaitable[timedelta | None]],
    ) -> None:  # fmt: skip
        self._waiting = waiting
        self._step = step
        self._wake = asyncio.Event()
        self._looks = True
        """A look is under way, or work has not begun or is over: nothing is begun without a look."""
        self._running: dict[str, tuple[int, asyncio.Task[None]]] = {}
        self._resting: dict[str, float] = {}
        self._look_after: set[str] = set()
        """Running lanes in which something waits as well."""
        self._crowd: dict[str, Waiting] = {}
        """Lanes with work for which there was no room yet, those that wait longest first: a look whenever one ends
        would cost as much as the work, and the more, the more there is to do."""
        self._elsewhere = False
        """In some lane another worker is at work: what waits behind that is for whoever looks first."""
        self.turned_at = time.monotonic()
        """When the loop last went round (monotonic)."""

    def wake(self) -> None:
        """Say that items may be waiting."""
        self._wake.set()

    def offer(self, lane: str, item: int) -> None:
        """Say that an item was just put into a lane; it is begun without a look if that cannot overtake anything."""
        if lane in self._running:
            self._look_after.add(lane)
        elif self._looks or self._wake.is_set() or lane in self._resting:
            self.wake()
        elif lane in self._crowd:
            self._crowd[lane] = self._crowd[lane]._replace(more=True)
        else:
            self._crowd[lane] = Waiting(lane, item, more=False)
            self._begin_next()

    def at_work(self) -> int:
        """How many lanes are at work."""
        return len(self._running)

    def hurry(self) -> None:
        """Say that what lanes rest for is over."""
        self._resting.clear()
        self.wake()

    async def run(self) -> None:
        """Work until cancelled; then the items under way are finished and no more begun."""
        try:
            while True:
                self._wake.clear()
                self._looks = True
                await self._try_to_start()
                self._looks = False
                # Not wait_for: before Python 3.12 it can swallow the cancellation that is to end this loop.
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(self._pause()):
                        await self._wake.wait()
        finally:
            self._looks = True  # and so nothing is begun any more
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
        self._elsewhere = any(one.elsewhere for one in waiting)
        self._crowd = {}
        for one in waiting:
            if one.elsewhere:
                continue
            if one.lane in busy:
                if one.more or one.oldest != busy[one.lane]:
                    self._look_again(one.lane)
            elif one.lane not in self._resting:
                self._crowd[one.lane] = one
        self._begin_next()

    def _pause(self) -> float:
        """How long to sleep if nothing wakes."""
        now = asyncio.get_running_loop().time()
        rests = [max(until - now, ELSEWHERE_SECONDS) for until in self._resting.values()]
        return min(IDLE_SECONDS, *rests, ELSEWHERE_SECONDS if self._elsewhere else IDLE_SECONDS)

    def _begin_next(self) -> None:
        """Begin what waits, as far as there is room."""
        while self._crowd and len(self._running) < AT_ONCE:
            lane, item, more, _ = self._crowd.pop(next(iter(self._crowd)))
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
        if lane in self._look_after:
            self._look_after.discard(lane)
            self._wake.set()
        if not task.cancelled() and task.exception() is not None:
            # The item is still stored; the lane rests so that a lasting fault does not spin.
            if not isinstance(task.exception(), DatabaseAway):
                log.error("a lane stopped: %s", type(task.exception()).__name__, exc_info=task.exception())
            self._resting[lane] = asyncio.get_running_loop().time() + REST_AFTER_FAULT.total_seconds()
        if not self._looks:
            self._begin_next()
