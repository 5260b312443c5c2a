"""A group on its way to an association: asked once, ticked off over weeks, printed, taken up again, deleted."""

from __future__ import annotations

import re
import sqlite3
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.journeys.checklist import PROFILE, STEPS, Checklist, answer, profile, reminded
from tests.journeys.conftest import World
from tests.journeys.phone import labels
from tests.journeys.traces import printed, rows_of, today
from tests.journeys.walk import Walk, begin
from tests.journeys.words import PHRASES, SPOKEN, pattern

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]

NOT_NEEDED = {"two_people", "employer", "certificates_of_conduct"}
"""By the answers of PROFILE; thirteen steps remain."""
SAID = {"de": "Meine Checkliste", "en": "show me my checklist", "tr": "Kontrol listemi göster",
        "ar": "قائمة الخطوات الخاصة بي"}  # fmt: skip
TWO_WEEKS = timedelta(days=14)
"""VereinsG-DVO § 19 (1): an association of foreigners is to be notified within two weeks of its founding."""


@pytest.mark.parametrize("language", SPOKEN)
async def test_a_few_answers_by_button_lead_to_the_list_with_what_is_next(world: World, language: str) -> None:
    rana = world.phone(language)
    checklist = await (await profile(rana)).shows(0, 13)
    first = STEPS["idea"]
    said = pattern(language, "founding_checklist.next", step=first.title(language), hint=first.hint(language))
    assert said.search(checklist.message["text"])
    assert {step for step in STEPS if not checklist.offers(step)} == NOT_NEEDED


@pytest.mark.parametrize(("answers", "needed"), [
    ({"outside_eu": "no"}, 12),
    ({"outside_eu": "no", "charitable": "no"}, 10),
    ({"charitable": "dont_know"}, 13),
    ({"registered": "no", "charitable": "no", "employees": "yes", "children": "yes", "outside_eu": "no"}, 9),
], ids=["members from the EU", "neither of the two", "not yet decided", "without registration"])  # fmt: skip
async def test_steps_that_a_group_does_not_need_are_not_offered(
    world: World, answers: dict[str, str], needed: int
) -> None:
    checklist = await (await profile(world.phone("de"), **answers)).shows(0, needed)
    given = PROFILE | answers
    assert checklist.offers("notify_authority") is (given["outside_eu"] == "yes")
    assert checklist.offers("seven_people") is (given["registered"] == "yes")
    assert checklist.offers("two_people") is (given["registered"] == "no")
    assert checklist.offers("charitable_status") is (given["charitable"] != "no")
    assert checklist.offers("employer") is (given["employees"] == "yes")
    assert checklist.offers("certificates_of_conduct") is (given["children"] == "yes")


async def test_a_step_is_ticked_and_the_tick_taken_back(world: World) -> None:
    checklist = await profile(world.phone("tr"))
    await checklist.tick("idea")
    await checklist.shows(1, 13)
    await checklist.tick("bank_account")
    await checklist.shows(2, 13)
    following = STEPS["seven_people"]
    said = pattern("tr", "founding_checklist.next", step=following.title("tr"), hint=following.hint("tr"))
    assert said.search(checklist.message["text"]), "the first step that is open comes next"
    await checklist.tick("idea", "✅")
    await checklist.shows(1, 13)
    assert sum(one.startswith("✅ ") for one in labels(checklist.message)) == 1


@pytest.mark.parametrize("language", ["de", "ar", "fa"])
async def test_groups_from_outside_the_eu_read_the_day_two_weeks_after_their_meeting(
    world: World, language: str
) -> None:
    checklist = await profile(world.phone(language))
    await checklist.met_on(today())
    await checklist.shows(1, 13)
    last = PHRASES.day(language, today() + TWO_WEEKS)
    title = STEPS["notify_authority"].title(language)
    assert pattern(language, "founding_checklist.deadline", step=title, day=last).search(checklist.message["text"])
    await checklist.tick("notify_authority")
    await checklist.shows(2, 13)
    assert last not in checklist.message["text"], "what is done has no deadline"


async def test_whoever_missed_the_two_weeks_is_told_to_make_up_for_it(world: World) -> None:
    met = (today().replace(day=1) - timedelta(days=20)).replace(day=7)
    checklist = await profile(world.phone("de"))
    await checklist.met_on(met)
    await checklist.shows(1, 13)
    over = pattern("de", "founding_checklist.deadline_over", day=PHRASES.day("de", met + TWO_WEEKS))
    assert over.search(checklist.message["text"])
    assert not pattern("de", "founding_checklist.deadline").search(checklist.message["text"])


