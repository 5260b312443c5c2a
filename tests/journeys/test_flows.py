"""What all guided flows share: begun, gone back in, stopped, taken up again; one after the other."""

from __future__ import annotations

import pytest

from tests.journeys.conftest import World
from tests.journeys.phone import labels
from tests.journeys.walk import Walk, begin, goes_on_at_rhythm, on_with, topics, up_to_rhythm
from tests.journeys.words import label, pattern

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]
FIRST = {"founding_checklist": "registered", "funding_finder": "registered", "room_request": "purpose",
         "discrimination_support": "danger"}  # fmt: skip
"""The first question of each flow."""


@pytest.mark.parametrize("language", ["de", "fa"])
@pytest.mark.parametrize("flow", FIRST)
async def test_every_flow_begins_from_the_menu_of_its_topic(world: World, flow: str, language: str) -> None:
    walk = await begin(world.phone(language), flow, FIRST[flow])
    assert pattern(language, "flow.head", flow=label(language, f"{flow}.title"), step=1).search(walk.message["text"])
    assert labels(walk.message)[-1] == label(language, "flow.stop")
    assert label(language, "flow.back") not in labels(walk.message)


async def test_an_answer_that_a_flow_belongs_to_offers_it_and_stays_readable(world: World) -> None:
    mehmet = world.phone("tr")
    menu = await topics(mehmet)
    await mehmet.press(menu, "topic.rooms")
    await mehmet.press(await mehmet.reads("topic.rooms_head"), "rooms.event")
    answer = await mehmet.reads("answer.as_of", after=menu["message_id"])
    await mehmet.press(answer, "room_request.begin")
    walk = Walk(mehmet, "room_request", answer, "purpose")
    assert (await walk.asked("purpose"))["message_id"] > answer["message_id"]
    assert (await mehmet.sees(answer["text"]))["buttons"] == answer["buttons"]


@pytest.mark.parametrize(("language", "flow", "text"), [
    ("de", "room_request", "Ich möchte eine Raumanfrage stellen"),
    ("en", "room_request", "I want to fill in the room request"),
    ("tr", "room_request", "Salon talebi göndermek istiyorum"),
    ("ar", "room_request", "أريد إرسال طلب قاعة"),
    ("ru", "room_request", "Хочу отправить заявку на зал"),
    ("uk", "room_request", "Хочу заповнити запит на приміщення"),
    ("pl", "room_request", "Chcę wysłać zapytanie o salę"),
    ("fa", "room_request", "می‌خواهم درخواست سالن بدهم"),
    ("de", "founding_checklist", "Führ mich Schritt für Schritt durch die Gründung"),
    ("en", "funding_finder", "Ask me questions and find out which funding fits our group"),
    ("tr", "founding_checklist", "Dernek kuruluşu için kontrol listesini başlat"),
])  # fmt: skip
async def test_a_flow_begins_when_somebody_says_so(world: World, language: str, flow: str, text: str) -> None:
    rana = world.phone(language)
    sent = await rana.send(text)
    walk = Walk(rana, flow, {"message_id": sent}, FIRST[flow])
    await walk.asked(FIRST[flow], after=sent)


async def test_back_leads_to_the_beginning_and_answers_can_be_given_anew(world: World) -> None:
    walk = await up_to_rhythm(world.phone("ar"))
    await walk.press("flow.back", "people")
    await walk.press("flow.back", "purpose")
    assert label("ar", "flow.back") not in labels(walk.message)
    await walk.choose("course", "people")
    await walk.write("رجوع", "purpose")


async def test_only_what_may_be_left_open_can_be_skipped(world: World) -> None:
    walk = await up_to_rhythm(world.phone("de"))
    assert not any(label("de", "flow.skip") in labels(shown) for shown in walk.history)
    await walk.choose("once", "date")
    await walk.write("übermorgen um 15 Uhr", "district")
    assert label("de", "flow.skip") not in labels(walk.message)
    await walk.choose("any", "needs")
    await walk.press("flow.skip", "contact")
    await walk.choose("here", "check")
    line = {"what": label("de", "room_request.needs_short"), "value": label("de", "flow.not_said")}
    assert pattern("de", "flow.line", **line).search(walk.message["text"])


