"""E11: an owner who is away, ends their duty or falls silent loses the case; whoever takes one is there."""

from __future__ import annotations

from datetime import timedelta

import pytest
import pytest_asyncio

from bot.storage.models import Audit, Case, CaseEvent, Staff
from tests.bot.conversation.passing import goes_away, look
from tests.bot.stage import Colleague, Stage, Visitor
from tests.conftest import Clock


@pytest_asyncio.fixture
async def taken(stage: Stage, rana: Visitor, anna: Colleague) -> Case:
    """Anna has the case."""
    await rana.asks_for_a_human()
    await anna.presses(await stage.only_case(), "take")
    return await stage.only_case()


async def test_e11_the_owner_is_away_from_today_on_and_the_case_goes_back(
    stage: Stage, taken: Case, bernd: Colleague, clock: Clock
) -> None:
    await goes_away(stage, "Frau A.", clock())
    assert await look(stage) == ["handoff.released_queued", "desk.owner_gone"]
    assert await look(stage) == []
    assert (await stage.only_case()).owner_id is None


async def test_e11_an_owner_who_ends_their_duty_with_nobody_else_there_parks_it(
    stage: Stage, taken: Case, clock: Clock
) -> None:
    await stage.change(Staff, on_duty=False)
    assert await look(stage) == ["handoff.released_parked", "desk.owner_gone"]
    assert await look(stage) == []
    assert (await stage.only_case()).promised_at == taken.promised_at


async def test_e11_a_case_that_waits_for_the_person_stays_with_its_owner_until_they_write(
    stage: Stage, rana: Visitor, anna: Colleague, bernd: Colleague, taken: Case, clock: Clock
) -> None:
    await anna.writes(taken, "Haben Sie eine Satzung?")
    await goes_away(stage, "Frau A.", clock())
    assert await look(stage) == []
    await rana.writes("Ja")
    assert await look(stage) == ["handoff.released_queued", "desk.owner_gone"]


@pytest.mark.parametrize("away", ["off-duty", "on-holiday"])
@pytest.mark.parametrize("way", ["take", "write", "takeover"])
async def test_e11_whoever_gets_a_case_by_a_deed_of_their_own_is_there_and_keeps_it(
    stage: Stage, rana: Visitor, anna: Colleague, bernd: Colleague, clock: Clock, way: str, away: str
) -> None:
    await rana.asks_for_a_human()
    if way == "takeover":
        await anna.presses(await stage.only_case(), "take")
    if away == "on-holiday":
        await goes_away(stage, "Herr B.", clock() - timedelta(days=2), days=5)
    else:
        async with stage.database.write() as session:
            (await session.get_one(Staff, 2)).on_duty = False
    case = await stage.only_case()
    await (bernd.writes(case, "Guten Tag") if way == "write" else bernd.presses(case, way))
    assert "Herr B. ist jetzt im Dienst" in await stage.on_its_way()
    await rana.writes("Guten Tag")
    assert await look(stage) == []
    assert ((await stage.only_case()).state, (await stage.only_case()).owner_id) == ("CLAIMED", 2)
    assert [one.action for one in await stage.all(Audit)].count("came_in") == 1
    if away == "on-holiday":
        clock.forward(days=1)
        assert "desk.owner_gone" in await look(stage), "the rest of the holiday stays"


async def test_e11_who_is_refused_a_case_does_not_come_on_duty_by_it(
    stage: Stage, taken: Case, bernd: Colleague
) -> None:
    async with stage.database.write() as session:
        (await session.get_one(Staff, 2)).on_duty = False
    assert (await bernd.presses(taken, "take")).toast == "handoff.refused_taken"
    assert not (await stage.all(Staff))[1].on_duty


@pytest.mark.parametrize(("way", "kind"), [("away", "OwnerGone"), ("silent", "OwnerSilent")])
async def test_t8_why_a_case_went_back_stands_in_its_story(
    stage: Stage, taken: Case, clock: Clock, way: str, kind: str
) -> None:
    if way == "away":
        await goes_away(stage, "Frau A.", clock())
    clock.forward(hours=2)
    await look(stage)
    clock.forward(hours=20)
    await look(stage)
    assert [one.kind for one in await stage.all(CaseEvent) if one.kind.startswith("Owner")] == [kind]
