"""How often somebody may try to log in: after some failures each further one costs a longer wait, never for ever."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

FREE_FOR_LOGIN = 5
FREE_FOR_ADDRESS = 20
"""More than for a login: a whole office often shares one address."""
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=1)
_Key = TypeVar("_Key")
_Value = TypeVar("_Value")
_KEPT = 10_000
"""Keys that are remembered; the oldest go first, so that inventing logins cannot fill the memory."""


@dataclass
class _Record:
    failures: int
    last: datetime
    until: datetime | None = None


class Limits:
    """Counts failures per key in memory. A key is such as `("login", "anna")` or `("address", "192.0.2.7")`."""

    def __init__(self) -> None:
        self._records: OrderedDict[tuple[str, ...], _Record] = OrderedDict()
        self._trusted: OrderedDict[tuple[str, str], None] = OrderedDict()

    def attempt(self, login: str, address: str, now: datetime) -> timedelta:
        """Begin an attempt: the wait that is left (then it must not be made), or zero; it counts until `succeeded`.

        Counting beforehand leaves nothing to gain from many attempts at the same moment.
        """
        keys = self._keys(login, address)
        wait = max((self._left(key, now) for key, _ in keys), default=timedelta())
        if not wait:
            for key, free in keys:
                self._count(key, free, now)
        return wait

    def succeeded(self, login: str, address: str) -> None:
        """Forget the failures of the login, and let it in from this address whatever others try elsewhere."""
        self._records.pop(("login", login), None)
        self._records.pop(("login", login, address), None)
        record = self._records.get(("address", address))
        if record:
            # Only this attempt: somebody with a password of their own could else guess at others for ever.
            record.failures, record.until = record.failures - 1, None
        _remember(self._trusted, (login, address), None)

    def _keys(self, login: str, address: str) -> list[tuple[tuple[str, ...], int]]:
        # Others who fail at my login from elsewhere must not keep me out.
        trusted = (login, address) in self._trusted
        mine: tuple[str, ...] = ("login", login, address) if trusted else ("login", login)
        return [(mine, FREE_FOR_LOGIN), (("address", address), FREE_FOR_ADDRESS)]

    def _left(self, key: tuple[str, ...], now: datetime) -> timedelta:
        record = self._records.get(key)
        return max(record.until - now, timedelta()) if record and record.until else timedelta()

    def _count(self, key: tuple[str, ...], free: int, now: datetime) -> None:
        record = self._records.get(key)
        if record is None or now - record.last > FORGOTTEN_AFTER:
            record = _Record(0, now)
        record.failures, record.last = record.failures + 1, now
        over = record.failures - free
        record.until = now + min(FIRST_WAIT * 2 ** min(over, 10), LONGEST_WAIT) if over >= 0 else None
        _remember(self._records, key, record)


def _remember(kept: OrderedDict[_Key, _Value], key: _Key, value: _Value) -> None:
    kept[key] = value
    kept.move_to_end(key)
    while len(kept) > _KEPT:
        kept.popitem(last=False)
