"""What holds for every page, also for those made later: the tests walk the table of pages of the application."""

from __future__ import annotations

import re
from collections.abc import Awaitable

import httpx
import pytest
from starlette.responses import PlainTextResponse, Response

from bot.desk.app import PAGES, make_desk
from bot.desk.fields import LARGEST
from bot.desk.routing import Page, Role
from bot.desk.visit import Visit
from bot.storage.models import Case
from tests.bot.desk.conftest import ORIGIN, Browser, World

NO_ONES = 987_654_321
ENDLESS = {"events"}
LOCKED = [page for page in PAGES if page.role]
PATHS_WITH_ID = [page for page in PAGES if ":int}" in page.path]
HEADERS = {
    "x-content-type-options": "nosniff", "x-frame-options": "DENY", "referrer-policy": "same-origin",
    "cache-control": "no-store", "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}  # fmt: skip


def ids(page: Page) -> str:
    return page.name


def filled(page: Page, number: int = NO_ONES) -> str:
    """The page's path with a number that is nobody's."""
    return re.sub(r"\{\w+\}", "x", re.sub(r"\{\w+:int\}", str(number), page.path))


def ask(browser: Browser, page: Page, number: int = NO_ONES, token: str = "") -> Awaitable[httpx.Response]:
    """Open the page, or send its form empty."""
    if page.post:
        return browser.post(filled(page, number), data={"csrf": token}, headers={"origin": ORIGIN})
    return browser.get(filled(page, number))


async def ask_all(browser: Browser, pages: list[Page], token: str = "") -> dict[str, int]:
    """The status of each page; a session that a page ended would show as 303, so that page comes last."""
    ordered = sorted(pages, key=lambda page: page.name == "logout")
    return {page.name: (await ask(browser, page, token=token)).status_code for page in ordered}


def test_every_page_has_its_own_name_and_place() -> None:
    assert len({page.name for page in PAGES}) == len(PAGES)
    assert len({(page.path, page.post) for page in PAGES}) == len(PAGES)


def test_only_the_login_is_open_to_nobody() -> None:
    assert {page.path for page in PAGES if not page.role} == {"/login", "/login/code"}


def test_what_changes_something_is_not_fetched_by_itself() -> None:
    assert [page.name for page in PAGES if page.post and page.quiet] == []


async def test_nobody_is_sent_to_the_login_and_sees_nothing(world: World) -> None:
    browser = world.browser()
    for page in LOCKED:
        answer = await ask(browser, page)
        assert answer.status_code == 303, page.name
        assert answer.headers["location"].startswith("/login"), page.name
        assert answer.text == "", page.name


@pytest.mark.parametrize("role", ["agent", "editor", "admin"])
async def test_a_page_answers_exactly_those_whose_role_allows_it(world: World, role: str) -> None:
    browser = await world.logged_in(role=role)
    token = await browser.token()
    held = Role.of(role)
    refused = await ask_all(browser, [page for page in LOCKED if page.role > held], token)
    assert set(refused.values()) <= {403}, refused
    allowed = await ask_all(browser, [page for page in LOCKED if page.role <= held and page.name not in ENDLESS], token)
    assert not {name: status for name, status in allowed.items() if status in {403, 405} or status >= 500}, allowed


@pytest.mark.parametrize("number", [NO_ONES, 0, LARGEST, LARGEST + 1, 10**40])
async def test_what_does_not_exist_is_not_found(world: World, number: int) -> None:
    browser = await world.logged_in(role="admin")
    token = await browser.token()
    for page in PATHS_WITH_ID:
        assert (await ask(browser, page, number, token)).status_code == 404, page.name


async def test_a_case_that_the_office_may_not_know_of_is_not_found(world: World) -> None:
    browser = await world.logged_in(role="admin")
    now = world.desk.parts.clock()
    async with world.database.write() as session:
        case = Case(state="INTAKE", reason="asked", language="ar", opened_at=now, changed_at=now)
        session.add(case)
    token = await browser.token()
    for page in (page for page in PATHS_WITH_ID if "{case_id:int}" in page.path):
        assert (await ask(browser, page, case.id, token)).status_code == 404, page.name


async def test_without_the_right_token_no_form_is_taken(world: World) -> None:
    browser = await world.logged_in(role="admin")
    other = await world.again("anna")
    for page in (page for page in LOCKED if page.post):
        for token in ("", "x" * 43, await other.token(), "ü"):
            assert (await ask(browser, page, token=token)).status_code == 403, page.name


async def test_the_token_may_come_as_a_header_as_htmx_sends_it(world: World) -> None:
    browser = await world.logged_in()
    token, headers = await browser.token(), {"origin": ORIGIN}
    wrong = await browser.post("/profile/duty", headers=headers | {"x-csrf-token": "no"}, data={"csrf": token})
    assert wrong.status_code == 403
    assert (await browser.post("/profile/duty", headers=headers | {"x-csrf-token": token})).status_code == 303


async def test_a_form_from_another_site_is_refused_even_with_the_token(world: World) -> None:
    browser = await world.logged_in(role="admin")
    token = await browser.token()
    for page in (page for page in PAGES if page.post):
        for headers in ({"origin": "https://evil.example"}, {"origin": "null"}, {}, {"sec-fetch-site": "cross-site"}):
            answer = await browser.post(filled(page), data={"csrf": token}, headers=headers)
            assert answer.status_code == 403, page.name


async def test_a_form_cannot_be_sent_by_opening_its_address(world: World) -> None:
    browser = await world.logged_in(role="admin")
    readable = {filled(page) for page in PAGES if not page.post}
    for page in (page for page in PAGES if page.post and filled(page) not in readable):
        assert (await browser.get(filled(page))).status_code == 405, page.name


@pytest.mark.parametrize("logged_in", [False, True])
async def test_every_answer_carries_the_headers_that_protect_it(world: World, *, logged_in: bool) -> None:
    browser = await world.logged_in(role="admin") if logged_in else world.browser()
    answers = [await ask(browser, page, token="no") for page in PAGES if page.name not in ENDLESS or not logged_in]
    answers += [await browser.get("/nowhere"), await browser.request("BREW", "/staff")]
    for answer in answers:
        name = str(answer.request.url)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy, name
        assert "unsafe" not in policy, name
        assert "frame-ancestors 'none'" in policy, name
        assert {key: answer.headers.get(key) for key in HEADERS} == HEADERS, name


async def test_files_of_the_pages_carry_the_headers_and_may_be_kept_if_unchanged(world: World) -> None:
    answer = await world.browser().get("/static/desk.css")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", ["/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py", "/static/"])
async def test_nothing_but_those_files_is_served(world: World, path: str) -> None:
    assert (await world.browser().get(path)).status_code == 404


async def test_pages_hold_no_inline_script_style_or_outside_address(world: World) -> None:
    browser = await world.logged_in(role="admin")
    for page in (page for page in PAGES if not page.post and page.name not in ENDLESS | {"totp_picture"}):
        text = (await ask(browser, page)).text
        assert not re.search(r"<script(?![^>]*\bsrc=)", text), page.name
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:|hx-on|https?://", text), page.name


async def test_every_page_has_one_heading_a_main_part_and_its_language(world: World) -> None:
    browser = await world.logged_in(role="admin")
    for page in (page for page in PAGES if page.title != "desk.title" and not page.post and not page.quiet):
        answer = await ask(browser, page, 1)
        if answer.status_code == 200 and answer.headers["content-type"].startswith("text/html"):
            assert answer.text.count("<h1") == 1, page.name
            assert answer.text.count("<main") == 1, page.name
            assert '<html lang="de"' in answer.text, page.name


async def test_every_form_carries_the_token(world: World) -> None:
    browser = await world.logged_in(role="admin")
    for path in ("/profile", "/profile/totp", "/calendar", "/staff", "/staff/1", "/audit"):
        for form in re.findall(r'<form[^>]*method="post".*?</form>', (await browser.get(path)).text, re.DOTALL):
            assert 'name="csrf"' in form, path


async def test_a_form_that_is_too_long_is_refused(world: World) -> None:
    browser = await world.logged_in()
    answer = await browser.send_form("/profile/language", {"language": "x" * 70_000})
    assert answer.status_code == 413
    assert "Zu groß" in answer.text


async def test_what_the_browser_fetches_by_itself_does_not_keep_a_session_alive(world: World) -> None:
    async def quiet(visit: Visit) -> Response:
        return PlainTextResponse("news")

    world.app = make_desk(world.desk, (Page("/quiet", "quiet", Role.AGENT, quiet, quiet=True),))
    browser = await world.logged_in()
    for _ in range(4):
        world.desk.parts.clock.forward(hours=2)  # type: ignore[attr-defined]
        answer = await browser.get("/quiet")
    assert answer.status_code == 303


async def test_htmx_is_told_to_leave_for_the_login(world: World) -> None:
    answer = await world.browser().get("/profile", headers={"hx-request": "true"})
    assert (answer.status_code, answer.headers["hx-redirect"]) == (401, "/login")


@pytest.mark.parametrize(
    ("headers", "back"),
    [({"hx-request": "true", "hx-current-url": "http://desk.test/cases/7?x=1#m3"}, "/login?next=/cases/7%3Fx%3D1"),
     ({"hx-request": "true", "hx-current-url": "http://evil.test/cases/7"}, "/login"),
     ({"referer": "http://desk.test/calendar"}, "/login?next=/calendar"),
     ({"referer": "http://desk.test//evil.test"}, "/login"), ({}, "/login")],
)  # fmt: skip
async def test_whoever_sends_something_after_their_session_has_ended_comes_back_to_the_same_page(
    world: World, headers: dict[str, str], back: str
) -> None:
    answer = await world.browser().post(
        "/cases/7/write", headers={"host": "desk.test", "sec-fetch-site": "same-origin", **headers}
    )
    assert answer.headers["hx-redirect" if "hx-request" in headers else "location"] == back


async def test_the_login_leads_back_to_the_page_that_was_asked_for(world: World) -> None:
    answer = await world.browser().get("/audit?case=W-0001&staff=2")
    assert answer.headers["location"] == "/login?next=/audit%3Fcase%3DW-0001%26staff%3D2"
