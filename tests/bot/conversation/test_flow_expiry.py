"""The answers of guided flows last as long as people were told, and no longer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.rasa import FormState, Guess, Understanding
from bot.storage.models import Base, Counter, FlowRun
from tests.bot.conversation.test_reminders import with_list, with_run
from tests.bot.stage import PlayedRasa, Stage, Visitor
from tests.conftest import Clock

WORD = "Brombeerkuchen"
"""Nobody writes it but a person in these tests; wherever it is found later, something was kept."""


async def test_a_list_stays_as_long_as_the_person_wants_it(stage: Stage, rana: Visitor, clock: Clock) -> None:
    await with_list(stage, rana)
    clock.forward(days=400)
    await stage.time_passes()
    assert len(await stage.all(FlowRun)) == 1


async def test_a_list_that_is_not_to_be_kept_goes_after_the_days_named(
    stage: Stage, rana: Visitor, clock: Clock
) -> None:
    run = await with_list(stage, rana, keep=False)
    clock.forward(days=13)
    await stage.time_passes()
    await rana.presses("tick", str(run.id), "idea")
    clock.forward(days=13)
    await stage.time_passes()
    assert len(await stage.all(FlowRun)) == 1, "it was used in between"
    clock.forward(days=1, minutes=1)
    await stage.time_passes()
    assert await stage.all(FlowRun) == []


async def test_whoever_begins_to_change_a_kept_list_does_not_lose_it(
    stage: Stage, rana: Visitor, clock: Clock
) -> None:
    await with_list(stage, rana, idea="2026-11-24")
    stage.rasa = stage.conversation._rasa = Walking("founding_checklist", "registered")
    await rana.presses("begin", "founding_checklist", "again")
    await rana.writes("/stop")
    clock.forward(days=30)
    await stage.time_passes()
    runs = await stage.all(FlowRun)
    assert [run.slots["ticked"] for run in runs] == [{"idea": "2026-11-24"}]


class Walking(PlayedRasa):
    """Asks for one slot of a flow, whatever is said: nothing that is written can be an answer."""

    def __init__(self, flow: str, slot: str) -> None:
        super().__init__()
        self.form, self.slot = f"{flow}_form", slot

    async def ask(self, text: str, language: str, conversation: str, **beside: Any) -> Understanding:
        """As the real client does it."""
        before: FormState | None = beside.get("form")
        form = FormState(self.form, before.slots if before else {}, self.slot)
        wrong = ({"wrong": self.slot, "why": "unclear"},) if text else ()
        return Understanding((Guess("inform", 0.9),), "answer", None, (*wrong, {"ask": self.slot}), form)


@pytest.mark.parametrize("slot", ["danger", "area", "since", "wish", "check"])
async def test_an_hour_after_the_last_word_nothing_of_the_support_is_left(
    stage: Stage, rana: Visitor, clock: Clock, slot: str
) -> None:
    slots = {"danger": "no", "area": "housing", "since": "2026-11-03", "wish": "person"}
    open_at = list(slots).index(slot) if slot in slots else len(slots)
    await with_run(stage, rana, "discrimination_support", requested=slot, slots=dict(list(slots.items())[:open_at]))
    stage.rasa = stage.conversation._rasa = Walking("discrimination_support", slot)
    await rana.writes(f"Herr {WORD} war es")
    await rana.writes(f"{WORD}!", edited=True)
    await rana.writes(f"Das ist {WORD}", media="photo")
    clock.forward(minutes=59)
    await stage.time_passes()
    assert len(await stage.all(FlowRun)) == 1
    clock.forward(minutes=2)
    assert await stage.time_passes() == []
    assert await stage.all(FlowRun) == []
    assert WORD not in await everything(stage)
    assert all(WORD not in row.key and str(rana.chat_id) not in row.key for row in await stage.all(Counter))


async def everything(stage: Stage) -> str:
    """Every row of every table; on SQLite the bytes of its files as well."""
    await stage.database.tidy()
    rows = [str(row) for table in Base.metadata.sorted_tables for row in await _rows(stage, table)]
    place = stage.database.engine.url.database if stage.database.is_sqlite else None
    files = Path(place).parent.glob("*.db*") if place else ()
    return "\n".join([*rows, *(file.read_bytes().decode("latin-1") for file in files)])


async def _rows(stage: Stage, table: Any) -> list[Any]:
    async with stage.database.read() as session:
        return list((await session.execute(table.select())).all())


async def test_other_flows_last_as_long_as_it_was_said(stage: Stage, rana: Visitor, clock: Clock) -> None:
    await with_run(stage, rana, "funding_finder", "suspended", requested="seat", slots={"registered": "yes"})
    clock.forward(days=13, hours=23)
    await stage.time_passes()
    assert len(await stage.all(FlowRun)) == 1
    clock.forward(hours=2)
    await stage.time_passes()
    assert await stage.all(FlowRun) == []
