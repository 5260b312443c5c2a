"""The staff's phone on the page, used by hand in a real browser, against a bot of a few lines."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, Route, async_playwright, expect
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputTextMessageContent,
)

from tests.simulator.conftest import GROUP, Control

pytestmark = pytest.mark.browser
CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
SCREENSHOTS = Path(__file__).parents[2] / "var" / "screenshots"
PATIENCE_MS = 12_000


@pytest.fixture(scope="module")
def chromium() -> Path:
    if not CHROMIUM.exists():
        if os.environ.get("CI"):
            pytest.fail("Chromium is not installed, and in CI it must run: scripts/debian-packages installs it")
        pytest.skip("Chromium is not installed (scripts/debian-packages installs it)")
    return CHROMIUM


@pytest.fixture
async def page(chromium: Path, simulator_url: str, bot: Bot) -> AsyncIterator[Page]:
    """The page as it is before anybody has written; anything its console complains about is a fault."""
    complaints: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = await browser.new_page(viewport={"width": 1280, "height": 860})
        page.set_default_timeout(PATIENCE_MS)
        page.on("console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        await page.goto(simulator_url)
        await expect(page.locator("#connection")).to_have_text("live")
        yield page
        await browser.close()
    assert complaints == []


@pytest.fixture
async def librarian(bot: Bot) -> AsyncIterator[None]:
    """A bot that answers every inline query with two articles."""
    task = asyncio.create_task(_answer_inline_queries(bot))
    yield
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def _answer_inline_queries(bot: Bot) -> None:
    offset = 0
    while True:
        for update in await bot.get_updates(offset=offset, timeout=10):
            offset = update.update_id + 1
            if update.inline_query:
                found = [_article(number, update.inline_query.query) for number in (1, 2)]
                await update.inline_query.answer(found, cache_time=0, is_personal=True)


def _article(number: int, query: str) -> InlineQueryResultArticle:
    content = InputTextMessageContent(f"<b>{query}</b>, {number}", parse_mode="HTML")
    return InlineQueryResultArticle(str(number), f"{query} {number}", content, description="Wie man sie schreibt")


async def _opened_topic(bot: Bot, page: Page) -> int:
    thread = (await bot.create_forum_topic(GROUP, "#1 · ar · Gründung")).message_thread_id
    await page.get_by_test_id("topic-list").get_by_role("button", name="Gründung").click()
    return thread


async def _photographed(page: Page, name: str) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    await page.mouse.move(0, 0)
    await page.wait_for_timeout(300)
    await page.screenshot(path=SCREENSHOTS / f"{name}.png")


async def test_words_after_the_bots_name_show_results_and_a_tap_sends_one(
    page: Page, bot: Bot, control: Control, librarian: None
) -> None:
    thread = await _opened_topic(bot, page)
    await page.get_by_test_id("staff-input").fill("@wegweiser_sim_bot satzung")
    results = page.get_by_role("listbox").get_by_role("option")
    await expect(results).to_have_count(2)
    await _photographed(page, "office-1-inline")
    await results.last.click()
    bubble = page.get_by_test_id("staff-messages").locator(".bubble").filter(has_text="satzung, 2")
    await expect(bubble.locator(".via-bot")).to_be_visible()
    await expect(page.get_by_test_id("staff-input")).to_have_value("")
    await expect(page.get_by_role("listbox")).to_be_hidden()
    (sent,) = await control.get(f"chat/{GROUP}?topic={thread}")
    assert (sent["from"], sent["text"], sent["via_bot"]) == (2001, "satzung, 2", True)


async def test_a_button_puts_the_bots_name_and_words_into_the_input(page: Page, bot: Bot, librarian: None) -> None:
    thread = await _opened_topic(bot, page)
    button = InlineKeyboardButton("Eintrag suchen", switch_inline_query_current_chat="verein")
    await bot.send_message(GROUP, "Fall", message_thread_id=thread, reply_markup=InlineKeyboardMarkup([[button]]))
    await page.get_by_role("button", name="Eintrag suchen").click()
    await expect(page.get_by_test_id("staff-input")).to_have_value("@wegweiser_sim_bot verein")
    await expect(page.get_by_role("listbox").get_by_role("option").first).to_contain_text("verein 1")


async def test_an_album_sent_by_hand_stands_together_with_its_caption(page: Page, bot: Bot, control: Control) -> None:
    thread = await _opened_topic(bot, page)
    await page.get_by_test_id("staff-input").fill("Der Saal")
    await page.get_by_test_id("staff-attach").click()
    await page.locator("#staff-form").get_by_role("menuitem", name="Album").click()
    album = page.get_by_test_id("staff-messages").get_by_role("group", name="Album")
    await expect(album.locator("img.photo")).to_have_count(3)
    await expect(album).to_contain_text("Der Saal")
    await expect(page.get_by_test_id("staff-input")).to_have_value("")
    ids = [message["message_id"] for message in await control.get(f"chat/{GROUP}?topic={thread}")]
    await bot.send_location(GROUP, 50.08, 8.24, message_thread_id=thread)
    await bot.copy_messages(GROUP, GROUP, ids, message_thread_id=thread)
    await expect(page.get_by_test_id("staff-messages").get_by_role("group", name="Album")).to_have_count(2)
    await page.reload()
    await page.get_by_test_id("topic-list").get_by_role("button", name="Gründung").click()
    await expect(page.get_by_test_id("staff-messages").get_by_role("group", name="Album")).to_have_count(2)
    await expect(page.get_by_test_id("staff-messages").locator("img.photo").last).to_be_in_viewport()
    await _photographed(page, "office-2-album")


async def test_places_and_contacts_are_shown_with_what_they_hold(page: Page, bot: Bot) -> None:
    thread = await _opened_topic(bot, page)
    await bot.send_location(GROUP, 50.08, 8.24, message_thread_id=thread)
    await bot.send_contact(GROUP, "+49000", "Rana", message_thread_id=thread)
    chat = page.get_by_test_id("staff-messages")
    await expect(chat.get_by_label("location")).to_contain_text("50.08, 8.24")
    await expect(chat.locator(".file")).to_contain_text("Rana +49000")


async def test_what_is_written_while_the_page_loads_is_not_drawn_over(page: Page, bot: Bot, control: Control) -> None:
    thread, arrived = await _opened_topic(bot, page), asyncio.Event()

    async def late(route: Route) -> None:
        """The list of messages, as it was before the last one."""
        before = await route.fetch()
        await bot.send_message(GROUP, "Meanwhile", message_thread_id=thread)
        await asyncio.sleep(0.3)
        await route.fulfill(response=before)
        arrived.set()

    await page.route(lambda url: f"/sim/chat/{GROUP}" in url, late, times=1)
    await control.post("member", user=2003, status="member", name="Frau C.")
    await arrived.wait()
    await page.wait_for_load_state("networkidle")
    await expect(page.get_by_test_id("staff-messages").get_by_text("Meanwhile")).to_be_visible()


async def test_a_closed_topic_says_so_and_lets_only_administrators_write(
    page: Page, bot: Bot, control: Control
) -> None:
    thread = await _opened_topic(bot, page)
    await control.post("topic", topic=thread, action="rename", name="#1 · Gründung · neu")
    await control.post("member", user=2003, status="member", name="Frau C.")
    await page.get_by_test_id("topic-close").click()
    chat, written = page.get_by_test_id("staff-messages"), page.get_by_test_id("staff-input")
    await expect(chat.get_by_text("Frau A. closed this topic")).to_be_visible()
    await expect(chat.get_by_text("Frau A. renamed this topic to #1 · Gründung · neu")).to_be_visible()
    await expect(page.get_by_test_id("staff-status")).to_have_text("closed")
    await expect(written).to_be_enabled()
    await page.get_by_test_id("staff-select").select_option("Herr B.")
    await expect(written).to_be_disabled()
    await _photographed(page, "office-3-closed")
    await page.get_by_test_id("topic-close").click()
    await expect(written).to_be_enabled()
    await page.get_by_test_id("topic-list").get_by_role("button", name="General").click()
    await expect(chat.get_by_text("Frau C. joined")).to_be_visible()
