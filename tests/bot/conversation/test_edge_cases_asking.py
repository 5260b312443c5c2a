"""Edge cases of handoff.md, section 5: asking for a human being, taking it back, returning to the assistant."""

from __future__ import annotations

import asyncio

import pytest

from bot.conversation.incoming import PersonMessage
from bot.conversation.steps import ThoughtTooOldError
from bot.rasa import Guess, Understanding
from bot.storage.models import Case, CaseMessage, Exchange, OutboxMessage
from tests.bot.conftest import make_settings
from tests.bot.stage import Colleague, Stage, Visitor, phrases

HALL = "Wo finden wir einen Raum für unser Fest?"
WANTS_HUMAN = Understanding((Guess("hand_off", 0.9),), "answer", "hand_off", ({"do": "hand_off"},))


async def test_e2_an_answer_thought_of_before_the_claim_is_not_given(
    stage: Stage, rana: Visitor, anna: Colleague
) -> None:
    await rana.asks_for_a_human()
    stage.rasa.knows(HALL, "rooms.event")
    message = PersonMessage(sender=rana.sender, message_id=7, text=HALL)
    thought = await stage.conversation.think(stage.database, message)
    await anna.presses(await stage.only_case(), "take")
    async with stage.database.write() as session:
        turn = await stage.conversation.respond(session, message, thought)
        await stage.delivery.deliver(session, turn)
    assert [row.kind for row in await stage.all(OutboxMessage) if row.chat_id == rana.chat_id
            and row.state == "pending" and row.kind == "answer"] == []  # fmt: skip
    assert await stage.messages("person") == [HALL]


async def test_e2_an_answer_on_its_way_is_dropped_and_staff_see_that(
    stage: Stage, rana: Visitor, anna: Colleague
) -> None:
    await rana.asks_for_a_human()
    stage.rasa.knows(HALL, "rooms.event")
    await rana.writes(HALL)
    await anna.presses(await stage.only_case(), "take")
    states = {row.kind: row.state for row in await stage.all(OutboxMessage) if row.chat_id == rana.chat_id}
    assert states["answer"] == "dropped"
    assert "nicht mehr gesendet" in await stage.on_its_way()


async def test_e2_what_was_thought_for_the_office_is_no_answer_once_the_human_has_gone(
    stage: Stage, rana: Visitor, anna: Colleague
) -> None:
    await rana.asks_for_a_human()
    await anna.presses(await stage.only_case(), "take")
    message = PersonMessage(sender=rana.sender, message_id=7, text=HALL)
    thought = await stage.conversation.think(stage.database, message)
    await anna.presses(await stage.only_case(), "release")
    with pytest.raises(ThoughtTooOldError):
        async with stage.database.write() as session:
            await stage.conversation.respond(session, message, thought)


async def test_e5_the_wish_three_times_gives_the_same_number(stage: Stage, rana: Visitor, anna: Colleague) -> None:
    first = phrases(await rana.asks_for_a_human())[0].params["number"]
    for _ in range(2):
        assert phrases(await rana.writes("/human"))[0].params["number"] == first
    assert len(await stage.all(Case)) == 1


async def test_e6_a_wish_without_any_question_before_reaches_the_office(
    stage: Stage, rana: Visitor, anna: Colleague
) -> None:
    seen = await rana.writes("/human")
    assert seen.said == ["handoff.consent", "handoff.shared_nothing", "handoff.consent_others"]
    await rana.presses("consent", "yes")
    header = [row for row in await stage.all(OutboxMessage) if row.kind == "new_header"]
    assert len(header) == 1
    assert header[0].payload["disable_notification"] is False


async def test_e8_the_button_leads_to_a_human_after_any_number_of_answers(stage: Stage, rana: Visitor) -> None:
    stage.rasa.knows(HALL, "rooms.event")
    for _ in range(3):
        await rana.writes(HALL)
    assert (await rana.presses("human", "rooms")).said[0] == "handoff.consent"


async def test_e9_the_word_human_alone_alerts_nobody(stage: Stage, rana: Visitor, anna: Colleague) -> None:
    text = "Wir sind eine Menschenrechtsgruppe"
    stage.rasa.known[text] = WANTS_HUMAN
    assert (await rana.writes(text)).said[0] == "handoff.consent"
    assert {row.chat_id for row in await stage.all(OutboxMessage)} == {rana.chat_id}
    assert (await rana.presses("consent", "no")).said == ["handoff.declined"]
    assert await stage.all(Case) == []


async def test_e10_whoever_withdraws_leaves_the_queue_and_the_others_move_up(
    stage: Stage, rana: Visitor, anna: Colleague
) -> None:
    mehmet = Visitor(stage, chat_id=1002, language="tr")
    await rana.asks_for_a_human()
    assert phrases(await mehmet.asks_for_a_human())[0].params["position"] == 2
    await rana.presses("withdraw")
    assert "zurückgenommen" in await stage.on_its_way()
    assert phrases(await mehmet.writes("/human"))[0].params["position"] == 1


