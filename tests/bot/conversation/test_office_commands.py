"""What staff type with a slash: it acts, and never reaches the person as a text."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.conversation.office.commands import COMMANDS, GERMAN, NAMES, listed
from bot.storage.models import Audit, CaseMessage, OutboxMessage, Person, Staff
from tests.bot.conftest import GROUP
from tests.bot.conversation.topic import taken, types
from tests.bot.stage import Colleague, Stage, Visitor
from tests.conftest import Clock


@pytest.fixture(autouse=True)
async def _a_waiting_case(stage: Stage, rana: Visitor, anna: Colleague, bernd: Colleague) -> None:
    await rana.asks_for_a_human()


@pytest.mark.parametrize("name", sorted(NAMES))
async def test_e43_no_command_by_any_name_is_read_by_the_person(
    stage: Stage, rana: Visitor, anna: Colleague, name: str
) -> None:
    await taken(stage, anna)
    for words in ("", " geheim 7 <b>", "@wegweiser_bot geheim"):
        await types(stage, anna, f"/{name.upper()}{words}")
    assert "geheim" not in await stage.on_its_way(rana.chat_id)
    assert "geheim" not in str([one.text for one in await stage.all(CaseMessage) if one.author == "staff"])


@pytest.mark.parametrize("text", ["/", "/ hallo", "/quatsch", "/ nehmen", "/nehmenx", "/häää was"])
async def test_an_unknown_command_is_not_sent_and_it_is_said(
    stage: Stage, rana: Visitor, anna: Colleague, text: str
) -> None:
    before = await stage.on_its_way(rana.chat_id)
    assert (await types(stage, anna, text)).said == ["desk.unknown_command"]
    assert await stage.on_its_way(rana.chat_id) == before
    assert (await stage.only_case()).state == "QUEUED"


async def test_a_command_under_a_file_is_not_sent_either(stage: Stage, rana: Visitor, anna: Colleague) -> None:
    await taken(stage, anna)
    seen = await types(stage, anna, "/fertig", media="photo")
    assert seen.said == ["desk.command_with_file"]
    assert not [one for one in await stage.all(OutboxMessage) if one.method.startswith("copy")]


@pytest.mark.parametrize("take", ["/nehmen", "/take"])
async def test_take_done_and_what_the_summary_says(stage: Stage, rana: Visitor, anna: Colleague, take: str) -> None:
    assert (await types(stage, anna, take)).said == []
    assert (await stage.only_case()).state == "CLAIMED"
    await types(stage, anna, "/fertig Termin im Rathaus ausgemacht")
    case = await stage.only_case()
    assert (case.state, case.summary) == ("RETURN_OFFERED", "Termin im Rathaus ausgemacht")


async def test_taking_a_colleagues_case_names_them_and_offers_to_take_it_over(
    stage: Stage, rana: Visitor, anna: Colleague, bernd: Colleague
) -> None:
    await taken(stage, anna)
    assert (await types(stage, bernd, "/nehmen")).said == ["handoff.refused_taken"]
    await bernd.presses(await stage.only_case(), "takeover")
    assert "Herr B." in await stage.on_its_way(rana.chat_id)


@pytest.mark.parametrize("name", ["herr", "HERR B.", "b", "Her"])
async def test_the_case_goes_to_the_colleague_whose_name_begins_so(
    stage: Stage, anna: Colleague, bernd: Colleague, name: str
) -> None:
    await taken(stage, anna)
    await types(stage, anna, f"/an {name}")
    owner = {one.id: one.name for one in await stage.all(Staff)}[(await stage.only_case()).owner_id]
    assert owner == "Herr B."


@pytest.mark.parametrize("name", ["", " Niemand", " H"])
async def test_without_one_clear_name_those_on_duty_are_offered(
    stage: Stage, anna: Colleague, bernd: Colleague, name: str
) -> None:
    await stage.hire(2003, "Herr Hamid")
    await taken(stage, anna)
    assert (await types(stage, anna, f"/give{name}")).said == ["desk.give_to"]
    case = await stage.only_case()
    to = next(one.id for one in await stage.all(Staff) if one.name == "Herr Hamid")
    await anna.presses(case, "give", str(to))
    assert (await stage.only_case()).owner_id == to


async def test_with_nobody_else_on_duty_that_is_said(stage: Stage, anna: Colleague, bernd: Colleague) -> None:
    case = await taken(stage, anna)
    async with stage.database.write() as session:
        member = await session.get(Staff, next(one.id for one in await stage.all(Staff) if one.id != case.owner_id))
        assert member is not None
        member.on_duty = False
    assert (await types(stage, anna, "/an")).said == ["desk.nobody_to_give"]


async def _away(stage: Stage, name: str) -> None:
    async with stage.database.write() as session:
        member = await session.scalar(select(Staff).where(Staff.name == name))
        assert member is not None
        member.on_duty = False


async def test_t9_handed_to_somebody_who_is_away_the_case_waits_and_staff_read_that(
    stage: Stage, rana: Visitor, anna: Colleague, bernd: Colleague
) -> None:
    await taken(stage, anna)
    await _away(stage, "Herr B.")
    await types(stage, anna, "/an Herr B.")
    assert ((await stage.only_case()).state, (await stage.only_case()).owner_id) == ("QUEUED", None)
    to_staff = await stage.on_its_way()
    assert "Herr B. ist gerade nicht im Dienst" in to_staff
    assert "gibt den Fall weiter an" not in to_staff
    assert [one.action for one in await stage.all(Audit)][-1] == "transfer_away"


async def test_t9_a_case_that_waits_goes_on_waiting_and_the_person_hears_nothing(
    stage: Stage, rana: Visitor, anna: Colleague, bernd: Colleague
) -> None:
    before, case = await stage.on_its_way(rana.chat_id), await stage.only_case()
    await _away(stage, "Herr B.")
    await types(stage, anna, "/an Herr B.")
    assert await stage.on_its_way(rana.chat_id) == before
    assert ((await stage.only_case()).state, (await stage.only_case()).version) == ("QUEUED", case.version)


async def test_a_case_whose_person_is_unreachable_can_be_ended_without_asking(
    stage: Stage, rana: Visitor, anna: Colleague, bernd: Colleague
) -> None:
    await taken(stage, anna)
    await rana.blocks()
    before = await stage.on_its_way(rana.chat_id)
    assert (await types(stage, bernd, "/fertig")).said == ["handoff.refused_taken"]
    assert (await types(stage, anna, "/fertig")).said == []
    assert (await stage.only_case()).state == "RESOLVED"
    assert await stage.on_its_way(rana.chat_id) == before, "there is nobody to ask"
    assert "war nicht mehr erreichbar" in await stage.on_its_way()


async def test_a_case_of_nobody_whose_person_is_unreachable_is_ended_by_anybody(
    stage: Stage, rana: Visitor, bernd: Colleague
) -> None:
    await rana.blocks()
    assert "done:1:" in str([row.payload for row in await stage.all(OutboxMessage) if row.kind == "header"])
    assert (await bernd.presses(await stage.only_case(), "done")).toast is None
    assert (await stage.only_case()).state == "RESOLVED"


@pytest.mark.parametrize("note", ["/notiz ruft morgen an", "/note ruft morgen an"])
async def test_a_note_by_command_stays_inside(stage: Stage, rana: Visitor, anna: Colleague, note: str) -> None:
    await types(stage, anna, note)
    assert await stage.messages("note") == ["ruft morgen an"]
    assert "ruft morgen an" not in await stage.on_its_way(rana.chat_id)


@pytest.mark.parametrize("text", ["/antwort", "/satz", "/wort", "/verweis", "/notiz", "/stumm", "/stumm bald",
                                  "/löschen", "/stumm 0 x", "/antwort qqqqqq", "/wort qqqqqq",
                                  "/verweis qqqqqq"])  # fmt: skip
async def test_what_cannot_be_done_is_explained(stage: Stage, anna: Colleague, text: str) -> None:
    (said,) = (await types(stage, anna, text)).said
    assert said.startswith("desk.how_") or said == "desk.nothing_found"


async def test_e37_an_own_message_is_deleted_on_both_sides_by_command(
    stage: Stage, rana: Visitor, anna: Colleague, bernd: Colleague
) -> None:
    await types(stage, anna, "Am Montag", message_id=900)
    await stage.everything_arrives()
    await types(stage, anna, "Am Dienstag", message_id=900, edited=True)
    assert (await types(stage, bernd, "/löschen", reply_to=900)).said == ["desk.not_yours"]
    assert (await types(stage, anna, "/löschen", reply_to=900)).said == ["desk.deleted"]
    assert "Am Dienstag" not in await stage.on_its_way(rana.chat_id), "what waits is not sent any more"
    deleting = [row for row in await stage.all(OutboxMessage) if row.method == "deleteMessage"]
    assert {row.chat_id for row in deleting} == {rana.chat_id, GROUP}
    assert (await stage.all(CaseMessage))[-1].text is None


async def test_e59_a_message_of_the_person_is_erased_after_a_question(
    stage: Stage, rana: Visitor, anna: Colleague
) -> None:
    await taken(stage, anna)
    await rana.writes("Herr X. aus der Y-Straße hat mich beleidigt")
    await stage.everything_arrives()
    kept = next(one for one in await stage.all(CaseMessage) if one.author == "person")
    assert (await types(stage, anna, "/delete", reply_to=kept.copy_message_id)).said == ["desk.erase_question"]
    assert (await anna.presses(await stage.only_case(), "erase", str(kept.id))).said == ["desk.erased"]
    assert "Y-Straße" not in str(await stage.messages("person"))


async def test_e60_muting_needs_hours_and_a_reason_and_can_be_undone(
    stage: Stage, rana: Visitor, anna: Colleague, clock: Clock
) -> None:
    await taken(stage, anna)
    assert (await types(stage, anna, "/stumm 24")).said == ["desk.mute_needs_reason"]
    assert (await types(stage, anna, "/stumm 24 Beleidigungen")).said == ["desk.muted"]
    assert (await stage.all(Person))[0].muted_until == clock() + timedelta(hours=24)
    assert any(one.action == "mute" and one.detail == "Beleidigungen" for one in await stage.all(Audit))
    assert (await types(stage, anna, "/laut")).said == ["desk.unmuted"]
    assert (await stage.all(Person))[0].muted_until is None


async def test_help_lists_every_command_in_the_offices_language(stage: Stage, anna: Colleague) -> None:
    assert (await types(stage, anna, "/hilfe")).said == ["desk.help"]
    shown = await stage.on_its_way(GROUP)
    for key, german in GERMAN.items():
        assert f"/{german} – {stage.parts.locales.say('de', f'desk.command_{key}')}" in shown
    assert set(GERMAN) == set(COMMANDS)
    assert [name for _, name in listed("en")] == list(COMMANDS)


async def test_a_message_edited_into_a_command_does_nothing(stage: Stage, rana: Visitor, anna: Colleague) -> None:
    await types(stage, anna, "Am Montag", message_id=900)
    assert (await types(stage, anna, "/fertig", message_id=900, edited=True)).said == ["desk.no_command_by_edit"]
    assert (await stage.only_case()).state == "WAITING_USER"
    assert await stage.messages("staff") == ["Am Montag"]


async def test_e12_every_refusal_stands_in_the_record(stage: Stage, anna: Colleague) -> None:
    case = await stage.only_case()
    await anna.presses(case, "take", is_member=False)
    await types(stage, anna, "/nehmen", is_member=False)
    await Colleague(stage, 6666).writes(case, "Hallo")
    refused = [(one.staff_id, one.detail) for one in await stage.all(Audit) if one.action == "refused"]
    member = next(one.id for one in await stage.all(Staff) if one.telegram_id == anna.telegram_id)
    assert refused == [(member, "take 2001"), (member, "write 2001"), (None, "write 6666")]
