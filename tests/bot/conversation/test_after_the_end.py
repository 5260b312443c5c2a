"""After the end of a case: the same matter or another (T13), politeness (E15), late edits (E36), the archive (T14)."""

from __future__ import annotations

import pytest
import pytest_asyncio

from bot.rasa import Guess, Understanding
from bot.storage.models import Case, CaseMessage, OutboxMessage, Staff
from tests.bot.conversation.passing import goes_away, look, set_clock
from tests.bot.stage import Colleague, Stage, Visitor
from tests.conftest import Clock

CHAIRS, TABLES = "Und wo gibt es Stühle?", "Und Tische?"


@pytest_asyncio.fixture(autouse=True)
async def _resolved(stage: Stage, rana: Visitor, anna: Colleague, bernd: Colleague) -> None:
    """Anna has helped; it is solved."""
    stage.rasa.knows(CHAIRS, "rooms.equipment")
    stage.rasa.knows(TABLES, "rooms.event")
    await rana.asks_for_a_human()
    await anna.presses(await stage.only_case(), "take")
    await rana.writes("Wir brauchen einen Raum", message_id=77)
    await anna.writes(await stage.only_case(), "Im Stadtteilbüro")
    await anna.presses(await stage.only_case(), "done")
    case = await stage.only_case()
    await rana.presses_data(f"solved:{case.id}:{case.version}:yes")
    await _sent(stage)


async def _sent(stage: Stage) -> None:
    """Everything written so far has arrived."""
    await stage.change(OutboxMessage, state="sent", payload=None)
    await stage.change(Case, thread_id=5001)


async def calls(stage: Stage) -> list[str]:
    """What is done with the topic itself."""
    return [row.method for row in await stage.all(OutboxMessage) if row.method.endswith("ForumTopic")]


async def test_t13_a_message_is_answered_by_the_bot_and_asked_about_once(stage: Stage, rana: Visitor) -> None:
    assert (await rana.writes(CHAIRS)).said == ["rooms.equipment", "handoff.same_matter"]
    assert (await rana.writes(TABLES)).said == ["rooms.event"]
    assert (await stage.only_case()).state == "RESOLVED"
    assert await stage.on_its_way() == "", "nothing reaches the office before the answer"


async def test_t13_the_same_matter_goes_back_to_the_owner_with_all_that_was_written(
    stage: Stage, rana: Visitor, anna: Colleague
) -> None:
    await rana.writes(CHAIRS)
    await rana.writes(TABLES)
    assert (await rana.presses("same", "yes")).said == ["handoff.still_open_promised"]
    case = await stage.only_case()
    assert (case.state, case.owner_id) == ("CLAIMED", 1)
    to_staff = await stage.on_its_way()
    assert (to_staff.count(CHAIRS), to_staff.count(TABLES)) == (1, 1)
    assert to_staff.index(CHAIRS) < to_staff.index(TABLES)
    assert await stage.messages("person") == ["Wir brauchen einen Raum", CHAIRS, TABLES]
    assert await calls(stage) == ["reopenForumTopic"]
    assert (await rana.writes("Danke")).said == [], "from here on the human speaks"


async def test_t13_an_owner_who_is_off_duty_does_not_get_it_back(
    stage: Stage, rana: Visitor, anna: Colleague, clock: Clock
) -> None:
    await goes_away(stage, "Frau A.", clock())
    await rana.writes(CHAIRS)
    assert (await rana.presses("same", "yes")).said == ["handoff.released_queued"]
    case = await stage.only_case()
    assert (case.state, case.owner_id) == ("QUEUED", None)
    assert case.promised_at is not None


async def test_t13_in_the_evening_it_is_parked(stage: Stage, rana: Visitor, clock: Clock) -> None:
    set_clock(clock, "2026-11-24T19:00")
    await rana.writes(CHAIRS)
    assert (await rana.presses("same", "yes")).said == ["handoff.released_parked"]
    assert (await stage.only_case()).state == "PARKED"
    assert await stage.messages("person") == ["Wir brauchen einen Raum", CHAIRS]


async def test_t13_another_matter_leaves_nothing_of_it_with_the_office_and_archives_the_case(
    stage: Stage, rana: Visitor
) -> None:
    await rana.writes(CHAIRS)
    assert (await rana.presses("same", "no")).said == ["handoff.other_matter"]
    assert (await stage.only_case()).state == "CLOSED"
    assert CHAIRS not in [message.text for message in await stage.all(CaseMessage)]
    assert CHAIRS not in await stage.on_its_way()
    assert (await rana.presses("same", "yes")).toast == "button.stale"
    assert (await rana.writes(TABLES)).said == ["rooms.event"], "it is not asked about any more"


async def test_t13_the_answer_comes_too_late_once_a_new_case_is_open(stage: Stage, rana: Visitor) -> None:
    await rana.writes(CHAIRS)
    await rana.asks_for_a_human()
    assert (await rana.presses("same", "yes")).toast == "button.stale"
    assert [case.state for case in await stage.all(Case)] == ["RESOLVED", "QUEUED"]


async def test_t13_two_presses_reopen_it_once(stage: Stage, rana: Visitor) -> None:
    await rana.writes(CHAIRS)
    await rana.presses("same", "yes")
    again = await rana.presses("same", "yes")
    assert (again.toast, again.said) == ("button.stale", ["handoff.status_claimed"])
    assert (await stage.on_its_way()).count(CHAIRS) == 1


