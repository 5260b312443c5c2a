"""The calendar's page: what is typed becomes the office's calendar, or is explained beside the field."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot.conversation.calendars import calendar_of
from bot.desk.opening import HoursError, Pair, read_clock, read_spans
from bot.handoff.hours import parse_hours
from bot.storage.models import CalendarException, OfficeWeek
from tests.bot.desk.conftest import Browser, World
from tests.conftest import Clock

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
async def browser(world: World) -> Browser:
    return await world.logged_in("edith", "editor")


def week(**typed: str) -> dict[str, str]:
    """The form as the page sends it, empty but for what is given."""
    names = [f"d{day}_{number}_{end}" for day in range(7) for number in range(2) for end in ("from", "to")]
    return dict.fromkeys(names, "") | typed


def error_in(text: str) -> tuple[str, str]:
    """The field that is marked, and what is said beside it."""
    found = re.search(r'<p class="error" id="(\w+)-error">.*?</span> (.*?)</p>', text)
    return (found[1], found[2]) if found else ("", "")


@pytest.mark.parametrize(("typed", "meant"), [
    ("9", time(9)), ("9:30", time(9, 30)), ("09.30", time(9, 30)), ("0930", time(9, 30)), ("9 Uhr", time(9)),
    ("16h", time(16)), ("24:00", time.max), ("0", time(0)), ("23:59", time(23, 59)),
])  # fmt: skip
def test_times_are_read_as_people_write_them(typed: str, meant: time) -> None:
    assert read_clock(typed) == meant


@pytest.mark.parametrize("typed", ["25", "9:60", "24:01", "neun", "-1", "9:3", "9-12", "٩:٠٠x", "1e1", "99999"])
def test_what_is_no_time_is_refused(typed: str) -> None:
    with pytest.raises(HoursError):
        read_clock(typed)


def test_spans_come_in_order_and_may_touch() -> None:
    spans = read_spans([Pair("13", "16"), Pair("", ""), Pair("9", "13")])
    assert spans == ((time(9), time(13)), (time(13), time(16)))


async def test_the_week_that_is_saved_is_the_one_the_bot_goes_by(world: World, browser: Browser) -> None:
    typed = week(d0_0_from="9", d0_0_to="12", d0_1_from="13", d0_1_to="16:30", d6_0_from="10", d6_0_to="24:00")
    answer = await browser.send_form("/calendar/week", typed)
    assert answer.headers["location"] == "/calendar?done=calendar.done_week"
    [row] = await world.all(OfficeWeek)
    assert row.hours == "Mon 09:00-12:00, Mon 13:00-16:30, Sun 10:00-24:00"
    assert parse_hours(row.hours)[6] == ((time(10), time.max),)
    page = (await browser.get("/calendar")).text
    assert 'name="d0_1_to" value="16:30"' in page
    assert "OFFICE_HOURS" not in page


async def test_saving_again_keeps_one_week(world: World, browser: Browser) -> None:
    for until in ("12", "13"):
        await browser.send_form("/calendar/week", week(d1_0_from="9", d1_0_to=until))
    assert [row.hours for row in await world.all(OfficeWeek)] == ["Tue 09:00-13:00"]
    assert await world.actions() == ["login", "calendar_week", "calendar_week"]


@pytest.mark.parametrize(("typed", "text"), [
    ({"d2_0_from": "9", "d2_0_to": "neun"}, "Diese Uhrzeit ist nicht zu lesen."),
    ({"d2_0_from": "9"}, "Anfang und Ende"), ({"d2_1_to": "9"}, "Anfang und Ende"),
    ({"d2_0_from": "12", "d2_0_to": "9"}, "Das Ende muss nach dem Anfang liegen."),
    ({"d2_0_from": "9", "d2_0_to": "9"}, "Das Ende muss nach dem Anfang liegen."),
    ({"d2_0_from": "9", "d2_0_to": "13", "d2_1_from": "12", "d2_1_to": "16"}, "überschneiden"),
])  # fmt: skip
async def test_a_week_that_cannot_be_is_explained_beside_the_day(
    world: World, browser: Browser, typed: dict[str, str], text: str
) -> None:
    answer = await browser.send_form("/calendar/week", week(d0_0_from="8", d0_0_to="10", **typed))
    assert answer.status_code == 422
    field, said = error_in(answer.text)
    assert field == "d2"
    assert text in said
    assert 'aria-describedby="d2-error"' in answer.text
    assert 'name="d0_0_from" value="8"' in answer.text  # what was right is still there
    assert not await world.all(OfficeWeek)


async def test_the_hours_of_the_settings_are_shown_until_others_are_saved(browser: Browser) -> None:
    page = (await browser.get("/calendar")).text
    assert "OFFICE_HOURS" in page
    assert 'name="d4_0_to" value="16:00"' in page


async def test_the_public_holidays_of_hesse_are_listed(browser: Browser) -> None:
    page = (await browser.get("/calendar")).text
    assert "Feiertage 2026 in Hessen" in page
    assert re.search(r"Donnerstag, 4\. Juni 2026</span><span lang=\"de\">Fronleichnam", page)
    assert "Allerheiligen" not in page


async def test_closed_days_and_days_with_other_hours_are_what_the_bot_goes_by(
    world: World, browser: Browser, clock: Clock
) -> None:
    closed = {"first": "2026-12-24", "last": "2027-01-02", "kind": "closed", "reason": "Zwischen den Jahren"}
    other = {"first": "2026-12-03", "last": "", "kind": "other", "x_0_from": "10", "x_0_to": "11"}
    for form in (closed, other):
        answer = await browser.send_form("/calendar/exceptions", form)
        assert answer.headers["location"] == "/calendar?done=calendar.done_added#exceptions"
    async with world.database.read() as session:
        calendar = await calendar_of(session, world.desk.parts.calendar)
    assert calendar.spans(date(2026, 12, 28)) == ()
    assert calendar.spans(date(2026, 12, 3)) == (
        (datetime(2026, 12, 3, 10, tzinfo=BERLIN), datetime(2026, 12, 3, 11, tzinfo=BERLIN)),
    )
    page = (await browser.get("/calendar")).text
    assert page.index("3. Dezember") < page.index("Zwischen den Jahren")
    assert "geöffnet 10:00–11:00" in page


@pytest.mark.parametrize(("typed", "field"), [
    ({"first": ""}, "first"), ({"first": "2026-02-30"}, "first"), ({"first": "0001-01-01"}, "first"),
    ({"first": "9999-12-31"}, "first"), ({"last": "2026-12-23"}, "last"), ({"last": "soon"}, "last"),
    ({"last": "2028-12-24"}, "last"), ({"kind": "other"}, "x"), ({"kind": "other", "x_0_from": "9"}, "x"),
    ({"kind": "other", "x_0_from": "9", "x_0_to": "x"}, "x"),
])  # fmt: skip
async def test_a_special_day_that_cannot_be_is_explained_beside_the_field(
    world: World, browser: Browser, typed: dict[str, str], field: str
) -> None:
    form = {"first": "2026-12-24", "last": "", "kind": "closed", "reason": "Fest & <b>Feier</b>"} | typed
    answer = await browser.send_form("/calendar/exceptions", form)
    assert answer.status_code == 422
    assert error_in(answer.text)[0] == field
    assert "Fest &amp; &lt;b&gt;Feier&lt;/b&gt;" in answer.text
    assert not await world.all(CalendarException)


async def test_a_special_day_can_be_taken_back_once(world: World, browser: Browser) -> None:
    await browser.send_form("/calendar/exceptions", {"first": "2026-12-24", "kind": "closed"})
    assert (await browser.send_form("/calendar/exceptions/1/remove")).status_code == 303
    assert (await browser.send_form("/calendar/exceptions/1/remove")).status_code == 404
    assert not await world.all(CalendarException)
    assert await world.actions() == ["login", "calendar_add", "calendar_remove"]
