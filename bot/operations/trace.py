"""The id under which one piece of work can be followed: from an update to its reply, through logs, Rasa and outbox."""

from __future__ import annotations

import hashlib
import secrets
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime

from starlette.types import ASGIApp, Receive, Scope, Send

HEADER = "X-Correlation-ID"
"""In which Rasa is told the id."""
LENGTH = 12
"""Characters of an id: `u` (an update), `t` (a timer) or `d` (a request to the desk), a hyphen, ten hex digits."""


@dataclass(slots=True)
class Work:
    """What is being worked on; `asked_at`: when the update arrived, until its first reply is written."""

    id: str
    asked_at: datetime | None = None


_work: ContextVar[Work | None] = ContextVar("work", default=None)


def begin(id: str | None, asked_at: datetime | None = None) -> None:
    """From here on this task, and what it starts, works on `id`; None: on nothing that could be followed."""
    _work.set(Work(id, asked_at) if id else None)


def current() -> Work | None:
    """What this task works on."""
    return _work.get()


def answered() -> datetime | None:
    """When the update arrived whose first reply is being written; None for every later one."""
    work = _work.get()
    if work is None:
        return None
    asked_at, work.asked_at = work.asked_at, None
    return asked_at


def id_now() -> str:
    """The id of what this task works on, or a hyphen."""
    work = _work.get()
    return work.id if work else "-"


def of_update(update_id: int) -> str:
    """The id of an update: the same in every process and at every attempt, and nobody's number at Telegram."""
    return f"u-{hashlib.blake2b(str(update_id).encode(), digest_size=5).hexdigest()}"


def of_timer() -> str:
    """A new id for something that happens because time passed."""
    return f"t-{secrets.token_hex(5)}"


def of_desk() -> str:
    """A new id for a request to the desk."""
    return f"d-{secrets.token_hex(5)}"


class Traced:
    """Gives every request to an application an id of its own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        begin(of_desk())
        await self._app(scope, receive, send)
