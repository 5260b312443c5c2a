"""A copy of everything: whatever stands in a column about a person stands in the document, or in the list of what does
not, with the reason."""

from __future__ import annotations

import itertools
import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import JSON, Boolean, Column, Date, Integer, LargeBinary, String
from sqlalchemy.dialects.postgresql import JSONB

from bot.settings import ROOT
from bot.storage import erasures
from bot.storage.database import Database
from bot.storage.disclosure import ADDRESSED, LEFT_OUT, SCHEMA, VERSION, WITHHELD, everything_about
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
    Upload,
)
from bot.storage.visits import note_visit
from tests.bot.conftest import make_settings
from tests.conftest import Clock

pytestmark = pytest.mark.parametrize("migrated_url", ["sqlite"], indirect=True)

CHAT = 7_654_321_098
ABOUT_A_PERSON = (Person, Exchange, FlowRun, Reminder, Unanswered, Case, CaseEvent, CaseMessage, Referral, Timer, Audit,
                  Upload, OutboxMessage, InboxUpdate)  # fmt: skip
NOT_ABOUT_ONE = {
    "counter": "counts", "weekly_people": "counts", "visit": "tested below", "visit_salt": "no person in it",
    "erasure": "tested below", "staff": "staff", "staff_absence": "staff", "desk_session": "staff",
    "office_week": "the office", "calendar_exception": "the office", "staff_group": "the office", "worker": "the bot",
}  # fmt: skip
RETENTION = make_settings().retention
REASON_OF_STAFF = ("audit", "detail")
"""Internal, as notes are: tested below."""
_numbers = itertools.count(1)


def planted(column: Column[Any]) -> Any:
    """A value that stands nowhere else."""
    number = next(_numbers)
    if isinstance(column.type, Boolean):
        return True
    if isinstance(column.type, JSON | JSONB):
        return {"planted": f"q{number}q"}
    if isinstance(column.type, LargeBinary):
        return f"q{number}q".encode()
    if isinstance(column.type, Date):
        return date(2020, 1, 1) + timedelta(days=number)
    if isinstance(column.type, String):
        return f"q{number}q"
    if isinstance(column.type, Integer) or column.type.python_type is int:
        return 5_000_000 + number
    return datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=number)


def full(model: type[Base], **known: Any) -> Base:
    """A row with something planted in every column but those that are `known`."""
    columns = {column.name: column for column in model.__mapper__.columns}
    return model(**{name: planted(column) for name, column in columns.items() if name not in known} | known)


async def put(database: Database, *rows: Base) -> None:
    async with database.write() as session:
        session.add_all(rows)


async def a_full_life(database: Database) -> dict[type[Base], Base]:
    """A person with a row in every table, every column of it filled."""
    await put(database, Staff(id=1, name="Frau A."))
    person = full(Person, id=1, chat_id=CHAT)
    case = full(Case, id=1, person_id=1, owner_id=1, ended_by=1)
    message = full(CaseMessage, id=1, case_id=1, staff_id=1, author="person")
    await put(database, person)
    await put(database, case)
    await put(database, message)
    rest = [full(model, person_id=1) for model in (Exchange, FlowRun, Reminder, Unanswered)]
    rest += [full(model, case_id=1) for model in (Timer,)]
    rest += [full(model, case_id=1, staff_id=1) for model in (CaseEvent, Referral, Audit)]
    rest += [full(Upload, message_id=1), full(OutboxMessage, case_id=1, case_message_id=1),
             full(InboxUpdate, lane=f"chat:{CHAT}")]  # fmt: skip
    await put(database, *rest)
    return {type(row): row for row in (person, case, message, *rest)}


async def document(database: Database, *, internal: bool = False) -> dict[str, Any]:
    async with database.read() as session:
        person = await session.get_one(Person, 1)
        return await everything_about(session, person, datetime.now(UTC), RETENTION, internal=internal)


def written(value: Any) -> str:
    if isinstance(value, dict):
        return str(value["planted"])
    return value.isoformat() if isinstance(value, date) else str(value)


