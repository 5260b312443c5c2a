"""What happens because time passed: each ladder step by step, at its time (T2, T5, T8, T10, T12, T14, T17)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.conversation.turn import Parts
from bot.storage.database import Database
from bot.storage.models import Case, CaseEvent, Counter, OutboxMessage, Staff, Timer
from bot.storage.office import GROUP_BACK, GROUP_LOST
from tests.bot.conftest import make_settings
from tests.bot.conversation.passing import diary, look, set_clock
from tests.bot.stage import Colleague, Stage, Visitor
from tests.conftest import Clock


async def test_t2_an_unanswered_consent_lapses_after_30_minutes(stage: Stage, rana: Visitor, clock: Clock) -> None:
    await rana.writes("/human")
    clock.forward(minutes=29)
    assert await look(stage) == []
    clock.forward(minutes=2)
    assert await look(stage) == ["handoff.lapsed"]
    assert await stage.all(Case) == await stage.all(Timer) == []
    assert await look(stage) == []
    assert (await rana.presses("consent", "yes")).toast == "button.stale"


async def test_t5_what_was_parked_is_queued_when_the_office_opens(
    stage: Stage, rana: Visitor, anna: Colleague, clock: Clock
) -> None:
    clock.forward(hours=9)
    await rana.asks_for_a_human()
    assert (await stage.only_case()).state == "PARKED"
    assert await diary(stage, clock, "2026-11-25T09:10", minutes=5) == [
        "25.11. 09:00 handoff.office_opened", "25.11. 09:00 desk.office_opened"
    ]  # fmt: skip
    assert (await stage.only_case()).state == "QUEUED"


async def test_t5_does_not_open_while_nobody_is_on_duty(stage: Stage, rana: Visitor, clock: Clock) -> None:
    await rana.asks_for_a_human()
    clock.forward(hours=25)
    assert await look(stage) == []
    await stage.hire(2001, "Frau A.")
    assert await look(stage) == ["handoff.office_opened_promised", "desk.office_opened"]


async def test_t5_e33_without_its_group_the_office_counts_as_empty_and_opens_when_the_group_is_back(
    stage: Stage, rana: Visitor, anna: Colleague, clock: Clock
) -> None:
    await stage.records(GROUP_LOST)
    assert (await rana.asks_for_a_human()).said == ["handoff.nobody_no_time"]
    assert await look(stage) == []
    await stage.records(GROUP_BACK)
    assert await look(stage) == ["handoff.office_opened_promised", "desk.office_opened"]


async def test_t5_the_oldest_case_is_announced_first(
    stage: Stage, rana: Visitor, anna: Colleague, clock: Clock
) -> None:
    clock.forward(hours=9)
    for chat_id in (1005, 1003, 1004):
        await Visitor(stage, chat_id=chat_id).asks_for_a_human()
        clock.forward(minutes=1)
    clock.forward(hours=14)
    before = len(await stage.all(CaseEvent))
    await look(stage)
    opened = (await stage.all(CaseEvent))[before:]
    assert [(event.kind, event.case_id) for event in opened] == [("OfficeOpened", id) for id in (1, 2, 3)]


async def test_a_waiting_case_is_brought_to_mind_once_and_once_more_and_then_escalated(
    stage: Stage, rana: Visitor, anna: Colleague, clock: Clock
) -> None:
    await rana.asks_for_a_human()
    assert await diary(stage, clock, "2026-11-25T16:00") == [
        "24.11. 10:30 desk.remind_queue",
        "24.11. 11:30 desk.remind_queue",
        "24.11. 16:00 handoff.closing_parked",
        "25.11. 09:00 handoff.office_opened", "25.11. 09:00 desk.office_opened",
        "25.11. 09:30 desk.remind_queue",
        "25.11. 10:30 desk.remind_queue",
        "25.11. 16:00 handoff.escalated", "25.11. 16:00 desk.escalated", "25.11. 16:00 coordinator",
        "25.11. 16:00 handoff.closing_parked",
    ]  # fmt: skip


async def test_e13_an_owner_who_never_answers_is_reminded_and_loses_the_case_with_a_new_promise(
    stage: Stage, rana: Visitor, anna: Colleague, clock: Clock
) -> None:
    set_clock(clock, "2026-11-24T09:00")
    await rana.asks_for_a_human()
    await anna.presses(await stage.only_case(), "take")
    assert await diary(stage, clock, "2026-11-24T15:20", minutes=10) == [
        "24.11. 11:00 desk.remind_owner",
        "24.11. 15:00 handoff.released_queued", "24.11. 15:00 desk.owner_silent",
    ]  # fmt: skip
    case = await stage.only_case()
    assert (case.state, case.owner_id) == ("QUEUED", None)
    assert case.promised_at is not None
    assert case.promised_at.isoformat() == "2026-11-25T11:00:00+00:00", "four hours of opening time from then"


@pytest.fixture
def patient(database: Database, parts: Parts) -> Stage:
    """An office that promises an answer within twenty hours of opening time."""
    return Stage(database, replace(parts, limits=replace(parts.limits, promise=timedelta(hours=20))), make_settings())


async def test_e13_a_promise_that_still_holds_is_kept_when_the_case_is_released(patient: Stage, clock: Clock) -> None:
    set_clock(clock, "2026-11-24T09:00")
    rana, anna = Visitor(patient), await patient.hire(2001, "Frau A.")
    await rana.asks_for_a_human()
    promised = (await patient.only_case()).promised_at
    await anna.presses(await patient.only_case(), "take")
    assert (await diary(patient, clock, "2026-11-24T15:00"))[1:] == [
        "24.11. 15:00 handoff.released_queued", "24.11. 15:00 desk.owner_silent"
    ]  # fmt: skip
    assert (await patient.only_case()).promised_at == promised


async def test_an_owner_who_answered_is_not_reminded_until_the_person_writes_again(
    stage: Stage, rana: Visitor, anna: Colleague, clock: Clock
) -> None:
    await rana.asks_for_a_human()
    await anna.writes(await stage.only_case(), "Guten Tag")
    assert await diary(stage, clock, "2026-11-24T16:00") == []
    set_clock(clock, "2026-11-25T09:00")
    await rana.writes("Wo?")
    assert await diary(stage, clock, "2026-11-25T11:00") == ["25.11. 11:00 desk.remind_owner"]


async def test_a_colleagues_message_that_is_held_does_not_put_the_owners_reminder_off(
    stage: Stage, rana: Visitor, anna: Colleague, bernd: Colleague, clock: Clock
) -> None:
    await rana.asks_for_a_human()
    await anna.presses(await stage.only_case(), "take")
    clock.forward(hours=1)
    assert (await bernd.writes(await stage.only_case(), "Ich weiß es")).said == ["desk.held"]
    assert await diary(stage, clock, "2026-11-24T12:30") == ["24.11. 12:00 desk.remind_owner"]


async def test_t10_t12_t14_a_person_who_does_not_answer_is_reminded_asked_and_the_case_closed_in_the_end(
    stage: Stage, rana: Visitor, anna: Colleague, clock: Clock
) -> None:
    await rana.asks_for_a_human()
    await anna.writes(await stage.only_case(), "Haben Sie eine Satzung?")
    assert await diary(stage, clock, "2026-11-30T09:00") == [
        "25.11. 06:00 handoff.idle_reminder",
        "25.11. 10:00 handoff.idle_question", "25.11. 10:00 desk.idle",
        "27.11. 10:00 handoff.resolved_by_time", "27.11. 10:00 desk.resolved_by_time",
    ]  # fmt: skip
    assert (await stage.only_case()).state == "RESOLVED"
    assert await diary(stage, clock, "2026-11-30T11:00") == [], "the end of the grace period bothers nobody"
    assert (await stage.only_case()).state == "CLOSED"
    assert await stage.all(Timer) == []


async def test_t10_whoever_writes_in_time_is_not_asked(
    stage: Stage, rana: Visitor, anna: Colleague, clock: Clock
) -> None:
    await rana.asks_for_a_human()
    await anna.writes(await stage.only_case(), "Haben Sie eine Satzung?")
    assert await diary(stage, clock, "2026-11-25T09:30") == ["25.11. 06:00 handoff.idle_reminder"]
    await rana.writes("Ja")
    await anna.writes(await stage.only_case(), "Gut, bitte schicken")
    assert await diary(stage, clock, "2026-11-26T06:00") == ["26.11. 05:30 handoff.idle_reminder"]


async def test_t12_a_finished_case_without_an_answer_is_over_after_48_hours(
    stage: Stage, rana: Visitor, anna: Colleague, clock: Clock
) -> None:
    await rana.asks_for_a_human()
    await anna.presses(await stage.only_case(), "take")
    await anna.presses(await stage.only_case(), "done")
    clock.forward(hours=47, minutes=59)
    assert await look(stage) == []
    clock.forward(minutes=2)
    assert await look(stage) == ["handoff.resolved_by_time", "desk.resolved_by_time"]
    assert (await stage.only_case()).state == "RESOLVED"
    assert await look(stage) == []
    assert [event.kind for event in await stage.all(CaseEvent)].count("Solved") == 1


async def test_t14_the_grace_period_is_72_hours_from_the_end(
    stage: Stage, rana: Visitor, anna: Colleague, clock: Clock
) -> None:
    await rana.asks_for_a_human()
    await anna.presses(await stage.only_case(), "take")
    await anna.presses(await stage.only_case(), "done")
    await rana.presses_data("solved:1:4:yes")
    clock.forward(hours=71, minutes=59)
    await look(stage)
    assert (await stage.only_case()).state == "RESOLVED"
    clock.forward(minutes=1)
    await look(stage)
    assert (await stage.only_case()).state == "CLOSED"


@pytest.mark.parametrize(
    ("asked", "escalated"),
    [("2026-11-24T10:00", "25.11. 16:00"), ("2026-11-27T10:00", "30.11. 16:00"), ("2026-12-24T10:00", "28.12. 16:00"),
     ("2027-03-25T10:00", "30.03. 16:00"), ("2026-11-26T14:00", "30.11. 16:00")],
    ids=["weekday", "weekend", "christmas", "easter", "promise-for-the-day-after"],
)  # fmt: skip
async def test_t17_one_working_day_after_the_promise_the_coordinator_is_called_once(
    stage: Stage, rana: Visitor, anna: Colleague, clock: Clock, asked: str, escalated: str
) -> None:
    await stage.change(Staff, role="admin")
    set_clock(clock, asked)
    await rana.asks_for_a_human()
    end = (clock.time + timedelta(days=8)).date().isoformat()
    entries = await diary(stage, clock, f"{end}T10:00", minutes=60)
    assert [entry for entry in entries if "escalated" in entry or "coordinator" in entry] == [
        f"{escalated} handoff.escalated", f"{escalated} desk.escalated", f"{escalated} coordinator"
    ]  # fmt: skip
    assert (await stage.on_its_way(2001)).count("W-0001") == 1, "in private, once"


async def test_t17_a_promise_made_anew_does_not_put_the_escalation_off(
    stage: Stage, rana: Visitor, anna: Colleague, clock: Clock
) -> None:
    await rana.asks_for_a_human()
    await anna.presses(await stage.only_case(), "take")
    set_clock(clock, "2026-11-25T15:00")
    assert await look(stage) == ["desk.remind_owner"]
    await anna.presses(await stage.only_case(), "release")
    assert "25.11. 16:00 handoff.escalated" in await diary(stage, clock, "2026-11-25T16:00")


async def test_t17_an_answer_takes_the_escalation_off(
    stage: Stage, rana: Visitor, anna: Colleague, clock: Clock
) -> None:
    await rana.asks_for_a_human()
    await anna.writes(await stage.only_case(), "Guten Tag")
    await rana.writes("Guten Tag")
    entries = await diary(stage, clock, "2026-11-26T12:00", minutes=60)
    assert entries
    assert not [entry for entry in entries if "escalated" in entry]


@pytest.mark.parametrize("way", ["by-phone", "in-writing"])
async def test_t13_t17_a_case_taken_up_again_has_a_promise_of_its_own_and_the_old_one_is_not_missed(
    stage: Stage, rana: Visitor, anna: Colleague, clock: Clock, way: str
) -> None:
    await rana.asks_for_a_human()
    await anna.presses(await stage.only_case(), "take")
    if way == "in-writing":
        await anna.writes(await stage.only_case(), "Im Stadtteilbüro")
    await anna.presses(await stage.only_case(), "done")
    await rana.presses_data(f"solved:1:{(await stage.only_case()).version}:yes")
    set_clock(clock, "2026-11-27T09:30")
    await rana.writes("Noch etwas")
    assert (await rana.presses("same", "yes")).said == ["handoff.still_open_promised"]
    assert await look(stage) == [], "nothing was missed"
    case = await stage.only_case()
    assert (case.state, case.escalated_at, case.promise_kept) == ("CLAIMED", None, way == "in-writing" or None)
    assert case.promised_at == clock() + timedelta(hours=4)
    entries = await diary(stage, clock, "2026-12-01T16:00")
    assert [entry for entry in entries if "escalated" in entry] == [
        "30.11. 16:00 handoff.escalated", "30.11. 16:00 desk.escalated"
    ]  # fmt: skip


async def test_t16_t17_whoever_comes_back_after_days_gets_a_new_promise_and_no_apology(
    stage: Stage, rana: Visitor, anna: Colleague, clock: Clock
) -> None:
    await rana.asks_for_a_human()
    await anna.presses(await stage.only_case(), "take")
    await rana.blocks()
    set_clock(clock, "2026-11-26T15:00")
    assert (await rana.blocks(back=True)).said == ["handoff.welcome_back_promised"]
    assert await look(stage) == []
    case = await stage.only_case()
    assert (case.state, case.promise_kept) == ("CLAIMED", None)
    assert case.promised_at is not None
    assert case.promised_at > clock()


async def test_a_person_who_stays_unreachable_is_not_waited_for_without_end(
    stage: Stage, rana: Visitor, anna: Colleague, clock: Clock
) -> None:
    await rana.asks_for_a_human()
    await rana.blocks()
    clock.forward(hours=71, minutes=59)
    assert await look(stage) == []
    clock.forward(minutes=1)
    assert await look(stage) == ["desk.ended_unreachable"]
    assert (await stage.only_case()).state == "CLOSED"
    assert "closeForumTopic" in [row.method for row in await stage.all(OutboxMessage)]
    clock.forward(hours=1)
    assert (await rana.blocks(back=True)).said == ["handoff.ended_while_away"]
    await rana.blocks()
    assert (await rana.blocks(back=True)).said == [], "once"


async def test_t2_a_question_that_lapses_is_counted_as_one_that_was_declined(
    stage: Stage, rana: Visitor, clock: Clock
) -> None:
    await rana.writes("/human")
    clock.forward(minutes=31)
    await look(stage)
    counted = [(row.name, row.key) for row in await stage.all(Counter) if row.name == "handoff_declined"]
    assert counted == [("handoff_declined", "lapsed")]


async def test_one_that_fails_does_not_hold_up_the_others_and_is_tried_again(
    stage: Stage, rana: Visitor, anna: Colleague, clock: Clock, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    mehmet = Visitor(stage, chat_id=1002)
    await rana.asks_for_a_human()
    await mehmet.asks_for_a_human()
    deliver, broken = stage.delivery.deliver, True

    async def sometimes(session: object, turn: object) -> None:
        if broken and turn.case.id == 1:  # type: ignore[attr-defined]
            raise OSError("played")
        await deliver(session, turn)  # type: ignore[arg-type]

    monkeypatch.setattr(stage.delivery, "deliver", sometimes)
    clock.forward(minutes=30)
    assert await look(stage) == ["desk.remind_queue"]
    assert "failed" in caplog.text
    broken = False
    assert await look(stage) == ["desk.remind_queue"]
    assert await look(stage) == []
