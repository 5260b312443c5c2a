"""What is done with a case: each deed has its effect, and is refused with a sentence where it does not fit."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.storage.models import Case, CaseMessage, Person, Staff
from tests.bot.desk.cases.conftest import Office, step, words_of
from tests.bot.desk.conftest import Browser
from tests.bot.stage import Visitor
from tests.conftest import Clock


async def _id_of(office: Office, login: str) -> int:
    every: list[Staff] = await office.all(Staff)
    return next(one.id for one in every if one.login == login)


async def test_a_case_is_taken_and_the_person_is_told(office: Office, anna: Browser, rana: Visitor) -> None:
    done = await step(anna, "take")
    assert (done.status_code, done.headers["location"]) == (303, "/cases/1?done=case.done_take")
    case = await office.case()
    assert (case.state, case.owner_id) == ("CLAIMED", await _id_of(office, "anna"))
    assert "Frau A." in await office.sent_to()
    assert (await office.actions())[-1] == "take"


async def test_of_two_who_take_a_case_the_second_reads_who_has_it(
    office: Office, anna: Browser, bernd: Browser, rana: Visitor
) -> None:
    seen = {"version": str((await office.case()).version)}
    assert (await anna.send_form("/cases/1/take", seen)).status_code == 303
    late = await bernd.send_form("/cases/1/take", seen)
    assert late.status_code == 422
    assert "Den Fall hat Frau A. (seit 10:00)." in words_of(late)


async def test_what_was_typed_is_still_there_after_a_refusal(office: Office, anna: Browser, rana: Visitor) -> None:
    await step(anna, "take")
    await rana.writes("noch etwas")
    late = await anna.send_form("/cases/1/finish", {"summary": "Alles besprochen", "seen": "0", "version": "1"})
    assert late.status_code == 422
    assert ">Alles besprochen</textarea>" in late.text
    assert "Die Person hat inzwischen geschrieben" in words_of(late)
    assert (await office.case()).state == "CLAIMED"


async def test_a_page_that_is_out_of_date_changes_nothing(office: Office, anna: Browser, rana: Visitor) -> None:
    await step(anna, "take")
    stale = await anna.send_form("/cases/1/release", {"version": "1"})
    assert "hat sich inzwischen geändert" in words_of(stale)
    assert (await office.case()).state == "CLAIMED"
    assert (await anna.send_form("/cases/1/release", {})).status_code == 422


async def test_a_case_is_taken_over_from_a_colleague(
    office: Office, anna: Browser, bernd: Browser, rana: Visitor
) -> None:
    await step(anna, "take")
    await step(bernd, "take-over")
    assert (await office.case()).owner_id == await _id_of(office, "bernd")
    assert "Herr B." in await office.sent_to()


async def test_only_its_owner_releases_a_case(office: Office, anna: Browser, bernd: Browser, rana: Visitor) -> None:
    await step(anna, "take")
    refused = await step(bernd, "release")
    assert refused.status_code == 422
    assert "Frau A." in words_of(refused)
    await step(anna, "release")
    assert ((await office.case()).state, (await office.case()).owner_id) == ("QUEUED", None)


async def test_a_case_goes_to_a_colleague_and_those_on_duty_are_named_first(
    office: Office, anna: Browser, bernd: Browser, rana: Visitor
) -> None:
    await office.member("carla", name="A. nicht im Dienst", on_duty=False)
    await step(anna, "take")
    page = (await anna.get("/cases/1")).text
    assert page.index(">Herr B.</option>") < page.index(">A. nicht im Dienst (")
    await step(anna, "transfer", to=str(await _id_of(office, "bernd")))
    assert (await office.case()).owner_id == await _id_of(office, "bernd")


@pytest.mark.parametrize("to", ["", "x", "999999", "9" * 30])
async def test_a_case_goes_to_nobody_who_does_not_exist(office: Office, anna: Browser, rana: Visitor, to: str) -> None:
    await step(anna, "take")
    assert (await step(anna, "transfer", to=to)).status_code == 422
    assert (await office.case()).owner_id == await _id_of(office, "anna")


async def test_handed_to_somebody_who_is_away_it_waits_and_nobody_is_told_otherwise(
    office: Office, anna: Browser, rana: Visitor
) -> None:
    away = await office.member("carla", name="Frau C.", on_duty=False)
    await step(anna, "take")
    done = await step(anna, "transfer", to=str(away.id))
    assert done.headers["location"] == "/cases/1?done=case.done_transfer_away"
    page = words_of(await anna.get("/cases/1"))
    assert "Frau A. wollte den Fall weitergeben an: Frau C." in page
    assert "hat den Fall weitergegeben" not in page


async def test_whoever_takes_a_case_while_off_duty_is_on_duty_with_it_and_reads_so(
    office: Office, anna: Browser, rana: Visitor
) -> None:
    await office.change(Staff, on_duty=False)
    assert "nicht im Dienst" in words_of(await anna.get("/cases/1"))
    await step(anna, "take")
    await office.stage.time_passes()
    assert ((await office.case()).state, (await office.case()).owner_id) == ("CLAIMED", await _id_of(office, "anna"))
    page = words_of(await anna.get("/cases/1"))
    assert "Frau A. ist damit im Dienst." in page
    assert "nicht im Dienst" not in page


async def test_a_case_whose_person_cannot_be_reached_is_ended_without_asking(
    office: Office, anna: Browser, bernd: Browser, rana: Visitor
) -> None:
    await step(anna, "take")
    await rana.blocks()
    assert 'id="f-finish"' not in (await bernd.get("/cases/1")).text, "it is a colleague's"
    page = await anna.get("/cases/1")
    assert "Fall beenden" in words_of(page)
    assert 'id="summary"' not in page.text
    done = await step(anna, "finish")
    assert done.headers["location"] == "/cases/1?done=case.done_end"
    assert (await office.case()).state == "RESOLVED"
    assert "ohne zu fragen: Die Person ist nicht erreichbar" in words_of(await anna.get("/cases/1"))


async def test_done_asks_the_person_and_keeps_the_summary(office: Office, anna: Browser, rana: Visitor) -> None:
    await step(anna, "take")
    await step(anna, "finish", summary="Satzung geprüft")
    case = await office.case()
    assert (case.state, case.summary) == ("RETURN_OFFERED", "Satzung geprüft")
    assert "Satzung geprüft" in words_of(await anna.get("/cases/1"))


async def test_within_the_grace_period_a_case_is_taken_up_again(office: Office, anna: Browser, rana: Visitor) -> None:
    await step(anna, "take")
    await step(anna, "finish")
    await rana.presses_data(f"solved:1:{(await office.case()).version}:yes")
    assert (await office.case()).state == "RESOLVED"
    page = await anna.get("/cases/1")
    assert "Ergebnis geklärt" in words_of(page)
    assert 'value="message"' not in page.text
    await step(anna, "reopen")
    assert (await office.case()).state == "CLAIMED"


async def test_a_case_that_is_archived_offers_nothing_and_takes_nothing(
    office: Office, anna: Browser, rana: Visitor
) -> None:
    await office.change(Case, state="CLOSED")
    page = await anna.get("/cases/1")
    assert "<textarea" not in page.text
    for name in ("take", "take-over", "release", "reopen", "finish"):
        assert (await step(anna, name)).status_code == 422
    assert (await office.case()).state == "CLOSED"


async def test_muting_needs_a_reason_which_is_kept_for_the_record(
    office: Office, anna: Browser, rana: Visitor, clock: Clock
) -> None:
    refused = await step(anna, "mute", hours="24", reason=" ")
    assert "Bitte geben Sie einen Grund an" in words_of(refused)
    assert (await step(anna, "mute", hours="5", reason="Beleidigung")).status_code == 422
    await step(anna, "mute", hours="24", reason="Beleidigung")
    assert (await office.all(Person))[0].muted_until == clock() + timedelta(hours=24)
    page = words_of(await anna.get("/cases/1"))
    assert "stumm bis" in page
    assert "Beleidigung" in page
    await step(anna, "unmute")
    assert (await office.all(Person))[0].muted_until is None


async def test_htmx_gets_the_parts_that_change_and_the_notice(anna: Browser, rana: Visitor) -> None:
    htmx = {"hx-request": "true"}
    done = await anna.get("/cases/1?done=case.done_take", headers=htmx)
    assert "<html" not in done.text
    assert "Der Fall gehört jetzt Ihnen." in done.text
    refused = await anna.send_form("/cases/1/release", {"version": "1"}, headers=htmx)
    assert (refused.status_code, 'role="alert"' in refused.text) == (422, True)


async def test_a_case_that_nobody_knows_is_not_found(anna: Browser) -> None:
    for name in ("take", "transfer", "finish", "mute", "write"):
        form = {"version": "1", "to": "1", "hours": "1", "reason": "x", "text": "x"}
        assert (await anna.send_form(f"/cases/4711/{name}", form)).status_code == 404
    assert (await anna.get("/cases/4711")).status_code == 404


async def test_the_first_reply_and_the_time_it_took_are_shown(
    office: Office, anna: Browser, rana: Visitor, clock: Clock
) -> None:
    assert "Erste Antwort noch keine" in words_of(await anna.get("/cases/1"))
    clock.forward(minutes=90)
    await anna.send_form("/cases/1/write", {"text": "Guten Tag"})
    assert "Erste Antwort nach 1 Std. 30 Min." in words_of(await anna.get("/cases/1"))
    assert [one.author for one in await office.all(CaseMessage)] == ["staff"]


async def test_whoever_looks_at_a_case_hears_at_once_that_it_was_muted(
    office: Office, anna: Browser, rana: Visitor
) -> None:
    with office.desk.changes.subscribe() as watcher:
        await step(anna, "mute", hours="1", reason="Beleidigungen")
        assert await asyncio.wait_for(watcher.take(), 1) == 1
