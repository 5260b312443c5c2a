"""Finding cases, and messages that have not arrived."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import insert

from bot.storage.models import Case, OutboxMessage
from tests.bot.desk.cases.conftest import Office, step, words_of
from tests.bot.desk.conftest import Browser
from tests.bot.stage import Visitor
from tests.conftest import Clock

pytestmark = pytest.mark.both_databases


def _numbers(text: str) -> list[str]:
    return re.findall(r'<strong class="row-number">(W-\d+)', text)


@pytest.mark.parametrize("typed", ["W-0002", "w-2", "2", "0002", "W2"])
async def test_a_case_is_found_by_its_number(office: Office, anna: Browser, typed: str) -> None:
    for number in range(3):
        await office.asks(1001 + number)
    assert _numbers((await anna.get("/search", params={"q": typed})).text) == ["W-0002"]


@pytest.mark.parametrize("typed", ["ärger", "ÄRGER", "Ärger", "satzung", "کم"])
async def test_a_case_is_found_by_a_word_of_its_conversation(
    office: Office, anna: Browser, rana: Visitor, typed: str
) -> None:
    await office.asks(1002)
    await rana.writes("Ärger mit der Satzung, کم")
    page = await anna.get("/search", params={"q": typed})
    assert _numbers(page.text) == ["W-0001"]
    assert "Ärger mit der Satzung" in page.text


async def test_signs_with_a_meaning_for_the_database_are_only_signs(anna: Browser, rana: Visitor) -> None:
    await rana.writes("hundert Prozent")
    for typed in ("%", "_", "h%t", "' OR 1=1 --", "\\", "😀" * 90):
        assert _numbers((await anna.get("/search", params={"q": typed})).text) == []


async def test_cases_are_narrowed_by_language_state_owner_and_day(office: Office, anna: Browser, clock: Clock) -> None:
    await office.asks(1001, "ar")
    clock.forward(days=2)
    await office.asks(1002, "fa")
    anna = await office.again("anna")
    await step(anna, "take", 2)
    owner = (await office.case(2)).owner_id
    for query in ("language=fa", "state=CLAIMED", f"owner={owner}", "first=2026-11-25", "last=2026-11-24"):
        expected = ["W-0001"] if query.startswith("last") else ["W-0002"]
        assert _numbers((await anna.get(f"/search?{query}")).text) == expected, query


@pytest.mark.parametrize("query", ["first=x", "last=9999-12-31", "first=0001-01-01", "owner=x", "state=INTAKE",
                                   "page=-1", "page=99999999999999999999", "q=999999999999999999999", "q=%00",
                                   "q=%ED%A0%80", "language=%00"])  # fmt: skip
async def test_odd_addresses_are_no_error(anna: Browser, rana: Visitor, query: str) -> None:
    assert (await anna.get(f"/search?{query}")).status_code == 200


async def test_many_cases_come_page_by_page(office: Office, anna: Browser, clock: Clock) -> None:
    row = {"state": "CLOSED", "reason": "asked", "language": "ar", "version": 5, "urgent": False, "last_exchange_id": 0,
           "opened_at": clock(), "changed_at": clock(), "active_at": clock()}  # fmt: skip
    async with office.database.write() as session:
        await session.execute(insert(Case), [row] * 60)
    first = await anna.get("/search?language=ar")
    assert (_numbers(first.text)[0], len(_numbers(first.text))) == ("W-0060", 25)
    assert 'href="/search?language=ar&amp;page=2"' in first.text
    assert len(_numbers((await anna.get("/search?language=ar&page=3")).text)) == 10


async def test_a_held_message_of_a_colleague_is_not_found(
    office: Office, anna: Browser, bernd: Browser, rana: Visitor
) -> None:
    await step(anna, "take")
    await bernd.send_form("/cases/1/write", {"text": "Entwurf"})
    assert _numbers((await anna.get("/search?q=Entwurf")).text) == []


async def test_a_message_that_is_too_long_on_its_way_is_listed_with_what_to_do(
    office: Office, anna: Browser, rana: Visitor, clock: Clock
) -> None:
    await anna.send_form("/cases/1/write", {"text": "Guten Tag"})
    clock.forward(minutes=9)
    assert "Guten Tag" not in words_of(await anna.get("/undelivered"))
    clock.forward(minutes=2)
    listed = words_of(await anna.get("/undelivered"))
    assert "Guten Tag" in listed
    assert "Es wird von selbst weiter versucht" in listed


async def test_a_message_that_failed_is_listed_at_once(office: Office, anna: Browser, rana: Visitor) -> None:
    await anna.send_form("/cases/1/write", {"text": "Guten Tag"})
    await office.change(OutboxMessage, state="failed", error="refused")
    listed = words_of(await anna.get("/undelivered"))
    assert "Telegram hat die Nachricht nicht angenommen" in listed
    assert "Text noch einmal in den Fall holen" in listed
