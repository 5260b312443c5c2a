"""After /forget nothing in the whole database leads back to the person."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import text

from bot.conversation.timers import Rounds
from bot.storage.database import Database
from bot.storage.models import Base, Case, CaseEvent, OutboxMessage, Person
from tests.bot.stage import Colleague, Stage, Visitor
from tests.conftest import Clock

pytestmark = pytest.mark.both_databases

MARKER = "Zaubermarker"
CHAT = 7_654_321_098


async def everything_stored(database: Database) -> str:
    """Every value of every row of every table, as text."""
    found = []
    async with database.read() as session:
        for table in Base.metadata.tables:
            rows = await session.execute(text(f'SELECT * FROM "{table}"'))
            found += [f"{table}: {tuple(row)}" for row in rows.all()]
    return "\n".join(found)


@pytest.fixture
def sara(stage: Stage) -> Visitor:
    """Somebody whose id and words can be found again."""
    stage.rasa.knows(f"{MARKER} Raum?", "rooms.event")
    return Visitor(stage, chat_id=CHAT)


async def forget(sara: Visitor) -> None:
    await sara.writes("/forget")
    seen = await sara.presses("forget", "yes")
    assert seen.said == ["privacy.erased"]


async def deliver_farewell(stage: Stage) -> None:
    """The farewell is the last thing that names the chat; the sender deletes it once it is sent."""
    async with stage.database.write() as session:
        for row in await stage.all(OutboxMessage):
            if row.kind == "farewell":
                await session.delete(row)


async def assert_no_trace(stage: Stage) -> None:
    await deliver_farewell(stage)
    stored = await everything_stored(stage.database)
    assert MARKER not in stored
    assert str(CHAT) not in stored
    assert await stage.all(Person) == []


async def test_the_search_of_these_tests_would_find_a_trace(stage: Stage, sara: Visitor) -> None:
    await sara.writes(f"{MARKER} Raum?")
    stored = await everything_stored(stage.database)
    assert MARKER in stored
    assert str(CHAT) in stored


async def test_before_any_case(stage: Stage, sara: Visitor) -> None:
    await sara.writes(f"{MARKER} Raum?")
    await forget(sara)
    await assert_no_trace(stage)


async def test_in_the_middle_of_being_asked_for_consent(stage: Stage, sara: Visitor, anna: Colleague) -> None:
    await sara.writes(f"{MARKER} Raum?")
    await sara.writes("/human")
    await forget(sara)
    await assert_no_trace(stage)
    assert await stage.all(Case) == []


@pytest.mark.parametrize("end", ["queued", "claimed", "return_offered", "resolved", "withdrawn", "unreachable"])
async def test_with_a_case_in_any_state(stage: Stage, sara: Visitor, anna: Colleague, end: str) -> None:
    await sara.writes(f"{MARKER} Raum?")
    await sara.asks_for_a_human()
    await sara.writes(f"{MARKER} für 80 Leute")
    if end not in {"queued", "withdrawn"}:
        await anna.writes(await stage.only_case(), f"{MARKER}, gern")
        await anna.writes(await stage.only_case(), f"// {MARKER} prüfen")
    if end in {"return_offered", "resolved"}:
        await anna.presses(await stage.only_case(), "done")
    if end == "resolved":
        case = await stage.only_case()
        await sara.presses_data(f"solved:{case.id}:{case.version}:yes")
    if end == "withdrawn":
        await sara.presses("withdraw")
    if end == "unreachable":
        await sara.blocks()
    await forget(sara)
    await assert_no_trace(stage)
    stub = await stage.only_case()
    assert (stub.state, stub.person_id, stub.topic) == ("WITHDRAWN", None, None)
    assert [row.method for row in await stage.all(OutboxMessage) if row.state == "pending"] == ["deleteForumTopic"]


async def test_of_several_cases_every_topic_is_deleted(stage: Stage, sara: Visitor, anna: Colleague) -> None:
    for _ in range(2):
        await sara.asks_for_a_human()
        await sara.presses("withdraw")
    await sara.asks_for_a_human()
    threads = {case.thread_id for case in await stage.all(Case)}
    await forget(sara)
    await assert_no_trace(stage)
    deleted = [row.payload for row in await stage.all(OutboxMessage) if row.method == "deleteForumTopic"]
    assert {payload["message_thread_id"] for payload in deleted} == threads
    assert len(threads) == 3


async def test_the_record_of_transitions_stays_without_the_person(
    stage: Stage, sara: Visitor, anna: Colleague
) -> None:
    await sara.asks_for_a_human()
    await forget(sara)
    assert [event.kind for event in await stage.all(CaseEvent)] == ["Requested", "Consented", "Withdrawn"]


async def test_no_keeps_everything(stage: Stage, sara: Visitor) -> None:
    await sara.writes(f"{MARKER} Raum?")
    await sara.writes("/forget")
    assert (await sara.presses("forget", "no")).said == ["privacy.kept"]
    assert MARKER in await everything_stored(stage.database)


async def test_somebody_elses_data_stay(stage: Stage, sara: Visitor, anna: Colleague) -> None:
    rana = Visitor(stage)
    await rana.asks_for_a_human()
    await sara.asks_for_a_human()
    await forget(sara)
    assert [person.chat_id for person in await stage.all(Person)] == [rana.chat_id]
    assert (await rana.writes("/human")).said == ["handoff.status_queued"]


async def test_writing_again_begins_anew(stage: Stage, sara: Visitor, anna: Colleague) -> None:
    await sara.asks_for_a_human()
    await forget(sara)
    assert (await sara.writes("/start")).said == ["start.greeting"]
    assert (await sara.asks_for_a_human()).said == ["handoff.queued"]


async def test_e61_whoever_takes_it_back_at_the_last_moment_is_not_erased(
    stage: Stage, sara: Visitor, anna: Colleague
) -> None:
    await _to_be_erased(stage, sara, anna)
    rounds = Rounds(stage.database, stage.parts, stage.delivery.deliver)
    due = await rounds._due()
    await stage.change(Person, erase_when_done=False)
    assert [await rounds._do(work) for work in due] == [None] * len(due)
    assert len(await stage.all(Person)) == 1


async def test_e61_two_that_look_at_the_same_time_erase_once(
    stage: Stage, sara: Visitor, anna: Colleague, caplog: pytest.LogCaptureFixture
) -> None:
    await _to_be_erased(stage, sara, anna)
    rounds = Rounds(stage.database, stage.parts, stage.delivery.deliver)
    (erase,) = [rounds._erase_person(person.id) for person in await stage.all(Person)]
    async with stage.database.write() as session:
        turn = await erase(session)
        assert turn is not None
        await stage.delivery.deliver(session, turn)
        other = asyncio.create_task(rounds._do(erase))
        await asyncio.sleep(0.3)
    assert await other is None
    assert caplog.messages == []
    assert [row.kind for row in await stage.all(OutboxMessage) if row.kind == "farewell"] == ["farewell"]


async def _to_be_erased(stage: Stage, sara: Visitor, anna: Colleague) -> None:
    await sara.asks_for_a_human()
    await sara.writes("/forget")
    await sara.presses("forget", "later")
    await anna.presses(await stage.only_case(), "take")
    await anna.presses(await stage.only_case(), "done")
    case = await stage.only_case()
    await sara.presses_data(f"solved:{case.id}:{case.version}:yes")


async def test_a_button_of_days_ago_erases_nothing_and_asks_again(stage: Stage, sara: Visitor, clock: Clock) -> None:
    await sara.writes(f"{MARKER} Raum?")
    await sara.writes("/forget")
    clock.forward(hours=2)
    assert (await sara.presses("forget", "yes")).said == ["privacy.forget_question"]
    assert (await sara.presses_data("forget:yes")).said == ["privacy.forget_question"], "as older versions made it"
    assert MARKER in await everything_stored(stage.database)
    assert (await sara.presses("forget", "yes")).said == ["privacy.erased"]


async def test_a_button_from_before_the_case_does_not_erase_the_case(
    stage: Stage, sara: Visitor, anna: Colleague
) -> None:
    await sara.writes("/forget")
    await sara.asks_for_a_human()
    assert (await sara.presses("forget", "yes")).said == ["privacy.forget_question_case"]
    assert (await stage.only_case()).state == "QUEUED"


async def test_an_old_no_does_not_take_a_newer_wish_back(
    stage: Stage, sara: Visitor, anna: Colleague, clock: Clock
) -> None:
    await sara.asks_for_a_human()
    await sara.writes("/forget")
    old = next(action for action in sara.screen if action.name == "forget" and action.args[-1] == "no")
    clock.forward(hours=2)
    await sara.writes("/forget")
    await sara.presses("forget", "later")
    await sara.presses_data(old.encode())
    assert (await stage.all(Person))[0].erase_when_done


async def test_pressed_twice_nothing_is_left_of_the_second_press(stage: Stage, sara: Visitor, clock: Clock) -> None:
    await sara.writes(f"{MARKER} Raum?")
    await forget(sara)
    clock.forward(seconds=1)
    assert (await sara.presses("forget", "yes")).said == ["privacy.erased"]
    await assert_no_trace(stage)


async def test_who_came_back_is_not_erased_by_the_button_that_erased_them_before(
    stage: Stage, sara: Visitor, clock: Clock
) -> None:
    await sara.writes("/start")
    await forget(sara)
    clock.forward(seconds=2)
    await sara.writes(f"{MARKER} Raum?")
    assert (await sara.presses("forget", "yes")).said == ["privacy.forget_question"]
    assert MARKER in await everything_stored(stage.database)


@pytest.mark.parametrize("data", ["forget:x:0:yes", "forget:99999999999999999999:0:yes", "forget:٣:0:yes", "forget"])
async def test_a_forged_button_asks(stage: Stage, sara: Visitor, data: str) -> None:
    await sara.writes(f"{MARKER} Raum?")
    assert (await sara.presses_data(data)).said == ["privacy.forget_question"]
