"""Calls of the Bot API on their way into the outbox: past the ORM, since most transactions write nothing else anew."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, cast

from sqlalchemy import Table, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from bot.storage.models import OutboxMessage

_OUTBOX = cast(Table, OutboxMessage.__table__)
_WRITE = insert(_OUTBOX).returning(_OUTBOX.c.id, sort_by_parameter_order=True)
_EMPTY: dict[str, Any] = dict.fromkeys(column.name for column in _OUTBOX.c if not column.primary_key)
_EMPTY |= {"state": "pending", "uncertain": False, "attempts": 0}


class Written(NamedTuple):
    """A row of the outbox: its lane and its number."""

    lane: str
    row: int


class CallingSession(Session):
    """A session that also writes down calls, whenever it writes anything: in the order in which they were decided."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.decided: list[dict[str, Any]] = []
        self.written: list[Written] = []

    def flush(self, objects: Sequence[Any] | None = None) -> None:
        """Write what has changed, and then the calls: they name rows that may be new."""
        super().flush(objects)
        if self.decided:
            rows, self.decided = self.decided, []
            ids = self.connection().execute(_WRITE, rows).scalars()
            self.written.extend(Written(row["lane"], id) for row, id in zip(rows, ids, strict=True))


def decide(session: AsyncSession, **columns: Any) -> None:
    """Add a call to the transaction: values by the names of the outbox's columns."""
    calling(session).decided.append(_EMPTY | columns)


def calling(session: AsyncSession) -> CallingSession:
    """What is behind a session of `bot.storage.database.Database`."""
    behind = session.sync_session
    assert isinstance(behind, CallingSession)
    return behind
