"""What happens because time passed: once, at its time, whatever was restarted in between."""

from __future__ import annotations

from bot.storage.models import Case, CaseEvent
from tests.bot.stage import Colleague, Stage, Visitor
from tests.conftest import Clock


async def test_t2_an_unanswered_consent_lapses_after_30_minutes(stage: Stage, rana: Visitor, clock: Clock) -> None:
    await rana.writes("/human")
    clock.forward(minutes=29)
    assert await stage.time_passes() == []
    clock.forward(minutes=2)
    assert await stage.time_passes() == ["handoff.lapsed"]
    assert await stage.all(Case) == []
    assert await stage.time_passes() == []
    assert (await rana.presses("consent", "yes")).toast == "button.stale"


async def test_t5_what_was_parked_is_queued_when_the_office_opens(
    stage: Stage, rana: Visitor, anna: Colleague, clock: Clock
) -> None:
    clock.forward(hours=9)
    await rana.asks_for_a_human()
    assert (await stage.only_case()).state == "PARKED"
    clock.forward(hours=13, minutes=55)
    assert await stage.time_passes() == []
    clock.forward(minutes=6)
    assert await stage.time_passes() == ["handoff.office_opened"]
    assert (await stage.only_case()).state == "QUEUED"
    assert await stage.time_passes() == []


async def test_t5_does_not_open_while_nobody_is_on_duty(stage: Stage, rana: Visitor, clock: Clock) -> None:
    await rana.asks_for_a_human()
    clock.forward(hours=25)
    assert await stage.time_passes() == []
    await stage.hire(2001, "Frau A.")
    assert await stage.time_passes() == ["handoff.office_opened"]


async def test_t12_a_finished_case_without_an_answer_is_closed_after_48_hours(
    stage: Stage, rana: Visitor, anna: Colleague, clock: Clock
) -> None:
    await rana.asks_for_a_human()
    await anna.presses(await stage.only_case(), "take")
    await anna.presses(await stage.only_case(), "done")
    clock.forward(hours=47, minutes=59)
    assert await stage.time_passes() == []
    clock.forward(minutes=2)
    assert await stage.time_passes() == ["handoff.resolved_by_time"]
    assert (await stage.only_case()).state == "RESOLVED"
    assert await stage.time_passes() == []
    assert [event.kind for event in await stage.all(CaseEvent)].count("Solved") == 1


async def test_e25_who_waits_for_the_office_is_never_closed_as_idle(
    stage: Stage, rana: Visitor, anna: Colleague, clock: Clock
) -> None:
    await rana.asks_for_a_human()
    for state in ("QUEUED", "CLAIMED"):
        clock.forward(days=30)
        assert await stage.time_passes() == []
        assert (await stage.only_case()).state == state
        await anna.presses(await stage.only_case(), "take")


async def test_e26_after_a_long_standstill_each_timer_fires_once(
    stage: Stage, rana: Visitor, anna: Colleague, clock: Clock
) -> None:
    mehmet = Visitor(stage, chat_id=1002, language="tr")
    await rana.writes("/human")
    await mehmet.asks_for_a_human()
    await anna.presses((await stage.all(Case))[1], "take")
    await anna.presses((await stage.all(Case))[1], "done")
    clock.forward(days=10)
    assert sorted(await stage.time_passes()) == ["handoff.lapsed", "handoff.resolved_by_time"]
    assert await stage.time_passes() == []
