"""What people ask is counted for the evaluation, and how many they were, without anybody being noted under a topic
that is nobody's business."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bot.insight.evaluation import Evaluation, evaluate
from bot.insight.periods import around
from bot.insight.suppression import FEW, Figure
from bot.storage.models import Case, Counter, Visit, VisitSalt, WeeklyPeople
from bot.storage.visits import ALL
from tests.bot.conversation.passing import look, set_clock
from tests.bot.stage import Colleague, Stage, Visitor
from tests.conftest import Clock

HALL, INSULT = "Ich brauche einen Saal", "Mein Kollege beleidigt mich"


async def november(stage: Stage) -> Evaluation:
    now = stage.parts.clock()
    async with stage.database.read() as session:
        return await evaluate(session, around("month", now.date()), ZoneInfo("Europe/Berlin"), now.date())


async def test_people_and_questions_from_the_first_word_to_the_evaluation(stage: Stage, clock: Clock) -> None:
    stage.rasa.knows(HALL, "rooms.event")
    stage.rasa.gives_up("?")
    for number in range(7):
        person = Visitor(stage, chat_id=2000 + number, language="tr" if number else "de")
        await person.writes(HALL)
        await person.writes(HALL)
    await person.writes("?")
    found = await november(stage)
    rows = {row.key: row.figures for row in found.tables[1].rows}
    assert (found.tables[1].key, rows["rooms"][0].value if rows["rooms"][0] else 0) == ("topics", None)
    assert (rows[""][0], found.headline.questions) == (FEW, Figure(15))
    assert found.headline.new_people == Figure(7)
    set_clock(clock, "2026-11-30T09:00")
    await look(stage)
    people = {(row.topic, row.language): row.people for row in await stage.all(WeeklyPeople)}
    assert (people[ALL, ALL], people["rooms", ALL], people["rooms", "de"], people[ALL, "tr"]) == (7, 7, 1, 6)
    assert await stage.all(Visit) == await stage.all(VisitSalt) == []


async def test_who_asks_about_discrimination_is_noted_under_no_topic(stage: Stage, rana: Visitor) -> None:
    entry = next(entry.id for entry in stage.parts.library.entries("discrimination", "de"))
    stage.rasa.knows(INSULT, entry)
    await rana.writes(INSULT)
    assert [visit.topic for visit in await stage.all(Visit)] == [""]
    assert ("answered", entry) in {(row.name, row.key) for row in await stage.all(Counter)}


async def test_who_is_forgotten_is_in_no_week(stage: Stage, rana: Visitor) -> None:
    stage.rasa.knows(HALL, "rooms.event")
    await rana.writes(HALL)
    assert len(await stage.all(Visit)) == 1
    await rana.writes("/forget")
    await rana.presses("forget", "yes")
    assert await stage.all(Visit) == []


async def test_asked_by_a_button_and_asked_in_words_are_two_things(stage: Stage, rana: Visitor) -> None:
    stage.rasa.knows(HALL, "rooms.event")
    await rana.writes(HALL)
    await rana.presses_data("ask:rooms.event")
    await rana.writes("Wie wird das Wetter?")
    counted = {(row.name, row.key): row.value for row in await stage.all(Counter)}
    assert counted == {("answered", "rooms.event"): 1, ("opened", "rooms.event"): 1, ("out_of_scope", ""): 1,
                       ("new_person", ""): 1}  # fmt: skip


async def test_the_wait_is_measured_from_the_consent_in_all_and_in_opening_hours(
    stage: Stage, rana: Visitor, anna: Colleague, clock: Clock
) -> None:
    stage.rasa.knows(HALL, "rooms.event")
    await rana.writes(HALL)
    set_clock(clock, "2026-11-24T15:30")
    await rana.writes("/human")
    clock.forward(minutes=5)
    await rana.presses("consent", "yes")
    set_clock(clock, "2026-11-25T10:00")
    await anna.writes(await stage.only_case(), "Guten Tag")
    case: Case = await stage.only_case()
    assert (case.waited, case.waited_open) == (int(18 * 3600 + 25 * 60), 25 * 60 + 3600)
    counted = {(row.name, row.key) for row in await stage.all(Counter)}
    assert ("handed_off", "rooms") in counted
