"""A bounded log of what the bot asked for, without texts or tokens."""

import time
from collections import deque
from typing import Any

KEPT = 20_000


class CallLog:
    """The last calls in order; journeys and benchmarks read it."""

    def __init__(self) -> None:
        self._entries: deque[dict[str, Any]] = deque(maxlen=KEPT)

    def add(self, method: str, chat_id: Any, error: str | None) -> None:
        """Note one finished call; `error` is Telegram's description or None when it went well."""
        entry = {"method": method, "chat_id": chat_id, "ok": error is None, "at": time.time()}
        if error is not None:
            entry["error"] = error
        self._entries.append(entry)

    def select(self, method: str | None, since: float) -> list[dict[str, Any]]:
        """Calls of one method (or all) at or after a Unix time, oldest first."""
        return [
            entry
            for entry in self._entries
            if entry["at"] >= since and (method is None or entry["method"].lower() == method.lower())
        ]
