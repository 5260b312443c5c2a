"""When people write: at moments laid down before (open loop), or each as soon as they are answered (closed loop)."""

from __future__ import annotations

import asyncio
import random
import time
from typing import Protocol


class Over(Exception):
    """Nobody has a turn any more."""


class Moments(Protocol):
    """What tells people when it is their turn."""

    async def turn(self, person: int) -> float:
        """Wait for one's turn; the second (perf_counter) it was due at. Raises `Over` after the last one."""


class AtRate:
    """So many turns a second on average, at random distances, whether or not earlier ones have been answered.

    Each goes to somebody who is free, or if all wait for answers to anybody, whose turn then lasts from the moment it
    was due at: a slow bot is not asked less.
    """

    def __init__(self, rate: float, seconds: float, people: int, seed: int) -> None:
        self._rate, self._seconds, self._chance = rate, seconds, random.Random(f"{seed}/moments")
        self._due: list[asyncio.Queue[float | None]] = [asyncio.Queue() for _ in range(people)]
        self._free: list[int] = []
        self.lag = 0.0
        """The longest that a turn was given out too late: this program could not keep up."""

    async def turn(self, person: int) -> float:
        """Wait for one's turn; the second it was due at. Raises `Over` after the last one."""
        due = self._due[person]
        if due.empty():
            self._free.append(person)
        moment = await due.get()
        if moment is None:
            raise Over
        return moment

    async def pass_by(self) -> None:
        """Give out all turns."""
        due = time.perf_counter()
        end = due + self._seconds
        while (due := due + self._chance.expovariate(self._rate)) < end:
            await asyncio.sleep(due - time.perf_counter())
            self.lag = max(self.lag, time.perf_counter() - due)
            self._due[self._somebody()].put_nowait(due)
        for queue in self._due:
            queue.put_nowait(None)

    def _somebody(self) -> int:
        if not self._free:
            return self._chance.randrange(len(self._due))
        place = self._chance.randrange(len(self._free))
        self._free[place], self._free[-1] = self._free[-1], self._free[place]
        return self._free.pop()


class WithoutPause:
    """It is always everybody's turn, for so many seconds."""

    def __init__(self, seconds: float) -> None:
        self._end = time.perf_counter() + seconds

    async def turn(self, person: int) -> float:
        """The present second. Raises `Over` when time is up."""
        now = time.perf_counter()
        if now >= self._end:
            raise Over
        return now

    async def pass_by(self) -> None:
        """Wait until time is up."""
        await asyncio.sleep(self._end - time.perf_counter())
