"""Scene three: the office takes, writes, notes, hands on and finishes; nobody else can."""

from __future__ import annotations

import asyncio

import pytest

from bot.storage.models import Audit, CaseEvent, CaseMessage, Staff
from tests.bot.stage import Colleague, Stage, Visitor
from tests.conftest import Clock


@pytest.fixture(autouse=True)
async def _a_waiting_case(stage: Stage, rana: Visitor, anna: Colleague, bernd: Colleague) -> None:
    await rana.asks_for_a_human()


async def test_e1_of_two_claims_one_wins_and_the_other_sees_who_and_when(
    stage: Stage, rana: Visitor, anna: Colleague, bernd: Colleague
) -> None:
    case = await stage.only_case()
    seen = await asyncio.gather(anna.presses(case, "take"), bernd.presses(case, "take"))
    assert sorted(str(one.toast) for one in seen) == ["None", "handoff.refused_taken"]
    assert [event.kind for event in await stage.all(CaseEvent)].count("Claimed") == 1
    assert (await stage.only_case()).version == case.version + 1
    owner = {member.id: member.name for member in await stage.all(Staff)}[(await stage.only_case()).owner_id]
    greetings = await stage.on_its_way(rana.chat_id)
    assert greetings.count(owner) == 1
    assert "Frau A." in greetings or "Herr B." in greetings


async def test_e1_the_refusal_names_the_owner_and_the_time(
    stage: Stage, anna: Colleague, bernd: Colleague, clock: Clock
) -> None:
    case = await stage.only_case()
    await anna.presses(case, "take")
    clock.forward(minutes=5)
    refusal = (await bernd.presses(case, "take")).toast_text
    assert "Frau A." in refusal
    assert "10:00" in refusal


async def test_e3_writing_without_taking_counts_as_taking(stage: Stage, rana: Visitor, anna: Colleague) -> None:
    assert (await anna.writes(await stage.only_case(), "Guten Tag")).said == ["desk.banner"]
    case = await stage.only_case()
    assert (case.state, case.owner_id) == ("WAITING_USER", (await stage.all(Staff))[0].id)
    told = await stage.on_its_way(rana.chat_id)
    assert told.index("ist jetzt für Sie da") < told.index("Guten Tag")


async def test_a_claim_drops_the_answers_that_were_under_way(stage: Stage, rana: Visitor, anna: Colleague) -> None:
    stage.rasa.knows("Raum?", "rooms.event")
    await rana.writes("Raum?")
    before = await stage.on_its_way(rana.chat_id)
    await anna.presses(await stage.only_case(), "take")
    after = await stage.on_its_way(rana.chat_id)
    title = stage.parts.library.entry("rooms.event", "de").question
    assert title in before
    assert title not in after


async def test_e4_a_colleagues_message_is_held_and_its_writer_is_asked(
    stage: Stage, rana: Visitor, anna: Colleague, bernd: Colleague
) -> None:
    await anna.presses(await stage.only_case(), "take")
    assert (await bernd.writes(await stage.only_case(), "Ich weiß es")).said == ["desk.held"]
    assert await stage.messages("held") == ["Ich weiß es"]
    assert "Ich weiß es" not in await stage.on_its_way(rana.chat_id)


async def _hold(stage: Stage, anna: Colleague, bernd: Colleague) -> str:
    """Anna has the case, Bernd's message is held; returns its id."""
    await anna.presses(await stage.only_case(), "take")
    await bernd.writes(await stage.only_case(), "Ich weiß es")
    return str((await stage.all(CaseMessage))[-1].id)


async def test_e4_joining_sends_it_once_and_the_owner_stays(
    stage: Stage, rana: Visitor, anna: Colleague, bernd: Colleague
) -> None:
    kept = await _hold(stage, anna, bernd)
    case = await stage.only_case()
    await bernd.presses(case, "held", "join", kept)
    assert (await stage.only_case()).owner_id == case.owner_id
    told = await stage.on_its_way(rana.chat_id)
    assert told.count("Ich weiß es") == 1
    assert "Herr B.:" in told
    assert (await bernd.presses(await stage.only_case(), "held", "join", kept)).toast == "handoff.refused_over"
    assert (await stage.on_its_way(rana.chat_id)).count("Ich weiß es") == 1


async def test_e4_joining_still_works_after_the_conversation_went_on(
    stage: Stage, rana: Visitor, anna: Colleague, bernd: Colleague
) -> None:
    kept = await _hold(stage, anna, bernd)
    before = await stage.only_case()
    await anna.writes(before, "Moment bitte")
    await rana.writes("Gut")
    assert (await bernd.presses(before, "held", "join", kept)).toast is None
    assert "Ich weiß es" in await stage.on_its_way(rana.chat_id)


async def test_e4_taking_over_makes_the_colleague_the_owner(
    stage: Stage, rana: Visitor, anna: Colleague, bernd: Colleague
) -> None:
    kept = await _hold(stage, anna, bernd)
    await bernd.presses(await stage.only_case(), "held", "takeover", kept)
    told = await stage.on_its_way(rana.chat_id)
    assert told.count("Ich weiß es") == 1
    assert "Herr B." in told
    assert (await anna.writes(await stage.only_case(), "Ich auch")).said == ["desk.held"]


