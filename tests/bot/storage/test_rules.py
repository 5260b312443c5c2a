"""What the database itself guarantees, whatever the program does."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from bot.handoff.states import OPEN
from bot.storage import cases, persons
from bot.storage.database import Database, DatabaseUnreachable
from bot.storage.models import OPEN_STATES, Case, Counter, Exchange, Person
from bot.storage.retention import Cleaning
from bot.storage.schema import upgrade
from tests.bot.conftest import make_settings
from tests.conftest import Clock, Templates


def a_person(now: datetime, chat_id: int = 1001) -> Person:
    return Person(chat_id=chat_id, language="ar", created_at=now, seen_at=now)


def a_case(person: Person, state: str, now: datetime) -> Case:
    return Case(person_id=person.id, state=state, reason="button", language="ar", opened_at=now, changed_at=now)


async def put(database: Database, *rows: object) -> None:
    async with database.write() as session:
        session.add_all(rows)


async def test_a_person_has_at_most_one_open_case(database: Database, clock: Clock) -> None:
    rana, mehmet = a_person(clock()), a_person(clock(), 1002)
    await put(database, rana, mehmet)
    await put(database, a_case(rana, "QUEUED", clock()), a_case(mehmet, "QUEUED", clock()))
    for state in OPEN_STATES:
        with pytest.raises(IntegrityError):
            await put(database, a_case(rana, state, clock()))


async def test_a_person_may_have_many_cases_that_are_over(database: Database, clock: Clock) -> None:
    rana = a_person(clock())
    await put(database, rana)
    await put(database, *[a_case(rana, state, clock()) for state in ("RESOLVED", "RESOLVED", "WITHDRAWN", "CLAIMED")])
    async with database.read() as session:
        found = await cases.open_case(session, rana)
        assert found is not None
        assert found.state == "CLAIMED"
        assert len(await cases.cases_of(session, rana)) == 4


async def test_a_topic_belongs_to_one_case(database: Database, clock: Clock) -> None:
    rana = a_person(clock())
    await put(database, rana)
    await put(database, *[a_case(rana, "RESOLVED", clock()) for _ in range(2)])
    both = update(Case).values(thread_id=7)
    async with database.write() as session:
        with pytest.raises(IntegrityError):
            await session.execute(both)
        await session.rollback()


def test_the_index_and_the_transitions_mean_the_same_by_open() -> None:
    assert set(OPEN_STATES) == {state.value for state in OPEN}


async def test_a_chat_is_one_person(database: Database, clock: Clock) -> None:
    await put(database, a_person(clock()))
    with pytest.raises(IntegrityError):
        await put(database, a_person(clock()))


async def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises((StatementError, DBAPIError), match="needs a time zone"):
        await put(database, a_person(datetime(2026, 11, 24, 9, 0)))


async def test_times_come_back_as_the_same_moment_in_utc(database: Database) -> None:
    written = datetime(2026, 10, 25, 2, 30, tzinfo=timezone(timedelta(hours=2)))
    await put(database, a_person(written))
    async with database.read() as session:
        person = await persons.person_by_chat(session, 1001)
    assert person is not None
    assert person.created_at == written
    assert person.created_at.tzinfo == UTC


async def test_telegrams_long_ids_fit(database: Database, clock: Clock) -> None:
    await put(database, a_person(clock(), 2**52))
    async with database.read() as session:
        assert await persons.person_by_chat(session, 2**52) is not None


async def test_counters_count_per_day_key_and_language(database: Database) -> None:
    monday, tuesday = date(2026, 11, 23), date(2026, 11, 24)
    async with database.write() as session:
        for day, key, language in [(monday, "a", "ar"), (monday, "a", "ar"), (monday, "b", "ar"), (monday, "a", "tr"),
                                   (tuesday, "a", "ar")]:  # fmt: skip
            await persons.count(session, day, "answered", key, language)
    async with database.read() as session:
        rows = (await session.scalars(select(Counter))).all()
    assert {(row.day, row.key, row.language): row.value for row in rows} == {
        (monday, "a", "ar"): 2, (monday, "b", "ar"): 1, (monday, "a", "tr"): 1, (tuesday, "a", "ar"): 1,
    }  # fmt: skip


async def test_questions_are_forgotten_after_their_hours_and_no_sooner(database: Database, clock: Clock) -> None:
    rana = a_person(clock())
    await put(database, rana)
    async with database.write() as session:
        await persons.remember(session, rana, clock(), question="old", entry_id=None)
        await persons.remember(session, rana, clock() + timedelta(hours=1), question="new", entry_id=None)
    clock.forward(hours=24, minutes=1)
    await Cleaning(database, make_settings().retention).look(clock())
    async with database.read() as session:
        assert (await session.scalars(select(Exchange.question))).all() == ["new"]


async def test_only_the_newest_questions_are_shared_oldest_first(database: Database, clock: Clock) -> None:
    rana = a_person(clock())
    await put(database, rana)
    async with database.write() as session:
        for number in range(9):
            await persons.remember(session, rana, clock(), question=str(number), entry_id=None)
    async with database.read() as session:
        assert [item.question for item in await cases.exchanges_of(session, rana)] == list("345678")


async def _half_done(database: Database, now: datetime) -> None:
    async with database.write() as session:
        session.add(a_person(now))
        await session.flush()
        raise ZeroDivisionError


async def test_what_fails_leaves_nothing_behind(database: Database, clock: Clock) -> None:
    with pytest.raises(ZeroDivisionError):
        await _half_done(database, clock())
    async with database.read() as session:
        assert await persons.person_by_chat(session, 1001) is None


async def test_settling_puts_the_log_on_the_disk(tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'x.db'}")
    await database.settle()
    await upgrade(database)
    synced = set[int]()
    monkeypatch.setattr(os, "fsync", lambda descriptor: synced.add(os.fstat(descriptor).st_ino))
    await database.settle()
    assert synced == {(tmp_path / "x.db-wal").stat().st_ino}
    await database.close()


async def test_tidying_leaves_nothing_in_the_log_and_everything_in_the_database(
    templates: Templates, tmp_path: Path, clock: Clock
) -> None:
    database = Database(await templates.sqlite(tmp_path / "x.db"))
    async with database.write() as session:
        session.add(a_person(clock()))
    await database.tidy()
    assert (tmp_path / "x.db-wal").stat().st_size == 0
    async with database.read() as session:
        assert await persons.person_by_chat(session, 1001) is not None
    await database.close()


@pytest.mark.parametrize("url", ["postgresql+asyncpg://secret:word@127.0.0.1:1/x", "sqlite+aiosqlite:////proc/no/x.db"])
async def test_a_database_that_cannot_be_opened_is_said_so_in_one_line(url: str) -> None:
    with pytest.raises(DatabaseUnreachable, match="DATABASE_URL") as error:
        await Database(url).check()
    assert "word" not in str(error.value)
    assert "\n" not in str(error.value)


async def test_a_file_that_is_no_database_is_said_so_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_text("this is a letter, not a database, and a long one at that\n" * 40)
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'x.db'}")
    with pytest.raises(DatabaseUnreachable, match="DATABASE_URL"):
        await database.check()
    await database.close()
