"""Reminders come once, at the hour that was chosen, and as long as there is something to remind of."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.conversation.content import Content
from bot.conversation.turn import Parts
from bot.settings import ROOT
from bot.storage.database import Database
from bot.storage.models import Case, FlowRun, Person, Reminder
from tests.bot.conftest import make_settings
from tests.bot.stage import Colleague, Stage, Visitor
from tests.conftest import Clock

ANSWERS = {"registered": "yes", "charitable": "yes", "employees": "no", "children": "no", "outside_eu": "yes"}
async def with_run(stage: Stage, rana: Visitor, flow: str, state: str = "active", **more: Any) -> FlowRun:
    """A flow that the person has begun just now."""
    await rana.writes("/start")
    async with stage.database.write() as session:
        run = FlowRun(person_id=(await stage.all(Person))[0].id, flow=flow, state=state, created_at=stage.parts.clock(),
                      changed_at=stage.parts.clock(), **{"slots": {}, **more})  # fmt: skip
        session.add(run)
    return run


async def with_list(stage: Stage, rana: Visitor, *, keep: bool = True, **ticked: str) -> FlowRun:
    """A checklist whose questions are answered."""
    slots = {**ANSWERS, "keep": "yes" if keep else "no", "ticked": ticked}
    run = await with_run(stage, rana, "founding_checklist", "done", slots=slots, kept=keep)
    await rana.presses_data("begin:founding_checklist")
    return run


async def reminded(rana: Visitor, days: int, hour: int) -> None:
    """Choose a reminder under the list: in so many days, at this hour."""
    await rana.presses("remind", "checklist")
    await rana.presses("remind", "checklist", str(days))
    assert (await rana.presses("remind", "checklist", str(days), str(hour))).said == ["founding_checklist.will_remind"]


async def test_the_reminder_comes_once_at_the_hour_chosen_with_the_next_step(
    stage: Stage, rana: Visitor, clock: Clock
) -> None:
    await with_list(stage, rana, idea="2026-11-24")
    await reminded(rana, 3, 18)
    clock.time = datetime(2026, 11, 27, 17, 59, tzinfo=stage.parts.locales.zone)
    assert await stage.time_passes() == []
    clock.forward(minutes=1)
    said = await stage.time_passes()
    assert said[:3] == ["founding_checklist.reminder", "founding_checklist.head", "founding_checklist.next"]
    assert "Mindestens 7 Personen finden" in await stage.on_its_way(rana.chat_id)
    assert await stage.time_passes() == []


async def test_the_hour_is_that_of_wiesbaden_also_when_the_clocks_change_before(
    stage: Stage, rana: Visitor, clock: Clock
) -> None:
    zone = stage.parts.locales.zone
    clock.time = datetime(2027, 3, 25, 10, 0, tzinfo=zone)
    await with_list(stage, rana)
    await reminded(rana, 7, 9)
    clock.time = datetime(2027, 4, 1, 8, 59, tzinfo=zone)
    assert await stage.time_passes() == []
    clock.forward(minutes=1)
    assert "founding_checklist.reminder" in await stage.time_passes()


async def test_a_second_reminder_takes_the_place_of_the_first(stage: Stage, rana: Visitor, clock: Clock) -> None:
    await with_list(stage, rana)
    await reminded(rana, 1, 9)
    await reminded(rana, 14, 12)
    clock.forward(days=3)
    assert await stage.time_passes() == []
    clock.forward(days=12)
    assert (await stage.time_passes()).count("founding_checklist.reminder") == 1


async def test_after_a_long_standstill_the_reminder_comes_once(stage: Stage, rana: Visitor, clock: Clock) -> None:
    await with_list(stage, rana)
    await reminded(rana, 1, 9)
    clock.forward(days=60)
    assert (await stage.time_passes()).count("founding_checklist.reminder") == 1
    assert await stage.time_passes() == []


async def test_while_a_human_talks_the_reminder_waits(
    stage: Stage, rana: Visitor, anna: Colleague, clock: Clock
) -> None:
    await with_list(stage, rana)
    await reminded(rana, 1, 9)
    await rana.asks_for_a_human()
    await anna.presses(await stage.only_case(), "take")
    clock.forward(days=2)
    assert "founding_checklist.reminder" not in await stage.time_passes()
    await anna.presses(await stage.only_case(), "done")
    case = await stage.only_case()
    await rana.presses_data(f"solved:{case.id}:{case.version}:yes")
    assert "founding_checklist.reminder" in await stage.time_passes()


async def test_nobody_is_reminded_of_a_deleted_list(stage: Stage, rana: Visitor, clock: Clock) -> None:
    run = await with_list(stage, rana)
    await reminded(rana, 1, 9)
    await rana.presses("erase", str(run.id))
    assert await stage.all(Reminder) == []
    clock.forward(days=2)
    assert await stage.time_passes() == []


async def test_nobody_is_reminded_after_forget(stage: Stage, rana: Visitor, clock: Clock) -> None:
    await with_list(stage, rana)
    await reminded(rana, 1, 9)
    await rana.writes("/forget")
    await rana.presses("forget", "yes")
    clock.forward(days=2)
    assert await stage.time_passes() == []


async def test_deleting_another_flow_leaves_the_reminder_of_the_list(
    stage: Stage, rana: Visitor, clock: Clock
) -> None:
    await with_list(stage, rana)
    await reminded(rana, 1, 9)
    other = await with_run(stage, rana, "room_request", "suspended", requested="people")
    await rana.presses_data(f"erase:{other.id}")
    clock.forward(days=2)
    assert "founding_checklist.reminder" in await stage.time_passes()


async def test_without_a_list_no_reminder_is_promised(stage: Stage, rana: Visitor) -> None:
    run = await with_list(stage, rana)
    await rana.presses("erase", str(run.id))
    for pressed in ("remind:checklist", "remind:checklist:3", "remind:checklist:3:9"):
        assert (await rana.presses_data(pressed)).toast == "button.stale"
    assert await stage.all(Reminder) == []


async def test_a_list_with_a_reminder_is_still_there_when_it_comes(
    stage: Stage, rana: Visitor, clock: Clock
) -> None:
    await with_list(stage, rana, keep=False)
    await reminded(rana, 30, 9)
    clock.forward(days=29)
    await stage.time_passes()
    clock.forward(days=1)
    assert "founding_checklist.reminder" in await stage.time_passes()


async def test_the_reminder_comes_also_while_the_answers_are_being_changed(
    stage: Stage, rana: Visitor, clock: Clock
) -> None:
    await with_list(stage, rana)
    await reminded(rana, 1, 9)
    await stage.change(FlowRun, state="suspended", requested="charitable")
    clock.forward(days=2)
    assert "founding_checklist.reminder" in await stage.time_passes()


async def test_an_odd_press_sets_no_reminder(stage: Stage, rana: Visitor) -> None:
    await with_list(stage, rana)
    for pressed in ("remind:checklist:2", "remind:checklist:3:4", "remind:deadline:funding.unknown", "remind:x"):
        await rana.presses_data(pressed)
    assert await stage.all(Reminder) == []


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """An editor's own copy of the content, with a deadline for one line (31 January 2027)."""
    folder = Path(shutil.copytree(ROOT / "knowledge", tmp_path / "knowledge"))
    set_deadline(folder, "2027-01-31")
    return folder