async def test_e4_kept_as_a_note_it_never_reaches_the_person(
    stage: Stage, rana: Visitor, anna: Colleague, bernd: Colleague
) -> None:
    kept = await _hold(stage, anna, bernd)
    await bernd.presses(await stage.only_case(), "held", "note", kept)
    assert await stage.messages("note") == ["Ich weiß es"]
    assert (await bernd.presses(await stage.only_case(), "held", "join", kept)).toast == "handoff.refused_over"
    assert "Ich weiß es" not in await stage.on_its_way(rana.chat_id)


@pytest.mark.parametrize(("way", "action"), [("join", "send_text"), ("note", "note"), ("drop", "drop")])
async def test_e4_what_is_decided_about_a_held_message_stands_in_the_record(
    stage: Stage, rana: Visitor, anna: Colleague, bernd: Colleague, way: str, action: str
) -> None:
    kept = await _hold(stage, anna, bernd)
    await bernd.presses(await stage.only_case(), "held", way, kept)
    assert [one.action for one in await stage.all(Audit)] == ["take", action]


async def test_e4_a_held_message_counts_from_when_it_is_sent(
    stage: Stage, rana: Visitor, anna: Colleague, bernd: Colleague, clock: Clock
) -> None:
    kept = await _hold(stage, anna, bernd)
    clock.forward(hours=1)
    await anna.writes(await stage.only_case(), "Moment bitte")
    clock.forward(hours=1)
    await bernd.presses(await stage.only_case(), "held", "join", kept)
    assert {one.text: one.at for one in await stage.all(CaseMessage)}["Ich weiß es"] == clock()


async def test_e4_nobody_but_its_writer_decides_about_a_held_message(
    stage: Stage, rana: Visitor, anna: Colleague, bernd: Colleague
) -> None:
    kept = await _hold(stage, anna, bernd)
    assert (await anna.presses(await stage.only_case(), "held", "join", kept)).toast == "handoff.refused_over"
    assert "Ich weiß es" not in await stage.on_its_way(rana.chat_id)


async def test_an_internal_note_is_never_relayed_whatever_it_is_edited_to(
    stage: Stage, rana: Visitor, anna: Colleague
) -> None:
    await anna.presses(await stage.only_case(), "take")
    before = await stage.on_its_way(rana.chat_id)
    assert (await anna.writes(await stage.only_case(), "// Vorsicht", message_id=900)).said == []
    edited = await anna.writes(await stage.only_case(), "Vorsicht", message_id=900, edited=True)
    assert edited.said == ["desk.note_stays"]
    assert await stage.on_its_way(rana.chat_id) == before
    assert await stage.messages("note") == ["Vorsicht"]
    assert (await stage.only_case()).state == "CLAIMED", "a note is no word to the person"


async def test_a_note_does_not_take_a_waiting_case(stage: Stage, anna: Colleague) -> None:
    await anna.writes(await stage.only_case(), "// wer kann das?")
    assert (await stage.only_case()).state == "QUEUED"


async def test_a_message_already_sent_cannot_be_made_a_note_but_can_be_corrected(
    stage: Stage, rana: Visitor, anna: Colleague
) -> None:
    await anna.writes(await stage.only_case(), "Am Montag", message_id=900)
    late = await anna.writes(await stage.only_case(), "// Am Montag", message_id=900, edited=True)
    assert late.said == ["desk.too_late_for_note"]
    assert await stage.messages("staff") == ["Am Montag"]
    await stage.change(CaseMessage, copy_message_id=55)
    await anna.writes(await stage.only_case(), "Am Dienstag", message_id=900, edited=True)
    assert "Am Dienstag" in await stage.on_its_way(rana.chat_id)


async def test_an_edit_of_a_message_the_bot_never_saw_is_not_sent(
    stage: Stage, rana: Visitor, anna: Colleague
) -> None:
    await anna.presses(await stage.only_case(), "take")
    before = await stage.on_its_way(rana.chat_id)
    assert (await anna.writes(await stage.only_case(), "neu", edited=True)).said == ["desk.note_stays"]
    assert await stage.on_its_way(rana.chat_id) == before


async def test_e12_whoever_is_not_registered_any_more_is_refused(
    stage: Stage, rana: Visitor, anna: Colleague
) -> None:
    await stage.change(Staff, active=False)
    case, before = await stage.only_case(), await stage.on_its_way(rana.chat_id)
    assert (await anna.presses(case, "take")).toast == "desk.not_staff"
    assert (await anna.writes(case, "Hallo")).said == ["desk.not_staff"]
    assert (await anna.writes(case, "// Notiz")).said == ["desk.not_staff"]
    assert await stage.on_its_way(rana.chat_id) == before
    assert (await stage.only_case()).state == "QUEUED"
    assert await stage.messages("note") == []


