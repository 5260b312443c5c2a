"""What is measured of every case: the first human reply, the promise, what came of it, and who ended it."""

from __future__ import annotations

import pytest
import pytest_asyncio

from bot.storage.models import Case, CaseEvent, CaseMessage, Staff
from tests.bot.conversation.passing import goes_away, look, set_clock
from tests.bot.stage import Colleague, Stage, Visitor
from tests.conftest import Clock

pytestmark = pytest.mark.both_databases


@pytest_asyncio.fixture(autouse=True)
async def _asked(stage: Stage, rana: Visitor, anna: Colleague, bernd: Colleague) -> None:
    """At 10:00 somebody asks; an answer by 14:00 is promised."""
    await rana.asks_for_a_human()


async def take(stage: Stage, who: Colleague) -> Case:
    await who.presses(await stage.only_case(), "take")
    return await stage.only_case()


async def done(stage: Stage, who: Colleague) -> Case:
    await who.presses(await stage.only_case(), "done")
    return await stage.only_case()


async def answers(stage: Stage, rana: Visitor, answer: str) -> Case:
    case = await stage.only_case()
    await rana.presses_data(f"solved:{case.id}:{case.version}:{answer}")
    return await stage.only_case()


async def test_the_first_reply_is_the_first_word_of_a_human_not_the_claim_nor_a_note(
    stage: Stage, rana: Visitor, anna: Colleague, clock: Clock
) -> None:
    await take(stage, anna)
    await anna.writes(await stage.only_case(), "// wer weiß das?")
    assert (await stage.only_case()).first_reply_at is None
    clock.forward(minutes=20)
    await anna.writes(await stage.only_case(), "Guten Tag")
    first = clock()
    clock.forward(minutes=20)
    await rana.writes("Hallo")
    await anna.writes(await stage.only_case(), "Wann?")
    assert (await stage.only_case()).first_reply_at == first


async def test_a_colleagues_message_that_is_held_is_no_reply_until_it_is_sent(
    stage: Stage, anna: Colleague, bernd: Colleague, clock: Clock
) -> None:
    await take(stage, anna)
    await bernd.writes(await stage.only_case(), "Ich weiß es")
    case = await stage.only_case()
    assert (case.first_reply_at, case.promise_kept, case.promised_at is None) == (None, None, False)
    kept = (await stage.all(CaseMessage))[-1]
    await bernd.presses(case, "held", "join", str(kept.id))
    case = await stage.only_case()
    assert (case.first_reply_at, case.promise_kept, case.promised_at) == (clock(), True, None)


@pytest.mark.parametrize(("wall", "kept"), [("13:59:59", True), ("14:00:00", True), ("14:00:01", False)])
async def test_a_promise_is_kept_by_a_reply_in_time_and_not_by_one_that_is_late(
    stage: Stage, anna: Colleague, clock: Clock, wall: str, *, kept: bool
) -> None:
    set_clock(clock, f"2026-11-24T{wall}")
    await anna.writes(await stage.only_case(), "Guten Tag")
    case = await stage.only_case()
    assert (case.promise_kept, case.promised_at) == (kept, None)


async def test_without_a_promise_there_is_none_to_keep(stage: Stage, anna: Colleague, clock: Clock) -> None:
    await stage.change(Case, promised_at=None)
    clock.forward(days=3)
    await anna.writes(await stage.only_case(), "Guten Tag")
    assert (await stage.only_case()).promise_kept is None


async def test_a_case_released_and_answered_by_a_colleague_in_time_kept_its_promise(
    stage: Stage, anna: Colleague, bernd: Colleague, clock: Clock
) -> None:
    case = await take(stage, anna)
    clock.forward(hours=1)
    await anna.presses(case, "release")
    assert (await stage.only_case()).promised_at == case.promised_at
    clock.forward(hours=2)
    await bernd.writes(await stage.only_case(), "Guten Tag")
    assert (await stage.only_case()).promise_kept is True


async def test_a_new_promise_after_a_broken_one_makes_nothing_good(
    stage: Stage, anna: Colleague, bernd: Colleague, clock: Clock
) -> None:
    case = await take(stage, anna)
    clock.forward(hours=5)
    await anna.presses(case, "release")
    case = await stage.only_case()
    assert case.promised_at is not None
    assert case.promised_at > clock()
    assert case.promise_kept is False
    await bernd.writes(case, "Guten Tag")
    assert (await stage.only_case()).promise_kept is False


