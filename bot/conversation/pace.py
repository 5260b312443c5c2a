"""How much is done for one person and for all in a minute: a flood is answered once, not message by message.

Counted in the memory of each process: N workers let through up to N times as much (docs/security.md).
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from bot.operations import metrics

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Verdict:
    """What to do with something that came in: `text` is what the person is told in place of it, empty if it is fine."""

    text: str = ""
    tell: bool = True
    """False: they have been told within the last minute."""


OK = Verdict()
SLOW_DOWN, BUSY = "limits.slow_down", "limits.busy"
"""One person wants more than anybody can read; all together want more than can be done."""


class Kind(StrEnum):
    """What is counted by itself, each kind per person."""

    MESSAGE = "message"
    PRESS = "press"
    FILE = "file"
    COPY = "copy"
    """A copy of one's data, or a paper made for printing: both take longer than any answer."""
    PICKER = "picker"


MOST = {Kind.PRESS: 120, Kind.FILE: 20, Kind.COPY: 5, Kind.PICKER: 120}
"""Of one person in a minute; of messages the operator says how many (MESSAGES_PER_MINUTE)."""


class Window:
    """How often something may be done by each key in a minute; forgets keys that fell silent, however many there are.

    Only what was let through counts: a flood is slowed down, and locks nobody out for longer than it lasts.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._seen: OrderedDict[Hashable, deque[datetime]] = OrderedDict()
        """The longest silent first."""
        self._latest: datetime | None = None

    def __len__(self) -> int:
        return len(self._seen)

    def is_over(self, key: Hashable, now: datetime) -> bool:
        """Whether one more is too many; it is counted if it is not."""
        self._forget(now)
        times = self._seen.get(key)
        if times is None:
            times = self._seen[key] = deque(maxlen=self._most)
        if len(times) == self._most and times[0] >= now - MINUTE:
            return True
        times.append(now)
        self._seen.move_to_end(key)
        return False

    def _forget(self, now: datetime) -> None:
        if self._latest is not None and now < self._latest:
            self._seen.clear()  # the clock was put back: nobody waits for a time that has already been
        self._latest = now
        while self._seen:
            key, times = next(iter(self._seen.items()))
            if times[-1] >= now - MINUTE:
                return
            del self._seen[key]


@dataclass
class Pace:
    """The limits of one process: per person and kind, for all messages, and for people never seen before."""

    per_minute: int
    of_all: int = 10**9
    newcomers: int = 10**9
    _of_one: dict[Kind, Window] = field(init=False)
    _told: Window = field(init=False)
    _all: Window = field(init=False)
    _new: Window = field(init=False)

    def __post_init__(self) -> None:
        self._of_one = {kind: Window(most) for kind, most in {**MOST, Kind.MESSAGE: self.per_minute}.items()}
        self._told, self._all, self._new = Window(1), Window(self.of_all), Window(self.newcomers)

    def verdict(self, chat_id: int, now: datetime, kind: Kind = Kind.MESSAGE, *, is_new: bool = False) -> Verdict:
        """Count something that this person did, and say what to do with it."""
        if self._of_one[kind].is_over(chat_id, now):
            return self._refuse(chat_id, now, SLOW_DOWN)
        busy = self._all.is_over("all", now) or (is_new and self._new.is_over("new", now))
        return self._refuse(chat_id, now, BUSY) if busy else OK

    def _refuse(self, chat_id: int, now: datetime, text: str) -> Verdict:
        metrics.RATE_LIMITED.inc()
        return Verdict(text, tell=not self._told.is_over(chat_id, now))
