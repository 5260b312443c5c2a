"""Several workers on one PostgreSQL: each row is taken once, the dead are found, one leads, news reach everybody."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any, cast

import pytest
import pytest_asyncio
from sqlalchemy import Row, delete, func, select, text, update

from bot.storage.database import LOCKS, Database
from bot.storage.models import Case, InboxUpdate, OutboxMessage, Person, Worker
from bot.storage.schema import upgrade
from bot.storage.workers import MISSED, Workplace
from bot.telegram.inbox import Inbox, store
from bot.telegram.outbox import Outbox, Sender, enqueue
from tests.bot.telegram.test_inbox import update as private_message
from tests.conftest import Clock, Templates, _new_postgresql_database
from tests.journeys.phone import eventually

DEAD = 77
"""A worker of whom a row is left, and no process."""


@pytest_asyncio.fixture
async def url(templates: Templates, postgresql: str) -> str:
    """Leases are for PostgreSQL: there are no two processes on an SQLite file."""
    return await templates.postgresql(postgresql)


@pytest_asyncio.fixture
async def colleagues(url: str) -> AsyncIterator[list[Workplace]]:
    """Two workers at work."""
    databases = [Database(url), Database(url)]
    async with contextlib.AsyncExitStack() as stack:
        places = [Workplace(database) for database in databases]
        for place in places:
            await stack.enter_async_context(place.at_work())
        yield places
    for database in databases:
        await database.close()


def _database(place: Workplace) -> Database:
    return place._database


async def becomes(look: Callable[[], bool]) -> None:
    """Wait until it is true."""

    async def seen() -> bool | None:
        return look() or None

    async def failed() -> str:
        return "what was waited for did not come"

    await eventually(seen, failed, 20)


async def cut_off(database: Database) -> None:
    """The worker's own connection breaks, as at a restart of the database."""
    async with database.write() as session:
        holders = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = :worker AND database = (" \
                  "SELECT oid FROM pg_database WHERE datname = current_database())"  # fmt: skip
        await session.execute(text(f"SELECT pg_terminate_backend(pid) FROM ({holders}) AS held"),
                              {"worker": database.worker})  # fmt: skip


async def _leave_behind(database: Database, clock: Clock) -> None:
    """What somebody had under way when their process was killed: one update, one message."""
    await store(database, [private_message(1, 1001), private_message(2, 1001)], clock())
    async with database.write() as session:
        for words in ("first", "second"):
            enqueue(session, clock(), kind="system", method="sendMessage", payload={"text": words}, chat_id=1001)
        await session.flush()
        await session.execute(update(OutboxMessage).where(OutboxMessage.id == 1).values(
            state="sending", leased_by=DEAD, attempts=1))  # fmt: skip
        await session.execute(update(InboxUpdate).where(InboxUpdate.update_id == 1).values(leased_by=DEAD))
        now = await session.scalar(select(func.now()))
        assert now is not None
        session.add(Worker(id=DEAD, name="gone:1", leased_until=now + timedelta(minutes=5)))


async def test_what_a_killed_worker_had_under_way_is_taken_over_at_once_and_marked(url: str, clock: Clock) -> None:
    database, found = Database(url), asyncio.Event()
    await _leave_behind(database, clock)
    place = Workplace(database)
    place.finds(found.set)
    async with place.at_work():
        await asyncio.wait_for(found.wait(), 20)
        async with database.read() as session:
            rows = (await session.scalars(select(OutboxMessage).order_by(OutboxMessage.id))).all()
            updates = (await session.scalars(select(InboxUpdate))).all()
            workers = (await session.scalars(select(Worker.id))).all()
    await database.close()
    assert [(row.state, row.uncertain) for row in rows] == [("pending", True), ("pending", False)]
    assert [row.leased_by for row in updates] == [None, None]
    assert DEAD not in workers


async def test_a_lane_of_another_worker_is_not_touched_as_long_as_that_one_lives(
    colleagues: list[Workplace], clock: Clock
) -> None:
    one, other = map(_database, colleagues)
    await store(one, [private_message(1, 1001), private_message(2, 1001)], clock())
    async with one.write() as session:
        for words in ("first", "second"):
            enqueue(session, clock(), kind="system", method="sendMessage", payload={"text": words}, chat_id=1001)
    inboxes = [Inbox(database, _never) for database in (one, other)]
    nobody = cast(Sender, SimpleNamespace(line=SimpleNamespace()))
    outboxes = [Outbox(database, nobody, clock) for database in (one, other)]
    assert await inboxes[0]._take(1)
    assert [await inboxes[1]._take(number) for number in (1, 2)] == [None, None]
    assert [waiting.elsewhere for waiting in await inboxes[1]._waiting()] == [True]
    assert isinstance(await outboxes[0]._take(1), OutboxMessage)
    assert [isinstance(await outboxes[1]._take(number), OutboxMessage) for number in (1, 2)] == [False, False]
    assert [waiting.elsewhere for waiting in await outboxes[1]._waiting()] == [True]


