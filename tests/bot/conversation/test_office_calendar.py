"""The office's calendar in the conversation: what the desk set goes before the settings; promises keep to it."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from babel.dates import get_day_names

from bot.storage.models import CalendarException, OfficeWeek
from tests.bot.conftest import LANGUAGES
from tests.bot.conversation.passing import BERLIN, diary, look, set_clock
from tests.bot.stage import Colleague, Stage, Visitor, phrases
from tests.conftest import Clock

DIGITS = {"ar": "٠١٢٣٤٥٦٧٨٩", "fa": "۰۱۲۳۴۵۶۷۸۹"}


async def at_the_desk(stage: Stage, *rows: object) -> None:
    """What an editor set."""
    async with stage.database.write() as session:
        session.add_all(rows)


async def promised(stage: Stage, rana: Visitor) -> tuple[str, str]:
    """What somebody who asks now is told: the message, and the time in it (empty if none)."""
    (told,) = phrases(await rana.asks_for_a_human())
    time = told.params.get("time")
    return told.key, f"{time.astimezone(BERLIN):%d.%m. %H:%M}" if time else ""


async def test_without_anything_set_at_the_desk_the_setting_holds(
    stage: Stage, rana: Visitor, anna: Colleague
) -> None:
    assert await promised(stage, rana) == ("handoff.queued", "24.11. 14:00")


async def test_hours_set_at_the_desk_go_before_the_setting(stage: Stage, rana: Visitor, anna: Colleague) -> None:
    await at_the_desk(stage, OfficeWeek(hours="Tue 12:00-13:00, Thu 09:00-16:00"))
    assert await promised(stage, rana) == ("handoff.parked", "26.11. 12:00")


async def test_hours_emptied_at_the_desk_do_not_bring_those_of_the_setting_back(
    stage: Stage, rana: Visitor, anna: Colleague
) -> None:
    await at_the_desk(stage, OfficeWeek(hours=""))
    assert await promised(stage, rana) == ("handoff.queued_no_time", "")


async def test_days_closed_at_the_desk_leave_the_hours_of_the_setting_as_they_are(
    stage: Stage, rana: Visitor, anna: Colleague
) -> None:
    await at_the_desk(stage, CalendarException(first=date(2026, 11, 24), last=date(2026, 11, 26), reason="Umzug"))
    assert await promised(stage, rana) == ("handoff.parked", "27.11. 13:00")


async def test_other_hours_for_several_days_hold_on_each_of_them(
    stage: Stage, rana: Visitor, anna: Colleague
) -> None:
    await at_the_desk(stage, CalendarException(first=date(2026, 11, 24), last=date(2026, 11, 26),
                                               hours="10:00-11:00, 15:00-15:30"))  # fmt: skip
    assert await promised(stage, rana) == ("handoff.queued", "26.11. 11:00")


async def test_other_hours_open_the_office_within_a_closed_week_whichever_was_set_first(
    stage: Stage, rana: Visitor, anna: Colleague, clock: Clock
) -> None:
    await at_the_desk(stage, CalendarException(first=date(2026, 11, 25), last=date(2026, 11, 25), hours="09:00-10:00"),
                      CalendarException(first=date(2026, 11, 23), last=date(2026, 11, 29)))  # fmt: skip
    await promised(stage, rana)
    assert await diary(stage, clock, "2026-11-25T12:00") == [
        "25.11. 09:00 handoff.office_opened", "25.11. 09:00 desk.office_opened",
        "25.11. 09:30 desk.remind_queue", "25.11. 10:00 handoff.closing_parked",
    ]  # fmt: skip


async def test_a_change_at_the_desk_holds_at_once_for_those_who_wait(
    stage: Stage, rana: Visitor, anna: Colleague, clock: Clock
) -> None:
    await rana.asks_for_a_human()
    await at_the_desk(stage, CalendarException(first=date(2026, 11, 24), last=date(2026, 11, 24), reason="krank"))
    assert await look(stage) == ["handoff.closing_parked"]
    assert (await stage.only_case()).state == "PARKED"


@pytest.mark.parametrize(
    ("asked", "told", "time"),
    [("2026-05-13T15:30", "handoff.queued", "18.05. 12:30"), ("2026-05-14T10:00", "handoff.parked", "18.05. 13:00"),
     ("2026-12-24T15:00", "handoff.queued", "28.12. 12:00"), ("2027-03-25T16:30", "handoff.parked", "30.03. 13:00")],
    ids=["bridge-day", "ascension", "christmas", "easter"],
)  # fmt: skip
async def test_e21_a_promise_skips_holidays_of_hesse_and_bridge_days(
    stage: Stage, rana: Visitor, anna: Colleague, clock: Clock, asked: str, told: str, time: str
) -> None:
    await at_the_desk(stage, CalendarException(first=date(2026, 5, 15), last=date(2026, 5, 15), reason="Brückentag"))
    set_clock(clock, asked)
    assert await promised(stage, rana) == (told, time)


async def test_e21_in_the_lunch_break_nobody_is_told_that_the_office_has_closed(
    stage: Stage, rana: Visitor, anna: Colleague, clock: Clock
) -> None:
    await at_the_desk(stage, OfficeWeek(hours="Mon-Fri 09:00-12:00, Mon-Fri 13:00-16:00"))
    set_clock(clock, "2026-11-24T11:50")
    await rana.asks_for_a_human()
    mehmet = Visitor(stage, chat_id=1002)
    assert await diary(stage, clock, "2026-11-24T12:20", minutes=10) == []
    assert await promised(stage, mehmet) == ("handoff.parked", "25.11. 10:00")
    assert await diary(stage, clock, "2026-11-24T13:20", minutes=10) == [
        "24.11. 13:00 handoff.office_opened", "24.11. 13:00 desk.office_opened", "24.11. 13:20 desk.remind_queue"
    ]  # fmt: skip


async def test_e22_who_asks_ten_seconds_before_closing_hears_one_promise_and_the_same_one_at_closing(
    stage: Stage, rana: Visitor, anna: Colleague, clock: Clock
) -> None:
    set_clock(clock, "2026-11-24T15:59:50")
    assert await promised(stage, rana) == ("handoff.queued", "25.11. 12:59")
    first = (await stage.only_case()).promised_at
    clock.forward(seconds=10)
    assert await look(stage) == ["handoff.closing_parked"]
    assert ((await stage.only_case()).state, (await stage.only_case()).promised_at) == ("PARKED", first)
    assert await look(stage) == []


async def test_e22_what_is_taken_by_closing_is_not_parked(
    stage: Stage, rana: Visitor, anna: Colleague, clock: Clock
) -> None:
    set_clock(clock, "2026-11-24T15:59:50")
    await rana.asks_for_a_human()
    await anna.presses(await stage.only_case(), "take")
    clock.forward(seconds=10)
    assert await look(stage) == []
    assert (await stage.only_case()).state == "CLAIMED"


@pytest.mark.parametrize(("wall", "told"), [("10:00", "handoff.nobody_no_time"), ("19:00", "handoff.parked_no_time")])
async def test_e24_with_nobody_on_duty_the_true_reason_is_told_and_no_time(
    stage: Stage, rana: Visitor, clock: Clock, wall: str, told: str
) -> None:
    set_clock(clock, f"2026-11-24T{wall}")
    assert await promised(stage, rana) == (told, "")
    assert ((await stage.only_case()).state, (await stage.only_case()).promised_at) == ("PARKED", None)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_e27_a_promise_over_a_long_weekend_names_the_day_in_the_language(
    stage: Stage, anna: Colleague, clock: Clock, language: str
) -> None:
    set_clock(clock, "2027-03-25T16:30")  # Maundy Thursday; the office opens again on Tuesday
    sara = Visitor(stage, language=language)
    await sara.asks_for_a_human()
    told = (await stage.on_its_way(sara.chat_id)).translate(str.maketrans("".join(DIGITS.values()), "0123456789" * 2))
    assert get_day_names("wide", locale=language)[1] in told
    assert "2027" in told
    assert "13:00" in told
    assert "09:00" in told


def plain(text: str) -> str:
    """Without the marks that keep two directions apart."""
    return "".join(sign for sign in text if unicodedata.category(sign) != "Cf")


@pytest.mark.parametrize("language", ["ar", "fa"])
async def test_e27_a_date_mixes_no_two_kinds_of_digits(
    stage: Stage, anna: Colleague, clock: Clock, language: str
) -> None:
    set_clock(clock, "2027-03-25T16:30")
    sara = Visitor(stage, language=language)
    seen = await sara.asks_for_a_human()
    (told,) = phrases(seen)
    written = stage.parts.locales.when(language, told.params["time"])
    kinds = {"western" if digit in "0123456789" else "own" for digit in written if digit.isdigit()}
    assert len(kinds) == 1
    assert plain(written) in plain(await stage.on_its_way(sara.chat_id))
