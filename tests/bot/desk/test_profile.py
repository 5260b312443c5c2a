"""What everybody sets for themselves."""

from __future__ import annotations

import re

import pyotp
import pytest

from bot.storage.models import DeskSession
from tests.bot.desk.conftest import PASSWORD, World
from tests.conftest import Clock

NEW = "vier rote Boote im Nebel"


async def test_a_new_password_ends_every_other_login_and_renews_this_one(world: World) -> None:
    browser = await world.logged_in()
    other = await world.again("anna")
    before = browser.cookies["desk"]
    answer = await browser.send_form("/profile/password", {"old": PASSWORD, "new": NEW, "again": NEW})
    assert answer.status_code == 303
    assert (await browser.get(answer.headers["location"])).text.count("Ihr Passwort ist geändert.") == 1
    assert browser.cookies["desk"] != before
    assert (await other.get("/profile")).status_code == 303
    assert len(await world.all(DeskSession)) == 1
    assert (await world.browser().log_in("anna")).status_code == 422
    assert (await world.browser().log_in("anna", NEW)).status_code == 303


@pytest.mark.parametrize(("old", "new", "again", "text"), [
    ("falsch", NEW, NEW, "Das Passwort stimmt nicht."), (PASSWORD, "kurz", "kurz", "mindestens 12 Zeichen"),
    (PASSWORD, NEW, NEW + "!", "nicht gleich"), (PASSWORD, PASSWORD, PASSWORD, "anders sein"),
    (PASSWORD, "passwort1234", "passwort1234", "oft als Erstes"),
])  # fmt: skip
async def test_a_password_that_cannot_be_is_explained_beside_its_field(
    world: World, old: str, new: str, again: str, text: str
) -> None:
    browser = await world.logged_in()
    answer = await browser.send_form("/profile/password", {"old": old, "new": new, "again": again})
    assert answer.status_code == 422
    assert re.search(rf'id="(old|new|again)-error">.*{text}', answer.text)
    assert new not in answer.text
    assert (await world.browser().log_in("anna")).status_code == 303


async def test_whoever_finds_an_open_browser_cannot_guess_the_password_for_long(world: World) -> None:
    browser = await world.logged_in()
    form = {"old": "falsch", "new": NEW, "again": NEW}
    statuses = [(await browser.send_form("/profile/password", form)).status_code for _ in range(6)]
    assert statuses == [422] * 5 + [429]


async def test_language_and_duty_are_kept(world: World) -> None:
    browser = await world.logged_in()
    await browser.send_form("/profile/language", {"language": "en"})
    assert "My account" in (await browser.get("/profile")).text
    await browser.send_form("/profile/duty")
    assert "You are off duty" in (await browser.get("/profile")).text
    await browser.send_form("/profile/duty", {"on_duty": "yes"})
    assert "You are on duty" in (await browser.get("/profile")).text
    assert await world.actions() == ["login", "language", "off_duty", "on_duty"]


async def test_a_language_the_desk_does_not_speak_is_refused(world: World) -> None:
    browser = await world.logged_in()
    assert (await browser.send_form("/profile/language", {"language": "xx"})).status_code == 404


async def test_the_second_factor_is_on_once_the_app_has_shown_a_code(world: World, clock: Clock) -> None:
    browser = await world.logged_in()
    page = (await browser.get("/profile/totp")).text
    found = re.search(r'<code class="secret">([A-Z2-7]{32})</code>', page)
    assert found
    picture = await browser.get("/profile/totp.svg")
    assert picture.headers["content-type"].startswith("image/svg+xml")
    assert b"<script" not in picture.content
    code = pyotp.TOTP(found[1]).at(clock())
    for wrong in ({"code": "000", "password": PASSWORD}, {"code": code, "password": "falsch"}, {"code": code}):
        assert (await browser.send_form("/profile/totp", wrong)).status_code == 422
        assert (await world.reload(1)).totp_secret is None
    right = {"code": f"{code[:3]} {code[3:]}", "password": PASSWORD}
    assert (await browser.send_form("/profile/totp", right)).status_code == 303
    assert (await world.reload(1)).totp_secret == found[1]
    assert (await world.browser().log_in("anna")).headers["location"].startswith("/login/code")


async def test_the_secret_is_not_shown_again_once_it_is_in_use(world: World) -> None:
    browser = await world.logged_in()
    async with world.database.write() as session:
        (await session.merge(await world.reload(1))).totp_secret = "JBSWY3DPEHPK3PXP"
    assert (await browser.get("/profile/totp")).status_code == 303
    assert (await browser.get("/profile/totp.svg")).status_code == 404
    assert "JBSWY3DP" not in (await browser.get("/profile")).text


async def test_the_second_factor_goes_off_with_the_password_only(world: World) -> None:
    browser = await world.logged_in()
    async with world.database.write() as session:
        (await session.merge(await world.reload(1))).totp_secret = "JBSWY3DPEHPK3PXP"
    assert (await browser.send_form("/profile/totp/off", {"password": "falsch"})).status_code == 422
    assert (await world.reload(1)).totp_secret
    assert (await browser.send_form("/profile/totp/off", {"password": PASSWORD})).status_code == 303
    assert (await world.reload(1)).totp_secret is None


@pytest.mark.parametrize("done", ["login.title", "nothing.done_at_all", "<script>", "login.wait"])
async def test_an_address_cannot_make_a_page_say_other_things(world: World, done: str) -> None:
    browser = await world.logged_in()
    answer = await browser.get("/profile", params={"done": done})
    assert 'class="notice good"' not in answer.text
    assert "<script>" not in answer.text