async def test_to_pass_over_a_question_that_is_needed_is_no_answer(world: World) -> None:
    walk = await begin(world.phone("de"), "room_request", "purpose")
    await walk.choose("meeting", "people")
    again = await walk.write("überspringen", "people")
    assert pattern("de", "flow.wrong_dont_know").search(again["text"])


@pytest.mark.parametrize("by_command", [False, True])
async def test_stop_keeps_the_answers_and_the_way_back(world: World, *, by_command: bool) -> None:
    rana = world.phone("ar")
    walk = await up_to_rhythm(rana)
    if by_command:
        await rana.send("/stop")
    else:
        await rana.press(walk.message, "flow.stop")
    stopped = await rana.until(
        lambda one: on_with("room_request", "ar") in labels(one) and label("ar", "flow.erase") in labels(one)
    )
    assert not any(label("ar", "flow.stop") in labels(one) for one in await rana.messages())
    await goes_on_at_rhythm(walk, stopped)


async def test_what_is_written_after_stop_is_no_answer(world: World) -> None:
    rana = world.phone("de")
    await up_to_rhythm(rana)
    await rana.ask("/stop")
    sent = await rana.send("Einmal")
    assert not pattern("de", "room_request.date").search((await rana.next_from_bot(sent))["text"])


async def test_stop_said_in_words_stops(world: World) -> None:
    rana = world.phone("de")
    await up_to_rhythm(rana)
    sent = await rana.send("Stopp, ich möchte aufhören")
    stopped = await rana.next_from_bot(sent)
    assert on_with("room_request", "de") in labels(stopped)


@pytest.mark.parametrize("stopped", [False, True])
async def test_the_menu_leads_back_into_the_flow(world: World, *, stopped: bool) -> None:
    rana = world.phone("uk")
    walk = await up_to_rhythm(rana)
    if stopped:
        await rana.ask("/stop")
    await goes_on_at_rhythm(walk, await topics(rana))


async def test_answers_can_be_deleted_after_stop(world: World) -> None:
    rana = world.phone("pl")
    await up_to_rhythm(rana)
    stopped = await rana.ask("/stop")
    await rana.press(stopped, "flow.erase")
    await rana.reads("flow.erased")
    assert on_with("room_request", "pl") not in labels(await topics(rana))
    await begin(rana, "room_request", "purpose")


async def test_who_begins_again_chooses_to_go_on_or_to_start_over(world: World) -> None:
    rana = world.phone("de")
    walk = await up_to_rhythm(rana)
    await rana.ask("/stop")
    menu = await topics(rana)
    await rana.press(menu, "topic.rooms")
    await rana.press(await rana.reads("topic.rooms_head", after=menu["message_id"] - 1), "room_request.begin")
    choice = await rana.reads("flow.begun_before", after=menu["message_id"], step=3, of=8)
    await goes_on_at_rhythm(walk, choice)
    await rana.press(choice, "flow.restart")
    await walk.asked("purpose", after=choice["message_id"])
    await walk.choose("sport", "people")


async def test_a_second_flow_sets_the_first_aside_with_its_answers(world: World) -> None:
    rana = world.phone("en")
    rooms = await up_to_rhythm(rana)
    money = await begin(rana, "funding_finder", "registered")
    assert not any(label("en", "room_request.rhythm_once") in labels(one) for one in await rana.messages())
    await money.choose("yes", "seat")
    stopped = await rana.ask("/stop")
    await rana.press(stopped, "flow.erase")
    await rana.reads("flow.erased")
    await goes_on_at_rhythm(rooms, await topics(rana))
