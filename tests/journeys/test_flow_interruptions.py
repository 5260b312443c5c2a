"""In the middle of a guided flow people ask something else, get stuck, change the language, are in danger."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.conftest import World
from tests.journeys.phone import labels
from tests.journeys.test_rights import erase, everything_forgotten, rows_with, secret
from tests.journeys.walk import begin, on_with, up_to_rhythm
from tests.journeys.words import HOW_MANY_MEMBERS, LIBRARY, entry, label, pattern

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]
SATZUNG = {"de": "Was bedeutet Satzung?", "tr": "Satzung ne demek?", "ar": "ما معنى Satzung؟"}
DYING = {"de": "ich will nicht mehr leben", "ar": "بدي موت"}


@pytest.mark.parametrize("language", HOW_MANY_MEMBERS)
async def test_another_question_is_answered_and_the_open_one_comes_back_below(world: World, language: str) -> None:
    rana = world.phone(language)
    walk = await up_to_rhythm(rana)
    before = walk.message
    sent = await rana.send(HOW_MANY_MEMBERS[language])
    answer = await rana.reads("answer.as_of", after=sent)
    assert answer["text"].startswith(entry("founding.members_needed", language).question)
    await walk.asked("rhythm", after=answer["message_id"])
    assert pattern(language, "flow.head", step=3, of=8).search(walk.message["text"])
    old = await rana.until(lambda one: one["message_id"] == before["message_id"] and not one["buttons"])
    assert old["text"] == before["text"]
    await walk.choose("once", "date")


async def test_a_question_pressed_under_that_answer_keeps_the_way_back(world: World) -> None:
    rana = world.phone("de")
    walk = await up_to_rhythm(rana)
    answer = await rana.reads("answer.as_of", after=await rana.send(HOW_MANY_MEMBERS["de"]))
    await walk.asked("rhythm", after=answer["message_id"])
    related = entry("founding.members_needed", "de").related[0]
    await rana.press(answer, related)
    second = await rana.sees(entry(related, "de").question, after=walk.message["message_id"])
    await rana.press(second, on_with("room_request", "de"))
    await walk.asked("rhythm", after=second["message_id"])
    await walk.choose("once", "date")


@pytest.mark.parametrize("language", SATZUNG)
async def test_a_word_is_explained_and_the_question_comes_back(world: World, language: str) -> None:
    rana = world.phone(language)
    walk = await up_to_rhythm(rana)
    sent = await rana.send(SATZUNG[language])
    told = await rana.sees(LIBRARY.glossary.term("Satzung", language).explanation, after=sent)
    await walk.asked("rhythm", after=told["message_id"])
    await walk.choose("once", "date")


@pytest.mark.parametrize("kind", ["photo", "voice"])
async def test_what_is_no_text_is_no_answer_and_loses_nothing(world: World, kind: str) -> None:
    rana = world.phone("de")
    walk = await up_to_rhythm(rana)
    told = await rana.reads("media.text_only", after=await rana.send(None, **{kind: True}))
    await rana.press(told, on_with("room_request", "de"))
    await walk.asked("rhythm", after=told["message_id"])
    await walk.choose("once", "date")


async def test_wrong_answers_are_explained_then_shorter_then_a_person_is_offered(world: World) -> None:
    rana = world.phone("tr")
    walk = await begin(rana, "room_request", "purpose")
    await walk.choose("meeting", "people")
    human = label("tr", "button.human")
    first = await walk.write("epey kalabalık", "people")
    assert label("tr", "room_request.people_example") in first["text"]
    second = await walk.write("epey kalabalık", "people")
    assert pattern("tr", "flow.wrong_again").search(second["text"])
    assert label("tr", "room_request.people_example") not in second["text"]
    assert human not in labels(second)
    third = await walk.write("epey kalabalık", "people")
    assert pattern("tr", "flow.wrong_person").search(third["text"])
    assert labels(third)[0] == human
    await rana.press(third, "button.human")
    question = await rana.reads("handoff.consent")
    await rana.press(question, "button.consent_no")
    offer = await rana.reads("flow.continue_offer", after=question["message_id"])
    await rana.press(offer, on_with("room_request", "tr"))
    await walk.asked("people", after=offer["message_id"] - 1)
    await walk.write("kırk kişi", "rhythm")
    assert not pattern("tr", "flow.wrong_person").search(walk.message["text"])


async def test_an_answer_that_fits_forgets_the_wrong_ones_before(world: World) -> None:
    walk = await begin(world.phone("tr"), "room_request", "purpose")
    await walk.choose("meeting", "people")
    for _ in range(2):
        await walk.write("epey kalabalık", "people")
    await walk.write("kırk kişi", "rhythm")
    await walk.choose("once", "date")
    again = await walk.write("epey kalabalık", "date")
    assert label("tr", "room_request.date_example") in again["text"]


async def test_the_language_is_changed_and_the_question_comes_in_the_new_one(world: World) -> None:
    rana = world.phone("de")
    walk = await up_to_rhythm(rana)
    choice = await rana.reads("language.choose", after=await rana.send("/language"))
    await rana.press(choice, "فارسی")
    rana.language = "fa"
    await walk.asked("rhythm", after=choice["message_id"])
    assert not any(label("de", "room_request.rhythm_once") in labels(one) for one in await rana.messages())
    await walk.choose("once", "date")
    await walk.press("flow.back", "rhythm")
    await walk.press("flow.back", "people")


async def test_who_answers_in_another_language_is_understood_and_may_stay_in_it(world: World) -> None:
    rana = world.phone("de")
    walk = await begin(rana, "room_request", "purpose")
    sent = await rana.send("Репетиция нашего детского хора перед праздником")
    rana.language = "ru"
    await walk.asked("people", after=sent)
    offer = await rana.reads("language.offer", after=walk.message["message_id"])
    await rana.press(offer, "Русский")
    await walk.asked("people", after=offer["message_id"])
    await walk.write("человек тридцать", "rhythm")


@pytest.mark.parametrize("language", DYING)
async def test_words_of_crisis_get_the_numbers_first_and_the_flow_is_kept(world: World, language: str) -> None:
    rana = world.phone(language)
    walk = await up_to_rhythm(rana)
    sent = await rana.send(DYING[language])
    numbers = await rana.next_from_bot(sent)
    assert "0800 111 0 111" in numbers["text"]
    assert numbers["message_id"] == (await rana.messages())[-1]["message_id"], "no question of the flow below it"
    await rana.press(numbers, on_with("room_request", language))
    await walk.asked("rhythm", after=numbers["message_id"])
    await walk.choose("once", "date")


async def test_mydata_shows_the_answers_so_far(world: World) -> None:
    rana = world.phone("de")
    walk = await begin(rana, "room_request", "purpose")
    await walk.write(f"Fest mit {secret(rana)}", "people")
    await walk.choose("80", "rhythm")
    data = await rana.reads("privacy.mydata_flow", after=await rana.send("/mydata"))
    assert secret(rana) in data["text"]
    assert pattern("de", "flow.line", what=label("de", "room_request.people_short"), value=80).search(data["text"])
    await walk.choose("once", "date")


@pytest.mark.parametrize("stopped", [False, True])
async def test_forget_erases_the_answers(world: World, world_file: Path, *, stopped: bool) -> None:
    rana = world.phone("ar")
    walk = await begin(rana, "room_request", "purpose")
    await walk.write(f"حفلة لأطفال جمعيتنا {secret(rana)}", "people")
    assert list(rows_with(world_file, secret(rana))), "the search finds what is there"
    if stopped:
        await rana.ask("/stop")
    await erase(rana)
    await everything_forgotten(world_file, str(rana.user), secret(rana))
    late = await rana.press_data(walk.message["message_id"], walk.message["buttons"][0][0]["data"], stale=True)
    assert late["text"] == label("ar", "button.stale")
