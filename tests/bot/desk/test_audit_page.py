"""The record of what staff did."""

from __future__ import annotations

import re
from datetime import timedelta

from bot.desk.pages.audit import PER_PAGE
from bot.storage.models import Audit, Case
from tests.bot.desk.conftest import World


async def filled(world: World, count: int) -> None:
    """One case, and lines about it and others, by nobody."""
    now = world.desk.parts.clock()
    async with world.database.write() as session:
        session.add(Case(state="QUEUED", reason="asked", language="ar", opened_at=now, changed_at=now))
        await session.flush()
        for number in range(count):
            session.add(Audit(at=now + timedelta(seconds=number), action="claim_nr", detail=f"line {number:03}",
                              case_id=1 if number == 3 else None))  # fmt: skip


def lines(text: str) -> list[str]:
    return re.findall(r"line \d{3}", text)


async def test_the_newest_come_first_and_every_line_is_on_one_page(world: World) -> None:
    browser = await world.logged_in(role="admin")
    await filled(world, PER_PAGE * 2 + 5)
    seen, path = [], "/audit"
    while path:
        text = (await browser.get(path)).text
        seen += lines(text)
        found = re.search(r'href="(/audit\?[^"]*before=[^"]*)"', text)
        path = found[1].replace("&amp;", "&") if found else ""
    assert seen == [f"line {number:03}" for number in reversed(range(PER_PAGE * 2 + 5))]


async def test_the_lines_of_one_case_are_found_by_its_number(world: World) -> None:
    browser = await world.logged_in(role="admin")
    await filled(world, 5)
    for typed in ("W-0001", "w-1", "1"):
        assert lines((await browser.get("/audit", params={"case": typed})).text) == ["line 003"]
    for typed in ("W-0002", "rubbish", "'; --", "9" * 40):
        assert "Nichts gefunden." in (await browser.get("/audit", params={"case": typed})).text


async def test_the_lines_of_one_colleague_are_found(world: World) -> None:
    browser = await world.logged_in(role="admin")
    await world.logged_in("bernd", name="Herr B.")
    await filled(world, 5)
    text = (await browser.get("/audit", params={"staff": "2"})).text
    assert lines(text) == []
    assert text.count("Angemeldet") == 1
    assert "<bdi>Herr B.</bdi>" in text


async def test_an_action_without_a_text_is_shown_as_it_stands(world: World) -> None:
    browser = await world.logged_in(role="admin")
    await filled(world, 1)
    assert "claim_nr" in (await browser.get("/audit")).text


async def test_failed_logins_are_written_down_without_what_somebody_unknown_has_typed(world: World) -> None:
    browser = await world.logged_in(role="admin")
    await world.browser().log_in("anna", "falsch")
    await world.browser().log_in("nobody", "falsch")
    assert (await world.actions()).count("login_failed") == 2
    page = (await browser.get("/audit")).text
    assert "Anmeldung fehlgeschlagen" in page
    assert "nobody" not in page
