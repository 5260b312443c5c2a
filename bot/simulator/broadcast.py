"""Live events for the page: every open page has a queue, nobody listening costs nothing."""

import asyncio
import json
from typing import Any

MAX_WAITING = 1000


class Broadcast:
    """Fans events out to the pages; a page too slow to keep up is told to reload instead of growing memory."""

    def __init__(self) -> None:
        self._queues: set[asyncio.Queue[str]] = set()

    @property
    def listening(self) -> bool:
        """Whether any page is open, so that callers may save the work of describing a change."""
        return bool(self._queues)

    def subscribe(self) -> asyncio.Queue[str]:
        """A queue of JSON texts for one page; give it back with `unsubscribe`."""
        queue: asyncio.Queue[str] = asyncio.Queue(MAX_WAITING)
        self._queues.add(queue)
        return queue

    def unsubscribe(self, queue: asyncio.Queue[str]) -> None:
        """Stop feeding a page that was closed."""
        self._queues.discard(queue)

    def send(self, kind: str, content: dict[str, Any]) -> None:
        """Queue one event for all open pages."""
        if not self._queues:
            return
        text = json.dumps({"kind": kind, **content}, ensure_ascii=False)
        for queue in self._queues:
            if queue.full():
                while not queue.empty():
                    queue.get_nowait()
                queue.put_nowait(json.dumps({"kind": "reset"}))
            queue.put_nowait(text)
