"""A database and a folder of knowledge as after years. A block is written row by row, and then copied by SQL alone."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import yaml
from sqlalchemy import ColumnElement, Integer, Table, func, insert, literal, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.settings import ROOT
from bot.storage.database import Database
from bot.storage.models import (
    Base,
    Case,
    CaseEvent,
    CaseMessage,
    Exchange,
    FlowRun,
    InboxUpdate,
    OutboxMessage,
    Person,
)
from knowledge.model import SMALLTALK
from tests.bench.archive import FIRST_CHAT, OLDEST, TOPICS, Row
from tests.bench.crowd import LANGUAGES

PERSONS, MESSAGES, ENTRIES = 100_000, 1_000_000, 2_000
BLOCK = 1_000
"""Persons that are written one by one; all others are copies of them."""
EACH: Mapping[type[Base], float] = {
    Case: 0.2, CaseEvent: 0.8, CaseMessage: 2.5, OutboxMessage: 4, InboxUpdate: 3, Exchange: 0.5, FlowRun: 0.3,
}  # fmt: skip
"""Rows to a person. Stored messages are those of cases, of the outbox, of the inbox, and exchanges: ten to a person."""
FIRST_UPDATE = -MESSAGES
"""Below all that the simulator gives."""
SHIFTED: Mapping[str, type[Base]] = {"person_id": Person, "case_id": Case, "chat_id": Person, "source_chat_id": Person}
"""Columns that name a row of another table."""
_GERMAN_TEXT = "Nachricht {}: Wir sind zwölf Leute und suchen einen Saal für unser Sommerfest."


async def grow(database: Database, persons: int = PERSONS) -> dict[str, int]:
    """Add so many persons and what belongs to them; how many rows of each table that makes."""
    block = min(BLOCK, persons)
    async with database.write() as session:
        for model, rows in _block(block, datetime.now(UTC)).items():
            await session.execute(insert(_table(model)), rows)
        size: dict[type[Base], int] = {Person: block, **{model: round(block * each) for model, each in EACH.items()}}
        for model in size:
            await _copy(session, model, size, persons // block)
        if not database.is_sqlite:
            await _go_on_counting(session)
    if not database.is_sqlite:
        async with database.engine.connect() as connection:
            # In years a server does that by itself, bit by bit; of so many rows at once it would while we measure.
            alone = await connection.execution_options(isolation_level="AUTOCOMMIT")
            for order in ("VACUUM (ANALYZE)", "CHECKPOINT"):
                await alone.execute(text(order))
    return {_table(model).name: count * (persons // block) for model, count in size.items()}


async def _copy(session: AsyncSession, model: type[Base], size: Mapping[type[Base], int], times: int) -> None:
    """The block's rows again and again, each time with ids and what they name moved on by the size of a block."""
    table, key = _table(model), next(iter(_table(model).primary_key))
    first = FIRST_UPDATE if model is InboxUpdate else 1
    done = 1
    while done < times:
        more = min(done, times - done)
        moved = [_moved(column, model, size, done) for column in table.columns]
        rows = select(*moved).where(key < first + size[model] * more)
        await session.execute(insert(table).from_select([column.name for column in table.columns], rows))
        done += more


def _moved(column: Any, model: type[Base], size: Mapping[type[Base], int], blocks: int) -> ColumnElement[Any]:
    owner = model if column.primary_key else SHIFTED.get(column.name)
    if column.name == "thread_id":
        owner = Case
    if column.name == "lane":
        return cast(ColumnElement[Any], literal(f"copy {blocks}"))
    return column + literal(size[owner] * blocks, Integer) if owner else cast(ColumnElement[Any], column)


async def _go_on_counting(session: AsyncSession) -> None:
    """Rows with ids of their own do not move PostgreSQL's counters."""
    for model in (Person, Case, CaseEvent, CaseMessage, OutboxMessage, Exchange, FlowRun):
        table = _table(model)
        sequence = func.pg_get_serial_sequence(table.name, "id")
        await session.execute(select(func.setval(sequence, select(func.max(table.c.id)).scalar_subquery())))


def _table(model: type[Base]) -> Table:
    return cast(Table, model.__table__)


def _block(persons: int, now: datetime) -> dict[type[Base], list[Row]]:
    rows: dict[type[Base], list[Row]] = {Person: [_person(number, now) for number in range(1, persons + 1)]}
    for model, each in EACH.items():
        count = round(persons * each)
        rows[model] = [_ROWS[model](number, _span(number, count, persons), now) for number in range(1, count + 1)]
    return rows


