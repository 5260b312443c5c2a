"""Buttons of a guided flow that are pressed twice, late, or were never there."""

from __future__ import annotations

from typing import Any

import pytest

from tests.journeys.conftest import World
from tests.journeys.phone import Message, Phone, labels
from tests.journeys.walk import Walk, begin, up_to_rhythm
from tests.journeys.words import label, pattern

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]


def data_of(message: Message, wanted: str) -> str:
    """The callback data of a button by its label."""
    return next(str(one["data"]) for row in message["buttons"] for one in row if one["text"] == wanted)


async def shown(phone: Phone) -> list[Any]:
    """What stands on the phone, whatever the toasts said."""
    return [(one["message_id"], one["text"], one["buttons"]) for one in await phone.messages()]


async def is_at_rhythm(walk: Walk) -> None:
    """The answers are those of `up_to_rhythm`, and the question after them is open."""
    data = await walk.phone.reads("privacy.mydata_flow", after=await walk.phone.send("/mydata"))
    for slot, value in (("purpose", "room_request.purpose_meeting"), ("people", "50")):
        line = pattern("de", "flow.line", what=label("de", f"room_request.{slot}_short"), value=label("de", value))
        assert line.search(data["text"])
    assert pattern("de", "flow.line", what=label("de", "room_request.rhythm_short")).search(data["text"]) is None


FORGED = (
    "answer:{run}:people:80", "answer:{run}:rhythm:sometimes", "answer:{run}:rhythm", "answer:{run}:no_such_slot:1",
    "answer:{run}", "answer", "answer::rhythm:once", "answer:999999999:rhythm:once", "answer:one:rhythm:once",
    "picked:{run}:rhythm", "pick:{run}:rhythm:once", "pick:{run}:people:80", "skip:{run}:rhythm", "skip:{run}:people",
    "back:{run}:purpose", "correct:{run}:no_such_slot", "begin:no_such_flow", "begin", "resume:999999999",
    "quit:999999999", "erase:999999999", "tick:{run}:found", "export:{run}:pdf", "turn:{run}:found:2026-11-01",
)  # fmt: skip
"""Data that no button has shown; {run}: the person's own run."""


async def test_data_that_no_button_had_changes_nothing(world: World) -> None:
    rana = world.phone("de")
    walk = await up_to_rhythm(rana)
    run = data_of(walk.message, label("de", "flow.stop")).split(":")[1]
    for forged in FORGED:
        await rana.press_data(walk.message["message_id"], forged.format(run=run), stale=True)
    await is_at_rhythm(walk)


@pytest.mark.parametrize("data", ["begin:no_such_flow", "resume:999999999", "erase:999999999", "quit:999999999"])
async def test_what_means_nothing_is_called_out_of_date(world: World, data: str) -> None:
    rana = world.phone("de")
    hello = await rana.ask("/start")
    assert (await rana.press_data(hello["message_id"], data, stale=True))["text"] == label("de", "button.stale")


async def test_the_buttons_of_somebody_else_do_nothing(world: World) -> None:
    rana, other = world.phone("de"), world.phone("de")
    walk = await up_to_rhythm(rana)
    before = await shown(rana)
    hello = await other.ask("/start")
    for row in walk.message["buttons"]:
        for button in row:
            toast = await other.press_data(hello["message_id"], button["data"], stale=True)
            assert toast["text"] == label("de", "button.stale")
    run = data_of(walk.message, label("de", "flow.stop")).split(":")[1]
    for forged in (f"resume:{run}", f"erase:{run}", f"correct:{run}:people"):
        toast = await other.press_data(hello["message_id"], forged, stale=True)
        assert toast["text"] == label("de", "button.stale")
    assert await shown(rana) == before
    await is_at_rhythm(walk)
    assert not await other.has_read("room_request.rhythm")


async def test_a_double_press_answers_once(world: World) -> None:
    rana = world.phone("de")
    walk = await begin(rana, "room_request", "purpose")
    meeting = data_of(walk.message, label("de", "room_request.purpose_meeting"))
    await rana.press_three_times(walk.message["message_id"], meeting)
    await walk.asked("people", in_place=True)
    fifty = data_of(walk.message, "50")
    await rana.press_three_times(walk.message["message_id"], fifty)
    await walk.asked("rhythm", in_place=True)
    await is_at_rhythm(walk)
    assert len([one for one in await rana.messages() if pattern("de", "room_request.rhythm").search(one["text"])]) == 1


async def test_a_button_above_an_older_question_leads_to_the_open_one(world: World) -> None:
    rana = world.phone("de")
    walk = await begin(rana, "room_request", "purpose")
    old = walk.message
    await walk.write("Probe unserer Tanzgruppe", "people")
    course = data_of(old, label("de", "room_request.purpose_course"))
    toast = await rana.press_data(old["message_id"], course, stale=True)
    assert toast["text"] == label("de", "button.stale")
    await walk.asked("people", after=old["message_id"] - 1)
    await walk.choose("50", "rhythm")
    data = await rana.reads("privacy.mydata_flow", after=await rana.send("/mydata"))
    assert "Probe unserer Tanzgruppe" in data["text"]


async def test_beginning_with_a_double_press_asks_the_first_question_once(world: World) -> None:
    rana = world.phone("de")
    menu = await rana.ask("/start")
    await rana.press(menu, "topic.rooms")
    topic = await rana.reads("topic.rooms_head")
    begins = data_of(topic, label("de", "room_request.begin"))
    await rana.press_three_times(topic["message_id"], begins)
    walk = Walk(rana, "room_request", topic, "purpose")
    await walk.asked("purpose", after=topic["message_id"])
    await rana.ask("/mydata")
    assert len([one for one in await rana.messages() if label("de", "flow.stop") in labels(one)]) == 1
    assert not await rana.has_read("flow.begun_before")


async def test_a_button_of_a_flow_that_was_stopped_is_out_of_date(world: World) -> None:
    rana = world.phone("de")
    walk = await up_to_rhythm(rana)
    await rana.ask("/stop")
    once = data_of(walk.message, label("de", "room_request.rhythm_once"))
    assert (await rana.press_data(walk.message["message_id"], once, stale=True))["text"] == label("de", "button.stale")
    await is_at_rhythm(walk)


async def test_a_past_day_cannot_be_pressed_not_even_by_hand(world: World) -> None:
    rana = world.phone("de")
    walk = await up_to_rhythm(rana)
    await walk.choose("once", "date")
    run = data_of(walk.message, label("de", "flow.stop")).split(":")[1]
    await rana.press_data(walk.message["message_id"], f"answer:{run}:date:2020-02-29", stale=True)
    refused = await rana.reads("flow.wrong_past")
    assert refused["message_id"] == walk.message["message_id"]
    await rana.press_data(walk.message["message_id"], f"answer:{run}:date:2026-02-30", stale=True)
    await rana.press_data(walk.message["message_id"], f"pick:{run}:date:1999-01-01", stale=True)
    await walk.asked("date")
