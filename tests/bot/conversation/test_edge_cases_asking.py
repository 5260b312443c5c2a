"""Edge cases of handoff.md, section 5: asking for a human being, taking it back, returning to the assistant."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversation import cases, casework
from bot.conversation.incoming import PersonMessage
from bot.conversation.replies import Phrase, Reply
from bot.conversation.steps import ThoughtTooOldError
from bot.conversation.turn import Turn
from bot.rasa import Guess, Understanding
from bot.storage.models import Case, CaseMessage, Exchange, OutboxMessage, Staff
from tests.bot.conftest import make_settings
from tests.bot.stage import Colleague, Stage, Visitor, phrases
from tests.conftest import Clock

HALL = "Wo finden wir einen Raum für unser Fest?"
STILL_OPEN = "handoff.still_open"
"""Also with the time that is promised."""
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


PHONE = {"de": "Telefonnummer", "en": "phone number", "tr": "telefon", "ar": "هاتف", "ru": "телефон",
         "uk": "телефон", "pl": "telefon", "fa": "تلفن"}  # fmt: skip


async def test_t4_whoever_has_to_wait_is_asked_how_to_be_reached(
    stage: Stage, rana: Visitor, anna: Colleague, clock: Clock
) -> None:
    await stage.change(Staff, active=False)
    (nobody,) = phrases(await Visitor(stage, chat_id=1002).asks_for_a_human())
    await stage.change(Staff, active=True)
    clock.forward(hours=9)
    (parked,) = phrases(await rana.asks_for_a_human())
    assert (parked.key, nobody.key) == ("handoff.parked", "handoff.nobody_no_time")
    for language, word in PHONE.items():
        for told in (parked, nobody):
            assert word in stage.parts.locales.say(language, told.key, told.params), (language, told.key)


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


async def test_e10_the_place_in_the_queue_counts_from_consent(stage: Stage, rana: Visitor, anna: Colleague) -> None:
    mehmet = Visitor(stage, chat_id=1002, language="tr")
    await rana.writes("/human")
    assert phrases(await mehmet.asks_for_a_human())[0].params["position"] == 1
    assert phrases(await rana.presses("consent", "yes"))[0].params["position"] == 2
    assert phrases(await mehmet.writes("/human"))[0].params["position"] == 1
    assert phrases(await rana.writes("/human"))[0].params["position"] == 2


async def test_e14_done_does_not_win_over_a_message_that_came_before_it(
    stage: Stage, rana: Visitor, anna: Colleague
) -> None:
    await rana.asks_for_a_human()
    await anna.writes(await stage.only_case(), "Guten Tag")
    seen_by_anna = await stage.only_case()
    await rana.writes("Noch eine Frage")
    assert (await anna.presses(seen_by_anna, "done")).toast == "handoff.refused_taken"
    assert (await stage.only_case()).state == "CLAIMED"


@pytest.mark.parametrize("way", ["button", "command"])
async def test_e14_done_does_not_win_over_a_message_that_cannot_have_been_read(
    stage: Stage, rana: Visitor, anna: Colleague, clock: Clock, way: str
) -> None:
    await rana.asks_for_a_human()
    await anna.presses(await stage.only_case(), "take")

    async def is_done() -> str | None:
        case = await stage.only_case()
        if way == "button":
            return (await anna.presses(case, "done")).toast
        return next(iter((await anna.writes(case, "/fertig")).said), None)

    await rana.writes("Noch eine Frage")
    assert await is_done() == "desk.new_message", "it is on its way to the topic"
    await stage.change(CaseMessage, delivered_at=clock())
    clock.forward(seconds=1)
    assert await is_done() == "desk.new_message", "it has just come"
    assert (await stage.only_case()).state == "CLAIMED"
    clock.forward(seconds=2)
    assert await is_done() is None
    assert (await stage.only_case()).state == "RETURN_OFFERED"


async def test_e14_a_message_that_never_reaches_the_topic_holds_nothing_up(
    stage: Stage, rana: Visitor, anna: Colleague
) -> None:
    await rana.asks_for_a_human()
    await anna.presses(await stage.only_case(), "take")
    await rana.writes("Noch eine Frage")
    await stage.change(CaseMessage, failed="refused")
    assert (await anna.presses(await stage.only_case(), "done")).toast is None


async def test_e16_another_subject_can_be_added_to_the_open_case(stage: Stage, rana: Visitor, anna: Colleague) -> None:
    await rana.writes("/human")
    await rana.presses("consent", "yes")
    seen = await rana.presses_data("human:funding")
    assert seen.said == ["handoff.status_queued", "handoff.other_subject"]
    assert (await rana.presses("addto", "funding")).said == ["handoff.added"]
    assert "Förderung" in await stage.on_its_way()
    assert len(await stage.all(Case)) == 1


async def _done(stage: Stage, rana: Visitor, anna: Colleague) -> None:
    """Frau A. has answered and pressed "done"; Rana is asked whether it is solved."""
    await rana.asks_for_a_human()
    await anna.presses(await stage.only_case(), "take")
    await rana.writes("Am Montg", message_id=77)
    await anna.writes(await stage.only_case(), "Im Stadtteilbüro")
    await stage.change(CaseMessage, copy_message_id=900)
    await anna.presses(await stage.only_case(), "done")
    await stage.change(OutboxMessage, state="sent", payload=None)


@pytest.mark.parametrize(
    "sent",
    [{"text": None, "media": "sticker"}, {"text": "👍"}, {"text": "Am Montag", "message_id": 77, "edited": True},
     {"text": "Hallo"}],
    ids=["sticker", "thumb", "typo", "greeting"],
)  # fmt: skip
async def test_t11_what_says_nothing_new_leaves_the_question_open(
    stage: Stage, rana: Visitor, anna: Colleague, sent: dict[str, Any]
) -> None:
    stage.rasa.knows("Hallo", "greet")
    await _done(stage, rana, anna)
    seen = await rana.writes(**sent)
    assert seen.said == ["handoff.status_return_offered"]
    assert (await stage.only_case()).state == "RETURN_OFFERED"
    assert ("Am Montag" in await stage.on_its_way()) is bool(sent.get("edited")), "a correction is no silence"
    assert (await rana.presses("solved", "no")).said[0].startswith(STILL_OPEN)


async def test_t11_a_photo_or_a_question_takes_the_case_up_again(
    stage: Stage, rana: Visitor, anna: Colleague
) -> None:
    await _done(stage, rana, anna)
    assert (await rana.writes("danke", media="photo")).said[0].startswith(STILL_OPEN)
    assert (await stage.only_case()).state == "CLAIMED"


async def test_t11_another_subject_takes_the_case_up_again(stage: Stage, rana: Visitor, anna: Colleague) -> None:
    await _done(stage, rana, anna)
    await rana.presses_data("human:funding")
    added, opened = (await rana.presses("addto", "funding")).said
    assert (added, opened.startswith(STILL_OPEN)) == ("handoff.added", True)
    assert (await stage.only_case()).state == "CLAIMED"


async def test_t11_a_room_request_takes_the_case_up_again(stage: Stage, rana: Visitor, anna: Colleague) -> None:
    await _done(stage, rana, anna)
    async with stage.database.write() as session:
        turn = await _turn_of(session, stage)
        await cases.hand_in(turn, reason="room_request", topic="rooms", lines=["Personen: 50"])
        await stage.delivery.deliver(session, turn)
    (said,) = [part.key for item in turn.items if isinstance(item, Reply) for part in item.parts
               if isinstance(part, Phrase)]  # fmt: skip
    assert said.startswith(STILL_OPEN)
    assert (await stage.only_case()).state == "CLAIMED"
    assert "Personen: 50" in await stage.on_its_way()


async def _turn_of(session: AsyncSession, stage: Stage) -> Turn:
    case = await session.get(Case, 1)
    turn = await casework.turn_for_case(session, stage.parts, case, stage.parts.clock()) if case else None
    assert turn is not None
    return turn


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
    seen = await rana.writes("/menu")
    assert seen.said == ["handoff.status_claimed"]
    assert [button.action.name for row in seen.replies[0].rows for button in row] == ["withdraw"]
    assert (await stage.only_case()).state == "CLAIMED"


async def test_e44_a_link_to_a_term_shows_how_the_case_stands_first(
    stage: Stage, rana: Visitor, anna: Colleague
) -> None:
    await rana.asks_for_a_human()
    assert (await rana.writes("/start term-satzung")).said == ["handoff.status_queued", "Satzung"]
    await anna.presses(await stage.only_case(), "take")
    seen = await rana.writes("/start term-satzung")
    assert seen.said == ["handoff.status_claimed", "Satzung"], "the link may stand in what staff sent"
    assert {reply.kind for reply in seen.replies} == {"system"}
    assert "newmenu" not in [button.action.name for reply in seen.replies for row in reply.rows for button in row]


async def test_e45_a_button_of_an_older_state_says_so_and_shows_how_things_stand(
    stage: Stage, rana: Visitor, anna: Colleague
) -> None:
    await rana.asks_for_a_human()
    await anna.presses(await stage.only_case(), "take")
    seen = await rana.presses("withdraw")
    assert (seen.toast, seen.said) == ("button.stale", ["handoff.status_claimed"])
