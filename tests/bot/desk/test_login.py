"""Coming in: who may, who may not, what a browser gets, and when it is over."""

from __future__ import annotations

from datetime import timedelta
from http.cookies import Morsel, SimpleCookie

import httpx
import pyotp
import pytest
from argon2 import PasswordHasher
from sqlalchemy import update

from bot.desk.sessions import hashed
from bot.storage.models import Audit, DeskSession, Staff
from tests.bot.desk.conftest import CHEAP, ORIGIN, PASSWORD, Browser, World
from tests.conftest import Clock

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


async def is_in(browser: Browser) -> bool:
    """Whether the browser sees a page for staff."""
    return (await browser.get("/profile")).status_code == 200


def given(answer: httpx.Response, name: str) -> Morsel[str]:
    """A cookie that an answer sets, with its flags."""
    lines = answer.headers.get_list("set-cookie")
    return next(SimpleCookie(line)[name] for line in lines if line.startswith(f"{name}="))


async def change(world: World, **values: object) -> None:
    """Change everybody's account."""
    async with world.database.write() as session:
        await session.execute(update(Staff).values(**values))


async def test_login_and_password_let_in(world: World) -> None:
    await world.member()
    browser = world.browser()
    answer = await browser.log_in("  ANNA ", next="/profile?x=1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/profile?x=1")
    assert await is_in(browser)
    assert await world.actions() == ["login"]


@pytest.mark.parametrize(("login", "password"), [("anna", "falsch"), ("nobody", PASSWORD), ("", ""), ("anna", "")])
async def test_nothing_tells_a_wrong_password_from_an_unknown_login(world: World, login: str, password: str) -> None:
    await world.member()
    answer = await world.browser().log_in(login, password)
    assert answer.status_code == 422
    assert "Anmeldename oder Passwort stimmt nicht." in answer.text
    assert not await world.all(DeskSession)
    assert "set-cookie" not in answer.headers
    rows = [(row.action, row.detail) for row in await world.all(Audit)]
    assert rows == [("login_failed", "")], "as much work for one as for the other, and nothing of what was typed"


@pytest.mark.parametrize("values", [{"active": False}, {"password_hash": None}])
async def test_who_is_deactivated_or_has_no_password_does_not_get_in(world: World, values: dict[str, object]) -> None:
    await world.member()
    await change(world, **values)
    assert (await world.browser().log_in("anna")).status_code == 422


async def test_too_many_failures_are_answered_with_how_long_to_wait(world: World, clock: Clock) -> None:
    await world.member()
    browser = world.browser()
    for _ in range(5):
        assert (await browser.log_in("anna", "falsch")).status_code == 422
    answer = await browser.log_in("anna")
    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "30"
    assert "noch 30 Sekunden" in answer.text
    clock.forward(seconds=31)
    assert (await browser.log_in("anna")).status_code == 303


async def test_the_cookie_is_random_out_of_reach_of_scripts_and_stored_as_a_hash(world: World) -> None:
    await world.member()
    values = []
    for _ in range(2):
        morsel = given(await world.browser().log_in("anna"), "desk")
        assert (morsel["httponly"], morsel["samesite"], morsel["path"], morsel["domain"]) == (True, "lax", "/", "")
        values.append(morsel.value)
    assert values[0] != values[1]
    assert min(len(value) for value in values) >= 43  # 32 bytes in base 64
    assert {row.token_hash for row in await world.all(DeskSession)} == {hashed(value) for value in values}


class TestOverHttps:
    @pytest.fixture
    def secure(self) -> bool:
        return True

    async def test_the_cookie_is_bound_to_this_host_and_https(self, world: World) -> None:
        await world.member()
        answer = await world.browser().log_in("anna")
        morsel = given(answer, "__Host-desk")
        assert (morsel["secure"], morsel["path"], morsel["domain"]) == (True, "/", "")
        assert "max-age" in answer.headers["strict-transport-security"]

    async def test_a_cookie_without_the_prefix_is_not_looked_at(self, world: World) -> None:
        await world.member()
        token = given(await world.browser().log_in("anna"), "__Host-desk").value
        good, bad = world.browser(headers={"cookie": f"__Host-desk={token}"}), world.browser()
        bad.headers["cookie"] = f"desk={token}"
        assert await is_in(good)
        assert not await is_in(bad)


async def test_a_session_ends_after_eight_hours_without_a_click(world: World, clock: Clock) -> None:
    browser = await world.logged_in()
    clock.forward(hours=7, minutes=59)
    assert await is_in(browser)
    clock.forward(hours=8)
    assert not await is_in(browser)


async def test_a_session_ends_after_a_day_however_busy(world: World, clock: Clock) -> None:
    browser = await world.logged_in()
    for _ in range(23):
        clock.forward(hours=1)
        assert await is_in(browser)
    clock.forward(hours=1)
    assert not await is_in(browser)


async def test_sessions_that_have_run_out_are_removed_at_the_next_login(world: World, clock: Clock) -> None:
    await world.logged_in()
    clock.forward(hours=9)
    await world.again("anna")
    assert len(await world.all(DeskSession)) == 1


async def test_another_login_changes_the_cookie_and_leaves_other_browsers_alone(world: World) -> None:
    one = await world.logged_in()
    other = await world.again("anna")
    before = one.cookies["desk"]
    await one.log_in("anna")
    assert one.cookies["desk"] != before
    assert await is_in(one)
    assert await is_in(other)
    stale = world.browser(cookies={"desk": before})
    assert not await is_in(stale)


async def test_logging_out_ends_this_session_only(world: World) -> None:
    one = await world.logged_in()
    other = await world.again("anna")
    cookie = one.cookies["desk"]
    answer = await one.send_form("/logout")
    assert answer.headers["location"].startswith("/login")
    assert "desk" not in one.cookies
    assert not await is_in(world.browser(cookies={"desk": cookie}))
    assert await is_in(other)


