"""Telegram's flood limits, on demand: so many new topics and so many messages to one group a minute."""

import math
import time
from collections import deque

from bot.simulator.errors import too_many_requests
from bot.simulator.wire import Params

WINDOW_S = 60.0
SENDING = ("send", "copymessage", "forwardmessage")
LISTS = ("media", "message_ids")


class Limits:
    """Calls of the last minute per chat; None means that Telegram is patient. Refused calls do not count."""

    def __init__(self) -> None:
        self.topics_per_minute: int | None = None
        self.group_messages_per_minute: int | None = None
        self._done: dict[tuple[str, int], deque[float]] = {}

    def check(self, method: str, params: Params) -> None:
        """429 with the seconds to wait when the call (method in lower case) would exceed a limit."""
        key, most, count = self._measured(method, params)
        if most is None:
            return
        done = self._done.setdefault(key, deque())
        now = time.monotonic()
        while done and done[0] <= now - WINDOW_S:
            done.popleft()
        if len(done) + count > most:
            raise too_many_requests(self._wait(done, len(done) + count - most, now))

    def note(self, method: str, params: Params) -> None:
        """Count a call that went well."""
        key, most, count = self._measured(method, params)
        if most is not None:
            self._done.setdefault(key, deque()).extend([time.monotonic()] * count)

    def _measured(self, method: str, params: Params) -> tuple[tuple[str, int], int | None, int]:
        """What is counted together, how many of it may be done a minute and how many this call would do."""
        chat_id = params.text("chat_id")
        if not chat_id.startswith("-") or not chat_id[1:].isdigit():
            return ("", 0), None, 0
        if method == "createforumtopic":
            return ("topics", int(chat_id)), self.topics_per_minute, 1
        if method.startswith(SENDING) and method != "sendchataction":
            return ("messages", int(chat_id)), self.group_messages_per_minute, _messages(params)
        return ("", 0), None, 0

    def _wait(self, done: "deque[float]", surplus: int, now: float) -> int:
        """Whole seconds until `surplus` of the calls done are older than a minute."""
        if not done:
            return math.ceil(WINDOW_S)
        last = done[min(surplus, len(done)) - 1]
        return max(math.ceil(last + WINDOW_S - now), 1)


def _messages(params: Params) -> int:
    """How many messages a call sends: an album and a list of copies are several."""
    lists = [params.data(name) for name in LISTS if params.maybe_text(name)]
    return max((len(items) for items in lists if isinstance(items, list)), default=1)
