"""Numbers for an evaluation, put where the bot would have put them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from bot.storage.database import Database
from bot.storage.models import Case, Counter, WeeklyPeople

Counted = Mapping[tuple[date, str, str, str], int]
"""Day, name, key, language."""


async def count(database: Database, counted: Counted) -> None:
    """Counters as they stand after a while."""
    async with database.write() as session:
        session.add_all(Counter(day=day, name=name, key=key, language=language, value=value)
                        for (day, name, key, language), value in counted.items())  # fmt: skip


async def people(database: Database, cells: Mapping[tuple[date, str, str], int]) -> None:
    """Weeks that are closed: Monday, topic, language."""
    async with database.write() as session:
        session.add_all(WeeklyPeople(week=week, topic=topic, language=language, people=number)
                        for (week, topic, language), number in cells.items())  # fmt: skip


async def cases(database: Database, at: datetime, number: int, **more: Any) -> None:
    """Cases that came to the office; `waited`: seconds."""
    values = {"state": "CLOSED", "reason": "asked", "language": "de", "handed_at": at, **more}
    reply = at + timedelta(seconds=values["waited"]) if values.get("waited") is not None else None
    async with database.write() as session:
        session.add_all(Case(opened_at=at, changed_at=at, first_reply_at=reply, **values) for _ in range(number))
