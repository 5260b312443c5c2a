"""Erasing what was kept long enough is gentle: it writes only if there is something, in small pieces, with rests."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, select

from bot.app import assemble
from bot.processes import free_port
from bot.storage import retention as module
from bot.storage.database import Database
from bot.storage.models import Audit, Exchange, InboxUpdate, Person, Visit
from bot.storage.retention import SHARE, Cleaning, Pace
from bot.storage.visits import note_visit, visits_of
from tests.bot.conftest import make_settings, read_content
from tests.conftest import Clock
from tests.journeys.phone import eventually

RETENTION = make_settings().retention
LONG_AGO = timedelta(days=400)
BATCH = 10


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BATCH", BATCH)


async def put_old_lines(database: Database, clock: Clock, number: int) -> None:
    async with database.write() as session:
        session.add_all(Audit(at=clock() - LONG_AGO, action="login") for _ in range(number))


async def lines(database: Database) -> int:
    async with database.read() as session:
        return await session.scalar(select(func.count()).select_from(Audit)) or 0


def counts_writes(database: Database, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    writes: list[int] = []
    write = database.write

    def counted() -> Any:
        writes.append(1)
        return write()

    monkeypatch.setattr(database, "write", counted)
    return writes


def counts_statements(database: Database) -> list[str]:
    statements: list[str] = []

    @event.listens_for(database.engine.sync_engine, "before_cursor_execute")
    def heard(*given: Any) -> None:
        statements.append(given[2])

    return statements


async def test_where_nothing_is_to_be_erased_nothing_is_written(
    database: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with database.write() as session:
        session.add_all([Person(chat_id=1, language="ar", created_at=clock(), seen_at=clock()),
                         Audit(at=clock(), action="login")])  # fmt: skip
    writes = counts_writes(database, monkeypatch)
    assert not await Cleaning(database, RETENTION).look(clock())
    assert writes == []


async def test_only_the_rule_that_has_something_to_erase_writes(
    database: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await put_old_lines(database, clock, 3)
    writes = counts_writes(database, monkeypatch)
    assert not await Cleaning(database, RETENTION).look(clock())
    assert await lines(database) == 0
    assert writes == [1]


async def test_a_backlog_goes_in_small_steps_until_nothing_is_left(database: Database, clock: Clock) -> None:
    await put_old_lines(database, clock, 35)
    cleaning = Cleaning(database, RETENTION, Pace(SHARE, sleep=_without_rest))
    steps = [(await cleaning.look(clock()), await lines(database)) for _ in range(4)]
    assert steps == [(True, 25), (True, 15), (True, 5), (False, 0)]


async def test_a_rule_with_a_backlog_does_not_hold_up_the_others(database: Database, clock: Clock) -> None:
    await put_old_lines(database, clock, 35)
    async with database.write() as session:
        person = Person(chat_id=1, language="ar", created_at=clock(), seen_at=clock())
        session.add(person)
        await session.flush()
        session.add_all(Exchange(person_id=person.id, at=clock() - LONG_AGO, question="x") for _ in range(3))
    assert await Cleaning(database, RETENTION, Pace(SHARE, sleep=_without_rest)).look(clock())
    assert await lines(database) == 25
    async with database.read() as session:
        assert (await session.scalars(select(Exchange))).all() == []


async def test_persons_are_erased_many_at_once_and_nobody_else(database: Database, clock: Clock) -> None:
    old, now = clock() - LONG_AGO, clock()
    async with database.write() as session:
        for number, at in ((1, old), (2, old), (3, now)):
            session.add(Person(chat_id=number, language="ar", created_at=at, seen_at=at))
            session.add(InboxUpdate(update_id=number, lane=f"chat:{number}", received_at=now, done_at=now))
            await note_visit(session, now.date(), number, "rooms", "ar")
    statements = counts_statements(database)
    await Cleaning(database, RETENTION).look(now)
    async with database.read() as session:
        assert (await session.scalars(select(Person.chat_id))).all() == [3]
        lanes = (await session.scalars(select(InboxUpdate.lane).order_by(InboxUpdate.update_id))).all()
        assert lanes == ["erased", "erased", "chat:3"]
        assert len(await visits_of(session, 3)) == 1
        assert await session.scalar(select(func.count()).select_from(Visit)) == 1
    assert len([one for one in statements if "UPDATE inbox" in one]) == 1, "the whole inbox is looked through for it"


async def test_others_write_between_any_two_batches(database: Database, clock: Clock) -> None:
    seen: list[int] = []

    async def somebody_else_writes() -> None:
        async with database.write() as session:
            seen.append(await session.scalar(select(func.count()).select_from(Audit)) or 0)
            session.add(Person(chat_id=len(seen), language="ar", created_at=clock(), seen_at=clock()))

    async def rests(_: float) -> None:
        # Within seconds, while the erasing waits: it has nothing open that others would wait for.
        await asyncio.wait_for(asyncio.create_task(somebody_else_writes()), 10)

    await put_old_lines(database, clock, 35)
    cleaning = Cleaning(database, RETENTION, Pace(SHARE, sleep=rests))
    while await cleaning.look(clock()):
        pass
    assert seen == [35, 25, 15, 5]


async def test_a_batch_that_others_had_to_wait_for_is_rested_from_four_times_as_long() -> None:
    time = Seconds()
    pace = Pace(0.2, time, time.sleep)
    for took in (0.5, 2.0, 0.0):
        async with pace.piece():
            time.now += took
    assert time.rests == [0, 2.0, 8.0]


async def test_time_that_went_by_counts_as_rest() -> None:
    time = Seconds()
    pace = Pace(0.2, time, time.sleep)
    async with pace.piece():
        time.now += 1
    time.now += 3
    async with pace.piece():
        time.now += 1
    time.now += 100
    async with pace.piece():
        pass
    assert time.rests == [0, 1.0, 0]


async def test_what_fails_is_rested_from_too() -> None:
    time = Seconds()
    pace = Pace(0.2, time, time.sleep)

    async def fail() -> None:
        async with pace.piece():
            time.now += 1
            raise ValueError("played")

    with pytest.raises(ValueError, match="played"):
        await fail()
    async with pace.piece():
        pass
    assert time.rests == [0, 4.0]


class Seconds:
    """A clock of seconds that moves when somebody sleeps; `rests`: for how long each time."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.rests: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        """As `asyncio.sleep`."""
        self.rests.append(seconds)
        self.now += seconds


async def _without_rest(_: float) -> None:
    """Tests that count steps need not wait."""


@pytest.mark.parametrize("migrated_url", ["sqlite"], indirect=True)
async def test_the_running_bot_erases_a_backlog_to_the_end_without_being_asked(migrated_url: str, clock: Clock) -> None:
    settings = make_settings(database_url=migrated_url, telegram_api_url="http://127.0.0.1:9", actions_port=free_port())
    async with assemble(settings, clock, read_content()) as app:
        await put_old_lines(app.database, clock, 35)
        work = asyncio.create_task(app.run())
        try:
            await eventually(lambda: _is_empty(app.database), _what_is_left)
        finally:
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)


async def _is_empty(database: Database) -> bool | None:
    return await lines(database) == 0 or None


async def _what_is_left() -> str:
    return "old lines of the audit"