def _span(number: int, count: int, persons: int) -> int:
    """Whose row it is: all have some."""
    return (number - 1) % min(count, persons) + 1


def _person(number: int, now: datetime) -> Row:
    return {"id": number, "chat_id": FIRST_CHAT + number, "language": LANGUAGES[number % len(LANGUAGES)],
            "created_at": now - OLDEST, "seen_at": _moment(number, now)}  # fmt: skip


def _moment(number: int, now: datetime) -> datetime:
    return now - OLDEST + timedelta(seconds=number % 997 * 6000)


def _case(number: int, person: int, now: datetime) -> Row:
    at = _moment(number, now)
    return {"id": number, "person_id": person, "state": "CLOSED", "version": 5, "reason": "button", "language": "de",
            "topic": TOPICS[number % len(TOPICS)], "opened_at": at, "changed_at": at, "active_at": at,
            "thread_id": 1_000_000 + number, "header_message_id": 2 * number + 1}  # fmt: skip


def _event(number: int, person: int, now: datetime) -> Row:
    return {"id": number, "case_id": (number - 1) // 4 + 1, "at": _moment(number, now),
            "kind": ("Consented", "Claimed", "Solved", "Closed")[number % 4], "from_state": "QUEUED",
            "to_state": "CLOSED"}  # fmt: skip


def _message(number: int, person: int, now: datetime) -> Row:
    case, at = _case_of(number), _moment(number, now)
    return {"id": number, "case_id": case, "author": ("person", "staff")[number % 2], "at": at,
            "text": _GERMAN_TEXT.format(number), "source_chat_id": FIRST_CHAT + case,
            "source_message_id": number, "delivered_at": at}  # fmt: skip


def _case_of(number: int) -> int:
    return int((number - 1) // (EACH[CaseMessage] / EACH[Case])) + 1


def _sent(number: int, person: int, now: datetime) -> Row:
    at = _moment(number, now)
    return {"id": number, "lane": f"chat:{person}", "kind": "answer", "chat_id": FIRST_CHAT + person,
            "method": "sendMessage", "payload": None, "state": "sent", "attempts": 1, "due_at": at, "created_at": at,
            "sent_at": at, "message_id": number}  # fmt: skip


def _update(number: int, person: int, now: datetime) -> Row:
    at = _moment(number, now)
    return {"update_id": FIRST_UPDATE + number - 1, "lane": f"chat:{person}", "payload": None, "received_at": at,
            "attempts": 0, "done_at": at, "outcome": "done"}  # fmt: skip


def _exchange(number: int, person: int, now: datetime) -> Row:
    return {"id": number, "person_id": person, "at": now - timedelta(hours=number % 20), "language": "de",
            "question": _GERMAN_TEXT.format(number), "entry_id": "rooms.where"}  # fmt: skip


def _run(number: int, person: int, now: datetime) -> Row:
    at = now - timedelta(hours=number % 200)
    return {"id": number, "person_id": person, "flow": "founding_checklist", "state": "suspended", "slots": {},
            "created_at": at, "changed_at": at}  # fmt: skip


_ROWS = {
    Case: _case, CaseEvent: _event, CaseMessage: _message, OutboxMessage: _sent, InboxUpdate: _update,
    Exchange: _exchange, FlowRun: _run,
}  # fmt: skip


def grow_knowledge(folder: Path, entries: int = ENTRIES) -> None:
    """Fill `folder` with the curated knowledge, and copies of its entries until there are so many.

    Copies stand in topics without a name, so no menu shows them: a keyboard of Telegram has room for a hundred.
    """
    shutil.copytree(ROOT / "knowledge", folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    topics = yaml.safe_load((folder / "topics.yml").read_text(encoding="utf-8"))
    originals = [(topic, name) for topic, names in topics.items() if topic != SMALLTALK for name in names]
    for number in range(len(originals), entries):
        topic, name = originals[number % len(originals)]
        more, copy = f"copies_{number // len(originals)}", f"{topic}_{name}"
        topics.setdefault(more, []).append(copy)
        (folder / "content" / more).mkdir(exist_ok=True)
        for path in (folder / "content" / topic).glob(f"{name}.*.md"):
            written = path.read_text(encoding="utf-8").replace(f"id: {topic}.{name}\n", f"id: {more}.{copy}\n", 1)
            copied = folder / "content" / more / path.name.replace(name, copy, 1)
            copied.write_text(written, encoding="utf-8")
    (folder / "topics.yml").write_text(yaml.safe_dump(topics, sort_keys=False), encoding="utf-8")
