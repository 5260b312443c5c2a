"""Work that is done lane by lane: lanes side by side, the items of one lane one after the other."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from functools import partial

log = logging.getLogger(__name__)

AT_ONCE = 24
IDLE_SECONDS = 1.0
"""How long to sleep when nothing wakes: items put off until later need looking at."""
REST_AFTER_FAULT = timedelta(seconds=5)


class Lanes:
    """Runs `step` for the oldest item of every lane, as `waiting` names them, until stopped.

    A step handles one item and returns None for "the next, please" or how long its lane is to rest. One look at what
    waits serves all lanes: a query for each would cost more than the work itself.
    """

    def __init__(
        self, waiting: Callable[[], Awaitable[Sequence[tuple[str, int]]]],
        step: Callable[[int], Awaitable[timedelta | None]],
    ) -> None:  # fmt: skip
        self._waiting = waiting
        self._step = step
        self._wake = asyncio.Event()
        self._running: dict[str, asyncio.Task[None]] = {}
        self._resting: dict[str, float] = {}

    def wake(self) -> None:
        """Say that items may be waiting."""
        self._wake.set()

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
            await asyncio.gather(*self._running.values(), return_exceptions=True)

    async def _start(self) -> None:
        now = asyncio.get_running_loop().time()
        self._resting = {lane: until for lane, until in self._resting.items() if until > now}
        # What ends while we look may leave its lane other than we saw it: such a lane waits for the next look.
        busy = set(self._running)
        for lane, item in await self._waiting():
            if len(self._running) >= AT_ONCE:
                break
            if lane not in busy and lane not in self._resting:
                self._running[lane] = asyncio.create_task(self._work(lane, item))
                self._running[lane].add_done_callback(partial(self._done, lane))

    async def _work(self, lane: str, item: int) -> None:
        rest = await self._step(item)
        if rest:
            self._resting[lane] = asyncio.get_running_loop().time() + rest.total_seconds()

    def _done(self, lane: str, task: asyncio.Task[None]) -> None:
        del self._running[lane]
        # More may wait in this lane, and what came of it may have put items into others.
        self._wake.set()
        if not task.cancelled() and task.exception() is not None:
            # The item is still stored; the lane rests so that a lasting fault does not spin.
            log.error("a lane stopped: %s", type(task.exception()).__name__, exc_info=task.exception())
            self._resting[lane] = asyncio.get_running_loop().time() + REST_AFTER_FAULT.total_seconds()
