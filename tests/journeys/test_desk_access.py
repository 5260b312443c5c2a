"""The web desk for everybody: by keyboard, for those who hear or enlarge it, on a phone, in German and English."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import expect

from bot.demo import PASSWORD
from tests.conftest import _new_postgresql_database
from tests.journeys.deskwork import DESKTOP, PHONE, Office, Seat, an_office
from tests.journeys.office import Case, new_case
from tests.journeys.test_page import chromium as chromium
from tests.journeys.words import entry

pytestmark = [pytest.mark.browser, pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]
READERS: dict[str, dict[str, Any]] = {
    "anna": {"viewport": DESKTOP}, "emma": {"viewport": PHONE, "color_scheme": "dark"},
}  # fmt: skip
"""In German on a large bright screen, in English on a small dark one: each pair of these stands for the others."""
MEMBERS = "founding.members_needed"
STATES = ("queued", "claimed", "waiting_user", "return_offered", "resolved", "unreachable")
FOCUSED = "document.activeElement.id || document.activeElement.textContent.trim()"
OUTLINE = "getComputedStyle(document.activeElement).outlineStyle"
PATHS = ("/queue", "/search?q=Guten", "/undelivered", "/calendar", "/staff", "/staff/2", "/audit", "/insight",
         "/profile", "/profile/totp", "/cases/999")  # fmt: skip


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def shared(
    rasa_url: str, chromium: Path, postgresql: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Office]:
    database_url = await _new_postgresql_database(postgresql)
    async with an_office(rasa_url, database_url, tmp_path_factory.mktemp("access")) as office:
        yield office


@pytest_asyncio.fixture(loop_scope="session")
async def office(shared: Office) -> AsyncIterator[Office]:
    yield shared
    await shared.leave()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def cases(shared: Office) -> dict[str, Case]:
    """A case in each state, each with words of both sides; the empty queue was looked at before."""
    made = await asyncio.gather(*(new_case(shared.world, ("ar", "de")[place % 2]) for place in range(len(STATES))))
    cases = dict(zip(STATES, made, strict=True))
    for state, case in cases.items():
        if state != "queued":
            await case.taken()
        written = await case.person.send("مرحبا! نحتاج إلى غرفة." if case.person.language == "ar" else "Guten Tag!")
        if state != "queued":
            await case.person.delivered(written)
    for state in ("waiting_user", "return_offered", "resolved", "unreachable"):
        await cases[state].frau_a.delivered(await cases[state].frau_a.send("Wir kümmern uns."))
    await cases["return_offered"].done("waiting_user")
    await cases["resolved"].person.press(await cases["resolved"].done("waiting_user"), "button.solved")
    await cases["resolved"].header("resolved")
    lost = cases["unreachable"].person
    await lost.control("block", user=lost.user)
    await cases["unreachable"].header("unreachable")
    return cases


async def looked_at(seat: Seat, name: str) -> None:
    """The page as it is now holds nothing that keeps somebody out, and fits on a phone."""
    found = [f"{name}: {one}" for one in await seat.violations()]
    size = seat.page.viewport_size or DESKTOP
    await seat.page.set_viewport_size(PHONE)
    if await seat.width() > PHONE["width"]:
        found.append(f"{name}: can be pushed sideways, it is {await seat.width()} wide")
    await seat.page.set_viewport_size(size)
    assert not found, "\n".join(found)


@pytest.fixture(params=READERS)
def login(request: pytest.FixtureRequest) -> str:
    return str(request.param)


async def test_nobody_is_kept_out_of_login_and_empty_queue(office: Office, login: str) -> None:
    seat = await office.seat("en" if login == "emma" else "de", **READERS[login])
    await seat.opens("/login")
    await looked_at(seat, "login")
    await seat.logs_in(login, "wrong")
    await seat.sees(seat.say("login.wrong"))
    await looked_at(seat, "wrong password")
    await looked_at(await office.colleague(login, **READERS[login]), "queue")


async def test_nobody_is_kept_out_of_a_page(office: Office, cases: dict[str, Case], login: str) -> None:
    seat = await office.colleague(login, **READERS[login])
    seat.forgives("status of 404")
    for path in PATHS:
        await seat.opens(path)
        await looked_at(seat, path)
    for state, case in cases.items():
        await seat.opens_case(case)
        await seat.sees_state(state)
        await looked_at(seat, f"case {state}")


async def test_nobody_is_kept_out_of_what_opens_beside_a_case(
    office: Office, cases: dict[str, Case], login: str
) -> None:
    seat = await office.colleague(login, **READERS[login])
    await seat.opens_case(cases["claimed"])
    for summary in await seat.page.locator("main summary:visible").all():
        await summary.click()
    await looked_at(seat, "everything unfolded")
    for kind in ("entry", "phrase", "term", "referral"):
        await seat.page.locator("nav.tabs").get_by_role("link", name=seat.say(f"case.pick_{kind}")).click()
        await expect(seat.page.locator("#pick-results .pick").first).to_be_attached()
        await looked_at(seat, f"list of {kind}")
    await seat.picks("entry", entry(MEMBERS, "de").question, "mitglieder verein")
    await expect(seat.page.locator("#pick-send")).to_be_visible()
    await looked_at(seat, "preview")
    await seat.picks("phrase", re.compile("^Bitte kommen Sie zum Gespräch"), "kommen gespräch")
    await seat.presses("case.to_preview")
    await expect(seat.page.locator("#panel [aria-invalid]").first).to_be_visible()
    await looked_at(seat, "blanks of a phrase")


async def tab_to(seat: Seat, wanted: str, most: int = 60) -> list[str]:
    """Press Tab until something is focused; what was on the way. What has the focus can be seen each time."""
    passed: list[str] = []
    for _ in range(most):
        await seat.page.keyboard.press("Tab")
        assert await seat.page.evaluate(OUTLINE) != "none", f"the focus is invisible after {passed}"
        passed.append(str(await seat.page.evaluate(FOCUSED)))
        if passed[-1].startswith(wanted):
            return passed
    raise AssertionError(f"{wanted} cannot be reached by Tab, only {passed}")


async def test_a_case_can_be_answered_without_a_mouse(office: Office) -> None:
    case = await new_case(office.world, "ar")
    seat = await office.seat()
    keys = seat.page.keyboard
    await seat.opens(f"/cases/{int(case.number[2:])}")
    await keys.type("anna")
    await keys.press("Tab")
    await keys.type(PASSWORD)
    await keys.press("Enter")
    await expect(seat.page.locator("#b-take")).to_be_visible()
    passed = await tab_to(seat, "Zum Inhalt", 2)
    await keys.press("Enter")
    await expect(seat.page.locator("#main")).to_be_focused()
    passed = await tab_to(seat, "b-take", 2)
    await keys.press("Enter")
    await seat.sees_state("claimed")
    passed = await tab_to(seat, "text")
    assert passed.index("scroll") < passed.index("text")
    await keys.type("Guten Tag!")
    await keys.press("Control+Enter")
    await case.person.sees("Guten Tag!")
    await tab_to(seat, "Sätze")
    await keys.press("Enter")
    await expect(seat.page.locator("#pick-q")).to_be_focused()
    await keys.type("guten tag")
    await expect(seat.page.locator("#pick-results details")).to_have_count(0)
    await tab_to(seat, "Guten Tag", 3)
    await keys.press("Enter")
    await expect(seat.page.locator("#pick-send")).to_be_visible()
    await tab_to(seat, "pick-send", 40)
    await keys.press("Enter")
    await expect(seat.page.locator("#conversation .delivery.delivered")).to_have_count(2)
    # The news that it arrived may be quicker than the answer to the form, which takes the form away.
    await expect(seat.page.locator("#panel")).to_be_empty()
    await tab_to(seat, "d-finish-name")
    await keys.press("Enter")
    await tab_to(seat, "Fertig, die Person fragen", 4)
    await case.person.delivered(await case.person.send("شكرا"))
    await expect(seat.page.locator("#conversation .said-by.person").last).to_contain_text("شكرا")
    assert await seat.page.evaluate(FOCUSED) == "Fertig, die Person fragen", "what happens elsewhere took the focus"
    await keys.press("Enter")
    await case.person.reads("handoff.solved_question")


async def test_what_was_typed_when_the_session_ended_is_there_again_for_whoever_typed_it(office: Office) -> None:
    case = await (await new_case(office.world, "ar")).taken()
    seat = await office.colleague("anna")
    seat.forgives("status of 401")
    await seat.opens_case(case)
    await seat.page.locator("#text").press_sequentially("Bitte bringen Sie die Satzung mit.")
    await seat.page.context.clear_cookies()
    await seat.presses("case.send")
    await seat.logs_in("anna")
    await expect(seat.page.locator("#text")).to_have_value("Bitte bringen Sie die Satzung mit.")
    await seat.presses("case.send")
    await case.person.sees("Bitte bringen Sie die Satzung mit.")
    await expect(seat.page.locator("#text")).to_have_value("")
    await seat.page.reload()
    await expect(seat.page.locator("#text")).to_have_value("")
    await seat.page.locator("#text").press_sequentially("Nicht für andere")
    await seat.page.context.clear_cookies()
    await seat.page.reload()
    await seat.logs_in("bernd")
    await expect(seat.page.locator("#text")).to_have_value("")


async def test_only_the_right_password_lets_somebody_in(office: Office) -> None:
    seat = await office.seat("en")
    await seat.opens("/search?q=abc")
    await seat.logs_in("bernd", "only for the demo")
    await seat.sees(seat.say("login.wrong"))
    await seat.page.get_by_label(seat.say("login.password")).fill(PASSWORD)
    await seat.presses("login.enter")
    await expect(seat.page.locator("#q")).to_have_value("abc")
    await seat.page.get_by_role("button", name="Abmelden").click()  # logged in, the pages are in his own language
    await seat.sees(seat.say("login.done_logout"))
    await seat.page.go_back()
    await seat.page.reload()
    await expect(seat.page.locator("#password")).to_be_visible()
