"""Everything goes when its time is over, and not before; nothing about anybody is without such a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.settings import Settings
from bot.storage import retention as module
from bot.storage.database import Database
from bot.storage.models import (
    Audit,
    Base,
    Case,
    CaseEvent,
    Counter,
    DeskSession,
    Erasure,
    Exchange,
    FlowRun,
    InboxUpdate,
    OutboxMessage,
    Person,
    Reminder,
    Staff,
    StaffAbsence,
    Unanswered,
    WeeklyPeople,
)
from bot.storage.retention import GONE, Cleaning, Retention, Rule
from tests.bot.conftest import make_settings
from tests.conftest import Clock

RETENTION = make_settings().retention
NO_PERSON = {
    "office_week": "the office's hours",
    "calendar_exception": "the office's holidays",
    "staff_group": "the number of the office's own group",
    "worker": "processes of the bot; rows go with their lease",
}
"""Tables that hold nothing about anybody, and why."""
DAY = timedelta(days=1)


def rule(name: str) -> Rule:
    return next(one for one in RETENTION.rules if one.name == name)


def test_every_table_has_a_time_after_which_its_rows_go() -> None:
    ruled = {table.__tablename__ for one in RETENTION.rules for table in one.tables}
    assert ruled | set(NO_PERSON) == set(Base.metadata.tables), "say in bot/storage/retention.py when this is erased"
    assert not ruled & set(NO_PERSON)


def test_every_figure_is_a_setting_and_used_by_a_rule() -> None:
    figures = {field.name.upper() for field in fields(Retention)}
    assert {one.setting for one in RETENTION.rules} - {""} == figures
    assert {name.lower() for name in figures} <= set(Settings.model_fields)


def a_person(chat_id: int, seen_at: datetime, **more: Any) -> Person:
    return Person(chat_id=chat_id, language="ar", created_at=seen_at, seen_at=seen_at, **more)


def a_case(person_id: int | None, now: datetime, **more: Any) -> Case:
    return Case(person_id=person_id, state="CLOSED", reason="button", language="ar", opened_at=now, changed_at=now,
                **more)  # fmt: skip


def a_row(now: datetime, **more: Any) -> OutboxMessage:
    values = {"lane": "chat:1", "kind": "system", "chat_id": 1, "method": "sendMessage", "state": "sent"}
    return OutboxMessage(**{**values, "due_at": now, "created_at": now, **more})


def an_update(number: int, now: datetime, done_at: datetime | None) -> InboxUpdate:
    return InboxUpdate(update_id=number, lane="chat:1", payload=None, received_at=now, done_at=done_at)


def stored(name: str, at: datetime) -> Sequence[Base]:
    """A row of each table that the rule is about, as old as `at`."""
    match name:
        case "person":
            return [a_person(7, at)]
        case "questions":
            return [Exchange(person_id=1, at=at, question="x")]
        case "flows":
            return [FlowRun(person_id=1, flow="room_request", state="active", slots={}, created_at=at, changed_at=at)]
        case "sensitive":
            return [FlowRun(person_id=1, flow="discrimination_support", state="active", slots={}, created_at=at,
                            changed_at=at)]  # fmt: skip
        case "unanswered":
            return [Unanswered(person_id=1, asked_on=at.date(), language="ar", text="x", outcome="lost", nearest=[])]
        case "traffic":
            return [an_update(1, at, at), a_row(at), a_row(at, state="failed")]
        case "audit":
            return [Audit(at=at, action="login")]
        case "statistics":
            return [Counter(day=at.date(), name="answered", key="", language="ar", value=1), a_case(None, at),
                    WeeklyPeople(week=at.date(), topic="rooms", language="ar", people=5)]  # fmt: skip
        case "erasures":
            return [Erasure(at=at, salt="x", digest="x")]
        case "sessions":
            return [DeskSession(token_hash="x", staff_id=1, csrf="x", created_at=at, seen_at=at)]
    raise AssertionError(f"a rule that this test does not know: {name}")


BY_ROWS = [one.name for one in RETENTION.rules if one.old and one.name != "staff"]


async def put(database: Database, *rows: Base) -> None:
    async with database.write() as session:
        session.add_all(rows)


async def everything(database: Database, *models: type[Base]) -> list[Any]:
    async with database.read() as session:
        return [row for model in models for row in await session.scalars(select(model))]


@pytest.mark.parametrize("name", BY_ROWS)
@pytest.mark.parametrize("migrated_url", ["postgresql"], indirect=True)
async def test_rows_go_when_their_time_is_over_and_not_before(database: Database, clock: Clock, name: str) -> None:
    await put(database, a_person(1, clock()), Staff(id=1, name="Frau A."))
    await put(database, *stored(name, clock()))
    tables = {type(row) for row in stored(name, clock())}
    there = await everything(database, *tables)
    await Cleaning(database, RETENTION).look(clock() + rule(name).lasts - DAY / 48)
    assert len(await everything(database, *tables)) == len(there)
    await Cleaning(database, RETENTION).look(clock() + rule(name).lasts + DAY)
    left = await everything(database, *tables)
    assert [row for row in left if not isinstance(row, Person)] == []
    assert {row.chat_id for row in left} <= {1}


@pytest.mark.parametrize("migrated_url", ["sqlite"], indirect=True)
class TestStaying:
    """What must not go, however old it is."""

    async def test_who_has_a_case_awaits_something_or_is_on_hold(self, database: Database, clock: Clock) -> None:
        old = clock() - 400 * DAY
        await put(database, *(a_person(number, old) for number in (1, 2, 3)),
                  a_person(4, old, muted_until=clock() + DAY))  # fmt: skip
        await put(database, a_case(1, old), Reminder(person_id=2, kind="deadline", key="x", due_at=clock() + DAY))
        await Cleaning(database, RETENTION).look(clock())
        assert {person.chat_id for person in await everything(database, Person)} == {1, 2, 4}

    async def test_a_call_that_still_has_to_be_made_and_what_belongs_to_a_case(
        self, database: Database, clock: Clock
    ) -> None:
        old = clock() - 400 * DAY
        await put(database, a_person(1, clock()))
        await put(database, a_case(1, old, id=5), an_update(2, old, None))
        await put(database, a_row(old, state="pending"), a_row(old, case_id=5))
        await Cleaning(database, RETENTION).look(clock())
        assert len(await everything(database, OutboxMessage)) == 2
        assert len(await everything(database, InboxUpdate)) == 1

    async def test_a_flow_that_a_person_wants_kept(self, database: Database, clock: Clock) -> None:
        old = clock() - 30 * DAY
        await put(database, a_person(1, clock()))
        await put(database, FlowRun(person_id=1, flow="founding_checklist", state="done", slots={}, kept=True,
                                    created_at=old, changed_at=old))  # fmt: skip
        await Cleaning(database, RETENTION).look(clock())
        assert len(await everything(database, FlowRun)) == 1

    async def test_whether_the_bot_may_work_in_the_group(self, database: Database, clock: Clock) -> None:
        old = clock() - 4000 * DAY
        await put(database, *(Audit(at=old, action=action) for action in ("group_back", "login", "group_lost")))
        await Cleaning(database, RETENTION).look(clock())
        assert [row.action for row in await everything(database, Audit)] == ["group_lost"]

    async def test_a_member_of_staff_who_left_is_a_number_after_their_time(
        self, database: Database, clock: Clock
    ) -> None:
        here, gone = Staff(name="Frau A."), Staff(name="Herr B.", telegram_id=2002, login="b", password_hash="x")
        gone.active = False
        assert gone.left_at is not None
        left = gone.left_at
        today: date = left.date()
        await put(database, here, gone)
        await put(database, StaffAbsence(staff_id=gone.id, first=today, last=today), CaseEvent(
            case_id=await number_of_a_case(database, left), at=left, kind="x", from_state="x", to_state="x",
            staff_id=gone.id))  # fmt: skip
        await Cleaning(database, RETENTION).look(left + rule("staff").lasts - DAY)
        assert [row.name for row in await everything(database, Staff)] == ["Frau A.", "Herr B."]
        await Cleaning(database, RETENTION).look(left + rule("staff").lasts + DAY)
        members = await everything(database, Staff)
        assert [(row.name, row.telegram_id, row.login, row.password_hash) for row in members] == [
            ("Frau A.", None, None, None), (GONE, None, None, None)]  # fmt: skip
        assert await everything(database, StaffAbsence) == []

    async def test_a_rule_that_fails_does_not_hold_up_the_others(
        self, database: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def fails(*_: object) -> int:
            raise ValueError("played")

        failing = tuple(replace(old, erase=fails) for old in module._PERSONS)
        monkeypatch.setattr(module, "_PERSONS", failing)
        await put(database, a_person(1, clock() - 400 * DAY))
        await put(database, Audit(at=clock() - 400 * DAY, action="login"))
        await Cleaning(database, RETENTION).look(clock())
        assert await everything(database, Audit) == []


async def number_of_a_case(database: Database, now: datetime) -> int:
    case = a_case(None, now)
    await put(database, case)
    return case.id
