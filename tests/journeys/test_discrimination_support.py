"""Help after discrimination: little is asked, the last day of the limit is right, and nothing of it stays anywhere."""

from __future__ import annotations

import calendar
import sqlite3
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.conversation.flows.documents import RECORD
from flows.discrimination_support.actions import last_day
from tests.journeys.conftest import World
from tests.journeys.office import consent
from tests.journeys.phone import Message, Phone, labels
from tests.journeys.traces import printed, rows_of, today
from tests.journeys.walk import Walk, begin
from tests.journeys.words import LIBRARY, PHRASES, SPOKEN, entry, pattern

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]

FLOW = "discrimination_support"
NUMBERS = ("110", "112", "0800 111 0 111", "0800 111 0 222")
LAST_MONDAY = {"de": "letzten Montag", "ar": "الاثنين الماضي", "fa": "دوشنبه گذشته"}
YES = {"de": "ja", "en": "yes", "tr": "evet", "ar": "نعم", "ru": "да", "uk": "так", "pl": "tak", "fa": "بله"}


def two_months_after(day: date) -> date:
    """BGB § 188 (2), (3): the day with the same number, or the last one of a month that is too short for it."""
    year, month = divmod(day.year * 12 + day.month + 1, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


async def asked(phone: Phone) -> Walk:
    """Start from the menu; the first question is open."""
    return await begin(phone, FLOW, "danger")


async def safe(phone: Phone, area: str = "work") -> Walk:
    """Not in danger, and what it is about: the day is asked for."""
    walk = await asked(phone)
    await walk.choose("no", "area")
    await walk.choose(area, "since")
    return walk


async def wish(walk: Walk, choice: str) -> None:
    """Say what helps most, and confirm."""
    await walk.choose(choice, "check")
    await walk.tap(PHRASES.say(walk.phone.language, f"{FLOW}.check_yes"))


async def wished(phone: Phone, choice: str, area: str = "work") -> Message:
    """The whole way by buttons without a day; the message in which the questions stood then."""
    walk = await safe(phone, area)
    await walk.press("flow.skip", "wish")
    await wish(walk, choice)
    said = pattern(phone.language, f"{FLOW}.no_names")
    place = walk.message["message_id"]
    return await phone.until(lambda one: one["message_id"] == place and bool(said.search(one["text"])))


@pytest.mark.parametrize("language", SPOKEN)
@pytest.mark.parametrize("by", ["pressing", "writing"])
async def test_in_danger_the_numbers_come_at_once_and_nothing_else_is_asked(
    world: World, world_file: Path, language: str, by: str
) -> None:
    rana = world.phone(language)
    walk = await asked(rana)
    sent = walk.message["message_id"]
    if by == "pressing":
        await walk.tap(walk.named("yes"))
    else:
        sent = await rana.send(YES[language])
    reply = await rana.next_from_bot(sent)
    assert reply["text"][:15] == entry("smalltalk.crisis", language).text[:15]
    assert all(number in reply["text"] for number in NUMBERS)
    assert labels(reply)[0] == PHRASES.say(language, "button.human")
    await rana.until(lambda one: one["message_id"] == walk.message["message_id"] and not one["buttons"])
    assert (await rana.messages())[-1]["message_id"] == reply["message_id"]
    assert not rows_of(world_file, rana, "flow_run")


async def test_words_of_danger_in_the_middle_bring_the_numbers(world: World) -> None:
    rana = world.phone("de")
    walk = await safe(rana)
    reply = await rana.ask("er steht mit einem Messer vor meiner Tür")
    assert all(number in reply["text"] for number in NUMBERS)
    assert labels(reply)[0] == PHRASES.say("de", "button.human"), "a person comes before the way back to the questions"
    assert walk.message["message_id"] < reply["message_id"]


@pytest.mark.parametrize(("since", "until"), [
    (date(2026, 9, 14), date(2026, 11, 14)),
    (date(2026, 12, 31), date(2027, 2, 28)),
    (date(2027, 12, 31), date(2028, 2, 29)),
    (date(2026, 7, 31), date(2026, 9, 30)),
    (date(2026, 2, 28), date(2026, 4, 28)),
])  # fmt: skip
async def test_the_limit_ends_on_the_day_with_the_same_number_two_months_later(since: date, until: date) -> None:
    assert last_day(since) == until == two_months_after(since)


@pytest.mark.parametrize("language", list(LAST_MONDAY))
async def test_a_typed_day_leads_to_the_last_day_of_the_limit(world: World, language: str) -> None:
    rana = world.phone(language)
    walk = await safe(rana)
    await walk.write(LAST_MONDAY[language], "wish")
    monday = today() - timedelta(days=today().weekday() or 7)
    await walk.choose("what_to_do", "check")
    assert PHRASES.day(language, monday) in walk.message["text"]
    await walk.tap(PHRASES.say(language, f"{FLOW}.check_yes"))
    await rana.reads(f"{FLOW}.limit", day=PHRASES.day(language, two_months_after(monday)))


@pytest.mark.parametrize("language", list(LAST_MONDAY))
async def test_a_pressed_day_leads_to_the_last_day_of_the_limit(world: World, language: str) -> None:
    rana = world.phone(language)
    walk = await safe(rana)
    await press_day(walk, today())
    await walk.asked("wish", in_place=True)
    await wish(walk, "what_to_do")
    await rana.reads(f"{FLOW}.limit", day=PHRASES.day(language, two_months_after(today())))


@pytest.mark.parametrize("language", list(LAST_MONDAY))
async def test_whoever_comes_too_late_reads_that_it_is_over_and_that_counsel_still_helps(
    world: World, language: str
) -> None:
    rana = world.phone(language)
    walk = await safe(rana)
    day = (today().replace(day=1) - timedelta(days=100)).replace(day=3)
    await press_day(walk, day)
    await walk.asked("wish", in_place=True)
    await wish(walk, "counselling")
    await rana.reads(f"{FLOW}.limit_over", day=PHRASES.day(language, two_months_after(day)))
    assert not await rana.has_read(f"{FLOW}.limit")


async def press_day(walk: Walk, day: date) -> None:
    """Turn back to the month of `day`, and press it."""
    first = today().replace(day=1)
    while first > day.replace(day=1):
        first = (first - timedelta(days=1)).replace(day=1)
        await press_data(walk, f":{first}", lambda data: data.startswith("pick:"))
        await walk.shows(PHRASES.month(walk.phone.language, first))
    await press_data(walk, f":{day}", lambda data: data.startswith("answer:"))


async def press_data(walk: Walk, end: str, fits: Callable[[str], bool]) -> None:
    """Press the button whose meaning ends like this."""
    pressed = [button["data"] for row in walk.message["buttons"] for button in row]
    found = next(data for data in pressed if data.endswith(end) and fits(data))
    await walk.phone.press_data(walk.message["message_id"], found)


async def test_a_day_that_has_not_come_is_refused_kindly(world: World) -> None:
    walk = await safe(world.phone("de"))
    await walk.write("morgen", "since")
    assert pattern("de", "flow.wrong_future").search(walk.message["text"])


async def test_where_the_act_does_not_bind_other_limits_are_named(world: World) -> None:
    for area, other in (("police", True), ("work", False)):
        said = (await wished(world.phone("de"), "what_to_do", area))["text"]
        assert bool(pattern("de", f"{FLOW}.other_limits").search(said)) is other


async def test_area_and_day_may_be_passed_over(world: World) -> None:
    rana = world.phone("tr")
    walk = await asked(rana)
    await walk.choose("no", "area")
    await walk.press("flow.skip", "since")
    await walk.press("flow.skip", "wish")
    await walk.choose("what_to_do", "check")
    assert walk.message["text"].count(PHRASES.say("tr", "flow.not_said")) == 2
    await walk.tap(PHRASES.say("tr", f"{FLOW}.check_yes"))
    await rana.reads(f"{FLOW}.limit_unknown")
    await rana.sees(entry("discrimination.first_help", "tr").question)


@pytest.mark.parametrize("language", ["de", "ar"])
async def test_what_to_do_now_comes_with_a_record_to_print(world: World, language: str) -> None:
    rana = world.phone(language)
    shown = await wished(rana, "what_to_do", "housing")
    answer = await rana.sees(entry("discrimination.housing", language).question, after=shown["message_id"])
    await rana.press(answer, f"{FLOW}.record")
    sent = await rana.until(lambda one: one["media"] == "document")
    pdf = await printed(rana, sent)
    written = {text for line in pdf.lines for text in (line.text, line.backwards)}
    assert PHRASES.say(language, f"{FLOW}.record_where") in written
    assert len([line for page in pdf.pages for line in page.rules]) == sum(RECORD.values())
    assert pattern(language, f"{FLOW}.record_caption").search(sent["text"] or "")


async def test_counselling_contacts_come_if_they_are_wished_for(world: World) -> None:
    rana = world.phone("ru")
    shown = await wished(rana, "counselling")
    answer = await rana.sees(entry("discrimination.counselling", "ru").question, after=shown["message_id"])
    for id in entry("discrimination.counselling", "ru").contacts:
        assert LIBRARY.contact(id).name in answer["text"]


async def test_a_person_is_asked_for_only_after_consent_and_learns_nothing_of_the_answers(
    world: World, world_file: Path
) -> None:
    rana = world.phone("fa")
    await wished(rana, "person", "police")
    question = await rana.reads("handoff.consent")
    assert pattern("fa", "handoff.shared_nothing").search(question["text"])
    case = await consent(world, rana, question)
    texts = " ".join(await case.frau_a.texts_of_bot())
    assert PHRASES.say("de", f"{FLOW}.area_police") not in texts
    with sqlite3.connect(f"file:{world_file}?mode=ro", uri=True) as database:
        assert not database.execute("SELECT * FROM case_message WHERE case_id = ?", (int(case.number[2:]),)).fetchall()
    database.close()


async def test_whoever_declines_a_person_leaves_nothing(world: World, world_file: Path) -> None:
    rana = world.phone("pl")
    await wished(rana, "person")
    await rana.press(await rana.reads("handoff.consent"), "button.consent_no")
    await rana.reads("handoff.declined")
    for table in ("flow_run", "handoff_case", "exchange", "reminder"):
        assert not rows_of(world_file, rana, table), table


@pytest.mark.parametrize("by", ["button", "command"])
async def test_stopping_erases_at_once_and_says_so(world: World, world_file: Path, by: str) -> None:
    rana = world.phone("uk")
    walk = await safe(rana)
    assert rows_of(world_file, rana, "flow_run")
    if by == "button":
        await rana.press(walk.message, "flow.stop")
    else:
        await rana.send("/stop")
    await rana.reads("flow.stopped_erased")
    assert not rows_of(world_file, rana, "flow_run")
    late = await rana.press_data(walk.message["message_id"], walk.message["buttons"][-1][-1]["data"], stale=True)
    assert late["text"] == PHRASES.say("uk", "button.stale")
