"""A guided flow and the office: a hand-off in the middle, a case that waits, a human who talks."""

from __future__ import annotations

import pytest

from tests.journeys.conftest import World
from tests.journeys.office import ask_for_consent, consent, has_been_read, new_case
from tests.journeys.phone import Message, Phone, labels
from tests.journeys.test_rights import secret
from tests.journeys.walk import begin, goes_on_at_rhythm, on_with, up_to_rhythm
from tests.journeys.words import HOW_MANY_MEMBERS, label, pattern

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]


async def offered_again(person: Phone, after: int) -> Message:
    """The offer to go on with the room request."""
    return await person.reads("flow.continue_offer", after=after, flow=label(person.language, "room_request.title"))


@pytest.mark.parametrize("language", ["de", "ar"])
async def test_declined_in_the_middle_the_flow_is_offered_again(world: World, language: str) -> None:
    rana = world.phone(language)
    walk = await up_to_rhythm(rana)
    question = await ask_for_consent(rana)
    await rana.until(lambda one: one["message_id"] == walk.message["message_id"] and not one["buttons"])
    await rana.press(question, "button.consent_no")
    await goes_on_at_rhythm(walk, await offered_again(rana, question["message_id"]))


async def test_asked_for_in_words_in_the_middle_a_person_is_reached(world: World) -> None:
    rana = world.phone("de")
    await up_to_rhythm(rana)
    sent = await rana.send("Ich möchte lieber mit einem Menschen sprechen")
    question = await rana.reads("handoff.consent", after=sent)
    assert not any(label("de", "flow.stop") in labels(one) for one in await rana.messages())
    await consent(world, rana, question)


async def test_e7_after_the_office_the_flow_goes_on_where_it_was(world: World) -> None:
    rana = world.phone("tr")
    walk = await up_to_rhythm(rana)
    case = await (await consent(world, rana, await ask_for_consent(rana))).taken()
    await case.frau_a.delivered(await case.frau_a.send("Merhaba!"))
    solved = await case.done("waiting_user")
    assert not await rana.has_read("flow.continue_offer")
    await rana.press(solved, "button.solved")
    back = await rana.reads("handoff.resolved")
    await goes_on_at_rhythm(walk, await offered_again(rana, back["message_id"]))


async def test_the_answers_are_no_part_of_what_is_shared(world: World) -> None:
    rana = world.phone("de")
    walk = await begin(rana, "room_request", "purpose")
    await walk.write(f"Fest mit {secret(rana)}", "people")
    case = await consent(world, rana, await ask_for_consent(rana))
    assert secret(rana) not in str(await case.frau_a.messages())


async def test_taken_back_at_the_office_the_flow_is_offered_again(world: World) -> None:
    rana = world.phone("de")
    walk = await up_to_rhythm(rana)
    await consent(world, rana, await ask_for_consent(rana))
    status = await rana.reads("handoff.status_queued", after=await rana.send("/stop"))
    await rana.press(status, "button.withdraw")
    await goes_on_at_rhythm(walk, await offered_again(rana, status["message_id"]))


async def test_while_a_case_waits_an_answer_to_a_flow_is_no_message_to_the_office(world: World) -> None:
    case = await new_case(world, "de")
    walk = await begin(case.person, "room_request", "purpose")
    await walk.write(f"Fest mit {secret(case.person)}", "people")
    await walk.write("vierzig", "rhythm")
    await case.person.ask("/stop")
    known = await case.person.send(HOW_MANY_MEMBERS["de"])
    await case.frau_a.sees(HOW_MANY_MEMBERS["de"])
    assert known
    assert secret(case.person) not in str(await case.frau_a.messages())
    assert "vierzig" not in str(await case.frau_a.messages())


async def test_while_a_human_talks_the_buttons_of_the_flow_rest(world: World) -> None:
    case = await new_case(world, "ar")
    walk = await up_to_rhythm(case.person)
    await case.taken()
    old = walk.message["buttons"]
    for row in old:
        for button in row:
            toast = await case.person.press_data(walk.message["message_id"], button["data"], stale=True)
            assert toast["show_alert"]
            assert pattern("ar", "handoff.bot_is_silent").search(toast["text"])
    written = await case.person.send("مرة واحدة")
    await case.person.delivered(written)
    await case.frau_a.sees("مرة واحدة")
    assert await case.person.texts_of_bot(after=written) == []
    await has_been_read()
    await case.person.press(await case.done("claimed"), "button.solved")
    back = await case.person.reads("handoff.resolved")
    menu = await case.person.ask("/start")
    assert on_with("room_request", "ar") in labels(menu)
    assert menu["message_id"] > back["message_id"]
    await goes_on_at_rhythm(walk, menu)