async def test_groups_from_the_eu_read_of_no_deadline(world: World) -> None:
    checklist = await profile(world.phone("en"), outside_eu="no")
    await checklist.met_on(today())
    await checklist.shows(1, 12)
    assert not pattern("en", "founding_checklist.deadline").search(checklist.message["text"])


async def test_the_day_of_the_meeting_cannot_lie_ahead(world: World) -> None:
    checklist = await profile(world.phone("de"))
    await checklist.tick("founding_meeting")
    question = await checklist.phone.reads("founding_checklist.which_day")
    assert str(today().day) in labels(question)
    run = re.search(r"ticked:(\d+):", str(question["buttons"]))
    assert run is not None
    ahead = f"ticked:{run[1]}:founding_meeting:{today() + timedelta(days=1)}"
    toast = await checklist.phone.press_data(question["message_id"], ahead, stale=True)
    assert toast["text"] == PHRASES.say("de", "button.stale")


@pytest.mark.parametrize("language", list(SAID))
async def test_the_list_comes_back_by_the_menu_and_by_asking_for_it(world: World, language: str) -> None:
    rana = world.phone(language)
    checklist = await profile(rana)
    await checklist.tick("idea")
    await checklist.shows(1, 13)
    said = pattern(language, "founding_checklist.head", done=1, of=13)
    menu = await rana.ask("/start")
    await rana.press(menu, "topic.founding")
    topic = await rana.reads("topic.founding_head", after=menu["message_id"] - 1)
    await rana.press(topic, "founding_checklist.begin")
    again = await rana.until(lambda one: one["message_id"] > menu["message_id"] and bool(said.search(one["text"])))
    assert said.search((await rana.ask(SAID[language]))["text"])
    assert again["buttons"], "an older list can still be pressed"


async def test_changed_answers_keep_the_ticks(world: World) -> None:
    checklist = await profile(world.phone("de"))
    await checklist.tick("statutes_check")
    await checklist.shows(1, 13)
    await checklist.met_on(today())
    await checklist.shows(2, 13)
    await checklist.tap("founding_checklist.change")
    walk = Walk(checklist.phone, "founding_checklist", checklist.message, "registered")
    await walk.asked("registered", after=checklist.message["message_id"])
    changed = await answer(walk, PROFILE | {"employees": "yes", "keep": "yes"})
    await changed.shows(2, 14)
    assert changed.offers("employer")


async def test_an_answer_is_corrected_from_the_summary_and_the_rest_stays(world: World) -> None:
    rana = world.phone("uk")
    walk = await begin(rana, "founding_checklist", "registered")
    answers = PROFILE | {"keep": "yes"}
    for choice, then in zip(answers.values(), [*list(answers)[1:], "check"], strict=True):
        await walk.choose(choice, then)
    children = PHRASES.say("uk", "founding_checklist.children_short")
    await walk.press(PHRASES.say("uk", "flow.correct", {"what": children}), "children")
    await walk.choose("yes", "check")
    await walk.tap(PHRASES.say("uk", "founding_checklist.check_yes"))
    await Checklist(rana, walk.message).shows(0, 14)


async def test_typed_answers_lead_to_the_same_list(world: World) -> None:
    rana = world.phone("de")
    walk = await begin(rana, "founding_checklist", "registered")
    for text, then in (("ja", "charitable"), ("weiß nicht", "employees"), ("nein", "children"), ("nö", "outside_eu"),
                       ("ja klar", "keep"), ("ja bitte", "check")):  # fmt: skip
        await walk.write(text, then)
    sent = await rana.send("ja")
    said = pattern("de", "founding_checklist.head", done=0, of=13)
    await rana.until(lambda one: one["message_id"] > sent and bool(said.search(one["text"])))


async def test_the_list_comes_as_a_message_with_every_step_that_is_needed(world: World) -> None:
    checklist = await profile(world.phone("pl"))
    await checklist.tick("idea")
    await checklist.shows(1, 13)
    await checklist.tap("founding_checklist.message")
    copy = await checklist.phone.sees(f"✅ {STEPS['idea'].title('pl')}", after=checklist.message["message_id"])
    for name, step in STEPS.items():
        assert (step.title("pl") in copy["text"] and step.hint("pl") in copy["text"]) is (name not in NOT_NEEDED)
    assert copy["text"].count("⬜") == 12
    assert not copy["buttons"]


