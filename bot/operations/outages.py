"""Something that others provide is away: told once when it goes and once when it is back, and not asked all the time.

Lengths of time are measured on the monotonic clock: no change of the clock on the wall shortens or lengthens them.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable

Clock = Callable[[], float]


class Outage:
    """From the first failure until it works again: one line in the log at each end."""

    def __init__(self, log: logging.Logger, what: str, clock: Clock = time.monotonic) -> None:
        self._log = log
        self._what = what
        self._clock = clock
        self._since: float | None = None
        self.reason = ""

    @property
    def lasts(self) -> bool:
        """Whether it is away now."""
        return self._since is not None

    @property
    def seconds(self) -> float:
        """How long it has been away."""
        return 0.0 if self._since is None else self._clock() - self._since

    def begin(self, reason: str) -> None:
        """It failed; `reason` is a kind of error, never its text."""
        self.reason = reason
        if self._since is None:
            self._since = self._clock()
            self._log.warning("%s (%s); the bot keeps trying", self._what, reason)

    def end(self) -> None:
        """It works."""
        if self._since is not None:
            self._log.warning("over after %.0f s: %s", self.seconds, self._what)
            self._since = None

    def forget(self) -> None:
        """Nobody looks any more whether it works."""
        self._since = None


class Pauses:
    """How long to wait before the next attempt: each time twice as long, and not for everybody the same."""

    def __init__(self, first: float, longest: float, chance: Callable[[], float] = random.random) -> None:
        self._first = first
        self._longest = longest
        self._chance = chance
        self._next = first

    def next(self) -> float:
        """Seconds to wait now: between the half and the whole of what it has grown to."""
        pause, self._next = self._next, min(self._next * 2, self._longest)
        return pause * (0.5 + self._chance() / 2)

    def reset(self) -> None:
        """It worked; the next pause is a short one again."""
        self._next = self._first


class Line:
    """A way to somebody else: after several failures in a row nobody tries but one, after growing pauses.

    Whoever is told to go ahead by `rest()` says afterwards how it went: `worked`, `failed` or `untried`.
    """

    def __init__(
        self, outage: Outage, pauses: Pauses, *, failures: int, longest_try: float, clock: Clock = time.monotonic
    ) -> None:
        self.outage = outage
        self._pauses = pauses
        self._allowed = failures
        self._longest_try = longest_try
        self._clock = clock
        self._failed = 0
        self._until = 0.0
        self.is_back: Callable[[], None] = lambda: None
        """Called when it works again."""

    def rest(self) -> float:
        """Seconds to wait before asking again; 0: go ahead."""
        if not self.outage.lasts:
            return 0.0
        now = self._clock()
        if now < self._until:
            return self._until - now
        # Whoever asked tries; the others wait until it is known what came of it.
        self._until = now + self._longest_try
        return 0.0

    def worked(self) -> None:
        """It answered, with whatever."""
        self._failed = 0
        if self.outage.lasts:
            self.outage.end()
            self._pauses.reset()
            self.is_back()

    def failed(self, reason: str) -> float:
        """It did not answer. Returns how long to wait, 0 if that was not the last failure allowed."""
        self._failed += 1
        if self._failed < self._allowed:
            return 0.0
        self.outage.begin(reason)
        pause = self._pauses.next()
        self._until = self._clock() + pause
        return pause

    def untried(self) -> None:
        """Whoever was to try had nothing to say after all; the next one may."""
        self._until = min(self._until, self._clock())
