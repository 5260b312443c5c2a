"""In the middle of a guided flow the bot dies, or Rasa does: nothing that was answered is lost."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.processes import free_port
from tests.journeys.conftest import World, a_world
from tests.journeys.phone import Phone, labels
from tests.journeys.walk import goes_on_at_rhythm, on_with, topics, up_to_rhythm
from tests.journeys.wire import Wire
from tests.journeys.words import label, pattern

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]


@pytest.fixture(scope="module")
def line(rasa_url: str) -> Wire:
    """Between this module's bot and Rasa."""
    return Wire(free_port(), int(rasa_url.rsplit(":", 1)[1]))


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def fragile(line: Wire, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    """A world whose bot may be killed and whose line to Rasa may be cut."""
    folder: Path = tmp_path_factory.mktemp("fragile")
    await line.connect()
    async with a_world(f"http://127.0.0.1:{line.port}", f"sqlite+aiosqlite:///{folder / 'bot.db'}", folder) as world:
        yield world
    await line.cut()


async def times_said(person: Phone, key: str) -> int:
    """How often the bot has said a text."""
    return sum(pattern(person.language, key).search(text) is not None for text in await person.texts_of_bot())


async def test_after_the_bot_was_killed_the_same_message_goes_on(fragile: World) -> None:
    rana = fragile.phone("ar")
    walk = await up_to_rhythm(rana)
    fragile.kill_bot()
    await fragile.restart_bot()
    await walk.choose("once", "date")
    await walk.press("flow.back", "rhythm")


async def test_what_was_pressed_while_the_bot_was_dead_counts_once(fragile: World) -> None:
    rana = fragile.phone("de")
    walk = await up_to_rhythm(rana)
    once = next(one["data"] for row in walk.message["buttons"] for one in row
                if one["text"] == label("de", "room_request.rhythm_once"))  # fmt: skip
    fragile.kill_bot()
    number = walk.message["message_id"]
    for _ in range(2):
        await rana.control("press", user=rana.user, chat=rana.chat, message_id=number, data=once)
    await fragile.restart_bot()
    await walk.asked("date", in_place=True)


async def test_a_flow_that_was_set_aside_is_there_after_a_restart(fragile: World) -> None:
    rana = fragile.phone("fa")
    walk = await up_to_rhythm(rana)
    await rana.ask("/stop")
    fragile.kill_bot()
    await fragile.restart_bot()
    await goes_on_at_rhythm(walk, await topics(rana))


async def test_without_rasa_it_is_said_that_the_questions_rest_and_they_go_on_afterwards(
    fragile: World, line: Wire
) -> None:
    rana = fragile.phone("tr")
    walk = await up_to_rhythm(rana)
    once = walk.named("once")
    await line.cut()
    try:
        await rana.press(walk.message, once)
        resting = await rana.reads("flow.resting")
        assert on_with("room_request", "tr") in str(resting["buttons"])
        await rana.reads("flow.resting", after=await rana.send("bir kez"))
    finally:
        await line.connect()
    assert await times_said(rana, "understanding.degraded") == 1
    await goes_on_at_rhythm(walk, resting)
    await walk.choose("once", "date")


async def test_without_rasa_nothing_begins_but_everything_else_works(fragile: World, line: Wire) -> None:
    rana = fragile.phone("de")
    menu = await topics(rana)
    await rana.press(menu, "topic.rooms")
    topic = await rana.reads("topic.rooms_head")
    await line.cut()
    try:
        await rana.press(topic, "room_request.begin")
        await rana.reads("flow.resting")
        await rana.press(topic, "rooms.event")
        await rana.reads("answer.as_of")
    finally:
        await line.connect()
    assert not await rana.has_read("flow.begun_before")
    await rana.press(topic, "room_request.begin")
    await rana.reads("room_request.purpose")


async def test_without_rasa_a_flow_can_be_stopped_and_its_answers_deleted(fragile: World, line: Wire) -> None:
    rana = fragile.phone("uk")
    walk = await up_to_rhythm(rana)
    await line.cut()
    try:
        await rana.press(walk.message, "flow.stop")
        stopped = await rana.until(lambda one: label("uk", "flow.erase") in labels(one))
        await rana.press(stopped, "flow.erase")
        await rana.reads("flow.erased")
    finally:
        await line.connect()
    assert on_with("room_request", "uk") not in str(await topics(rana))
