"""Nothing that was decided is lost, doubled or silently dropped on its way to Telegram."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import event, select, update

from bot.app import App, assemble
from bot.conversation.replies import Answer, Reply
from bot.storage.calls import Written
from bot.storage.models import Case, OutboxMessage
from bot.telegram.outbox import enqueue
from tests.bot.conftest import GROUP, make_settings, read_content
from tests.bot.telegram.conftest import RANA, PostOffice, running
from tests.conftest import Clock
from tests.journeys.words import pattern
from tests.knowledge.shelf_builder import Content as Folder
from tests.simulator.conftest import Control


async def test_messages_of_a_lane_arrive_in_order_and_once(office: PostOffice) -> None:
    for number in range(12):
        await office.post(str(number))
    await office.settled()
    assert await office.arrived() == [str(number) for number in range(12)]


async def test_a_row_waits_for_those_before_it_in_its_lane_whoever_names_it_first(office: PostOffice) -> None:
    database = office.app.database
    tell = database.queued

    def last_first(rows: Sequence[Written]) -> None:
        """As if each had been written in a transaction of its own, and the last one came first to tell of it."""
        for row in reversed(rows):
            tell([row])

    database.queued = last_first
    async with database.write() as session:
        for number in range(3):
            enqueue(session, office.clock(), kind="answer", method="sendMessage", payload={"text": str(number)},
                    chat_id=RANA)  # fmt: skip
    await office.settled()
    assert await office.arrived() == ["0", "1", "2"]


async def test_a_fault_of_telegram_keeps_the_order_and_loses_nothing(office: PostOffice, control: Control) -> None:
    await control.post("fault", method="sendMessage", error=500, times=1)
    for number in range(3):
        await office.post(str(number))
    await asyncio.sleep(0.3)
    assert await office.arrived() == []
    office.clock.forward(seconds=5)
    await office.settled()
    assert await office.arrived() == ["0", "1", "2"]


@pytest.mark.parametrize("entry_id", ["rooms.event", "smalltalk.crisis"])
async def test_e56_an_entry_changed_while_it_waited_is_not_sent_but_help_in_a_crisis_is(
    office: PostOffice, entry_id: str
) -> None:
    reply = Reply(parts=(Answer(entry_id),), language="de")
    async with office.app.database.write() as session:
        office.app.delivery.reply(session, reply, RANA)
        await session.flush()
        row = (await session.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc()))).first()
        assert row is not None
        if row.payload and "entries" in row.payload:
            row.payload = row.payload | {"entries": {entry_id: row.payload["entries"][entry_id] - 1}}
    office.app.outbox.wake()
    await office.settled()
    arrived = (await office.arrived())[-1]
    entry = office.app.parts.library.entry(entry_id, "de")
    if entry_id == "smalltalk.crisis":
        assert "112" in arrived
    else:
        assert entry.question not in "".join(await office.arrived())
        assert pattern("de", "answer.changed_meanwhile").search(arrived)


async def test_e56_an_entry_edited_while_the_bot_runs_is_not_sent_as_it_was(
    database_url: str, simulator_url: str, control: Control, clock: Clock, tmp_path: Path
) -> None:
    folder = Folder(tmp_path / "live")
    folder.write("crisis.yml", "de: [not und gefahr]\n")
    folder.source(text="Alte Antwort.")
    await control.post("message", user=RANA, text="/start")
    settings = make_settings(database_url=database_url, telegram_api_url=simulator_url, knowledge_folder=folder.top)
    async with assemble(settings, clock) as app:
        async with app.database.write() as session:
            app.delivery.reply(session, Reply(parts=(Answer("founding.steps"),), language="de"), RANA)
        folder.source(text="Ganz andere Antwort.", version=2)
        assert [await app.parts.content.refresh(), await app.parts.content.refresh()] == [False, True]
        office = PostOffice(app, control, clock, Case())
        async with running(app):
            assert [row.error for row in await office.settled()] == ["outdated"]
    assert await office.arrived() == []


async def test_retry_after_is_obeyed_by_its_lane_and_holds_up_no_other(office: PostOffice, control: Control) -> None:
    await control.post("fault", method="sendMessage", error=429, retry_after=1, chat=RANA)
    await office.post("first")
    await office.post("second")
    await office.post("elsewhere", to=None)
    await asyncio.sleep(0.4)
    assert await office.arrived() == []
    assert "elsewhere" in await office.arrived(GROUP)
    calls = [call for call in await control.get("calls?method=sendMessage") if int(call["chat_id"]) == RANA]
    assert len(calls) == 1, "nothing is tried before the time is over"
    due = [row.due_at for row in await office.rows() if row.attempts and row.state == "pending"]
    assert due == [office.clock() + timedelta(seconds=1)], "a restart would obey it as well"
    office.clock.forward(seconds=1)
    await office.settled()
    assert await office.arrived() == ["first", "second"]


async def test_what_is_put_off_costs_nothing_while_it_waits(office: PostOffice) -> None:
    async with office.app.database.write() as session:
        enqueue(session, office.clock(), kind="system", method="sendMessage", payload={"text": "x"}, chat_id=RANA)
        await session.flush()
        later = office.clock()
        office.clock.forward(seconds=-60)
        await session.execute(update(OutboxMessage).where(OutboxMessage.state == "pending").values(due_at=later))
    statements = []
    listened = office.app.database.engine.sync_engine
    event.listen(listened, "before_cursor_execute", lambda *args: statements.append(args[2]))
    office.app.outbox.wake()
    await asyncio.sleep(0.5)
    assert len(statements) < 40
    assert await office.arrived() == []


async def test_e28_a_blocked_bot_makes_the_case_unreachable_and_staff_are_told_under_their_message(
    office: PostOffice, control: Control
) -> None:
    await control.post("block", user=RANA)
    written = await office.relay("Guten Tag", by_staff=True)
    rows = await office.settled()
    assert (await office.reload()).state == "UNREACHABLE"
    assert [row.error for row in rows if row.kind == "relay"] == ["blocked"]
    told = await control.get(f"chat/{GROUP}?topic={office.case.thread_id}")
    assert any("blockiert" in one["text"] for one in told)
    (lost,) = [one for one in told if "nicht angekommen" in one["text"]]
    assert lost["reply_to"] == written


@pytest.mark.parametrize("blocked", [False, True])
async def test_what_comes_of_a_message_is_not_left_to_the_next_idle_look(
    office: PostOffice, control: Control, monkeypatch: pytest.MonkeyPatch, *, blocked: bool
) -> None:
    monkeypatch.setattr("bot.telegram.lanes.IDLE_SECONDS", 60)
    if blocked:
        await control.post("block", user=RANA)
    await office.relay("Guten Tag", by_staff=True)
    rows = await office.settled()
    assert ("staff" if blocked else "confirm") in {row.kind for row in rows if row.state == "sent"}


async def test_what_telegram_refuses_for_good_does_not_hold_up_what_follows(office: PostOffice) -> None:
    await office.post("x" * 5000)
    await office.post("danach")
    rows = await office.settled()
    assert [row.state for row in rows if row.chat_id == RANA] == ["failed", "sent"]
    assert await office.arrived() == ["danach"]


async def test_a_farewell_leaves_no_row_whether_it_arrived_or_not(office: PostOffice, control: Control) -> None:
    await office.post("alles gelöscht", kind="farewell")
    await office.settled()
    assert await office.arrived() == ["alles gelöscht"]
    await control.post("block", user=RANA)
    await office.post("alles gelöscht", kind="farewell")
    assert RANA not in {row.chat_id for row in await office.settled()}


async def test_texts_are_not_kept_once_they_are_sent(office: PostOffice) -> None:
    await office.post("vertraulich")
    assert [row.payload for row in await office.settled()] == [None, None]


@pytest_asyncio.fixture
async def interrupted(app: App, clock: Clock, control: Control) -> AsyncIterator[App]:
    """A bot that was killed while it was sending the first of two messages."""
    await control.post("message", user=RANA, text="/start")
    async with app.database.write() as session:
        for text in ("first", "second"):
            enqueue(session, clock(), kind="system", method="sendMessage", payload={"text": text}, chat_id=RANA)
        await session.flush()
        await session.execute(update(OutboxMessage).where(OutboxMessage.id == 1).values(state="sending", attempts=1))
    yield app


async def test_after_a_kill_what_was_being_sent_is_sent_again_first_and_marked(
    interrupted: App, control: Control, clock: Clock, simulator_url: str, database_url: str
) -> None:
    settings = make_settings(database_url=database_url, telegram_api_url=simulator_url)
    async with assemble(settings, clock, read_content()) as app:
        office = PostOffice(app, control, clock, Case())
        assert await app.outbox.recover() == 1
        assert await app.outbox.recover() == 0
        async with running(app):
            rows = await office.settled()
    assert await office.arrived() == ["first", "second"]
    assert [row.uncertain for row in rows] == [True, False]
