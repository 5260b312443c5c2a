"""A database as after years of work: cases that are closed, with their messages, and people who wait."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, insert

from bot.desk.passwords import Passwords
from bot.storage.database import Database
from bot.storage.models import Case, CaseMessage, Person, Staff
from tests.bench.crowd import LANGUAGES

Row = dict[str, Any]
TOPICS = ("founding", "funding", "rooms", "office", "discrimination")
OLDEST = timedelta(days=80)
"""Younger than RETENTION_DAYS: older cases are being erased while we look."""
FIRST_CHAT = 5_000_000_000
AT_ONCE = 5000
"""Rows of one statement."""


async def fill(database: Database, *, closed: int, messages: int, waiting: int) -> None:
    """Add so many closed cases of so many messages each, and then so many that wait."""
    now = datetime.now(UTC)
    async with database.write() as session:
        for table, rows in (
            (Person, _people(closed + waiting, now)),
            (Case, _cases(closed, waiting, now)),
            (CaseMessage, _messages(closed, messages, now)),
        ):
            for start in range(0, len(rows), AT_ONCE):
                await session.execute(insert(cast(Table, table.__table__)), rows[start : start + AT_ONCE])


async def add_staff(database: Database, logins: list[str], password: str) -> None:
    """Add members of staff who can log in at the desk, all with one password."""
    hashed = await Passwords().hash(password)
    async with database.write() as session:
        session.add_all(Staff(name=login.title(), login=login, role="agent", password_hash=hashed) for login in logins)


def _people(count: int, now: datetime) -> list[Row]:
    return [
        {"id": number, "chat_id": FIRST_CHAT + number, "language": _of(LANGUAGES, number), "created_at": now - OLDEST,
         "seen_at": now}
        for number in range(1, count + 1)
    ]  # fmt: skip


def _cases(closed: int, waiting: int, now: datetime) -> list[Row]:
    return [
        _case(number, "CLOSED" if number <= closed else "QUEUED", _moment(number, closed, now))
        for number in range(1, closed + waiting + 1)
    ]


def _moment(number: int, closed: int, now: datetime) -> datetime:
    """Closed cases are spread over `OLDEST`, and those who wait came within the last three hours."""
    if number <= closed:
        return now - OLDEST * (1 - number / (closed + 1))
    return now - timedelta(hours=3) + timedelta(seconds=number - closed)


def _case(number: int, state: str, at: datetime) -> Row:
    return {
        "id": number, "person_id": number, "state": state, "version": 2,
        "reason": "button", "language": _of(LANGUAGES, number), "topic": _of(TOPICS, number),
        "owner_id": 1 if state == "CLOSED" else None, "opened_at": at, "changed_at": at, "active_at": at,
        "promised_at": at + timedelta(hours=4), "thread_id": 2 * number, "header_message_id": 2 * number + 1,
    }  # fmt: skip


def _messages(closed: int, each: int, now: datetime) -> list[Row]:
    return [row for number in range(1, closed + 1) for row in _talk(number, each, _moment(number, closed, now))]


def _talk(case: int, each: int, began: datetime) -> Iterator[Row]:
    """Person and staff in turn."""
    for turn in range(each):
        at, by_staff = began + timedelta(minutes=turn), turn % 2 == 1
        yield {
            "case_id": case, "author": "staff" if by_staff else "person", "staff_id": 1 if by_staff else None,
            "at": at, "text": f"Nachricht {turn} zum Fall {case}: Wir sind zwölf Leute und suchen einen Saal.",
            "source_chat_id": FIRST_CHAT + case, "source_message_id": turn + 1, "delivered_at": at,
        }  # fmt: skip


def _of(values: Sequence[str], number: int) -> str:
    return values[number % len(values)]