async def test_e12_whoever_left_the_group_is_refused(stage: Stage, anna: Colleague) -> None:
    case = await stage.only_case()
    assert (await anna.presses(case, "take", is_member=False)).toast == "desk.not_staff"
    assert (await stage.only_case()).state == "QUEUED"


async def test_a_stranger_in_the_group_is_refused(stage: Stage) -> None:
    stranger, case = Colleague(stage, 6666), await stage.only_case()
    assert (await stranger.presses(case, "take")).toast == "desk.not_staff"
    assert (await stranger.writes(case, "Hallo")).said == ["desk.not_staff"]


async def test_an_anonymous_admin_is_refused_with_the_reason(stage: Stage, rana: Visitor, anna: Colleague) -> None:
    case, before = await stage.only_case(), await stage.on_its_way(rana.chat_id)
    assert (await anna.writes(case, "Hallo", anonymous=True)).said == ["desk.anonymous"]
    assert (await anna.presses(case, "take", anonymous=True)).toast == "desk.anonymous"
    assert await stage.on_its_way(rana.chat_id) == before


@pytest.mark.parametrize("thread_id", [None, 1, 4711])
async def test_e43_outside_a_cases_topic_nothing_is_sent_and_it_is_said(
    stage: Stage, rana: Visitor, anna: Colleague, thread_id: int | None
) -> None:
    before = await stage.on_its_way(rana.chat_id)
    assert (await anna.writes(await stage.only_case(), "Hallo", thread_id=thread_id)).said == ["desk.no_case_here"]
    assert await stage.on_its_way(rana.chat_id) == before


@pytest.mark.parametrize("name", ["release", "done"])
async def test_only_the_owner_releases_and_finishes(
    stage: Stage, anna: Colleague, bernd: Colleague, name: str
) -> None:
    await anna.presses(await stage.only_case(), "take")
    assert (await bernd.presses(await stage.only_case(), name)).toast == "handoff.refused_taken"
    assert (await stage.only_case()).state == "CLAIMED"
    assert (await anna.presses(await stage.only_case(), name)).toast is None


FORGED = ["take", "take:1", "take:1:x", "take:99:1", "take:x:1", "held:1:2", "held:1:2:join", "held:1:2:join:99",
          "held:1:2:join:99999999999999999999", "nonsense", "nonsense:1:2", "",
          "take:99999999999999999999:1"]  # fmt: skip


async def test_no_button_however_old_or_forged_raises_or_stays_silent(stage: Stage, anna: Colleague) -> None:
    for data in FORGED:
        assert (await anna.presses_data(data)).toast, data
    assert (await stage.only_case()).state == "QUEUED"


async def test_a_stale_button_says_how_the_case_stands(stage: Stage, rana: Visitor, anna: Colleague) -> None:
    waiting = await stage.only_case()
    await anna.presses(waiting, "take")
    claimed = await stage.only_case()
    await anna.presses(claimed, "release")
    assert (await anna.presses(claimed, "done")).toast == "handoff.refused_open"
    released = await stage.only_case()
    await rana.presses_data(f"withdraw:{released.id}:{released.version}")
    assert (await anna.presses(waiting, "take")).toast == "handoff.refused_over"


async def test_the_whole_way_to_solved_and_back_to_the_bot(stage: Stage, rana: Visitor, anna: Colleague) -> None:
    await anna.presses(await stage.only_case(), "take")
    await rana.writes("Wir brauchen einen Raum")
    await anna.writes(await stage.only_case(), "Fragen Sie im Stadtteilbüro")
    await anna.presses(await stage.only_case(), "done")
    case = await stage.only_case()
    assert case.state == "RETURN_OFFERED"
    assert (await rana.presses_data(f"solved:{case.id}:{case.version}:yes")).said == ["handoff.resolved"]
    assert (await anna.writes(await stage.only_case(), "Noch etwas")).said == ["handoff.refused_over"]
    stage.rasa.knows("Raum?", "rooms.event")
    assert (await rana.writes("Raum?")).said == ["rooms.event", "handoff.same_matter"]
    kinds = [event.kind for event in await stage.all(CaseEvent)]
    assert kinds == ["Requested", "Consented", "Claimed", "StaffWrote", "Finished", "Solved"]


async def test_e14_a_message_written_as_staff_press_done_wins(stage: Stage, rana: Visitor, anna: Colleague) -> None:
    await anna.presses(await stage.only_case(), "take")
    await anna.presses(await stage.only_case(), "done")
    assert (await rana.writes("Eine Frage noch")).said == ["handoff.still_open"]
    assert (await stage.only_case()).state == "CLAIMED"


async def test_nobody_is_named_in_a_title_and_no_suffering(stage: Stage) -> None:
    sara = Visitor(stage, chat_id=1009, language="ar")
    await sara.writes("/start")
    await sara.presses_data("human:discrimination")
    await sara.presses("consent", "yes")
    header = (await stage.on_its_way()).splitlines()
    assert any("W-0002" in line and "Arabisch" in line and "Persönliches Anliegen" in line for line in header)
    assert not any("1009" in line for line in header)