async def test_t13_a_colleague_who_takes_a_case_up_again_gets_it_with_what_was_being_asked_about(
    stage: Stage, rana: Visitor, bernd: Colleague
) -> None:
    await rana.writes(CHAIRS)
    await rana.writes(TABLES)
    await bernd.writes(await stage.only_case(), "/nehmen")
    case = await stage.only_case()
    assert (case.state, case.owner_id) == ("CLAIMED", 2), "whoever typed it, though Frau A. is there"
    assert await stage.messages("person") == ["Wir brauchen einen Raum", CHAIRS, TABLES]
    to_staff = await stage.on_its_way()
    assert (to_staff.count(CHAIRS), to_staff.count(TABLES)) == (1, 1)
    assert "Herr B. hat Fall W-0001 wieder aufgenommen" in to_staff
    assert "Die Person schreibt wieder" not in to_staff
    to_person = await stage.on_its_way(rana.chat_id)
    assert "<b>Herr B.</b> von der Koordinierungsstelle nimmt Ihre Anfrage W-0001 noch einmal auf" in to_person
    assert "Frau A." not in to_person
    assert await calls(stage) == ["reopenForumTopic"]
    assert (await rana.presses("same", "yes")).toast == "button.stale"


async def test_t13_a_photo_is_asked_about_and_passed_on_too(stage: Stage, rana: Visitor) -> None:
    assert (await rana.writes(None, media="photo")).said == ["media.text_only", "handoff.same_matter"]
    await rana.presses("same", "yes")
    assert [row.method for row in await stage.all(OutboxMessage)].count("copyMessage") == 1


async def test_t14_after_the_grace_period_it_is_archived_and_what_was_asked_about_is_gone(
    stage: Stage, rana: Visitor, clock: Clock
) -> None:
    await rana.writes(CHAIRS)
    clock.forward(hours=72)
    await look(stage)
    assert (await stage.only_case()).state == "CLOSED"
    assert CHAIRS not in [message.text for message in await stage.all(CaseMessage)]
    assert await calls(stage) == ["closeForumTopic"]
    assert (await rana.presses("same", "yes")).toast == "button.stale"
    assert (await stage.only_case()).state == "CLOSED"


async def test_t14_a_reopened_case_is_not_archived_by_the_old_grace_period(
    stage: Stage, rana: Visitor, clock: Clock
) -> None:
    await rana.writes(CHAIRS)
    await rana.presses("same", "yes")
    clock.forward(hours=73)
    await look(stage)
    assert (await stage.only_case()).state not in {"RESOLVED", "CLOSED"}


@pytest.mark.parametrize("intent", ["thank", "goodbye", "greet", "affirm"])
async def test_e15_politeness_gets_a_polite_reply_and_the_case_stays_resolved(
    stage: Stage, rana: Visitor, intent: str
) -> None:
    stage.rasa.known["Danke!"] = Understanding((Guess(intent, 0.9),), "answer", intent, ({"say": intent},))
    assert (await rana.writes("Danke!")).said == [f"smalltalk.{intent}"]
    assert (await stage.only_case()).state == "RESOLVED"
    assert await stage.on_its_way() == ""
    assert await stage.messages("asked") == []


@pytest.mark.parametrize("text", ["👍", "🙏🙏", "!!!", ":-)"])
async def test_e15_a_sign_is_no_new_matter(stage: Stage, rana: Visitor, text: str) -> None:
    assert (await rana.writes(text)).said == ["smalltalk.thank"]
    assert (await stage.only_case()).state == "RESOLVED"
    assert await stage.messages("asked") == []


@pytest.mark.parametrize("media", ["sticker", "animation", "dice"])
async def test_e15_a_sticker_is_no_new_matter(stage: Stage, rana: Visitor, media: str) -> None:
    assert (await rana.writes(None, media=media)).said == ["smalltalk.thank"]
    assert (await stage.only_case()).state == "RESOLVED"
    assert await stage.on_its_way() == ""


@pytest.mark.parametrize("archived", [False, True], ids=["in-the-grace-period", "archived"])
async def test_e36_an_edit_after_the_end_is_stored_not_relayed_and_reopens_nothing(
    stage: Stage, rana: Visitor, clock: Clock, *, archived: bool
) -> None:
    if archived:
        clock.forward(hours=72)
        await look(stage)
        await _sent(stage)
    state = (await stage.only_case()).state
    seen = await rana.writes("Wir brauchen zwei Räume", message_id=77, edited=True)
    assert seen.said == ["handoff.edited_after_end"]
    (kept,) = [message for message in await stage.all(CaseMessage) if message.author == "person"]
    assert (kept.text, kept.was, kept.edited_at) == ("Wir brauchen zwei Räume", "Wir brauchen einen Raum", clock())
    assert await stage.on_its_way() == ""
    assert (await stage.only_case()).state == state


async def test_staff_who_write_after_the_end_are_told_that_it_is_over(
    stage: Stage, rana: Visitor, anna: Colleague
) -> None:
    assert (await anna.writes(await stage.only_case(), "Noch etwas")).said == ["handoff.refused_over"]
    assert "Noch etwas" not in await stage.on_its_way(rana.chat_id)
    assert await stage.messages("staff") == ["Im Stadtteilbüro"]


async def test_after_the_end_a_human_can_be_asked_for_again_as_a_new_case(
    stage: Stage, rana: Visitor, anna: Colleague
) -> None:
    assert (await rana.asks_for_a_human()).said == ["handoff.queued"]
    assert [case.state for case in await stage.all(Case)] == ["RESOLVED", "QUEUED"]
    assert len(await stage.all(Staff)) == 2
