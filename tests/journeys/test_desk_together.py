"""Scene five: two colleagues at the web desk, the group, and a person's phone; what one does, the others see."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable
from datetime import timedelta
from pathlib import Path
from statistics import median

import pytest
import pytest_asyncio
from playwright.async_api import Route, expect
from sqlalchemy import update

from bot.app import now
from bot.storage.models import DeskSession
from tests.journeys.deskwork import PHONE, Office, Watch, an_office
from tests.journeys.office import Case, ask_for_consent, consent, new_case
from tests.journeys.test_page import chromium as chromium
from tests.journeys.test_page import photographed
from tests.journeys.words import entry, pattern

pytestmark = [pytest.mark.browser, pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]
QUICK = 1.0
"""Seconds within which colleagues see what happened."""
WROTE = "مرحبا، نريد تأسيس جمعية ثقافية."
MEMBERS = "founding.members_needed"
TURNED = """hidden => {
  Object.defineProperty(document, "hidden", { configurable: true, value: hidden });
  document.dispatchEvent(new Event("visibilitychange"));
}"""
"""Another page comes before this one (true), or this one comes back."""
TYPED_DATE, TYPED_TIME, PLACE = "24.12.", "10:30", "Rathaus, Zimmer 7"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def shared(rasa_url: str, chromium: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    folder = tmp_path_factory.mktemp("desk")
    async with an_office(rasa_url, f"sqlite+aiosqlite:///{folder / 'bot.db'}", folder) as office:
        yield office


@pytest_asyncio.fixture(loop_scope="session")
async def office(shared: Office) -> AsyncIterator[Office]:
    yield shared
    await shared.leave()


async def taken_by_anna(office: Office, language: str = "de") -> Case:
    """A case that Frau A. has taken in the group."""
    return await (await new_case(office.world, language)).taken()


async def test_what_happens_is_on_both_screens_within_a_second(office: Office) -> None:
    anna, bernd = await office.colleague("anna"), await office.colleague("bernd")
    person, took = office.world.phone("ar"), []

    async def timed(seen: Awaitable[object]) -> None:
        watch = Watch()
        await seen
        took.append(watch.seconds)

    await person.ask("/start")
    question = await ask_for_consent(person)
    await bernd.stays()
    waiting = [expect(seat.page.locator("#s-waiting .row-case")).to_be_visible() for seat in (anna, bernd)]
    asked = asyncio.create_task(consent(office.world, person, question))
    await asyncio.gather(*map(timed, waiting))
    case = await asked
    for seat in (anna, bernd):
        await expect(seat.row(case.number)).to_contain_text("Arabisch")
    await expect(bernd.page).to_have_title(re.compile(r"^\(1\)"))
    gone = expect(bernd.page.locator("#s-colleagues").get_by_text("Frau A.")).to_be_visible()
    await asyncio.gather(anna.presses("case.take", anna.row(case.number)), timed(gone), case.header("claimed"))
    assert "Frau A." in (await case.header("claimed"))["text"]
    await person.reads("handoff.human_here", staff="Frau A.")
    assert await bernd.has_stayed()
    await bernd.opens_case(case)
    await bernd.stays()
    for text in (WROTE, "شكرا!", "هل أنتم هنا؟"):
        await asyncio.gather(person.send(text), *(timed(seat.sees_message(text)) for seat in (anna, bernd)))
    assert await bernd.has_stayed()
    assert median(took) < QUICK, took


async def test_whatever_is_sent_arrives_in_the_language_of_the_person(office: Office, tmp_path: Path) -> None:
    case = await taken_by_anna(office, "ar")
    anna, person = await office.colleague("anna"), case.person
    await anna.opens_case(case)
    await anna.picks("entry", entry(MEMBERS, "de").question, "mitglieder verein")
    preview = anna.page.locator("#panel [lang=ar]")
    await expect(preview).to_have_attribute("dir", "rtl")
    await anna.presses("case.send_this")
    await person.sees(entry(MEMBERS, "ar").question)
    await anna.picks("phrase", re.compile("^Bitte kommen Sie zum Gespräch"), "kommen gespräch")
    await anna.page.get_by_label("Tag").fill("gestern oder so")
    await anna.page.get_by_label("Uhrzeit").fill(TYPED_TIME)
    await anna.page.get_by_label("Ort").fill(PLACE)
    await anna.presses("case.to_preview")
    await expect(anna.page.get_by_label("Tag")).to_have_attribute("aria-invalid", "true")
    await anna.page.get_by_label("Tag").fill(TYPED_DATE)
    await anna.presses("case.to_preview")
    await anna.presses("case.send_this")
    invited = await person.sees("ندعوكم إلى لقاء معنا")
    assert PLACE in invited["text"]
    assert "24" in invited["text"]
    await anna.picks("term", "Amtsgericht")
    await anna.presses("case.send_this")
    assert re.search("[\u0600-\u06ff]{3}", (await person.sees("Amtsgericht"))["text"])
    await anna.writes("Bis bald!")
    await person.sees("Bis bald!")
    await case.frau_a.sees("Bis bald!")
    file = tmp_path / "Satzung Ü.pdf"
    file.write_bytes(b"%PDF-1.4 only for a test")
    await anna.unfolds("case.upload")
    await anna.page.locator("#file").set_input_files(file)
    await anna.page.locator("#caption").fill("Ihr Muster")
    await anna.presses("case.send_file")
    assert (await person.sees("Ihr Muster"))["file_name"] == "Satzung Ü.pdf"
    await expect(anna.page.locator("#conversation .delivery.delivered")).to_have_count(5)


async def test_a_note_stays_in_the_office(office: Office) -> None:
    case = await taken_by_anna(office)
    anna, bernd = await office.colleague("anna"), await office.colleague("bernd")
    await anna.opens_case(case)
    await bernd.opens_case(case)
    await anna.page.locator("#text").fill("Vorsicht: ruft oft an.")
    await anna.presses("case.send_note")
    await expect(await bernd.sees_message("Vorsicht")).to_contain_text(bernd.say("case.note_badge"))
    await case.frau_a.sees("Vorsicht")
    await anna.writes("Guten Tag!")
    await case.person.sees("Guten Tag!")
    assert "Vorsicht" not in str(await case.person.messages())


async def test_group_and_desk_show_the_same_conversation(office: Office) -> None:
    case = await taken_by_anna(office)
    anna = await office.colleague("anna")
    await anna.opens_case(case)
    await anna.writes("Vom Schreibtisch.")
    await case.herr_b.sees("Vom Schreibtisch.")
    await case.herr_b.send("Aus der Gruppe.")
    await case.herr_b.press(await case.herr_b.reads("desk.held", staff="Frau A."), "desk.button_join")
    await expect(await anna.sees_message("Aus der Gruppe.")).to_contain_text("Herr B.")
    await case.person.sees("Aus der Gruppe.")


async def test_a_message_in_a_colleagues_case_is_held_until_somebody_decides(office: Office) -> None:
    case = await taken_by_anna(office)
    bernd = await office.colleague("bernd")
    await bernd.opens_case(case)
    await bernd.writes("Ich weiß das.")
    held = await bernd.sees_message("Ich weiß das.")
    await expect(held).to_contain_text(bernd.say("case.held_question", staff="Frau A."))
    await case.person.delivered(await case.person.send("Hallo?"))
    assert "Ich weiß das." not in str(await case.person.messages())
    await bernd.presses("case.held_join", held)
    await case.person.sees("Ich weiß das.")


async def test_a_case_is_handed_over_finished_and_found_again(office: Office) -> None:
    case = await taken_by_anna(office)
    anna, bernd = await office.colleague("anna"), await office.colleague("bernd")
    await anna.opens_case(case)
    await case.person.send("Wir suchen einen Proberaum für Zupfinstrumente.")
    await anna.sees_message("Proberaum")
    await anna.unfolds("case.transfer")
    await anna.page.locator("#to").select_option(label="Herr B.")
    await anna.presses("case.transfer_button")
    await expect(bernd.page.locator("#s-mine").get_by_text(case.number)).to_be_visible()
    await case.person.reads("handoff.human_here", staff="Herr B.")
    await bernd.opens_case(case)
    await bernd.unfolds("case.finish")
    await bernd.page.locator("#summary").fill("Raum im Bürgerhaus ist angefragt.")
    await bernd.presses("case.finish_button")
    question = await case.person.reads("handoff.solved_question", number=case.number)
    await bernd.sees_state("return_offered")
    await case.person.press(question, "button.solved")
    await bernd.sees_state("resolved")
    await anna.opens("/search")
    await anna.page.locator("#q").fill("zupfinstrumente")
    await anna.presses("search.find")
    await expect(anna.page.locator(".row-case")).to_contain_text([case.number])
    await expect(anna.page.locator(".piece")).to_contain_text("Zupfinstrumente")


async def test_what_cannot_be_delivered_is_listed_with_the_reason(office: Office) -> None:
    case = await taken_by_anna(office)
    anna = await office.colleague("anna")
    await anna.opens_case(case)
    await case.person.control("block", user=case.person.user)
    await anna.sees_state("unreachable")
    await anna.writes("Ihr Termin ist am Montag.")
    await anna.sees(anna.say("case.refused_unreachable"))
    assert await anna.page.locator("#text").input_value() == "Ihr Termin ist am Montag."
    await anna.opens("/undelivered")
    await expect(anna.row(case.number)).to_contain_text("Ihr Termin ist am Montag.")
    await expect(anna.row(case.number)).to_contain_text(anna.say("case.failed_blocked"))


async def test_what_is_being_typed_survives_the_news(office: Office) -> None:
    case = await taken_by_anna(office)
    anna = await office.colleague("anna")
    await anna.opens_case(case)
    await anna.unfolds("case.finish")
    await anna.page.locator("#summary").fill("Halb geschrieben")
    await anna.page.locator("#text").press_sequentially("Ich schreibe ger")
    await case.person.send("Noch eine Frage!")
    await anna.sees_message("Noch eine Frage!")
    await anna.page.keyboard.type("ade")
    assert await anna.page.locator("#text").input_value() == "Ich schreibe gerade"
    assert await anna.page.locator("#summary").input_value() == "Halb geschrieben"
    await anna.presses("case.finish_button")
    await case.person.reads("handoff.solved_question")
    assert await anna.page.locator("#text").input_value() == "Ich schreibe gerade"


async def test_what_is_typed_while_a_message_is_on_its_way_stays(office: Office) -> None:
    case = await taken_by_anna(office)
    anna, on = await office.colleague("anna"), asyncio.Event()
    await anna.opens_case(case)

    async def slowly(route: Route) -> None:
        await on.wait()
        await route.continue_()

    await anna.page.route("**/write", slowly)
    await anna.page.locator("#text").fill("Der erste Satz.")
    await anna.page.keyboard.press("Control+Enter")
    await anna.page.locator("#text").press_sequentially(" Und noch")
    await anna.page.keyboard.press("Control+Enter")
    on.set()
    await case.person.sees("Der erste Satz.")
    await expect(anna.page.locator("#text")).to_have_value("Und noch")
    await anna.page.keyboard.type(" einer.")
    await anna.presses("case.send")
    await case.person.sees("Und noch einer.")
    await expect(anna.page.locator("#text")).to_have_value("")
    assert sum("Satz." in text for text in await case.person.texts_of_bot()) == 1


async def test_a_message_whose_answer_got_lost_is_not_sent_twice(office: Office) -> None:
    case = await taken_by_anna(office)
    anna = await office.colleague("anna")
    await anna.opens_case(case)
    anna.forgives("ERR_FAILED", "htmx:")

    async def lose_the_answer(route: Route) -> None:
        await route.fetch(max_redirects=0)
        await route.abort()

    await anna.page.route("**/write", lose_the_answer, times=1)
    await anna.writes("Nur einmal.")
    await anna.sees_message("Nur einmal.")
    await expect(anna.page.locator("#text")).to_have_value("Nur einmal.")
    await anna.presses("case.send")
    await expect(anna.page.locator("#text")).to_have_value("")
    await anna.writes("Das Nächste.")
    await case.person.sees("Das Nächste.")
    assert sum("Nur einmal." in text for text in await case.person.texts_of_bot()) == 1


async def test_a_page_that_nobody_sees_gives_its_stream_back_and_looks_again_when_somebody_does(
    office: Office,
) -> None:
    case = await taken_by_anna(office)
    anna, bernd = await office.colleague("anna"), await office.colleague("bernd")
    for seat in (anna, bernd):
        await seat.opens_case(case)
    await anna.page.evaluate(TURNED, arg=True)
    await case.person.send("Ist da jemand?")
    await bernd.sees_message("Ist da jemand?")
    await expect(anna.page.get_by_text("Ist da jemand?")).to_have_count(0)
    await anna.page.evaluate(TURNED, arg=False)
    await anna.sees_message("Ist da jemand?")
    watch = Watch()
    await case.person.send("Hallo?")
    await anna.sees_message("Hallo?")
    assert watch.seconds < QUICK


async def test_done_is_refused_when_the_person_has_written_meanwhile(office: Office) -> None:
    case = await taken_by_anna(office)
    anna = await office.colleague("anna")
    await anna.opens_case(case)
    await anna.unfolds("case.finish")
    await anna.page.locator("#summary").fill("Alles besprochen.")
    await anna.page.route("**/live", lambda route: route.abort())
    anna.forgives("ERR_FAILED", "htmx:")
    await case.person.delivered(await case.person.send("Eins noch."))
    await anna.presses("case.finish_button")
    await anna.sees_message("Eins noch.")
    await anna.sees_state("claimed")
    await expect(anna.page.locator("#case-notice [role=alert]")).to_be_visible()
    assert await anna.page.locator("#summary").input_value() == "Alles besprochen."
    assert not await case.person.has_read("handoff.solved_question")


async def test_of_two_who_take_at_once_one_wins_and_the_other_reads_who(office: Office) -> None:
    case = await new_case(office.world)
    seats = {"Frau A.": await office.colleague("anna"), "Herr B.": await office.colleague("bernd")}
    for seat in seats.values():
        await seat.opens_case(case)
    await asyncio.gather(*(seat.page.locator("#b-take").click(no_wait_after=True) for seat in seats.values()))
    for seat in seats.values():
        await seat.sees_state("claimed")
    owner = "Frau A." if "Frau A." in (await case.header("claimed"))["text"] else "Herr B."
    loser = next(seat for name, seat in seats.items() if name != owner)
    await expect(seats[owner].page.locator("#case-head")).to_contain_text(seats[owner].say("case.yours"))
    await expect(loser.page.locator("#case-head .owner")).to_contain_text(owner)
    await expect(loser.page.locator("#case-notice [role=alert]")).to_contain_text(f"Den Fall hat {owner}")
    assert sum(bool(pattern("de", "handoff.human_here").search(text)) for text in await case.person.texts_of_bot()) == 1


async def test_a_session_that_has_ended_leads_to_the_login_and_back(office: Office) -> None:
    case = await taken_by_anna(office)
    anna = await office.colleague("anna")
    await anna.opens_case(case)
    async with office.database.write() as session:
        await session.execute(update(DeskSession).values(seen_at=now() - timedelta(hours=9)))
    anna.forgives("401", "MIME type")
    await anna.writes("Zu spät.")
    await expect(anna.page.locator("#password")).to_be_visible()
    assert "Zu spät." not in str(await case.person.messages())


async def test_a_conversation_in_persian_looks_as_it_should(office: Office, tmp_path: Path) -> None:
    """Takes the pictures of the README."""
    waiting = [await new_case(office.world, language) for language in ("tr", "uk")]
    case = await new_case(office.world, "fa")
    anna = await office.colleague("anna")
    await photographed(anna.page, "desk-queue")
    await anna.opens_case(case)
    await anna.takes()
    await case.person.send("سلام، ما یک گروه موسیقی هستیم و می‌خواهیم یک انجمن (Verein) ثبت کنیم. از کجا شروع کنیم؟")
    asked = await anna.sees_message("گروه موسیقی")
    await expect(asked.locator(".words")).to_have_css("direction", "rtl")
    await anna.picks("entry", entry(MEMBERS, "de").question, "mitglieder verein")
    await anna.presses("case.send_this")
    await case.person.send("ممنون! آیا می‌توانیم حضوری صحبت کنیم؟")
    await anna.sees_message("حضوری")
    await anna.picks("phrase", re.compile("^Bitte kommen Sie zum Gespräch"), "kommen gespräch")
    for label, typed in (("Tag", TYPED_DATE), ("Uhrzeit", TYPED_TIME), ("Ort", PLACE)):
        await anna.page.get_by_label(label).fill(typed)
    await anna.presses("case.to_preview")
    await anna.presses("case.send_this")
    await anna.page.locator("#text").fill("Kommt mit zwei Leuten aus der Band, Satzung liegt noch nicht vor.")
    await anna.presses("case.send_note")
    await anna.sees_message("zwei Leuten")
    await expect(anna.page.locator("#conversation .delivery.delivered")).to_have_count(2)
    await anna.page.set_viewport_size({"width": 1280, "height": 1180})
    await anna.page.reload()
    await anna.page.evaluate("scrollTo(0, 0)")
    await photographed(anna.page, "desk-case")
    await anna.page.set_viewport_size(PHONE)
    await anna.page.locator("#scroll").evaluate("place => place.scrollTop = place.scrollHeight")
    await photographed(anna.page, "desk-phone")
    assert await anna.width() == PHONE["width"]
    assert len(waiting) == 2