async def test_a_promise_missed_is_known_without_anybody_doing_anything(stage: Stage, clock: Clock) -> None:
    set_clock(clock, "2026-11-24T16:00")
    await look(stage)
    assert (await stage.only_case()).promise_kept is False


@pytest.mark.parametrize("way", ["withdraws", "blocks", "finished"])
async def test_who_gives_up_after_the_promised_time_was_not_served_in_time(
    stage: Stage, rana: Visitor, anna: Colleague, clock: Clock, way: str
) -> None:
    await take(stage, anna)
    set_clock(clock, "2026-11-24T14:30")
    case = await stage.only_case()
    if way == "finished":
        await anna.presses(case, "done")
    else:
        await (rana.blocks() if way == "blocks" else rana.presses_data(f"withdraw:{case.id}:{case.version}"))
    assert (await stage.only_case()).promise_kept is False


async def test_who_takes_it_back_before_the_promised_time_leaves_the_promise_open(
    stage: Stage, rana: Visitor, clock: Clock
) -> None:
    set_clock(clock, "2026-11-24T13:59")
    await rana.presses("withdraw")
    assert (await stage.only_case()).promise_kept is None


@pytest.mark.parametrize(("answer", "outcome"), [("yes", "solved"), ("left", "left"), ("no", "not_solved")])
async def test_the_outcome_is_what_the_person_answered(
    stage: Stage, rana: Visitor, anna: Colleague, clock: Clock, answer: str, outcome: str
) -> None:
    await take(stage, anna)
    assert (await done(stage, anna)).outcome_asked_at == clock()
    assert (await answers(stage, rana, answer)).outcome == outcome


async def test_who_says_nothing_is_counted_as_that(stage: Stage, anna: Colleague, clock: Clock) -> None:
    await take(stage, anna)
    await done(stage, anna)
    clock.forward(hours=48)
    assert "handoff.resolved_by_time" in await look(stage)
    assert (await stage.only_case()).outcome == "no_answer"


async def test_the_outcome_is_asked_once_by_staff_or_by_time_and_a_second_press_changes_nothing(
    stage: Stage, rana: Visitor, anna: Colleague, clock: Clock
) -> None:
    await anna.writes(await stage.only_case(), "Guten Tag")
    clock.forward(hours=20)
    await look(stage)
    clock.forward(hours=4)
    assert await look(stage) == ["handoff.idle_question", "desk.idle"]
    asked = (await stage.only_case()).outcome_asked_at
    assert asked == clock()
    assert (await anna.presses(await stage.only_case(), "done")).toast == "handoff.refused_open"
    before = await stage.only_case()
    await answers(stage, rana, "yes")
    again = await rana.presses_data(f"solved:{before.id}:{before.version}:no")
    assert again.toast == "button.stale"
    case = await stage.only_case()
    assert (case.outcome, case.outcome_asked_at) == ("solved", asked)


async def test_e65_of_a_case_handled_by_two_the_one_who_had_it_when_the_person_was_asked_stands_by_it(
    stage: Stage, rana: Visitor, anna: Colleague, bernd: Colleague, clock: Clock
) -> None:
    first, second = (member.id for member in await stage.all(Staff))
    case = await take(stage, anna)
    await anna.writes(case, "Guten Tag")
    await rana.writes("Hallo")
    await anna.presses(await stage.only_case(), "release")
    await take(stage, bernd)
    await stage.is_read()
    assert (await done(stage, bernd)).ended_by == second
    await stage.change(Staff, active=False)
    assert (await answers(stage, rana, "yes")).ended_by == second
    events = {(event.kind, event.staff_id) for event in await stage.all(CaseEvent) if event.staff_id}
    assert {who for _, who in events} == {first, second}, "both are on record"


async def test_e65_the_snapshot_stays_when_the_case_is_taken_from_its_owner_after_the_question(
    stage: Stage, rana: Visitor, anna: Colleague, bernd: Colleague, clock: Clock
) -> None:
    first, second = (member.id for member in await stage.all(Staff))
    await take(stage, anna)
    await done(stage, anna)
    await goes_away(stage, "Frau A.", clock())
    case = await answers(stage, rana, "no")
    assert (case.owner_id, case.ended_by) == (None, first)
    await take(stage, bernd)
    assert (await done(stage, bernd)).ended_by == second, "asked again, it is who had it then"


async def test_a_person_who_writes_on_instead_of_answering_has_given_no_outcome(
    stage: Stage, rana: Visitor, anna: Colleague
) -> None:
    await take(stage, anna)
    await done(stage, anna)
    await rana.writes("Eine Frage noch")
    assert (await stage.only_case()).outcome is None
