"""A whole conversation in Arabic, played by hand on the simulator's page in a real browser."""

from __future__ import annotations

import os
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import ConsoleMessage, Locator, Page, async_playwright, expect

from bot.settings import ROOT
from tests.journeys.conftest import World, a_world
from tests.journeys.office import has_been_read
from tests.journeys.words import HOW_MANY_MEMBERS, bare, entry, label, pattern

pytestmark = [pytest.mark.browser, pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]
CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
SCREENSHOTS = ROOT / "var" / "screenshots"
PATIENCE_MS = 12_000


@pytest.fixture(scope="module")
def chromium() -> Path:
    if not CHROMIUM.exists():
        if os.environ.get("CI"):
            pytest.fail("Chromium is not installed, and in CI it must run: scripts/debian-packages installs it")
        pytest.skip("Chromium is not installed (scripts/debian-packages installs it)")
    return CHROMIUM


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def fresh(rasa_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    """A world in which nobody has written yet, as the demo shows it."""
    folder = tmp_path_factory.mktemp("page")
    async with a_world(rasa_url, f"sqlite+aiosqlite:///{folder / 'bot.db'}", folder) as world:
        yield world


@pytest_asyncio.fixture(loop_scope="session")
async def page(chromium: Path, fresh: World) -> AsyncIterator[Page]:
    """The demo's page; anything that its console complains about is a fault."""
    complaints: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            complaints.append(message.text)

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = await browser.new_page(viewport={"width": 1280, "height": 860})
        page.set_default_timeout(PATIENCE_MS)
        page.on("console", listen)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        await page.goto(str(fresh.http.base_url))
        yield page
        await browser.close()
    assert complaints == []


class Hand:
    """What one side of the page does and sees; `side` is newcomer or staff."""

    def __init__(self, page: Page, side: str, language: str) -> None:
        self._page = page
        self._side = side
        self._language = language
        self.chat = page.get_by_test_id(f"{side}-messages")

    async def writes(self, text: str) -> None:
        """Type a message and send it."""
        await self._page.get_by_test_id(f"{self._side}-input").fill(text)
        await self._page.get_by_test_id(f"{self._side}-send").click()

    async def presses(self, name: str) -> None:
        """Press the newest button of that name."""
        spaced = re.compile("[\u2066\u2069]*".join(map(re.escape, label(self._language, name))))
        await self.chat.get_by_role("button", name=spaced).last.click()

    async def reads(self, text: str | re.Pattern[str]) -> Locator:
        """Wait until the newest messages hold a text; the bubble."""
        found = self.chat.locator(".bubble").filter(has_text=text).last
        await expect(found).to_be_visible(timeout=PATIENCE_MS)
        return found


async def photographed(page: Page, name: str) -> None:
    """Write a picture of the whole page, for the README and for whoever looks after a failure."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    await page.mouse.move(0, 0)
    await page.wait_for_timeout(300)
    await page.screenshot(path=SCREENSHOTS / f"{name}.png")


def opening(language: str, key: str) -> str:
    """The words with which one of the bot's texts begins, without blanks or Latin words in them."""
    return re.split(r"[.…:،؟!(]|\\", pattern(language, key).pattern.replace("\\ ", " "))[0].strip()


async def test_a_conversation_in_arabic_can_be_played_on_the_page(page: Page) -> None:
    rana, office = Hand(page, "newcomer", "ar"), Hand(page, "staff", "de")
    await page.get_by_test_id("start").click()
    greeting = await rana.reads("أهلًا وسهلًا بكم")
    assert await greeting.locator("p").first.evaluate("element => getComputedStyle(element).direction") == "rtl"
    await photographed(page, "1-greeting")
    await rana.presses("topic.founding")
    await rana.presses("founding.members_needed")
    answer = await rana.reads(entry("founding.members_needed", "ar").question)
    assert "7" in bare(await answer.inner_text())
    await rana.writes(HOW_MANY_MEMBERS["ar"])
    await rana.reads(HOW_MANY_MEMBERS["ar"])
    await photographed(page, "2-answer")
    await rana.presses("button.human")
    await rana.reads(opening("ar", "handoff.consent"))
    await photographed(page, "3-consent")
    await rana.presses("button.consent_yes")
    await rana.reads("W-0001")
    await page.get_by_test_id("topic-list").get_by_role("button", name="W-0001").click()
    await office.reads("Arabisch")
    await photographed(page, "4-case")
    await office.presses("desk.button_take")
    await rana.reads("Frau A.")
    await office.writes("Guten Tag! Haben Sie schon eine Satzung?")
    await rana.reads("Haben Sie schon eine Satzung?")
    await rana.writes("نعم، كتبنا الـ Satzung أمس.")
    await office.reads("نعم، كتبنا")
    await photographed(page, "5-conversation")
    await has_been_read()
    await office.presses("desk.button_done")
    await rana.presses("button.solved")
    await rana.reads("المساعد الآلي من جديد")
    await photographed(page, "6-back")


async def test_every_line_runs_in_the_direction_of_its_language(page: Page) -> None:
    rana = Hand(page, "newcomer", "ar")
    await rana.writes("/help")
    await rana.reads("/forget")
    directions = await rana.chat.evaluate(
        """chat => [...chat.querySelectorAll('[data-message-id] p')].map(
             line => [line.innerText.trim(), getComputedStyle(line).direction])"""
    )
    arabic = re.compile(r"^[\W\d_]*[\u0600-\u06ff]")
    assert any(arabic.match(text) for text, _ in directions)
    assert [text for text, direction in directions if arabic.match(text) and direction != "rtl"] == []


async def test_a_german_word_in_an_answer_opens_the_glossary_in_the_same_chat(page: Page) -> None:
    rana = Hand(page, "newcomer", "ar")
    await rana.writes(HOW_MANY_MEMBERS["ar"])
    answer = await rana.reads(entry("founding.members_needed", "ar").question)
    await answer.locator('a[href*="start=term-"]').first.click()
    await rana.reads("/start term-")
    await expect(rana.chat.locator(".bubble").last.get_by_text(" – ")).to_be_visible(timeout=PATIENCE_MS)
    assert len(page.context.pages) == 1


async def test_on_a_narrow_screen_both_sides_can_be_reached(page: Page) -> None:
    await page.set_viewport_size({"width": 400, "height": 800})
    for side in ("newcomer-input", "staff-input"):
        await page.get_by_test_id(side).scroll_into_view_if_needed()
        await expect(page.get_by_test_id(side)).to_be_in_viewport()
    await photographed(page, "7-narrow")
    width = await page.evaluate("document.documentElement.scrollWidth")
    assert width <= 400, "the page can be pushed sideways"