@pytest.mark.parametrize("values", [{"active": False}, {"password_hash": None}])
async def test_who_loses_the_right_to_log_in_is_out_at_once(world: World, values: dict[str, object]) -> None:
    browser = await world.logged_in()
    await change(world, **values)
    assert not await is_in(browser)


@pytest.mark.parametrize(
    "wanted",
    ["https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example", "/%0d\n//evil.example", "evil",
     "javascript:alert(1)", "/\t/evil.example", " //evil.example", "http:evil.example", "/ //x", ""],
)  # fmt: skip
async def test_nobody_is_sent_to_another_site(world: World, wanted: str) -> None:
    await world.member()
    browser = world.browser()
    assert (await browser.log_in("anna", next=wanted)).headers["location"] == "/"
    again = await browser.get("/login", params={"next": wanted})
    assert again.headers["location"] == "/"


async def test_the_login_form_of_another_site_is_refused(world: World) -> None:
    await world.member()
    browser = world.browser()
    data = {"login": "anna", "password": PASSWORD}
    foreign: list[dict[str, str]] = [
        {}, {"origin": "https://evil.example"}, {"origin": "null"}, {"origin": f"{ORIGIN}.evil.example"},
        {"sec-fetch-site": "cross-site", "origin": ORIGIN}, {"sec-fetch-site": "same-site"},
    ]  # fmt: skip
    for headers in foreign:
        assert (await browser.post("/login", data=data, headers=headers)).status_code == 403, headers
    for headers in ({"origin": ORIGIN}, {"sec-fetch-site": "same-origin"}):
        assert (await browser.post("/login", data=data, headers=headers)).status_code == 303


async def test_an_old_hash_is_renewed_at_the_login(world: World) -> None:
    old = PasswordHasher(time_cost=2, memory_cost=64, parallelism=1).hash(PASSWORD)
    member = await world.member(password_hash=old)
    assert (await world.browser().log_in("anna")).status_code == 303
    renewed = (await world.reload(member)).password_hash
    assert renewed != old
    assert "t=1" in (renewed or "")
    assert (await world.browser().log_in("anna")).status_code == 303


async def test_a_start_password_leads_to_the_page_where_an_own_one_is_chosen(world: World) -> None:
    browser = await world.logged_in(role="admin", password_hash="start " + CHEAP.hash(PASSWORD))
    for path in ("/", "/staff", "/calendar", "/profile/totp"):
        assert (await browser.get(path)).headers["location"] == "/profile"
    assert (await browser.send_form("/profile/duty")).headers["location"] == "/profile"
    new = "ein ganz eigenes Passwort"
    answer = await browser.send_form("/profile/password", {"old": PASSWORD, "new": new, "again": new})
    assert answer.status_code == 303
    assert (await browser.get("/staff")).status_code == 200


class TestWithSecondFactor:
    async def half(self, world: World) -> Browser:
        """A browser after the password."""
        await world.member(totp_secret=SECRET)
        return await self.again(world)

    async def again(self, world: World) -> Browser:
        browser = world.browser()
        answer = await browser.log_in("anna", next="/profile")
        assert answer.headers["location"] == "/login/code?next=%2Fprofile"
        return browser

    async def code(self, browser: Browser, code: str) -> int:
        data = {"code": code, "next": "/profile"}
        return (await browser.post("/login/code", data=data, headers={"origin": ORIGIN})).status_code

    def at(self, clock: Clock, seconds: int = 0) -> str:
        return pyotp.TOTP(SECRET).at(clock() + timedelta(seconds=seconds))

    async def test_the_password_alone_does_not_let_in(self, world: World) -> None:
        browser = await self.half(world)
        assert not await is_in(browser)
        assert not await world.all(DeskSession)

    @pytest.mark.parametrize("seconds", [-30, 0, 30])
    async def test_the_code_of_now_or_next_to_it_lets_in(self, world: World, clock: Clock, seconds: int) -> None:
        browser = await self.half(world)
        assert await self.code(browser, self.at(clock, seconds)) == 303
        assert await is_in(browser)

    @pytest.mark.parametrize("seconds", [-90, 90])
    async def test_codes_of_other_times_do_not(self, world: World, clock: Clock, seconds: int) -> None:
        assert await self.code(await self.half(world), self.at(clock, seconds)) == 422

    async def test_a_code_counts_once(self, world: World, clock: Clock) -> None:
        code = self.at(clock)
        assert await self.code(await self.half(world), code) == 303
        other = await self.again(world)
        assert await self.code(other, code) == 422
        assert await self.code(other, self.at(clock, -30)) == 422
        clock.forward(seconds=30)
        assert await self.code(other, self.at(clock)) == 303

    async def test_guessing_codes_gets_slow(self, world: World, clock: Clock) -> None:
        browser = await self.half(world)
        for _ in range(5):
            assert await self.code(browser, "12345") == 422
        assert await self.code(browser, self.at(clock)) == 429
        assert await self.code(await self.again(world), self.at(clock)) == 429

    async def test_too_late_the_password_is_asked_for_again(self, world: World, clock: Clock) -> None:
        browser = await self.half(world)
        clock.forward(minutes=5)
        assert await self.code(browser, self.at(clock)) == 303
        assert not await is_in(browser)

    async def test_a_changed_password_makes_half_a_login_worthless(self, world: World, clock: Clock) -> None:
        browser = await self.half(world)
        await change(world, password_hash=CHEAP.hash("something else entirely"))
        assert await self.code(browser, self.at(clock)) == 422
        assert not await world.all(DeskSession)
