"""The clock on the wall may jump: set by hand, by the network, or wrong after a start."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta

log = logging.getLogger(__name__)

TOLERATED = timedelta(seconds=5)
"""Clocks are corrected by so much without anybody noticing."""
DOUBTED = timedelta(minutes=5)
"""A jump ahead by more than that may be a mistake; what falls due by it waits."""
DOUBTED_FOR = 600.0
"""Seconds in which such a mistake can be mended before anything is sent or erased because of it."""


def seconds_since_boot() -> float:
    """A clock that nobody sets; unlike the monotonic one it goes on while the machine sleeps."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


class Timekeeper:
    """Compares the clock on the wall with one that nobody sets."""

    def __init__(self, wall: Callable[[], datetime], steady: Callable[[], float] = seconds_since_boot) -> None:
        self._wall = wall
        self._steady = steady
        self._seen = (wall(), steady())
        self._ahead = timedelta(0)
        self._doubted_until: float | None = None

    def look(self) -> timedelta:
        """By how much the clock has jumped since the last look; to be called every few seconds."""
        wall, steady = self._wall(), self._steady()
        jump = (wall - self._seen[0]) - timedelta(seconds=steady - self._seen[1])
        self._seen = (wall, steady)
        if abs(jump) <= TOLERATED:
            return timedelta(0)
        self._note(jump, steady)
        return jump

    def _note(self, jump: timedelta, steady: float) -> None:
        self._ahead = max(self._ahead + jump, timedelta(0))
        if self._ahead <= DOUBTED:
            log.warning("the clock was set %s by %s", "back" if jump < timedelta(0) else "ahead", abs(jump))
            self._doubted_until, self._ahead = None, timedelta(0)
            return
        log.error("the clock was set %s by %s: timers wait %.0f minutes, in case that is a mistake",
                  "back" if jump < timedelta(0) else "ahead", abs(jump), DOUBTED_FOR / 60)  # fmt: skip
        self._doubted_until = steady + DOUBTED_FOR

    def in_doubt(self) -> bool:
        """Whether what is due by the clock had better wait."""
        if self._doubted_until is None:
            return False
        if self._steady() < self._doubted_until:
            return True
        log.warning("the clock has not been set back; timers go on by it")
        self._doubted_until, self._ahead = None, timedelta(0)
        return False
