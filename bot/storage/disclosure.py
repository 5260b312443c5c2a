"""Everything held about a person as one document (Art. 15 and 20 GDPR): what stands in the tables, column by column.

A column that is added to a table stands in the document by itself; what is left out is named in `LEFT_OUT`, and why.
The document is described in docs/data-protection.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.storage.erasures import listed
from bot.storage.models import (
    Audit,
    Base,
    Case,
    CaseEvent,
    CaseMessage,
    Exchange,
    FlowRun,
    InboxUpdate,
    OutboxMessage,
    Person,
    Referral,
    Reminder,
    Staff,
    Timer,
    Unanswered,
)
from bot.storage.retention import Retention
from bot.storage.visits import visits_of

SCHEMA, VERSION = "wegweiser/mydata", 1
"""A reader of the document can rely on the version: it rises when a name goes or changes its meaning."""
ADDRESSED = frozenset({"person", "shared", "asked", "staff"})
"""Authors of messages that the person wrote or was told; what staff noted or have not sent is not addressed to them."""
WORDS = ("text", "was", "translation", "facts", "blanks", "ref", "file_id", "file_name", "file_type", "file_unique_id")
WITHHELD = "internal: may be about other people (Art. 15(4) GDPR); the office checks it and hands it out on request"

_WHO = "which employee did it is no information about the person (CJEU C-579/21); names that were said are in messages"
LEFT_OUT = {
    ("handoff_case", "owner_id"): _WHO,
    ("handoff_case", "ended_by"): _WHO,
    ("case_event", "staff_id"): _WHO,
    ("audit", "staff_id"): _WHO,
    ("referral", "staff_id"): _WHO,
    ("case_message", "staff_id"): "the name stands beside it (`staff`), as it was said to the person",
    ("case_message", "form"): "stands for a page at the desk; says nothing about the person",
    ("upload", "message_id"): "a file of staff on its way to the person, whose name and size stand in the message",
    ("upload", "data"): "the file itself comes in the chat",
}
"""Columns that no copy holds, and why."""


async def everything_about(
    session: AsyncSession, person: Person, now: datetime, retention: Retention, *, internal: bool = False
) -> dict[str, Any]:
    """The document. `internal`: with the words of internal notes, for the office to check and hand out."""
    mine = {"exchanges": Exchange, "flow_runs": FlowRun, "reminders": Reminder, "unanswered": Unanswered}
    tables = {name: await _rows(session, model, model.__table__.c.person_id == person.id)
              for name, model in mine.items()}  # fmt: skip
    cases = (await session.scalars(select(Case).where(Case.person_id == person.id).order_by(Case.id))).all()
    return {
        "schema": SCHEMA, "version": VERSION, "made_at": _plain(now),
        "kept_for": {rule.name: {"count": rule.count, "unit": rule.unit}
                     for rule in retention.rules if rule.for_people},
        "person": _fields(person), **tables,
        "visits": [_fields(visit) for visit in await visits_of(session, person.chat_id)],
        "cases": [await _case(session, case, internal=internal) for case in cases],
        "deliveries": await _rows(session, OutboxMessage, OutboxMessage.chat_id == person.chat_id,
                                  OutboxMessage.case_id.is_(None)),
        "erasures": [{"at": _plain(one.at)} for one in await listed(session) if one.is_about(person.chat_id)],
        "updates": await _rows(session, InboxUpdate, InboxUpdate.lane == f"chat:{person.chat_id}"),
    }  # fmt: skip


async def _case(session: AsyncSession, case: Case, *, internal: bool) -> dict[str, Any]:
    names = {row.id: row.name for row in await session.scalars(select(Staff))}
    query = select(CaseMessage).where(CaseMessage.case_id == case.id).order_by(CaseMessage.id)
    messages = (await session.scalars(query)).all()
    shown = {message.id for message in messages if internal or message.author in ADDRESSED}
    deliveries = await _rows(session, OutboxMessage, OutboxMessage.case_id == case.id)
    parts = {"events": CaseEvent, "timers": Timer, "referrals": Referral}
    return {
        **_fields(case), **{name: await _rows(session, model, model.__table__.c.case_id == case.id)
                            for name, model in parts.items()},
        "messages": [_message(message, names, shown=message.id in shown) for message in messages],
        "audit": [_without(row, () if internal else ("detail",))
                  for row in await _rows(session, Audit, Audit.case_id == case.id)],
        "deliveries": [_without(row, () if internal or row["case_message_id"] in {None, *shown} else ("payload",))
                       for row in deliveries],
    }  # fmt: skip


def _message(message: CaseMessage, names: dict[int, str], *, shown: bool) -> dict[str, Any]:
    said_by = {"staff": names.get(message.staff_id or 0)} if message.author == "staff" else {}
    return _without(_fields(message), () if shown else WORDS) | said_by


def _without(row: dict[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """The row with some values withheld; that there was nothing is no secret."""
    return {**row, **{name: WITHHELD for name in names if row.get(name)}}


async def _rows(session: AsyncSession, model: type[Base], *which: ColumnElement[bool]) -> list[dict[str, Any]]:
    query = select(model).where(*which).order_by(*model.__mapper__.primary_key)
    return [_fields(row) for row in await session.scalars(query)]


def _fields(row: Base) -> dict[str, Any]:
    table = row.__table__.name  # type: ignore[attr-defined]
    names = [attribute.key for attribute in row.__mapper__.column_attrs]
    return {name: _plain(getattr(row, name)) for name in names if (table, name) not in LEFT_OUT}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value
