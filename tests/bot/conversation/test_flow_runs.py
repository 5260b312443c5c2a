"""Runs of guided flows over time: kept while they are used, erased when nobody comes back, never mixed up."""

from __future__ import annotations

from typing import Any

import pytest

from bot.conversation.incoming import PersonMessage
from bot.conversation.steps import ThoughtTooOldError
from bot.rasa import FormState, Guess, Pressed, Understanding
from bot.storage.models import FlowRun
from flows.guide.form import form_of
from tests.bot.stage import PlayedRasa, Stage, Visitor
from tests.conftest import Clock


class Guiding(PlayedRasa):
    """Takes whatever is pressed or written as the answer, and asks for what is missing then."""

    async def ask(self, text: str, language: str, conversation: str, **beside: Any) -> Understanding:
        """As the real client does it."""
        form: FormState | None = beside.get("form")
        pressed: Pressed | None = beside.get("pressed")
        if form is None and (pressed is None or pressed.intent == "inform"):
            return await super().ask(text, language, conversation)
        flow = pressed.intent if form is None and pressed else form.name.removesuffix("_form") if form else ""
        slots = dict(form.slots) if form else {}
        if form and form.requested:
            slots[form.requested] = pressed.entities["value"] if pressed else text
        after = FormState(f"{flow}_form", slots, form_of(flow).missing(slots))
        return Understanding((Guess("inform", 1.0),), "answer", None, ({"ask": after.requested},), after)


@pytest.fixture
def guided(stage: Stage) -> Stage:
    """The stage, with a Rasa that guides through flows."""
    stage.rasa = stage.conversation._rasa = Guiding()
    return stage


@pytest.fixture
def sara(guided: Stage) -> Visitor:
    return Visitor(guided)


async def runs_after(stage: Stage) -> list[FlowRun]:
    """The runs that are left after a round of the timers, of which nobody is told."""
    assert await stage.time_passes() == []
    return await stage.all(FlowRun)


@pytest.mark.parametrize("stopped", [False, True])
async def test_what_nobody_comes_back_to_is_erased_after_the_days_that_were_named(
    guided: Stage, sara: Visitor, clock: Clock, *, stopped: bool
) -> None:
    await sara.presses_data("begin:room_request")
    await sara.presses("answer", "purpose", "meeting")
    if stopped:
        await sara.presses("quit")
    clock.forward(days=13, hours=23, minutes=59)
    assert len(await runs_after(guided)) == 1
    clock.forward(minutes=2)
    assert await runs_after(guided) == []


async def test_every_answer_and_every_tick_counts_as_coming_back(guided: Stage, sara: Visitor, clock: Clock) -> None:
    await sara.presses_data("begin:room_request")
    for act in (("answer", "purpose", "meeting"), ("answer", "people", "50"), ("answer", "rhythm", "regular"),
                ("pick", "weekdays", "1"), ("quit",), ("resume",)):  # fmt: skip
        clock.forward(days=10)
        assert len(await runs_after(guided)) == 1, act
        await sara.presses(act[0], *act[1:])
    clock.forward(days=10)
    assert len(await runs_after(guided)) == 1


async def test_each_flow_is_forgotten_on_its_own(guided: Stage, sara: Visitor, clock: Clock) -> None:
    await sara.presses_data("begin:room_request")
    clock.forward(days=8)
    await sara.presses_data("begin:funding_finder")
    clock.forward(days=8)
    await sara.presses("answer", "registered", "yes")
    clock.forward(days=8)
    assert [run.flow for run in await runs_after(guided)] == ["funding_finder"]


async def test_after_that_the_buttons_are_out_of_date_and_words_are_no_answers(
    guided: Stage, sara: Visitor, clock: Clock
) -> None:
    await sara.presses_data("begin:room_request")
    clock.forward(days=15)
    assert await runs_after(guided) == []
    assert (await sara.presses("answer", "purpose", "meeting")).toast == "button.stale"
    assert (await sara.presses("quit")).toast == "button.stale"
    assert "room_request.people" not in (await sara.writes("Fest")).said
    assert "flow.begun_before" not in (await sara.presses_data("begin:room_request")).said


async def test_only_one_question_is_open_at_a_time(guided: Stage, sara: Visitor) -> None:
    await sara.presses_data("begin:room_request")
    await sara.presses_data("begin:funding_finder")
    states = {run.flow: run.state for run in await guided.all(FlowRun)}
    assert states == {"room_request": "suspended", "funding_finder": "active"}


async def test_pressed_again_at_once_nothing_more_is_asked_but_later_there_is_a_choice(
    guided: Stage, sara: Visitor, clock: Clock
) -> None:
    assert "room_request.purpose" in (await sara.presses_data("begin:room_request")).said
    clock.forward(seconds=1)
    assert (await sara.presses_data("begin:room_request")).said == []
    clock.forward(minutes=1)
    assert (await sara.presses_data("begin:room_request")).said == ["flow.begun_before"]


async def test_an_answer_thought_about_before_another_one_came_is_thought_about_again(
    guided: Stage, sara: Visitor
) -> None:
    await sara.presses_data("begin:room_request")
    late = PersonMessage(sender=sara.sender, message_id=7, text="Fest")
    thought = await guided.conversation.think(guided.database, late)
    await sara.presses("answer", "purpose", "meeting")
    with pytest.raises(ThoughtTooOldError):
        async with guided.database.write() as session:
            await guided.conversation.respond(session, late, thought)
    (run,) = await guided.all(FlowRun)
    assert (run.slots, run.requested) == ({"purpose": "meeting"}, "people")


async def test_whoever_begins_anew_keeps_no_answer_of_before(guided: Stage, sara: Visitor) -> None:
    await sara.presses_data("begin:room_request")
    await sara.presses("answer", "purpose", "meeting")
    await sara.presses_data("begin:room_request:again")
    (run,) = await guided.all(FlowRun)
    assert (run.slots, run.requested) == ({}, "purpose")
