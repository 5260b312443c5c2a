"""Somebody is sent on; whether it worked is asked after 14 days, only with consent, once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pytest
import pytest_asyncio

from bot.conversation import casework
from bot.conversation.office import deeds
from bot.conversation.turn import Turn
from bot.handoff.transition import Refused
from bot.storage import cases as stored
from bot.storage import persons
from bot.storage.models import Case, CaseMessage, Person, Referral, Staff
from bot.storage.models import Counter as Counted
from tests.bot.conversation.passing import look, said, two_look
from tests.bot.stage import Colleague, Stage, Visitor
from tests.conftest import Clock

pytestmark = pytest.mark.both_databases

PLACE = "house_of_resources"


async def refer(stage: Stage, case_id: int = 1, *, staff_id: int = 1) -> Turn:
    """A member of staff names a place to the person."""
    message = CaseMessage(kind="referral", ref=PLACE, source_chat_id=0, source_message_id=0)
    async with stage.database.write() as session:
        case = await stored.case_by_id(session, case_id)
        staff = await session.get(Staff, staff_id)
        assert case is not None
        assert staff is not None
        turn = await casework.turn_for_case(session, stage.parts, case, stage.parts.clock())
        assert turn is not None
        await deeds.refer(turn, staff, message)
        await stage.delivery.deliver(session, turn)
    return turn


@pytest_asyncio.fixture(autouse=True)
async def _referred(stage: Stage, rana: Visitor, anna: Colleague) -> None:
    """Anna has named a place; the case is over soon after."""
    await rana.asks_for_a_human()
    assert said([await refer(stage)]) == ["handoff.human_here", "referral.may_i_ask"]


async def end(stage: Stage, rana: Visitor, anna: Colleague) -> None:
    await anna.presses(await stage.only_case(), "done")
    case = await stage.only_case()
    await rana.presses_data(f"solved:{case.id}:{case.version}:yes")


async def one(stage: Stage) -> Referral:
    found: Sequence[Referral] = await stage.all(Referral)
    return found[0]


async def test_the_person_gets_the_place_in_their_case_and_the_office_has_it_on_record(
    stage: Stage, rana: Visitor, clock: Clock
) -> None:
    contact = stage.parts.library.contact(PLACE).name
    assert contact in await stage.on_its_way(rana.chat_id)
    referral = await one(stage)
    assert (referral.contact, referral.case_id, referral.staff_id, referral.at) == (PLACE, 1, 1, clock())
    assert (referral.ask_at, referral.asked_at, referral.worked) == (None, None, None)


async def test_with_consent_it_is_asked_after_14_days_and_once(
    stage: Stage, rana: Visitor, anna: Colleague, clock: Clock
) -> None:
    assert (await rana.presses_data("referral:1:may_yes")).said == ["referral.may_yes"]
    await end(stage, rana, anna)
    clock.forward(days=13, hours=23, minutes=59)
    assert "referral.did_it_work" not in await look(stage)
    clock.forward(minutes=1)
    assert await look(stage) == ["referral.did_it_work"]
    assert (await one(stage)).asked_at == clock()
    clock.forward(days=30)
    assert await look(stage) == []


async def test_a_place_that_is_no_longer_in_the_knowledge_is_asked_about_without_its_name(
    stage: Stage, rana: Visitor, anna: Colleague, clock: Clock
) -> None:
    await rana.presses_data("referral:1:may_yes")
    await end(stage, rana, anna)
    await stage.change(Referral, contact="gone")
    clock.forward(days=14)
    assert await look(stage) == ["referral.did_that_work"]
    assert (await one(stage)).asked_at == clock()


@pytest.mark.parametrize("answered", [False, True])
async def test_without_consent_it_is_never_asked(
    stage: Stage, rana: Visitor, anna: Colleague, clock: Clock, *, answered: bool
) -> None:
    if answered:
        assert (await rana.presses_data("referral:1:may_no")).said == ["referral.may_no"]
    await end(stage, rana, anna)
    for _ in range(4):
        clock.forward(days=14)
        assert "referral.did_it_work" not in await look(stage)


async def test_consent_can_be_taken_back_until_it_is_asked(
    stage: Stage, rana: Visitor, anna: Colleague, clock: Clock
) -> None:
    await rana.presses_data("referral:1:may_yes")
    await rana.presses_data("referral:1:may_no")
    await end(stage, rana, anna)
    clock.forward(days=15)
    assert "referral.did_it_work" not in await look(stage)


async def asked(stage: Stage, rana: Visitor, anna: Colleague, clock: Clock) -> None:
    await rana.presses_data("referral:1:may_yes")
    await end(stage, rana, anna)
    clock.forward(days=14)
    assert "referral.did_it_work" in await look(stage)


@pytest.mark.parametrize("answer", ["yes", "no", "waiting"])
async def test_the_answer_is_kept_and_counted_without_the_person(
    stage: Stage, rana: Visitor, anna: Colleague, clock: Clock, answer: str
) -> None:
    await asked(stage, rana, anna, clock)
    assert (await rana.presses_data(f"referral:1:{answer}")).said == [f"referral.worked_{answer}"]
    assert (await one(stage)).worked == answer
    counted = [(row.name, row.key, row.value) for row in await stage.all(Counted) if row.name == "referral_worked"]
    assert counted == [("referral_worked", answer, 1)]


@pytest.mark.parametrize("data", ["referral:1:yes", "referral:1:maybe", "referral:2:may_yes", "referral:x:may_yes",
                                  "referral:1", "referral", f"referral:{'9' * 30}:may_yes"])  # fmt: skip
async def test_an_answer_to_what_was_not_asked_is_stale(stage: Stage, rana: Visitor, data: str) -> None:
    assert (await rana.presses_data(data)).toast == "button.stale"
    assert (await one(stage)).worked is None


async def test_after_it_was_asked_consent_is_too_late_and_does_not_make_it_ask_again(
    stage: Stage, rana: Visitor, anna: Colleague, clock: Clock
) -> None:
    await asked(stage, rana, anna, clock)
    assert (await rana.presses_data("referral:1:may_yes")).toast == "button.stale"
    assert (await one(stage)).ask_at is None


async def test_nobody_answers_for_somebody_else(stage: Stage, rana: Visitor) -> None:
    mehmet = Visitor(stage, chat_id=1002)
    assert (await mehmet.presses_data("referral:1:may_yes")).toast == "button.stale"
    assert (await one(stage)).ask_at is None


async def test_two_processes_that_look_at_once_ask_once(
    stage: Stage, rana: Visitor, anna: Colleague, clock: Clock
) -> None:
    await rana.presses_data("referral:1:may_yes")
    await end(stage, rana, anna)
    clock.forward(days=10)
    await look(stage)
    clock.forward(days=4)
    assert await two_look(stage) == Counter(["referral.did_it_work"])


async def test_while_a_human_talks_with_the_person_the_question_waits(
    stage: Stage, rana: Visitor, anna: Colleague, clock: Clock
) -> None:
    await rana.presses_data("referral:1:may_yes")
    await end(stage, rana, anna)
    clock.forward(days=13)
    await look(stage)
    await rana.asks_for_a_human()
    await anna.presses((await stage.all(Case))[1], "take")
    clock.forward(days=1, hours=1)
    assert "referral.did_it_work" not in await look(stage)
    await anna.presses((await stage.all(Case))[1], "done")
    assert await look(stage) == ["referral.did_it_work"]


async def test_who_blocked_the_bot_is_not_asked_later_either(
    stage: Stage, rana: Visitor, anna: Colleague, clock: Clock
) -> None:
    await rana.presses_data("referral:1:may_yes")
    await end(stage, rana, anna)
    await rana.blocks()
    clock.forward(days=14)
    assert "referral.did_it_work" not in await look(stage)
    await rana.blocks(back=True)
    assert "referral.did_it_work" not in await look(stage)


async def test_who_was_erased_is_not_asked_and_does_not_stay_due(
    stage: Stage, rana: Visitor, clock: Clock
) -> None:
    await rana.presses_data("referral:1:may_yes")
    async with stage.database.write() as session:
        case = await session.get(Case, 1)
        assert case is not None
        case.state = "WITHDRAWN"
        await persons.erase_texts(session, case)
        await session.flush()
        for person in await stage.all(Person):
            await persons.erase_person(session, person)
    clock.forward(days=14)
    assert await look(stage) == []
    assert [row.ask_at for row in await stage.all(Referral)] in ([], [None])


async def test_a_referral_for_a_case_that_is_a_colleagues_is_held_and_asks_nothing(
    stage: Stage, rana: Visitor, bernd: Colleague
) -> None:
    before = await stage.on_its_way(rana.chat_id)
    turn = await refer(stage, staff_id=2)
    assert said([turn]) == []
    assert len(await stage.all(Referral)) == 1
    assert await stage.on_its_way(rana.chat_id) == before


async def test_a_case_that_is_over_refers_nobody(stage: Stage, rana: Visitor, anna: Colleague) -> None:
    await end(stage, rana, anna)
    with pytest.raises(Refused, match="refused_over"):
        await refer(stage)
    assert len(await stage.all(Referral)) == 1
