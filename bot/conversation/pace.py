"""How fast somebody writes: a flood is answered once with the request to wait, not message by message."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta


class Pace:
    """Counts the messages of each chat over the last minute; forgets chats that fell silent."""

    def __init__(self, per_minute: int) -> None:
        self._per_minute = per_minute
        self._seen: dict[int, deque[datetime]] = {}
        self._told: dict[int, datetime] = {}

    def verdict(self, chat_id: int, now: datetime) -> str:
        """`ok`, `first_too_many` (say so once a minute), or `too_many`."""
        minute_ago = now - timedelta(minutes=1)
        for known in [key for key, times in self._seen.items() if times[-1] < minute_ago]:
            del self._seen[known]
        times = self._seen.setdefault(chat_id, deque())
        times.append(now)
        while times[0] < minute_ago:
            times.popleft()
        if len(times) <= self._per_minute:
            return "ok"
        if self._told.get(chat_id, minute_ago) > minute_ago:
            return "too_many"
        self._told = {key: at for key, at in self._told.items() if at > minute_ago} | {chat_id: now}
        return "first_too_many"
