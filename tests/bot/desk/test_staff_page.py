"""Colleagues: added, changed, sent out, and never so that nobody could let them in again."""

from __future__ import annotations

import asyncio
import re

import pytest

from bot.desk import accounts
from bot.desk.accounts import AccountError, add_admin
from bot.desk.passwords import is_start
from bot.storage.models import Audit, DeskSession, Staff, StaffAbsence
from tests.bot.desk.conftest import PASSWORD, Browser, World

XSS = "<img src=x onerror=alert(1)>\"'"


@pytest.fixture
async def admin(world: World) -> Browser:
    """Anna, staff 1, the only admin."""
    return await world.logged_in("anna", "admin")


def new(**typed: str) -> dict[str, str]:
    return {"name": "Herr B.", "login": "bernd", "role": "agent", "telegram_id": ""} | typed


async def test_a_new_colleague_gets_a_password_that_is_shown_once_and_replaced_at_once(
    world: World, admin: Browser
) -> None:
    answer = await admin.send_form("/staff", new(telegram_id="4242"))
    found = re.findall(r'<code class="secret">(.*?)</code>', answer.text)
    assert found[0] == "bernd"
    member = await world.reload(2)
    assert (member.telegram_id, member.role, is_start(member.password_hash)) == (4242, "agent", True)
    assert found[1] not in (await admin.get("/staff/2")).text
    browser = world.browser()
    assert (await browser.log_in("bernd", found[1])).status_code == 303
    assert (await browser.get("/queue")).headers["location"] == "/profile"
    assert "staff_add" in await world.actions()
    assert not any(found[1] in row.detail for row in await world.all(Audit))


@pytest.mark.parametrize(("typed", "field"), [
    ({"name": ""}, "name"), ({"login": "x"}, "login"), ({"login": "mit leer"}, "login"), ({"login": "<b>"}, "login"),
    ({"login": "Anna"}, "login"), ({"telegram_id": "+49 1"}, "telegram_id"), ({"telegram_id": "0"}, "telegram_id"),
    ({"telegram_id": "99999999999999999999"}, "telegram_id"), ({"telegram_id": "77"}, "telegram_id"),
])  # fmt: skip
async def test_what_cannot_be_is_explained_beside_the_field(
    world: World, admin: Browser, typed: dict[str, str], field: str
) -> None:
    await world.member("karl", telegram_id=77)
    answer = await admin.send_form("/staff", new(**typed))
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert len(await world.all(Staff)) == 2


async def test_a_role_that_does_not_exist_is_not_given(world: World, admin: Browser) -> None:
    assert (await admin.send_form("/staff", new(role="king"))).status_code == 422
    assert len(await world.all(Staff)) == 1


async def test_what_stands_in_a_name_stays_text_on_every_page(world: World, admin: Browser) -> None:
    await admin.send_form("/staff", new(name=XSS))
    await world.again("anna")
    async with world.database.write() as session:
        (await session.merge(await world.reload(1))).name = XSS
    for path in ("/staff", "/staff/2", "/audit", "/profile", "/calendar", "/queue", "/search"):
        page = (await admin.get(path)).text
        assert "<img src=x" not in page, path
        assert "&lt;img src=x onerror=alert(1)&gt;" in page, path


async def test_name_role_and_telegram_id_can_be_changed(world: World, admin: Browser) -> None:
    await world.member("bernd", telegram_id=5)
    browser = await world.again("bernd")
    form = {"name": "Herr Berg", "role": "editor", "telegram_id": ""}
    assert (await admin.send_form("/staff/2", form)).status_code == 303
    member = await world.reload(2)
    assert (member.name, member.role, member.telegram_id) == ("Herr Berg", "editor", None)
    assert (await browser.get("/calendar")).status_code == 200  # at once, without another login


async def test_a_change_that_is_refused_changes_nothing_at_all(world: World, admin: Browser) -> None:
    await world.member("bernd")
    await world.member("karl", telegram_id=77)
    answer = await admin.send_form("/staff/2", {"name": "Neu", "role": "admin", "telegram_id": "77"})
    assert answer.status_code == 422
    member = await world.reload(2)
    assert (member.name, member.role, member.telegram_id) == ("Frau A.", "agent", None)
    assert "staff_change" not in await world.actions()


async def test_who_is_deactivated_is_out_at_once_and_can_come_back(world: World, admin: Browser) -> None:
    browser = await world.logged_in("bernd")
    assert (await admin.send_form("/staff/2/active")).status_code == 303
    assert (await browser.get("/profile")).status_code == 303
    assert [row.staff_id for row in await world.all(DeskSession)] == [1]
    assert (await browser.log_in("bernd")).status_code == 422
    assert (await admin.send_form("/staff/2/active", {"active": "yes"})).status_code == 303
    assert (await browser.log_in("bernd")).status_code == 303


async def test_no_admin_takes_the_rights_from_themselves(world: World, admin: Browser) -> None:
    await world.member("berta", "admin")
    assert (await admin.send_form("/staff/1/active")).status_code == 422
    answer = await admin.send_form("/staff/1", {"name": "Frau A.", "role": "agent", "telegram_id": ""})
    assert answer.status_code == 422
    assert "nur jemand anderes" in answer.text
    member = await world.reload(1)
    assert (member.role, member.active) == ("admin", True)


