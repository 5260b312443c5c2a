"""Invariant 10: restart, second process, change of the clock and a long standstill give at most one firing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.conversation.turn import Parts
from bot.storage.database import Database
from bot.storage.models import Case, Timer
from tests.bot.conftest import make_settings
from tests.bot.conversation.passing import BERLIN, diary, look, set_clock, two_look
from tests.bot.stage import Colleague, Stage, Visitor
from tests.conftest import Clock

Scene = Callable[[Stage, Clock], Awaitable[None]]


async def _asked(stage: Stage, clock: Clock) -> None:
    await Visitor(stage).writes("/human")
    clock.forward(minutes=30)


async def _waits(stage: Stage, clock: Clock) -> None:
    await Visitor(stage).asks_for_a_human()
    clock.forward(minutes=30)


async def _parked(stage: Stage, clock: Clock) -> None:
    clock.forward(hours=9)
    await Visitor(stage).asks_for_a_human()
    clock.forward(hours=14)


async def _not_taken(stage: Stage, clock: Clock) -> None:
    await Visitor(stage).asks_for_a_human()
    await stage.change(Timer, due_at=clock.time.replace(year=2027))
    clock.forward(hours=6)


async def _owned(stage: Stage, clock: Clock) -> None:
    await Visitor(stage).asks_for_a_human()
    await Colleague(stage, 2001).presses(await stage.only_case(), "take")
    clock.forward(hours=2)


async def _silent(stage: Stage, clock: Clock) -> None:
    await _owned(stage, clock)
    await look(stage)
    clock.forward(hours=4)


async def _answered(stage: Stage, clock: Clock) -> None:
    await Visitor(stage).asks_for_a_human()
    await Colleague(stage, 2001).writes(await stage.only_case(), "Guten Tag")
    clock.forward(hours=20)


async def _idle(stage: Stage, clock: Clock) -> None:
    await _answered(stage, clock)
    await look(stage)
    clock.forward(hours=4)


async def _done(stage: Stage, clock: Clock) -> None:
    await _owned(stage, clock)
    await Colleague(stage, 2001).presses(await stage.only_case(), "done")
    clock.forward(hours=48)


DUE: dict[str, tuple[Scene, list[str]]] = {
    "lapse": (_asked, ["handoff.lapsed"]),
    "queue_reminder": (_waits, ["desk.remind_queue"]),
    "opening": (_parked, ["handoff.office_opened", "desk.office_opened"]),
    "closing": (_not_taken, ["handoff.closing_parked"]),
    "owner_reminder": (_owned, ["desk.remind_owner"]),
    "release": (_silent, ["handoff.released_parked", "desk.owner_silent"]),
    "idle_reminder": (_answered, ["handoff.idle_reminder"]),
    "idle": (_idle, ["handoff.idle_question", "desk.idle"]),
    "no_answer": (_done, ["handoff.resolved_by_time", "desk.resolved_by_time"]),
}
"""What makes something due, and what is said then, once."""
each = pytest.mark.parametrize("due", DUE)


@pytest.mark.both_databases
@each
async def test_invariant_10_two_processes_that_look_at_once_fire_once(
    stage: Stage, anna: Colleague, clock: Clock, due: str
) -> None:
    scene, expected = DUE[due]
    await scene(stage, clock)
    assert await two_look(stage) == Counter(expected)
    assert await two_look(stage) == Counter()


@each
async def test_invariant_10_after_a_restart_it_fires_once_and_not_again_after_the_next(
    stage: Stage, anna: Colleague, parts: Parts, clock: Clock, due: str
) -> None:
    scene, expected = DUE[due]
    await scene(stage, clock)
    for said in (expected, []):
        database = Database(stage.database.engine.url.render_as_string(hide_password=False))
        assert await look(Stage(database, parts, make_settings())) == said
        await database.close()


@each
async def test_invariant_10_a_clock_that_jumps_back_an_hour_repeats_nothing(
    stage: Stage, anna: Colleague, clock: Clock, due: str
) -> None:
    scene, expected = DUE[due]
    await scene(stage, clock)
    assert await look(stage) == expected
    before = clock.time
    clock.forward(hours=-1)
    while clock.time < before:
        assert await look(stage) == []
        clock.forward(minutes=10)


@each
async def test_invariant_10_a_clock_that_jumps_ahead_skips_nothing(
    stage: Stage, anna: Colleague, clock: Clock, due: str
) -> None:
    scene, expected = DUE[due]
    await scene(stage, clock)
    if due not in {"opening", "closing"}:  # these are about the hour of the day
        clock.forward(hours=1)
    assert Counter(expected) - Counter(await look(stage)) == Counter()


NIGHTS = pytest.mark.parametrize(
    "saturday", ["2026-10-24", "2027-03-27"], ids=["autumn-2026-10-25", "spring-2027-03-28"]
)


@NIGHTS
@pytest.mark.parametrize("asked", ["01:40", "02:20", "02:50"])
async def test_e23_in_the_night_when_the_clock_is_changed_a_question_lapses_once_after_half_an_hour(
    stage: Stage, rana: Visitor, clock: Clock, saturday: str, asked: str
) -> None:
    sunday = f"{saturday[:8]}{int(saturday[8:]) + 1}"
    set_clock(clock, f"{sunday}T{asked}")
    began = clock.time
    await rana.writes("/human")
    lapsed = []
    for _ in range(60):
        clock.forward(minutes=5)
        lapsed += [(clock.time - began).total_seconds() / 60 for name in await look(stage) if name == "handoff.lapsed"]
    assert lapsed == [30]


@NIGHTS
async def test_e23_over_the_weekend_when_the_clock_is_changed_everything_comes_once_and_by_the_wall_clock(
    stage: Stage, rana: Visitor, anna: Colleague, clock: Clock, saturday: str
) -> None:
    set_clock(clock, f"{saturday}T23:30")
    await rana.asks_for_a_human()
    promised = (await stage.only_case()).promised_at
    assert promised is not None
    assert f"{promised.astimezone(BERLIN):%a %H:%M}" == ("Mon 13:00" if saturday < "2027" else "Tue 13:00")
    monday = {"2026-10-24": "26.10.", "2027-03-27": "30.03."}[saturday]  # 2027-03-29 is Easter Monday
    day, month, _ = monday.split(".")
    assert await diary(stage, clock, f"{saturday[:4]}-{month}-{day}T10:00", minutes=30) == [
        f"{monday} 09:00 handoff.office_opened", f"{monday} 09:00 desk.office_opened",
        f"{monday} 09:30 desk.remind_queue",
    ]  # fmt: skip


@NIGHTS
async def test_e23_who_was_asked_something_before_the_night_is_reminded_and_asked_once(
    stage: Stage, rana: Visitor, anna: Colleague, clock: Clock, saturday: str
) -> None:
    set_clock(clock, f"{saturday}T05:00")
    await rana.asks_for_a_human()
    await anna.writes(await stage.only_case(), "Haben Sie eine Satzung?")
    names = [entry.split()[2] for entry in await diary(stage, clock, f"{saturday[:8]}{int(saturday[8:]) + 1}T12:00")]
    assert names == ["handoff.idle_reminder", "handoff.idle_question", "desk.idle"]


async def test_e25_who_waits_for_the_office_is_never_closed_as_idle(
    stage: Stage, rana: Visitor, anna: Colleague, clock: Clock
) -> None:
    await rana.asks_for_a_human()
    for state in ("QUEUED", "CLAIMED"):
        for _ in range(30):
            clock.forward(days=1)
            names = await look(stage)
            assert not [name for name in names if "idle" in name or "resolved" in name or "lapsed" in name]
        case = await stage.only_case()
        assert case.state in {state, "QUEUED", "PARKED"}, "at most the owner changes"
        await anna.presses(case, "take")


async def test_e26_after_ten_days_of_standstill_each_timer_fires_once(
    stage: Stage, rana: Visitor, anna: Colleague, clock: Clock
) -> None:
    mehmet = Visitor(stage, chat_id=1002, language="tr")
    await rana.writes("/human")
    await mehmet.asks_for_a_human()
    await anna.presses((await stage.all(Case))[1], "take")
    await anna.presses((await stage.all(Case))[1], "done")
    clock.forward(days=10)
    assert sorted(await look(stage)) == ["desk.resolved_by_time", "handoff.lapsed", "handoff.resolved_by_time"]
    assert await look(stage) == []
    clock.forward(hours=71)
    assert await look(stage) == []
    assert (await stage.all(Case))[-1].state == "RESOLVED", "the grace period is as long as ever"


async def test_e26_after_ten_days_a_waiting_case_is_brought_to_mind_once_and_the_person_told_of_the_delay(
    stage: Stage, rana: Visitor, anna: Colleague, clock: Clock
) -> None:
    await rana.asks_for_a_human()
    clock.forward(days=10)
    assert await look(stage) == ["desk.remind_queue", "handoff.escalated", "desk.escalated", "coordinator"]
    clock.forward(minutes=29)
    assert await look(stage) == []


async def test_e26_after_ten_days_the_owner_has_one_reminder_and_then_the_full_wait(
    database: Database, parts: Parts, clock: Clock
) -> None:
    no_promise_missed = replace(parts.limits, promise=timedelta(hours=200))
    stage = Stage(database, replace(parts, limits=no_promise_missed), make_settings())
    set_clock(clock, "2026-11-24T09:00")
    anna = await stage.hire(2001, "Frau A.")
    await Visitor(stage).asks_for_a_human()
    await anna.presses(await stage.only_case(), "take")
    clock.forward(days=10)
    assert await look(stage) == ["desk.remind_owner"]
    assert await diary(stage, clock, "2026-12-04T13:00") == [
        "04.12. 13:00 handoff.released_queued", "04.12. 13:00 desk.owner_silent"
    ]  # fmt: skip


async def test_e26_after_ten_days_the_person_has_one_reminder_and_then_the_full_wait(
    stage: Stage, rana: Visitor, anna: Colleague, clock: Clock
) -> None:
    await rana.asks_for_a_human()
    await anna.writes(await stage.only_case(), "Haben Sie eine Satzung?")
    clock.forward(days=10)
    assert await look(stage) == ["handoff.idle_reminder"]
    assert await diary(stage, clock, "2026-12-04T14:30") == [
        "04.12. 14:00 handoff.idle_question", "04.12. 14:00 desk.idle"
    ]  # fmt: skip
