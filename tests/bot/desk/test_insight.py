"""The evaluation at the desk: page, files and PDF."""

from __future__ import annotations

import csv
import io
import random
import re
from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest

from bot.desk.insight.files import MARK, written
from bot.insight.counted import QUESTIONS
from bot.insight.suppression import K
from bot.storage.models import Audit, Person, Unanswered
from tests.bot.desk.conftest import Browser, World
from tests.bot.documents.pdf_reader import Pdf
from tests.bot.insight.numbers import cases, count, people

TODAY = date(2026, 11, 24)
NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
VALUE = re.compile(r'<td class="amount[^>]*>(.*?)</td>|<dd><strong>(.*?)</strong>|davor: ([^<]*)<')
ALONE = re.compile(r"(?<![\d.,:])[1-4](?![\d.,:])")
"""A number from 1 to 4 that is not part of a larger one, a date or a time."""
UNITS = re.compile(r"\d+ (Std|Min|Tage)")


async def small_city(world: World, seed: int) -> None:
    """Numbers of which many are small."""
    dice = random.Random(seed)
    entries = ("rooms.event", "funding.wir", "network.meeting", "founding.members_needed")
    counted: dict[tuple[date, str, str, str], int] = {}
    for name in (*QUESTIONS, "helped_yes", "helped_no", "handed_off", "new_person", "flow_started"):
        for language in ("de", "tr", "ar"):
            key = dice.choice(entries) if name in {"answered", "opened"} else "rooms" if name == "handed_off" else ""
            key = "room_request" if name == "flow_started" else key
            day = TODAY - timedelta(days=dice.randrange(40))
            counted[day, name, key, language] = dice.choice([1, 2, 3, 4, 5, 9, 30])
    await count(world.database, counted)
    monday = date(2026, 11, 16)
    await people(world.database, {(monday, topic, language): dice.choice([1, 3, 4, 6, 20])
                                  for topic in ("*", "rooms") for language in ("*", "de", "tr")})  # fmt: skip
    for kept, outcome in ((True, "solved"), (False, "not_solved"), (None, None)):
        await cases(world.database, NOON, dice.choice([1, 3, 6, 12]), waited=3600, promise_kept=kept, outcome=outcome)


async def asked(world: World, people: int, text: str) -> None:
    """So many people asked the same, without an answer."""
    now = world.desk.parts.clock()
    async with world.database.write() as session:
        for number in range(people):
            session.add(person := Person(chat_id=9000 + number, language="de", created_at=now, seen_at=now))
            await session.flush()
            session.add(Unanswered(person_id=person.id, asked_on=TODAY, language="de", text=text, outcome="lost",
                                   nearest=[["rooms.event", 0.2]]))  # fmt: skip


async def text_of(browser: Browser, path: str) -> str:
    answer = await browser.get(path)
    assert answer.status_code == 200
    return unescape(answer.text)


async def rows_of(browser: Browser, path: str) -> list[list[str]]:
    text = (await browser.get(path)).content.decode()
    assert text.startswith(MARK)
    return list(csv.reader(io.StringIO(text.removeprefix(MARK)), delimiter=";"))


@pytest.mark.parametrize("seed", range(2))
async def test_neither_page_nor_files_nor_pdf_show_a_number_from_1_to_4(world: World, seed: int) -> None:
    await small_city(world, seed)
    browser = await world.logged_in(role="editor")
    for query in ("", "?language=tr", "?period=month&topic=rooms", "?period=week&topic=rooms&language=de"):
        page = await text_of(browser, f"/insight{query}")
        values = [UNITS.sub("", value) for found in VALUE.findall(page) for value in found if value]
        assert values
        assert [value for value in values if ALONE.search(value)] == [], query
        assert any("weniger als 5" in value for value in values)
        rows = await rows_of(browser, f"/insight/files/all{query}")
        assert [row for row in rows if row[-1].isdecimal() and 0 < int(row[-1]) < K] == [], query
    pdf = Pdf((await browser.get("/insight/pdf")).content)
    assert len(pdf.pages) == 1
    below_head = [line.text for line in pdf.lines if line.top > 40 and not line.text.startswith("Erste")]
    shown = [UNITS.sub("", text) for text in below_head[: _notes(below_head)]]
    assert [text for text in shown if re.fullmatch(r"(davor: )?[1-4]( .*)?", text.strip())] == []


