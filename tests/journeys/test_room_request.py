"""Somebody asks the office for a room: by buttons alone, in their own words, with second thoughts."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.journeys.conftest import World
from tests.journeys.office import Case, new_case
from tests.journeys.phone import Message, Phone, labels
from tests.journeys.walk import Walk, begin, handed_in
from tests.journeys.words import PHRASES, SPOKEN, label, pattern

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]
FLOW = "room_request"
QUESTIONS = ("purpose", "people", "rhythm", "date", "time", "district", "needs", "contact")
MAIL = "rana@example.org"
SAID = {
    "de": ("Wir feiern unser Sommerfest mit allen Familien", "wir sind ungefähr vierzig", "einmal",
           "übermorgen um 15 Uhr", "Biebrich", "Küche, Beamer", MAIL),
    "ar": ("احتفال بعيد النوروز مع العائلات", "حوالي أربعين شخص", "مرة واحدة", "بعد غد الساعة ٣ العصر", "Biebrich",
           "مطبخ و جهاز عرض", MAIL),
    "uk": ("Репетиція нашого хору", "нас сорок", "один раз", "післязавтра о 15:00", "Biebrich", "кухня, проєктор",
           MAIL),
}  # fmt: skip
"""Answers in words: about forty people, the day after tomorrow at three, in Biebrich, with kitchen and projector."""
YES = {"de": "ja, passt", "ar": "نعم", "uk": "так"}


def today() -> date:
    return datetime.now(ZoneInfo("Europe/Berlin")).date()


async def press_a_day(walk: Walk, then: str) -> date:
    """Turn to the next month and press the fifteenth."""
    following = (today().replace(day=1) + timedelta(days=31)).replace(day=15)
    await walk.tap("➡")
    await walk.shows(PHRASES.month(walk.phone.language, following))
    await walk.tap("15")
    await walk.asked(then, in_place=True)
    return following


async def press_hours(walk: Walk, then: str) -> None:
    """From three to six."""
    await walk.tap("15:00")
    await walk.shows("– 18:00")
    await walk.tap("– 18:00")
    await walk.asked(then, in_place=True)


async def tick(walk: Walk, *wanted: str) -> None:
    """Tick boxes, one after the other."""
    for one in wanted:
        await walk.tap(one)
        await walk.shows(f"✅ {one}")


async def press_the_rest(walk: Walk) -> None:
    """District, needs and contact, up to the summary."""
    await walk.choose("Biebrich", "needs")
    await tick(walk, walk.named("step_free"), walk.named("kitchen"))
    await walk.press("flow.picked", "contact")
    await walk.choose("here", "check")


async def by_buttons(phone: Phone) -> tuple[Walk, date]:
    """The whole way up to the summary without a written word; the day that was pressed."""
    walk = await begin(phone, FLOW, "purpose")
    await walk.choose("celebration", "people")
    await walk.choose("30", "rhythm")
    await walk.choose("once", "date")
    day = await press_a_day(walk, "time")
    await press_hours(walk, "district")
    await press_the_rest(walk)
    return walk, day


async def send(world: World, walk: Walk) -> Case:
    """Press "send" under the summary; the case at the office."""
    await walk.phone.press(walk.message, f"{FLOW}.check_yes")
    sent = await walk.phone.reads(f"{FLOW}.sent")
    assert sent["message_id"] == walk.message["message_id"]
    return await handed_in(world, walk.phone, sent["message_id"])


def bullets(message: Message) -> list[str]:
    return [line.removeprefix("• ") for line in message["text"].splitlines() if line.startswith("• ")]


def german(slot: str, value: str) -> str:
    """A line of the summary as the office reads it; `value` is a choice of the question, or stands as it is."""
    return f"{label('de', f'{FLOW}.{slot}_short')}: {label('de', value)}"


def original(language: str, words: str) -> str:
    return PHRASES.say("de", f"{FLOW}.original", {
        "what": label("de", f"{FLOW}.purpose_short"), "language": PHRASES.name_of(language, "de"), "text": words,
    })  # fmt: skip


@pytest.mark.parametrize("language", SPOKEN)
async def test_the_whole_way_by_buttons_in_one_message_that_says_where_one_is(world: World, language: str) -> None:
    rana = world.phone(language)
    walk, day = await by_buttons(rana)
    assert len({one["message_id"] for one in walk.history}) == 1
    flow = label(language, f"{FLOW}.title")
    for place, shown in enumerate(walk.history[:-1], 1):
        assert pattern(language, "flow.head", flow=flow, step=place, of=8).search(shown["text"])
    for value in ("30", PHRASES.day(language, day), "15:00–18:00", "Biebrich"):
        assert value in walk.message["text"]
    case = await send(world, walk)
    kitchen, steps = label("de", f"{FLOW}.needs_kitchen"), label("de", f"{FLOW}.needs_step_free")
    assert bullets(await case.frau_a.reads("desk.shared_head")) == [
        label("de", f"{FLOW}.title"), german("purpose", f"{FLOW}.purpose_celebration"), german("people", "30"),
        german("rhythm", f"{FLOW}.rhythm_once"), german("date", PHRASES.day("de", day)), german("time", "15:00–18:00"),
        german("district", "Biebrich"), german("needs", f"{kitchen} und {steps}"),
        german("contact", f"{FLOW}.contact_here"),
    ]  # fmt: skip


@pytest.mark.parametrize("language", SAID)
async def test_the_whole_way_in_words_the_office_reads_german_with_the_original_beside(
    world: World, language: str
) -> None:
    rana, said = world.phone(language), SAID[language]
    walk = await begin(rana, FLOW, "purpose")
    for text, then in zip(said, ("people", "rhythm", "date", "district", "needs", "contact", "check"), strict=True):
        await walk.write(text, then)
    day = today() + timedelta(days=2)
    await rana.reads(f"{FLOW}.sent", after=await rana.send(YES[language]))
    case = await handed_in(world, rana, walk.message["message_id"])
    kitchen, projector = label("de", f"{FLOW}.needs_kitchen"), label("de", f"{FLOW}.needs_projector")
    assert bullets(await case.frau_a.reads("desk.shared_head")) == [
        label("de", f"{FLOW}.title"), german("purpose", said[0] if language == "de" else f"{FLOW}.see_original"),
        german("people", "40"),
        german("rhythm", f"{FLOW}.rhythm_once"), german("date", PHRASES.day("de", day)), german("time", "15:00"),
        german("district", "Biebrich"), german("needs", f"{kitchen} und {projector}"), german("contact", MAIL),
        *((original(language, said[0]),) if language != "de" else ()),
    ]  # fmt: skip


async def test_written_answers_stay_readable_above_as_what_was_understood(world: World) -> None:
    rana = world.phone("de")
    walk = await begin(rana, FLOW, "purpose")
    await walk.write("Probe unserer Tanzgruppe", "people")
    await walk.write("wir sind ungefähr vierzig", "rhythm")
    for asked, slot, value in zip(walk.history, QUESTIONS, ("Probe unserer Tanzgruppe", "40"), strict=False):
        receipt = await rana.reads("flow.received", after=asked["message_id"] - 1,
                                   what=label("de", f"{FLOW}.{slot}_short"), value=value)  # fmt: skip
        assert receipt["message_id"] == asked["message_id"]
        assert receipt["buttons"] == []


@pytest.mark.parametrize(("language", "weekly"), [("tr", "salı ve perşembe"), ("fa", "سه‌شنبه و پنجشنبه")])
async def test_regular_meetings_are_asked_for_weekdays_instead_of_a_day(
    world: World, language: str, weekly: str
) -> None:
    walk = await begin(world.phone(language), FLOW, "purpose")
    await walk.choose("course", "people")
    await walk.choose("20", "rhythm")
    await walk.choose("regular", "weekdays")
    assert pattern(language, "flow.head", flow=label(language, f"{FLOW}.title"), step=4, of=8).search(
        walk.message["text"])  # fmt: skip
    await walk.write(weekly, "time")
    await press_hours(walk, "district")
    await press_the_rest(walk)
    shared = bullets(await (await send(world, walk)).frau_a.reads("desk.shared_head"))
    assert german("weekdays", "Dienstag und Donnerstag") in shared
    assert not any(line.startswith(label("de", f"{FLOW}.date_short") + ":") for line in shared)


async def test_weekdays_can_be_ticked_and_taken_back(world: World) -> None:
    walk = await begin(world.phone("de"), FLOW, "purpose")
    await walk.choose("sport", "people")
    await walk.choose("20", "rhythm")
    await walk.choose("regular", "weekdays")
    assert label("de", "flow.picked") not in labels(walk.message)
    await tick(walk, "Montag", "Mittwoch", "Freitag")
    await walk.tap("✅ Mittwoch")
    await walk.shows("Mittwoch")
    await walk.press("flow.picked", "time")
    await walk.press("flow.back", "weekdays")


@pytest.mark.parametrize(("at", "written", "why"), [
    ("people", "0", "zero"), ("people", "niemand, 0 Leute", "zero"), ("people", "9000", "too_many"),
    ("people", "ein paar Freunde", "unclear"), ("date", "gestern", "past"), ("date", "am 3. Mai 2020", "past"),
    ("contact", "per Brieftaube", "no_contact"),
])  # fmt: skip
async def test_what_cannot_be_is_refused_kindly_with_an_example(world: World, at: str, written: str, why: str) -> None:
    walk = await begin(world.phone("de"), FLOW, "purpose")
    await walk.choose("celebration", "people")
    if at != "people":
        await walk.choose("30", "rhythm")
        await walk.choose("once", "date")
    if at == "contact":
        await walk.write("übermorgen um 15 Uhr", "district")
        await walk.choose("Biebrich", "needs")
        await walk.press("flow.picked_none", "contact")
    again = await walk.write(written, at)
    assert pattern("de", f"flow.wrong_{why}").search(again["text"])
    assert label("de", f"{FLOW}.{at}_example") in again["text"]
    assert labels(again) == labels(walk.history[-2])


@pytest.mark.parametrize(("language", "when"), [("de", "morgen um 3"), ("en", "tonight at 8"), ("pl", "pojutrze")])
async def test_a_day_is_a_day_and_no_cry_for_help(world: World, language: str, when: str) -> None:
    walk = await begin(world.phone(language), FLOW, "purpose")
    await walk.choose("meeting", "people")
    await walk.choose("20", "rhythm")
    await walk.choose("once", "date")
    await walk.write(when, "time" if language == "pl" else "district")


async def test_answers_are_corrected_from_the_summary(world: World) -> None:
    walk, _ = await by_buttons(world.phone("pl"))
    await correct(walk, "people")
    await walk.choose("80", "check")
    await correct(walk, "rhythm")
    await walk.choose("regular", "weekdays")
    await tick(walk, PHRASES.weekday("pl", 1))
    await walk.press("flow.picked", "check")
    shared = bullets(await (await send(world, walk)).frau_a.reads("desk.shared_head"))
    assert german("people", "80") in shared
    assert german("weekdays", "Dienstag") in shared
    assert not any(line.startswith(label("de", f"{FLOW}.date_short") + ":") for line in shared)


async def correct(walk: Walk, slot: str) -> None:
    """Press the button that opens an answer again."""
    short = label(walk.phone.language, f"{FLOW}.{slot}_short")
    await walk.tap(PHRASES.say(walk.phone.language, "flow.correct", {"what": short}))
    await walk.asked(slot, in_place=True)


async def topics_of(world: World) -> list[dict[str, Any]]:
    return [one for one in (await world.http.get("/sim/topics")).json() if not one["deleted"]]


async def test_sent_twice_is_one_case(world: World) -> None:
    rana = world.phone("ru")
    walk, _ = await by_buttons(rana)
    before = len(await topics_of(world))
    number = walk.message["message_id"]
    data = next(one["data"] for row in walk.message["buttons"] for one in row
                if one["text"] == label("ru", f"{FLOW}.check_yes"))  # fmt: skip
    await rana.press_three_times(number, data)
    case = await handed_in(world, rana, number)
    late = await rana.press_data(number, data, stale=True)
    assert late["text"] == label("ru", "button.stale")
    await rana.reads("handoff.status_queued", number=case.number)
    assert len(await topics_of(world)) == before + 1
    assert sum("•" in one["text"] for one in await case.frau_a.messages()) == 1


async def test_with_a_case_open_the_request_is_added_to_it(world: World) -> None:
    case = await new_case(world, "tr")
    walk, day = await by_buttons(case.person)
    await case.person.press(walk.message, f"{FLOW}.check_yes")
    await case.person.reads(f"{FLOW}.sent")
    await case.person.reads("handoff.status_queued", number=case.number, after=walk.message["message_id"])
    added = await case.frau_a.reads("desk.handed_in")
    assert not added["silent"]
    assert german("date", PHRASES.day("de", day)) in added["text"]


async def test_the_topic_tells_language_and_subject_and_nothing_about_the_person(world: World) -> None:
    rana = world.phone("ar")
    walk, _ = await by_buttons(rana)
    case = await send(world, walk)
    assert next(one["name"] for one in await topics_of(world) if one["id"] == case.topic) == (
        f"{case.number} · Arabisch · Räume"
    )
    everything = str(await case.frau_a.messages())
    assert f"Person {rana.user}" not in everything
    assert str(rana.user) not in everything


async def test_the_office_answers_in_the_chat(world: World) -> None:
    walk, _ = await by_buttons(world.phone("ar"))
    case = await (await send(world, walk)).taken()
    await case.frau_a.delivered(await case.frau_a.send("Der Saal ist frei."))
    await case.person.sees("Der Saal ist frei.")
    await case.person.delivered(await case.person.send("شكرا"))
    await case.frau_a.sees("شكرا")