def set_deadline(folder: Path, day: str | None) -> None:
    """Type another deadline for the council's project money, or take it out."""
    text = (ROOT / "knowledge" / "funding_lines.yml").read_text(encoding="utf-8")
    place = text.index("    review_by:", text.index("  funding.council_project:\n"))
    typed = f"    deadline: {day}\n" if day else ""
    (folder / "funding_lines.yml").write_text(text[:place] + typed + text[place:], encoding="utf-8")


@pytest_asyncio.fixture
async def with_deadline(database: Database, parts: Parts, desk: Path) -> Stage:
    """A stage on the editor's copy."""
    return Stage(database, replace(parts, content=Content(desk, parts.locales)), make_settings())


async def test_a_deadline_is_remembered_two_weeks_before_and_once(
    with_deadline: Stage, clock: Clock
) -> None:
    rana = Visitor(with_deadline)
    assert (await rana.presses_data("remind:deadline:funding.council_project")).said == ["funding_finder.will_remind"]
    clock.time = datetime(2027, 1, 17, 8, 59, tzinfo=with_deadline.parts.locales.zone)
    assert await with_deadline.time_passes() == []
    clock.forward(minutes=1)
    assert await with_deadline.time_passes() == ["funding_finder.reminder"]
    assert "31. Januar 2027" in await with_deadline.on_its_way(rana.chat_id)
    assert await with_deadline.time_passes() == []


async def test_a_reminder_after_a_long_standstill_names_no_deadline_that_is_over(
    with_deadline: Stage, clock: Clock
) -> None:
    rana = Visitor(with_deadline)
    await rana.presses_data("remind:deadline:funding.council_project")
    clock.time = datetime(2027, 2, 1, 9, 0, tzinfo=with_deadline.parts.locales.zone)
    assert await with_deadline.time_passes() == []
    assert await with_deadline.all(Reminder) == []


async def test_a_deadline_too_near_or_not_on_file_cannot_be_remembered(with_deadline: Stage, clock: Clock) -> None:
    rana = Visitor(with_deadline)
    clock.time = datetime(2027, 1, 28, 9, 0, tzinfo=with_deadline.parts.locales.zone)
    for line in ("funding.council_project", "funding.culture"):
        assert (await rana.presses_data(f"remind:deadline:{line}")).toast == "button.stale"
    assert await with_deadline.all(Reminder) == []


async def test_whoever_waits_for_the_office_is_reminded(with_deadline: Stage, clock: Clock) -> None:
    rana = Visitor(with_deadline)
    await with_deadline.hire(2001, "Frau A.")
    await rana.presses_data("remind:deadline:funding.council_project")
    await rana.asks_for_a_human()
    assert [case.state for case in await with_deadline.all(Case)] == ["QUEUED"]
    clock.time = datetime(2027, 1, 17, 9, 0, tzinfo=with_deadline.parts.locales.zone)
    assert "funding_finder.reminder" in await with_deadline.time_passes()