@pytest.mark.parametrize("language", ["de", "ar", "fa", "ru"])
async def test_the_list_comes_as_a_pdf_with_the_german_words_beside(world: World, language: str) -> None:
    checklist = await profile(world.phone(language))
    await checklist.tap("founding_checklist.pdf")
    sent = await checklist.phone.until(lambda one: one["media"] == "document")
    assert sent["file_name"].endswith(".pdf")
    pdf = await printed(checklist.phone, sent)
    lines = {one for line in pdf.lines for one in (line.text, line.backwards)}
    for title in (STEPS["board"].title(language), STEPS["registration"].title(language)):
        assert any(title.startswith(line) for line in lines if len(line) > 8), title
    assert "Vorstand" in lines
    assert len([box for page in pdf.pages for box in page.boxes]) == len(STEPS)


async def test_a_person_chooses_when_to_be_reminded_and_sees_it_under_what_is_held(world: World) -> None:
    rana = world.phone("en")
    checklist = await profile(rana)
    await reminded(checklist, 7, "18:00")
    moment = datetime.combine(today() + timedelta(days=7), datetime.min.time(), PHRASES.zone).replace(hour=18)
    await rana.reads("founding_checklist.will_remind", when=PHRASES.when("en", moment))
    data = await rana.reads("privacy.mydata", after=await rana.send("/mydata"))
    assert pattern("en", "privacy.mydata_reminder", when=PHRASES.when("en", moment)).search(data["text"])


async def test_what_is_held_of_the_list_can_be_seen(world: World) -> None:
    rana = world.phone("de")
    checklist = await profile(rana)
    await checklist.tick("idea")
    await checklist.shows(1, 13)
    data = await rana.reads("privacy.mydata", after=await rana.send("/mydata"))
    assert STEPS["idea"].title("de") in data["text"]
    assert PHRASES.say("de", "founding_checklist.outside_eu_short") in data["text"]


async def test_a_deleted_list_is_gone_with_its_reminder(world: World, world_file: Path) -> None:
    rana = world.phone("ar")
    checklist = await profile(rana)
    await reminded(checklist, 1, "9:00")
    assert rows_of(world_file, rana, "flow_run")
    assert rows_of(world_file, rana, "reminder")
    await checklist.tap("flow.erase")
    await rana.reads("flow.erased")
    assert not rows_of(world_file, rana, "flow_run")
    assert not rows_of(world_file, rana, "reminder")
    asked = await rana.ask(SAID["ar"])
    assert pattern("ar", "founding_checklist.registered").search(asked["text"]), "the next list begins with nothing"


async def test_forget_erases_the_list_and_the_reminder(world: World, world_file: Path) -> None:
    rana = world.phone("fa")
    checklist = await (await profile(rana)).shows(0, 13)
    await reminded(checklist, 3, "12:00")
    number = re.search(r"tick:(\d+):", str(checklist.message["buttons"]))
    assert number is not None
    await rana.press(await rana.reads("privacy.forget_question", after=await rana.send("/forget")), "button.forget_yes")
    await rana.reads("privacy.erased")
    with sqlite3.connect(f"file:{world_file}?mode=ro", uri=True) as database:
        assert not database.execute("SELECT * FROM flow_run WHERE id = ?", (int(number[1]),)).fetchall()
        orphans = "SELECT * FROM reminder WHERE person_id NOT IN (SELECT id FROM person)"
        assert not database.execute(orphans).fetchall()
    database.close()
    late = await rana.press_data(checklist.message["message_id"], f"tick:{number[1]}:idea", stale=True)
    assert late["text"] == PHRASES.say("fa", "button.stale")


async def test_who_does_not_want_it_kept_reads_how_long_it_lasts(world: World) -> None:
    checklist = await (await profile(world.phone("de"), keep="no")).shows(0, 13)
    assert PHRASES.say("de", "founding_checklist.not_kept", {"count": 14}) in checklist.message["text"]
    kept = await (await profile(world.phone("de"))).shows(0, 13)
    assert not pattern("de", "founding_checklist.not_kept").search(kept.message["text"])


async def test_who_stops_changing_a_list_that_is_kept_reads_that_it_stays(world: World) -> None:
    checklist = await profile(world.phone("de"))
    await checklist.tap("founding_checklist.change")
    walk = Walk(checklist.phone, "founding_checklist", checklist.message, "registered")
    await walk.asked("registered", after=checklist.message["message_id"])
    await walk.phone.press(walk.message, "flow.stop")
    await walk.phone.reads("flow.stopped_kept")
    assert (await walk.phone.messages())[-1]["text"].endswith("bis Sie sie löschen.")
