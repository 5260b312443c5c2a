"""The queue: what waits comes first, and a promise that is about to be broken is seen."""

from __future__ import annotations

import re
import statistics
import time
from datetime import timedelta

import pytest
from sqlalchemy import insert

from bot.desk.pages import queue
from bot.storage.models import Case, Person
from bot.storage.office import GROUP_BACK, GROUP_LOST, NOBODY_CALLED, record
from tests.bot.desk.cases.conftest import Office, step, words_of
from tests.bot.desk.conftest import Browser
from tests.bot.stage import Visitor
from tests.conftest import Clock

pytestmark = pytest.mark.both_databases


def _section(text: str, name: str) -> list[str]:
    found = re.search(rf'id="s-{name}".*?</section>', text, re.DOTALL)
    return re.findall(r'<strong class="row-number">(W-\d+)', found[0]) if found else []


async def test_what_waits_comes_oldest_first_and_what_came_after_hours_behind_it(
    office: Office, anna: Browser, bernd: Browser, clock: Clock
) -> None:
    for number in range(5):
        await office.asks(1001 + number)
        clock.forward(minutes=10)
    async with office.database.write() as session:
        (await session.get_one(Case, 1)).state = "PARKED"
    await step(anna, "take", 3)
    await step(bernd, "take", 4)
    page = await anna.get("/queue")
    assert _section(page.text, "waiting") == ["W-0002", "W-0005", "W-0001"]
    assert _section(page.text, "mine") == ["W-0003"]
    assert _section(page.text, "colleagues") == ["W-0004"]
    assert "<title>(3) " in page.text
    assert "Herr B." in words_of(page)


async def test_what_waits_is_never_cut_in_favour_of_what_somebody_has_and_a_cut_is_said(
    office: Office, anna: Browser, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "MOST", 2)
    for number in range(3):
        await office.asks(1001 + number)
        clock.forward(minutes=10)
    assert 'id="cut"' in (await anna.get("/queue")).text
    await step(anna, "take", 1)
    page = await anna.get("/queue")
    assert (_section(page.text, "waiting"), _section(page.text, "mine")) == (["W-0002", "W-0003"], [])
    assert "Es sind mehr als 2 Fälle." in words_of(page)
    monkeypatch.setattr(queue, "MOST", 3)
    assert 'id="cut"' not in (await anna.get("/queue")).text


async def test_the_start_page_is_the_queue(anna: Browser) -> None:
    assert (await anna.get("/")).headers["location"] == "/queue"


async def test_nobody_sees_a_case_before_its_person_has_agreed(office: Office, anna: Browser) -> None:
    visitor = Visitor(office.stage)
    await visitor.writes("/human")
    assert (await office.case()).state == "INTAKE"
    assert "W-0001" not in (await anna.get("/queue")).text
    assert "W-0001" not in (await anna.get("/search?q=1")).text
    for path in ("/cases/1", "/cases/1/live", "/cases/1/pick/entry"):
        assert (await anna.get(path)).status_code == 404
    assert (await anna.send_form("/cases/1/take", {"version": "1"})).status_code == 404
    assert (await anna.send_form("/cases/1/write", {"text": "Hallo"})).status_code == 404


async def test_a_promise_in_danger_and_a_broken_one_are_said_in_words(
    office: Office, anna: Browser, rana: Visitor, clock: Clock
) -> None:
    await office.change(Case, promised_at=clock() + timedelta(minutes=61))
    assert "in Gefahr" not in words_of(await anna.get("/queue"))
    await office.change(Case, promised_at=clock() + timedelta(minutes=59))
    assert "Zusage in Gefahr: noch 59 Min." in words_of(await anna.get("/queue"))
    clock.forward(hours=1)
    assert "nicht eingehalten" in words_of(await anna.get("/queue"))
    await office.change(Case, promised_at=clock() + timedelta(hours=3), escalated_at=clock())
    assert "nicht eingehalten" in words_of(await anna.get("/queue"))


async def test_what_telegram_could_tell_nobody_stands_above_the_queue(
    office: Office, anna: Browser, rana: Visitor, clock: Clock
) -> None:
    async def after(action: str, case_id: int | None = None) -> str:
        async with office.database.write() as session:
            record(session, clock(), action, staff_id=None, case_id=case_id)
        return words_of(await anna.get("/queue"))

    await office.change(Case, escalated_at=clock())
    assert "zu erreichen: W-0001" in await after(NOBODY_CALLED, 1)
    assert "Die Leitung war in Telegram nicht zu erreichen." in words_of(await anna.get("/cases/1"))
    await office.change(Case, escalated_at=None)
    lost = "kann in der Telegram-Gruppe nicht arbeiten"
    assert lost in await after(GROUP_LOST)
    page = await after(GROUP_BACK)
    assert lost not in page
    assert "zu erreichen" not in page


async def test_how_long_somebody_waits_is_said_in_words(anna: Browser, rana: Visitor, clock: Clock) -> None:
    clock.forward(hours=2, minutes=10)
    page = words_of(await anna.get("/queue"))
    assert "seit 2 Std. 10 Min." in page
    assert "Arabisch" in page


async def test_words_narrow_the_list_and_the_number_in_the_title_stays(office: Office, anna: Browser) -> None:
    await office.asks(1001, "ar")
    await office.asks(1002, "fa")
    page = await anna.get("/queue?q=pers")
    assert _section(page.text, "waiting") == ["W-0002"]
    assert "<title>(2) " in page.text


async def test_the_list_that_renews_itself_says_what_has_changed(
    office: Office, anna: Browser, bernd: Browser, rana: Visitor
) -> None:
    known = re.search(r'id="known" name="known" value="([^"]*)"', (await anna.get("/queue")).text)
    assert known is not None
    htmx = {"hx-request": "true"}
    same = await anna.get("/queue/board", params={"known": known[1]}, headers=htmx)
    assert "queue-said" not in same.text
    assert "<html" not in same.text
    await step(bernd, "take")
    await office.asks(1002)
    changed = await anna.get("/queue/board", params={"known": known[1]}, headers=htmx)
    assert "W-0001: das Büro ist dran (Herr B.). Neu: W-0002 wartet." in words_of(changed) or (
        "Neu: W-0002 wartet. W-0001: das Büro ist dran (Herr B.)." in words_of(changed)
    )


async def test_the_queue_asks_the_database_as_often_for_many_cases_as_for_one(office: Office, anna: Browser) -> None:
    await office.asks(1001)
    with office.queries() as few:
        await anna.get("/queue")
    for number in range(6):
        await office.asks(1002 + number)
    with office.queries() as many:
        await anna.get("/queue")
    assert len(few) == len(many) <= 4


async def test_ten_thousand_closed_cases_do_not_slow_the_queue_down(
    office: Office, anna: Browser, rana: Visitor, clock: Clock
) -> None:
    row = {"state": "CLOSED", "reason": "asked", "language": "ar", "version": 5, "urgent": False, "last_exchange_id": 0,
           "opened_at": clock(), "changed_at": clock(), "active_at": clock()}  # fmt: skip
    async with office.database.write() as session:
        person = await session.scalar(Person.__table__.select().limit(1))
        await session.execute(insert(Case), [row | {"person_id": person} for _ in range(10_000)])
    times = []
    for _ in range(15):
        start = time.perf_counter()
        assert (await anna.get("/queue")).status_code == 200
        times.append(time.perf_counter() - start)
    assert statistics.median(times) < 0.15