async def test_e14_done_does_not_win_over_a_message_that_came_before_it(
    stage: Stage, rana: Visitor, anna: Colleague
) -> None:
    await rana.asks_for_a_human()
    await anna.writes(await stage.only_case(), "Guten Tag")
    seen_by_anna = await stage.only_case()
    await rana.writes("Noch eine Frage")
    assert (await anna.presses(seen_by_anna, "done")).toast == "handoff.refused_taken"
    assert (await stage.only_case()).state == "CLAIMED"


async def test_e16_another_subject_can_be_added_to_the_open_case(stage: Stage, rana: Visitor, anna: Colleague) -> None:
    await rana.writes("/human")
    await rana.presses("consent", "yes")
    seen = await rana.presses_data("human:funding")
    assert seen.said == ["handoff.status_queued", "handoff.other_subject"]
    assert (await rana.presses("addto", "funding")).said == ["handoff.added"]
    assert "Förderung" in await stage.on_its_way()
    assert len(await stage.all(Case)) == 1


async def test_e17_after_the_end_the_bot_knows_the_summary_and_shares_it_only_with_consent(
    stage: Stage, rana: Visitor, anna: Colleague
) -> None:
    await rana.asks_for_a_human()
    await anna.presses(await stage.only_case(), "take")
    await stage.change(Case, summary="Termin im Stadtteilbüro vereinbart.")
    await anna.presses(await stage.only_case(), "done")
    case = await stage.only_case()
    await rana.presses_data(f"solved:{case.id}:{case.version}:yes")
    assert [item.question for item in await stage.all(Exchange)] == ["Termin im Stadtteilbüro vereinbart."]
    seen = await rana.writes("/human")
    lines = [one for reply in seen.replies for part in reply.parts for one in getattr(part, "phrases", ())]
    assert "Termin im Stadtteilbüro vereinbart." in [line.params.get("text") for line in lines]


async def test_e17_the_person_reads_the_summary_with_the_question(
    stage: Stage, rana: Visitor, anna: Colleague
) -> None:
    await rana.asks_for_a_human()
    await anna.presses(await stage.only_case(), "take")
    await stage.change(Case, summary="Termin vereinbart.")
    await anna.presses(await stage.only_case(), "done")
    assert "Termin vereinbart." in await stage.on_its_way(rana.chat_id)


async def test_e18_the_mode_is_read_from_the_database_after_a_restart(
    stage: Stage, rana: Visitor, anna: Colleague
) -> None:
    await rana.asks_for_a_human()
    await anna.presses(await stage.only_case(), "take")
    after_restart = Stage(stage.database, stage.parts, make_settings())
    after_restart.rasa.knows(HALL, "rooms.event")
    assert (await Visitor(after_restart).writes(HALL)).said == []
    assert await stage.messages("person") == [HALL]


async def test_e20_the_closing_text_comes_once(stage: Stage, rana: Visitor, anna: Colleague) -> None:
    await rana.asks_for_a_human()
    await anna.presses(await stage.only_case(), "take")
    await anna.presses(await stage.only_case(), "done")
    case = await stage.only_case()
    press = f"solved:{case.id}:{case.version}:yes"
    both = await asyncio.gather(rana.presses_data(press), rana.presses_data(press))
    said = [name for seen in both for name in seen.said]
    assert said.count("handoff.resolved") == 1
    assert sorted(filter(None, (seen.toast for seen in both))) == ["button.stale"]


async def test_e40_a_case_may_begin_with_a_picture_a_voice_or_a_place(
    stage: Stage, rana: Visitor, anna: Colleague
) -> None:
    for media in ("photo", "voice", "location", "contact", "sticker"):
        assert (await rana.writes(None, media=media)).said == ["media.text_only"]
    await rana.asks_for_a_human()
    for media in ("photo", "voice", "location", "contact", "sticker"):
        assert (await rana.writes(None, media=media)).said == ["handoff.added"]
    kept = [message.media for message in await stage.all(CaseMessage)]
    assert kept == ["photo", "voice", "location", "contact", "sticker"]
    assert "undefined" not in (await stage.on_its_way()).lower()
    assert "none" not in (await stage.on_its_way()).lower()


async def test_e42_the_topic_carries_number_language_and_subject_and_never_a_name(
    stage: Stage, rana: Visitor, anna: Colleague
) -> None:
    await rana.asks_for_a_human()
    header = next(row for row in await stage.all(OutboxMessage) if row.kind == "new_header")
    assert header.payload["text"].startswith("<b>W-0001 · Deutsch · Allgemein</b>")


async def test_e44_start_and_links_keep_the_case_while_a_human_talks(
    stage: Stage, rana: Visitor, anna: Colleague
) -> None:
    await rana.asks_for_a_human()
    await anna.presses(await stage.only_case(), "take")
    assert (await rana.writes("/start")).said == ["handoff.status_claimed"]
    assert (await rana.writes("/menu")).said == ["handoff.status_claimed"]
    assert (await stage.only_case()).state == "CLAIMED"


async def test_e45_a_button_of_an_older_state_says_so_and_shows_how_things_stand(
    stage: Stage, rana: Visitor, anna: Colleague
) -> None:
    await rana.asks_for_a_human()
    await anna.presses(await stage.only_case(), "take")
    seen = await rana.presses("withdraw")
    assert (seen.toast, seen.said) == ("button.stale", ["handoff.status_claimed"])