def _notes(lines: list[str]) -> int:
    return next(place for place, text in enumerate(lines) if text.startswith("Wie diese Zahlen"))


async def test_the_page_tells_figures_with_those_of_the_period_before(world: World) -> None:
    before = {(date(2026, 8, 1), "lost", "", "de"): 20}
    await count(world.database, {(TODAY, "answered", "rooms.event", "tr"): 30, **before})
    page = await text_of(await world.logged_in(role="editor"), "/insight")
    assert "4. Quartal 2026" in page
    assert re.search(r"Fragen<.*?<strong>30</strong>\s*<span[^>]*>davor: 20 \(\+50 %\)", page, re.DOTALL)
    assert "Türkisch" in page
    assert "Räume" in page
    assert world.desk.parts.library.entry("rooms.event", "de").question in page


async def test_an_address_that_makes_no_sense_shows_the_quarter_that_runs(world: World) -> None:
    browser = await world.logged_in(role="editor")
    for query in ("period=age&from=gestern", "from=9999-12-31", "period=own&from=0001-01-01", "topic=%00&language=xx"):
        assert re.search("4. Quartal 2026|24.11.2026", await text_of(browser, f"/insight?{query}")), query


async def test_a_file_is_one_for_a_german_spreadsheet_and_goes_into_the_record(world: World) -> None:
    await count(world.database, {(TODAY, "answered", "rooms.event", "tr"): 1234})
    browser = await world.logged_in(role="editor")
    answer = await browser.get("/insight/files/topics?period=month")
    assert answer.headers["content-disposition"] == 'attachment; filename="wegweiser-topics-2026-11.csv"'
    assert await rows_of(browser, "/insight/files/topics") == [
        ["Was", "Fragen", "Besuche", "Übergeben"], ["Räume", "1234", "nicht gezählt", "0"],
        ["Summe", "1234", "nicht gezählt", "0"],
    ]  # fmt: skip
    assert (await browser.get("/insight/pdf")).headers["content-disposition"].endswith('"wegweiser-2026-Q4.pdf"')
    lines = [(row.staff_id, row.detail) for row in await world.all(Audit) if row.action == "insight_export"]
    files = ["topics-2026-11.csv", "topics-2026-Q4.csv", "2026-Q4.pdf"]
    assert lines == [(1, f"wegweiser-{name}") for name in files]


async def test_groups_are_of_all_topics_and_languages_and_their_file_says_no_other(world: World) -> None:
    browser = await world.logged_in(role="editor")
    await asked(world, K, "Kann man hier Stühle leihen?")
    answer = await browser.get("/insight/files/clusters?language=tr&topic=funding")
    assert "Stühle" in answer.text
    assert answer.headers["content-disposition"].endswith('"wegweiser-clusters-2026-Q4.csv"')


@pytest.mark.parametrize("cell", ["=1+1", "+49", "-1", "@SUM(A1)", "\t=1", "|x", "%0A", "  =1", "\uff1d1"])
def test_no_cell_is_a_formula(cell: str) -> None:
    (row,) = csv.reader(io.StringIO(written([[cell]]).removeprefix(MARK)), delimiter=";")
    assert row == [f"'{cell}"]


async def test_unanswered_questions_show_their_wording_only_if_enough_people_asked(world: World) -> None:
    text = '=Kann man <b>hier</b> Stühle "leihen"; und Tische?'
    browser = await world.logged_in(role="editor")
    await asked(world, K - 1, text)
    assert "leihen" not in await text_of(browser, "/insight/groups")
    assert "weniger als 5" in await text_of(browser, "/insight/groups")
    assert "leihen" not in str(await rows_of(browser, "/insight/files/clusters"))


async def test_the_wording_of_people_is_no_markup_and_no_formula(world: World) -> None:
    text = '=Kann man <b>hier</b> Stühle "leihen"; und Tische?'
    browser = await world.logged_in(role="editor")
    await asked(world, K, text)
    page = (await browser.get("/insight/groups")).text
    assert "&lt;b&gt;hier" in page
    assert "5 Fragen von 5 Menschen" in page
    rows = await rows_of(browser, "/insight/files/clusters")
    assert rows[1][:3] == [f"'{text}", "5", "5"]
    pdf = Pdf((await browser.get("/insight/pdf")).content)
    assert "Stühle" in pdf.text
