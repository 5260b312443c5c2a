"""A flood is met in the person's language; danger, rights and the way to a human being get through it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.conversation.pace import MOST, Kind
from bot.conversation.turn import Parts
from bot.storage.database import Database
from bot.storage.models import Case
from tests.bot.conftest import LANGUAGES, make_settings
from tests.bot.stage import Stage, Visitor
from tests.conftest import Clock

DANGER = "ich bringe mich um"


@pytest.fixture
def full(database: Database, parts: Parts) -> Stage:
    """A bot that serves two messages a minute, of everybody together."""
    return Stage(database, replace(parts, messages_per_minute_all=2), make_settings())


@pytest.mark.parametrize("language", LANGUAGES)
async def test_when_too_many_write_each_is_told_once_in_their_language(full: Stage, language: str) -> None:
    for chat in (1, 2):
        await Visitor(full, chat_id=chat).writes("hallo")
    late = Visitor(full, chat_id=3, language=language)
    seen = await late.writes("hallo")
    assert (seen.said, seen.replies[0].language) == (["limits.busy"], language)
    assert (await late.writes("hallo")).said == []
    assert len(full.rasa.asked) == 2, "Rasa is not asked for what is not answered"


async def test_danger_rights_and_a_human_being_get_through_when_too_many_write(full: Stage) -> None:
    late = Visitor(full, chat_id=3)
    for number in range(5):
        await Visitor(full, chat_id=10 + number).writes("hallo")
    assert (await late.writes("hallo")).said == ["limits.busy"]
    assert (await late.writes(DANGER)).said == ["smalltalk.crisis"]
    assert (await late.writes(DANGER, media="photo")).said == ["smalltalk.crisis"]
    for command in ("/human", "/forget", "/language", "/stop", "/privacy"):
        assert (await late.writes(command)).said not in ([], ["limits.busy"])
    await late.asks_for_a_human()
    assert [case.state for case in await full.all(Case)] == ["PARKED"], "nobody is on duty in this test"


async def test_a_minute_later_everybody_is_served_again(full: Stage, clock: Clock) -> None:
    rana = Visitor(full)
    for _ in range(5):
        await rana.writes("hallo")
    clock.forward(seconds=61)
    assert (await rana.writes("/help")).said not in ([], ["limits.busy"])


async def test_many_newcomers_wait_while_those_who_are_known_are_served(database: Database, parts: Parts) -> None:
    stage = Stage(database, replace(parts, newcomers_per_minute=1), make_settings())
    known = Visitor(stage, chat_id=1)
    await known.writes("/start")
    assert (await Visitor(stage, chat_id=2).writes("/start")).said == ["limits.busy"]
    assert (await known.writes("/help")).said not in ([], ["limits.busy"])


async def test_presses_have_a_limit_and_each_is_answered(stage: Stage, rana: Visitor, clock: Clock) -> None:
    for _ in range(MOST[Kind.PRESS]):
        assert (await rana.presses_data("menu")).toast is None
    seen = await rana.presses_data("menu")
    assert (seen.said, seen.toast) == ([], "limits.slow_down")
    assert "handoff.consent" in (await rana.presses_data("human")).said
    assert (await rana.presses("consent", "no")).toast is None
    clock.forward(seconds=61)
    assert (await rana.presses_data("menu")).toast is None


async def test_files_have_a_limit_of_their_own(stage: Stage, rana: Visitor) -> None:
    said = [(await rana.writes(None, media="photo")).said for _ in range(MOST[Kind.FILE] + 3)]
    assert said[MOST[Kind.FILE] :] == [["limits.slow_down"], [], []]


async def test_copies_of_ones_data_have_a_limit(stage: Stage, rana: Visitor, clock: Clock) -> None:
    """It is a right, and costs more than any answer: a few a minute are enough."""
    said = [(await rana.writes("/mydata")).said for _ in range(MOST[Kind.COPY] + 1)]
    assert said[-1] == ["limits.slow_down"]
    assert ["limits.slow_down"] not in said[:-1]
    clock.forward(seconds=61)
    assert (await rana.writes("/mydata")).said != ["limits.slow_down"]


async def test_whoever_asks_the_office_again_and_again_is_told_when_to_go_on(
    stage: Stage, rana: Visitor, clock: Clock
) -> None:
    for _ in range(5):
        await rana.asks_for_a_human()
        await rana.presses("withdraw")
        clock.forward(minutes=1)
    seen = await rana.writes("/human")
    assert seen.said == ["limits.requests"]
    assert len(await stage.all(Case)) == 5
    clock.forward(minutes=56)
    assert "handoff.consent" in (await rana.writes("/human")).said


async def test_in_danger_nobody_is_told_to_wait(stage: Stage, rana: Visitor) -> None:
    for _ in range(5):
        await rana.asks_for_a_human()
        await rana.presses("withdraw")
    await rana.writes(DANGER)
    assert "handoff.consent" in (await rana.presses("human", "urgent")).said