async def test_two_admins_who_remove_each_other_at_once_do_not_lock_everybody_out(world: World, admin: Browser) -> None:
    other = await world.logged_in("berta", "admin")
    await asyncio.gather(admin.send_form("/staff/2/active"), other.send_form("/staff/1/active"))
    assert [member.active for member in await world.all(Staff)].count(True) == 1


async def test_the_last_admin_who_can_log_in_stays(world: World) -> None:
    last = await world.member("anna", "admin")
    await world.member("berta", "admin", password_hash=None)
    await world.member("carla", "admin", active=False)
    by = await world.member("dora", "editor")
    async with world.database.write() as session:
        member = await session.get_one(Staff, last.id)
        with pytest.raises(AccountError, match="last_admin"):
            await accounts.deactivate(session, member, by=by)
        with pytest.raises(AccountError, match="last_admin"):
            await accounts.change_role(session, member, "agent", by=by)
    assert (await world.reload(last)).active


async def test_a_new_start_password_ends_the_logins_of_the_colleague(world: World, admin: Browser) -> None:
    browser = await world.logged_in("bernd")
    answer = await admin.send_form("/staff/2/password")
    password = re.findall(r'<code class="secret">(.*?)</code>', answer.text)[1]
    assert (await browser.get("/profile")).status_code == 303
    assert (await browser.log_in("bernd")).status_code == 422
    assert (await browser.log_in("bernd", password)).status_code == 303


async def test_the_own_password_is_not_changed_without_knowing_it(world: World, admin: Browser) -> None:
    before = (await world.reload(1)).password_hash
    assert (await admin.send_form("/staff/1/password")).status_code == 422
    assert (await world.reload(1)).password_hash == before


async def test_somebody_known_from_the_group_only_gets_access(world: World, admin: Browser) -> None:
    async with world.database.write() as session:
        session.add(Staff(name="Frau G.", telegram_id=9))
    assert (await admin.send_form("/staff/2/password", {"login": "anna"})).status_code == 422
    assert (await world.reload(2)).password_hash is None
    answer = await admin.send_form("/staff/2/password", {"login": "Gerda"})
    password = re.findall(r'<code class="secret">(.*?)</code>', answer.text)[1]
    assert (await world.browser().log_in("gerda", password)).status_code == 303


async def test_who_lost_the_phone_can_log_in_without_code(world: World, admin: Browser) -> None:
    await world.member("bernd", totp_secret="JBSWY3DPEHPK3PXP")
    assert (await world.browser().log_in("bernd")).headers["location"].startswith("/login/code")
    await admin.send_form("/staff/2/totp")
    assert (await world.browser().log_in("bernd")).headers["location"] == "/"


async def test_absences_are_entered_and_taken_back(world: World, admin: Browser) -> None:
    await world.member("bernd")
    await admin.send_form("/staff/2/absences", {"first": "2026-11-23", "last": "2026-11-27"})
    await admin.send_form("/staff/2/absences", {"first": "2026-12-07"})
    rows = await world.all(StaffAbsence)
    assert [(row.first.day, row.last.day) for row in rows] == [(23, 27), (7, 7)]
    assert "abwesend" in (await admin.get("/staff")).text
    assert (await admin.send_form(f"/staff/1/absences/{rows[0].id}/remove")).status_code == 404
    assert (await admin.send_form(f"/staff/2/absences/{rows[0].id}/remove")).status_code == 303
    assert len(await world.all(StaffAbsence)) == 1


@pytest.mark.parametrize(("first", "last", "field"), [
    ("", "", "first"), ("1926-11-23", "", "first"), ("2026-11-23", "2026-11-22", "last"),
    ("2026-11-23", "2029-11-22", "last"), ("2026-11-23", "later", "last"),
])  # fmt: skip
async def test_an_absence_that_cannot_be_is_explained(
    world: World, admin: Browser, first: str, last: str, field: str
) -> None:
    await world.member("bernd")
    answer = await admin.send_form("/staff/2/absences", {"first": first, "last": last})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert not await world.all(StaffAbsence)


async def test_the_first_admin_comes_from_the_command_line(world: World) -> None:
    await add_admin(world.database, "Chef", "Frau Chef", PASSWORD)
    member = await world.reload(1)
    assert (member.login, member.role, member.active) == ("chef", "admin", True)
    assert (await world.browser().log_in("chef")).headers["location"] == "/"
    assert "admin_by_command" in await world.actions()


async def test_the_command_line_gives_a_locked_out_admin_a_new_password(world: World) -> None:
    browser = await world.logged_in("chef", "agent")
    await add_admin(world.database, "chef", "Frau Chef", "sieben graue Enten")
    assert (await browser.get("/profile")).status_code == 303
    assert (await browser.log_in("chef", "sieben graue Enten")).status_code == 303
    assert (await browser.get("/staff")).status_code == 200


@pytest.mark.parametrize(("login", "name", "password", "key"), [
    ("mit leer", "A", PASSWORD, "staff.bad_login"), ("chef", " ", PASSWORD, "staff.bad_name"),
    ("chef", "A", "kurz", "password.too_short"),
])  # fmt: skip
async def test_the_command_line_refuses_what_the_page_would(
    world: World, login: str, name: str, password: str, key: str
) -> None:
    with pytest.raises(AccountError) as error:
        await add_admin(world.database, login, name, password)
    assert error.value.key == key
    assert not await world.all(Staff)