async def test_every_column_about_a_person_stands_in_the_copy(database: Database) -> None:
    life = await a_full_life(database)
    assert {model.__tablename__ for model in life} | set(NOT_ABOUT_ONE) == set(Base.metadata.tables)
    assert set(life) == set(ABOUT_A_PERSON)
    text = json.dumps(await document(database), ensure_ascii=False)
    for row in life.values():
        for attribute in row.__mapper__.column_attrs:
            place = (row.__tablename__, attribute.key)
            value = getattr(row, attribute.key)
            if place in LEFT_OUT:
                assert isinstance(value, bytes) or value == 1 or written(value) not in text, place
            elif place == REASON_OF_STAFF:
                assert written(value) not in text
            elif value is True:
                assert f'"{attribute.key}": true' in text, place
            else:
                assert written(value) in text, place


async def test_that_somebody_asked_this_week_stands_in_it_too(database: Database, clock: Clock) -> None:
    await put(database, Person(id=1, chat_id=CHAT, language="ar", created_at=clock(), seen_at=clock()))
    async with database.write() as session:
        await note_visit(session, clock().date(), CHAT, "rooms", "ar")
    (visit,) = (await document(database))["visits"]
    assert (visit["topic"], visit["language"]) == ("rooms", "ar")


async def test_whoever_came_back_sees_that_they_were_erased_before(database: Database, clock: Clock) -> None:
    await put(database, Person(id=1, chat_id=CHAT, language="ar", created_at=clock(), seen_at=clock()))
    async with database.write() as session:
        erasures.note(session, CHAT, clock() - timedelta(days=3))
        erasures.note(session, CHAT + 1, clock())
    assert (await document(database))["erasures"] == [{"at": (clock() - timedelta(days=3)).isoformat()}]


@pytest.mark.parametrize("author", ["note", "held", "draft"])
async def test_words_that_are_not_addressed_to_the_person_are_handed_out_by_the_office(
    database: Database, author: str
) -> None:
    reason = (await a_full_life(database))[Audit].__dict__["detail"]
    await put(database, full(CaseMessage, id=2, case_id=1, staff_id=1, author=author, text="der Bruder sagt",
                             at=datetime(2026, 1, 1, tzinfo=UTC)))  # fmt: skip
    own = await document(database)
    note = own["cases"][0]["messages"][1]
    assert (note["author"], note["text"], note["at"]) == (author, WITHHELD, "2026-01-01T00:00:00+00:00")
    assert "der Bruder sagt" not in json.dumps(own)
    assert reason not in json.dumps(own)
    checked = json.dumps(await document(database, internal=True))
    assert "der Bruder sagt" in checked
    assert reason in checked


async def test_nothing_of_anybody_else_stands_in_it(database: Database) -> None:
    await a_full_life(database)
    await put(database, full(Person, id=2, chat_id=99))
    others = [full(Case, id=2, person_id=2, owner_id=1, ended_by=1), full(Exchange, person_id=2)]
    await put(database, *others)
    await put(database, full(CaseMessage, id=2, case_id=2, staff_id=1, author="person", text="von jemand anderem"))
    own = await document(database)
    assert [case["id"] for case in own["cases"]] == [1]
    assert len(own["exchanges"]) == 1
    assert "von jemand anderem" not in json.dumps(own)


async def test_the_document_is_as_described(database: Database) -> None:
    await a_full_life(database)
    own = await document(database)
    described = (ROOT / "docs/data-protection.md").read_text(encoding="utf-8")
    assert (own["schema"], own["version"]) == (SCHEMA, VERSION)
    assert f"`{SCHEMA}`, version {VERSION}" in described
    for part in (*own, *(name for name, value in own["cases"][0].items() if isinstance(value, list))):
        assert f"| `{part}` |" in described or f"| `cases[].{part}` |" in described, part
    assert set(ADDRESSED) == {"person", "shared", "asked", "staff"}
