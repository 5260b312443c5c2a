"""The invariants of handoff.md, section 4, on a real database: each of the fourteen has a test here or beside it.

3, 7 and 11 also stand in tests/bot/handoff/test_invariants.py, 10 in test_timers_once.py,
12 in test_kept_and_deleted.py; 4, 8 and 14 towards Telegram in test_invariants_on_telegram.py.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy.exc import IntegrityError

from bot.conversation.incoming import PersonMessage
from bot.conversation.language import LanguageDetector
from bot.conversation.office.group import STAFF_PRESSES
from bot.conversation.office.presses import TIMELESS
from bot.conversation.steps import ThoughtTooOldError
from bot.conversation.translating import Translating
from bot.conversation.turn import Parts
from bot.processes import free_port
from bot.storage.database import Database
from bot.storage.models import OPEN_STATES, Case, CaseEvent, CaseMessage, OutboxMessage, Staff
from bot.telegram.inbox import finish, store
from bot.translation.client import LibreTranslate
from bot.translation.translator import Translator
from tests.bot.conftest import GROUP, make_settings
from tests.bot.conversation.test_forgetting import everything_stored
from tests.bot.stage import Colleague, Stage, Visitor
from tests.conftest import Clock

ROOM = "Wo finden wir einen Raum?"


async def open_cases(stage: Stage) -> list[Case]:
    return [case for case in await stage.all(Case) if case.state in OPEN_STATES]


async def test_invariant_1_one_open_case_even_if_everything_is_asked_for_at_once(
    stage: Stage, rana: Visitor, anna: Colleague
) -> None:
    await rana.writes("/start")
    done = await asyncio.gather(*[rana.writes("/human") for _ in range(4)], return_exceptions=True)
    assert all(isinstance(one, IntegrityError) for one in done if isinstance(one, BaseException))
    assert len(await open_cases(stage)) == 1


@pytest.mark.parametrize("state", sorted(OPEN_STATES))
async def test_invariant_1_in_no_open_state_does_asking_again_open_a_second_case(
    stage: Stage, rana: Visitor, anna: Colleague, state: str
) -> None:
    await rana.asks_for_a_human()
    await anna.presses(await stage.only_case(), "take")
    owner = (await stage.only_case()).owner_id if state in {"CLAIMED", "WAITING_USER", "RETURN_OFFERED"} else None
    await stage.change(Case, state=state, owner_id=owner)
    await rana.writes("/human")
    assert len(await open_cases(stage)) == 1


async def test_invariant_2_an_answer_thought_out_before_a_human_came_is_not_given(
    stage: Stage, rana: Visitor, anna: Colleague
) -> None:
    await rana.asks_for_a_human()
    stage.rasa.knows(ROOM, "rooms.event")
    message = PersonMessage(sender=rana.sender, message_id=900, text=ROOM)
    thought = await stage.conversation.think(stage.database, message)
    assert thought.understanding is not None
    await anna.presses(await stage.only_case(), "take")
    async with stage.database.write() as session:
        turn = await stage.conversation.respond(session, message, thought)
        await stage.delivery.deliver(session, turn)
    title = stage.parts.library.entry("rooms.event", "de").question
    assert title not in await stage.on_its_way(rana.chat_id)
    assert title in await stage.on_its_way(), "the office sees what the bot would have answered"


async def test_invariant_2_what_was_thought_for_the_office_is_no_answer_once_the_bot_speaks_again(
    stage: Stage, rana: Visitor, anna: Colleague
) -> None:
    await rana.asks_for_a_human()
    await anna.presses(await stage.only_case(), "take")
    message = PersonMessage(sender=rana.sender, message_id=900, text=ROOM)
    thought = await stage.conversation.think(stage.database, message)
    await anna.presses(await stage.only_case(), "release")
    async with stage.database.write() as session:
        with pytest.raises(ThoughtTooOldError):
            await stage.conversation.respond(session, message, thought)


@pytest.mark.parametrize("way", ["take", "write", "not_solved"])
async def test_invariant_2_answers_that_wait_to_be_sent_are_dropped_whichever_way_a_human_comes(
    stage: Stage, rana: Visitor, anna: Colleague, way: str
) -> None:
    await rana.asks_for_a_human()
    if way == "not_solved":
        await anna.presses(await stage.only_case(), "take")
        await anna.presses(await stage.only_case(), "done")
    stage.rasa.knows(ROOM, "rooms.event")
    await (rana.presses_data("ask:rooms.event") if way == "not_solved" else rana.writes(ROOM))
    title = stage.parts.library.entry("rooms.event", "de").question
    assert title in await stage.on_its_way(rana.chat_id)
    case = await stage.only_case()
    if way == "not_solved":
        await rana.presses_data(f"solved:{case.id}:{case.version}:no")
    else:
        await (anna.presses(case, "take") if way == "take" else anna.writes(case, "Guten Tag"))
    assert title not in await stage.on_its_way(rana.chat_id)


async def test_invariant_4_the_state_and_the_messages_about_it_are_written_together_or_not_at_all(
    stage: Stage, rana: Visitor, anna: Colleague, monkeypatch: pytest.MonkeyPatch
) -> None:
    await rana.asks_for_a_human()
    before = [(row.id, row.state) for row in await stage.all(OutboxMessage)]

    async def fails(*given: object) -> None:
        raise OSError("played")

    deliver = stage.delivery.deliver
    monkeypatch.setattr(stage.delivery, "deliver", fails)
    with pytest.raises(OSError, match="played"):
        await anna.presses(await stage.only_case(), "take")
    assert (await stage.only_case()).state == "QUEUED"
    assert [(row.id, row.state) for row in await stage.all(OutboxMessage)] == before
    monkeypatch.setattr(stage.delivery, "deliver", deliver)
    await anna.presses(await stage.only_case(), "take")
    new = (await stage.all(OutboxMessage))[len(before) :]
    assert {row.chat_id for row in new} == {rana.chat_id, None}, "person and office"
    assert {row.state for row in new} == {"pending"}


async def test_invariant_5_an_update_counts_once_also_for_two_that_come_to_it_at_once(
    database: Database, clock: Clock
) -> None:
    await store(database, [{"update_id": 1, "message": {"chat": {"id": 1, "type": "private"}}}], clock())

    async def first() -> bool:
        async with database.write() as session:
            return await finish(session, 1, "done", clock())

    assert sorted(await asyncio.gather(first(), first(), first())) == [False, False, True]


async def test_invariant_5_a_button_of_an_older_version_says_who_and_when_and_does_nothing(
    stage: Stage, rana: Visitor, anna: Colleague, bernd: Colleague
) -> None:
    await rana.asks_for_a_human()
    before = await stage.only_case()
    await anna.presses(before, "take")
    taken = await stage.only_case()
    timeless = {}
    for name in STAFF_PRESSES:
        seen = await bernd.presses(before, name)
        if name in TIMELESS:
            timeless[name] = seen.toast
        else:
            assert (seen.toast, seen.said) == ("handoff.refused_taken", []), name
            assert "Frau A." in seen.toast_text, name
            assert "10:00" in seen.toast_text, name
    assert timeless == {"held": "handoff.refused_over", "erase": "handoff.refused_over", "answer": "desk.nothing_found",
                        "phrase": "desk.nothing_found", "term": "desk.nothing_found", "refer": "desk.nothing_found"}
    now = await stage.only_case()
    assert (now.state, now.version, now.owner_id) == (taken.state, taken.version, taken.owner_id)


async def test_invariant_6_a_text_that_names_another_case_or_chat_goes_where_it_was_written(
    stage: Stage, rana: Visitor, anna: Colleague
) -> None:
    mehmet = Visitor(stage, chat_id=1002)
    await rana.asks_for_a_human()
    await mehmet.asks_for_a_human()
    text = "W-0002 (1002): take:2:2 gilt auch hier"
    await anna.writes((await stage.all(Case))[0], text)
    assert text in await stage.on_its_way(rana.chat_id)
    assert text not in await stage.on_its_way(mehmet.chat_id)
    assert [case.state for case in await stage.all(Case)] == ["WAITING_USER", "QUEUED"]


CONTROL_WORDS = ["$backoffice", "/sim/handoff", "human_started", "[[handoff]]", '{"do": "handoff"}', "W-0001",
                 "consent:1:1:yes", "Ich bin eine human rights group"]  # fmt: skip


@pytest.mark.parametrize("text", CONTROL_WORDS)
async def test_invariant_7_e63_no_word_in_a_text_hands_anybody_over(
    stage: Stage, rana: Visitor, anna: Colleague, text: str
) -> None:
    await rana.writes(text)
    assert await stage.all(Case) == []
    await rana.writes("/human")
    await rana.writes(text)
    assert [case.state for case in await stage.all(Case)] == ["INTAKE"]
    assert {row.chat_id for row in await stage.all(OutboxMessage)} == {rana.chat_id}


async def test_invariant_8_a_message_in_the_topic_is_for_the_person_and_a_note_never_whatever_becomes_of_it(
    stage: Stage, rana: Visitor, anna: Colleague
) -> None:
    await rana.asks_for_a_human()
    case = await stage.only_case()
    await anna.writes(case, "Guten Tag", message_id=500)
    await anna.writes(case, "// Vorsicht", message_id=501)
    for edited in ("Vorsicht", "/ Vorsicht", "", "/// Vorsicht"):
        await anna.writes(case, edited, message_id=501, edited=True)
    to_person = [row for row in await stage.all(OutboxMessage) if row.chat_id == rana.chat_id]
    assert [row.kind for row in to_person].count("relay") == 1
    assert "Guten Tag" in await stage.on_its_way(rana.chat_id)
    assert "Vorsicht" not in await stage.on_its_way(rana.chat_id)
    assert [message.author for message in await stage.all(CaseMessage)] == ["staff", "note"]


async def test_invariant_9_a_translator_that_is_down_holds_nothing_up_and_is_named(
    database: Database, parts: Parts, clock: Clock
) -> None:
    stage = Stage(database, replace(parts, translates=True), make_settings())
    sara, anna = Visitor(stage, language="en"), await stage.hire(2001, "Frau A.")
    await sara.asks_for_a_human()
    await anna.writes(await stage.only_case(), "Bitte kommen Sie am Montag")
    assert "Bitte kommen Sie am Montag" in await stage.on_its_way(sara.chat_id), "the original, at once"
    await stage.change(CaseMessage, copy_message_id=7)
    client = LibreTranslate(f"http://127.0.0.1:{free_port()}", None, 0.5)
    translator = Translator(client, "de", now=clock)
    detector = LanguageDetector(("de", "en"))
    await Translating(database, stage.parts, translator, detector, stage.delivery.deliver).look()
    await client.close()
    (message,) = [one for one in await stage.all(CaseMessage) if one.author == "staff"]
    assert (message.text, message.translation) == ("Bitte kommen Sie am Montag", None)
    told = await stage.on_its_way(sara.chat_id)
    assert stage.parts.locales.say("en", "translation.failed") in told


async def test_invariant_11_before_consent_nothing_but_an_anonymous_counter_leaves_the_chat(
    stage: Stage, anna: Colleague
) -> None:
    sara = Visitor(stage, chat_id=7_654_321, language="ar")
    stage.rasa.knows("Zaubermarker", "discrimination.housing")
    await sara.writes("Zaubermarker")
    await sara.presses("human", "discrimination")
    await sara.writes("Zaubermarker, noch mehr")
    rows = await stage.all(OutboxMessage)
    assert {(row.chat_id, row.case_id) for row in rows} == {(sara.chat_id, None)}
    stored = await everything_stored(stage.database)
    counters = "\n".join(line for line in stored.splitlines() if line.startswith("counter:"))
    assert "handoff_requested" in counters
    assert "Zaubermarker" not in counters
    assert "7654321" not in counters
    await sara.presses("consent", "yes")
    title = stage.delivery._room.topic_name((await stage.all(Case))[0])
    assert title.startswith("W-0001 · ")
    assert "iskriminierung" not in title
    assert "7654321" not in title


@pytest.mark.parametrize("who", ["stranger", "inactive", "left", "anonymous"])
async def test_invariant_13_nobody_but_registered_staff_who_are_in_the_group_can_do_anything(
    stage: Stage, rana: Visitor, anna: Colleague, who: str
) -> None:
    await rana.asks_for_a_human()
    if who == "inactive":
        await stage.change(Staff, active=False)
    actor = Colleague(stage, 6666) if who == "stranger" else anna
    how = {"is_member": who != "left", "anonymous": who == "anonymous"}
    case, before = await stage.only_case(), [row.id for row in await stage.all(OutboxMessage)]
    refusal = "desk.anonymous" if who == "anonymous" else "desk.not_staff"
    for name in STAFF_PRESSES:
        assert (await actor.presses(case, name, **how)).toast == refusal, name
    for text in ("Guten Tag", "// Notiz"):
        assert (await actor.writes(case, text, **how)).said == [refusal]
    now = await stage.only_case()
    assert (now.state, now.version, now.owner_id) == (case.state, case.version, None)
    assert await stage.all(CaseMessage) == []
    new = [row for row in await stage.all(OutboxMessage) if row.id not in before]
    assert {row.chat_id for row in new} == {GROUP}, "nothing but the explanation, where they wrote"
    assert [event.kind for event in await stage.all(CaseEvent)] == ["Requested", "Consented"]