async def test_a_worker_that_stood_still_for_too_long_takes_nothing_until_it_has_entered_anew(
    url: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.storage.workers.LOOK_SECONDS", 60)
    database = Database(url)
    await store(database, [private_message(1, 1001)], clock())
    place = Workplace(database)
    async with place.at_work():
        number = database.worker
        async with database.write() as session:
            await session.execute(update(Worker).values(leased_until=func.now() - timedelta(seconds=1)))
        assert not await Inbox(database, _never)._take(1)
        async with database.write() as session:
            await session.execute(delete(Worker))  # as whoever finds it dead
        assert not await Inbox(database, _never)._take(1)
        await cut_off(database)
        await becomes(lambda: database.worker != number)
        assert await Inbox(database, _never)._take(1)
    await database.close()


async def test_the_others_find_out_when_a_worker_stands_still(
    colleagues: list[Workplace], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = map(_database, colleagues)
    number, found = one.worker, asyncio.Event()
    colleagues[1].finds(found.set)
    monkeypatch.setattr("bot.storage.workers._RENEW", "SELECT 1 WHERE $1 > 0")
    async with other.write() as session:
        enqueue(session, Clock()(), kind="system", method="sendMessage", payload={}, chat_id=1)
        await session.flush()
        await session.execute(update(OutboxMessage).values(state="sending", leased_by=number))
        await session.execute(update(Worker).where(Worker.id == number).values(
            leased_until=func.now() - timedelta(seconds=1)))  # fmt: skip
    await asyncio.wait_for(found.wait(), 20)
    async with other.read() as session:
        assert (await session.scalars(select(OutboxMessage.uncertain))).all() == [True]


async def test_if_the_leader_stands_still_another_one_leads(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.storage.workers.LOOK_PATIENCE", 60)
    databases = [Database(url), Database(url)]
    still, awake = map(Workplace, databases)
    async with still.at_work():
        await becomes(lambda: still.leads)
        # Its process is stopped: the connection stays, and the lock with it.
        monkeypatch.setattr(still, "_look", lambda driver: asyncio.Event().wait())
        async with awake.at_work():
            await asyncio.sleep(1.5)
            assert not awake.leads
            async with databases[1].write() as session:
                over = update(Worker).where(Worker.id == databases[0].worker)
                await session.execute(over.values(leased_until=func.now() - timedelta(seconds=1)))
            await becomes(lambda: awake.leads)
    for database in databases:
        await database.close()


async def test_nobody_waits_for_a_row_that_a_worker_standing_still_has_locked(url: str, clock: Clock) -> None:
    database, found = Database(url), asyncio.Event()
    await _leave_behind(database, clock)
    async with database.write() as standing_still:
        await standing_still.execute(update(OutboxMessage).where(OutboxMessage.id == 1).values(attempts=2))
        place = Workplace(database)
        place.finds(found.set)
        async with place.at_work():
            await asyncio.wait_for(found.wait(), 20)
            async with database.read() as session:
                assert await session.scalar(select(InboxUpdate.leased_by).where(InboxUpdate.update_id == 1)) is None
                assert await session.scalar(select(OutboxMessage.state).where(OutboxMessage.id == 1)) == "sending"
            await standing_still.rollback()
            await eventually(partial(_is_pending, database), _nothing_came)
    await database.close()


async def _is_pending(database: Database) -> bool | None:
    async with database.read() as session:
        return await session.scalar(select(OutboxMessage.state).where(OutboxMessage.id == 1)) == "pending" or None


async def _nothing_came() -> str:
    return "what was waited for did not come"


async def test_a_connection_into_nothing_is_made_again_under_the_same_number(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.storage.workers.LOOK_PATIENCE", 0.5)
    database = Database(url)
    place = Workplace(database)
    heard, looks, real = list[int](), list[object](), place._look
    place.hears("case", heard.append)

    async def look(driver: Any) -> None:
        looks.append(driver)
        if looks[-1] is looks[0] and len(looks) > 1:
            await asyncio.Event().wait()  # no answer, and no end
        await real(driver)

    monkeypatch.setattr(place, "_look", look)
    async with place.at_work():
        number = database.worker
        await becomes(lambda: heard == [MISSED] and looks[-1] is not looks[0])
        assert database.worker == number
        await becomes(lambda: place.leads)
    await database.close()


async def test_a_worker_gets_its_number_back_though_the_database_holds_on_to_the_connection_it_lost(url: str) -> None:
    database, other = Database(url), Database(url)
    async with Workplace(database).at_work():
        number = database.worker
    async with other.engine.connect() as lost:  # the database believes that this is still the worker
        held = await lost.scalar(select(func.pg_try_advisory_lock(LOCKS, number)))
        assert held
        async with other.write() as session:
            session.add(Worker(id=number, name="x:1", leased_until=func.now() + timedelta(seconds=30)))
        database.worker = number
        async with asyncio.timeout(20), Workplace(database).at_work():
            assert database.worker == number
        await lost.invalidate()
    await database.close()
    await other.close()


async def test_two_workers_process_every_update_once_and_each_chat_in_order(
    colleagues: list[Workplace], clock: Clock
) -> None:
    done: list[tuple[int, int]] = []
    open_lanes: set[int] = set()

    def process_for(database: Database) -> Inbox:
        async def process(row: Row[Any]) -> bool:
            update_id, chat = row.update_id, row.update_id % 5
            assert chat not in open_lanes
            open_lanes.add(chat)
            await asyncio.sleep(0.005)
            async with database.write() as session:
                await session.execute(update(InboxUpdate).where(InboxUpdate.update_id == update_id).values(
                    done_at=clock()))  # fmt: skip
                done.append((database.worker, update_id))
                open_lanes.discard(chat)
            return True

        return Inbox(database, process)

    inboxes = [process_for(_database(place)) for place in colleagues]
    works = [asyncio.create_task(inbox.run()) for inbox in inboxes]
    for number in range(60):
        await store(_database(colleagues[number % 2]), [private_message(number, 1001 + number % 5)], clock())
        inboxes[number % 2].wake()
    await becomes(lambda: len(done) >= 60)
    for work in works:
        work.cancel()
    await asyncio.gather(*works, return_exceptions=True)
    assert sorted(number for _, number in done) == list(range(60))
    for chat in range(5):
        assert [number for _, number in done if number % 5 == chat] == list(range(chat, 60, 5))
    assert len({worker for worker, _ in done}) == 2


async def test_one_leads_at_a_time_also_after_a_broken_connection_and_if_it_ends_the_other_does(url: str) -> None:
    databases = [Database(url), Database(url)]
    began, leading = list[int](), set[int]()

    async def work(number: int) -> None:
        began.append(number)
        leading.add(number)
        try:
            await asyncio.Event().wait()
        finally:
            leading.discard(number)

    async def be_there(number: int) -> None:
        place = Workplace(databases[number])
        async with place.at_work():
            await place.lead(partial(work, number))

    lives = [asyncio.create_task(be_there(number)) for number in range(2)]
    await becomes(lambda: bool(leading))
    await cut_off(databases[began[0]])
    # Whoever led goes on until it is seen that another one does: one of them leads in the end.
    await asyncio.sleep(2)
    await becomes(lambda: len(leading) == 1)
    (last,) = leading
    lives[last].cancel()
    await becomes(lambda: leading == {1 - last})
    for life in lives:
        life.cancel()
    assert all(isinstance(end, asyncio.CancelledError) for end in await asyncio.gather(*lives, return_exceptions=True))
    for database in databases:
        await database.close()


async def test_a_changed_case_is_told_to_the_other_worker_and_once_to_the_own(colleagues: list[Workplace]) -> None:
    one, other = map(_database, colleagues)
    own, heard, echoed = list[int](), list[int](), list[int]()
    one.changed = own.append
    colleagues[0].hears("case", echoed.append)
    colleagues[1].hears("case", heard.append)
    async with one.write() as session:
        person = Person(chat_id=1, language="de", created_at=Clock()(), seen_at=Clock()())
        session.add(person)
        await session.flush()
        session.add(Case(person_id=person.id, state="QUEUED", reason="button", language="de", opened_at=Clock()(),
                         changed_at=Clock()()))  # fmt: skip
    await becomes(lambda: bool(heard))
    assert (own, heard, echoed) == ([1], [1], [])


async def test_after_a_broken_connection_a_worker_is_the_same_and_knows_that_it_may_have_missed_something(
    colleagues: list[Workplace],
) -> None:
    heard = list[int]()
    colleagues[1].hears("case", heard.append)
    number = _database(colleagues[1]).worker
    await cut_off(_database(colleagues[1]))
    await becomes(lambda: heard == [MISSED])
    assert _database(colleagues[1]).worker == number


async def test_workers_that_start_at_the_same_moment_make_the_tables_once(postgresql: str) -> None:
    url = await _new_postgresql_database(postgresql)
    databases = [Database(url), Database(url)]
    await asyncio.gather(*map(upgrade, databases))
    async with databases[0].read() as session:
        assert await session.scalar(select(func.count()).select_from(Worker)) == 0
    for database in databases:
        await database.close()


async def _never(row: Row[Any]) -> bool:
    raise AssertionError(row.update_id)

