"""Entries, phrases, words and contacts that staff send: by command, by button, by the picker."""

from __future__ import annotations

import pytest

from bot.conversation.incoming import FromStaff, InlineQuery
from bot.conversation.office.inline import look
from bot.storage.models import Case, CaseMessage, OutboxMessage, Referral
from tests.bot.conftest import GROUP
from tests.bot.conversation.topic import taken, types
from tests.bot.stage import Colleague, Stage, Visitor

ENTRY = "founding.members_needed"
COME = "appointments.come"


@pytest.fixture(autouse=True)
async def _a_waiting_case(stage: Stage, rana: Visitor, anna: Colleague, bernd: Colleague) -> None:
    await rana.asks_for_a_human()


@pytest.mark.parametrize("text", [f"/antwort {ENTRY}", f"/entry {ENTRY}"])
async def test_an_entry_named_exactly_is_sent_in_the_persons_language_and_shown_in_the_topic(
    stage: Stage, anna: Colleague, text: str
) -> None:
    sara = Visitor(stage, chat_id=1009, language="tr")
    await sara.writes("/start")
    await sara.asks_for_a_human()
    case = (await stage.all(Case))[-1]
    await anna.writes(case, text)
    entry = stage.parts.library.entry
    assert entry(ENTRY, "tr").question in await stage.on_its_way(1009)
    assert entry(ENTRY, "de").question in await stage.on_its_way()
    assert (await stage.all(Case))[-1].state == "WAITING_USER"


async def test_words_bring_entries_to_choose_from_and_a_press_sends_one_once(
    stage: Stage, rana: Visitor, anna: Colleague
) -> None:
    await taken(stage, anna)
    assert (await types(stage, anna, "/antwort wie viele Mitglieder")).said == ["desk.found"]
    case = await stage.only_case()
    assert (await anna.presses(case, "answer", ENTRY)).toast is None
    assert (await anna.presses(case, "answer", ENTRY)).toast == "desk.sent_already"
    assert (await stage.on_its_way(rana.chat_id)).count(stage.parts.library.entry(ENTRY, "de").question) == 1


async def test_what_the_bot_would_have_answered_is_sent_with_one_press(
    stage: Stage, rana: Visitor, anna: Colleague
) -> None:
    await taken(stage, anna)
    stage.rasa.knows("Wie viele?", ENTRY)
    await rana.writes("Wie viele?")
    (suggested,) = [row for row in await stage.all(OutboxMessage) if "answer:" in str(row.payload)]
    assert suggested.chat_id is None
    assert (await anna.presses(await stage.only_case(), "answer", ENTRY)).toast is None
    assert stage.parts.library.entry(ENTRY, "de").question in await stage.on_its_way(rana.chat_id)


async def test_a_phrase_without_blanks_is_sent_at_once_and_only_once_confirmed(
    stage: Stage, rana: Visitor, anna: Colleague
) -> None:
    await types(stage, anna, "/satz greeting.moment")
    assert "Einen Moment bitte" in await stage.on_its_way(rana.chat_id)
    (kept,) = [one for one in await stage.all(CaseMessage) if one.author == "staff"]
    assert (kept.kind, kept.ref, kept.source_message_id) == ("phrase", "greeting.moment", 0)


async def test_a_phrase_with_blanks_is_shown_before_it_is_sent(stage: Stage, rana: Visitor, anna: Colleague) -> None:
    await taken(stage, anna)
    assert (await types(stage, anna, f"/satz {COME} 27.11.; halb elf; Rathaus")).said == ["desk.preview"]
    assert "Rathaus" not in await stage.on_its_way(rana.chat_id)
    assert "Freitag, 27. November 2026" in await stage.on_its_way(GROUP)
    kept = (await stage.all(CaseMessage))[-1]
    await anna.presses(await stage.only_case(), "held", "send", str(kept.id))
    told = await stage.on_its_way(rana.chat_id)
    assert "Freitag, 27. November 2026" in told
    assert "10:30" in told


async def test_a_preview_can_be_discarded(stage: Stage, rana: Visitor, anna: Colleague) -> None:
    await taken(stage, anna)
    await types(stage, anna, f"/satz {COME} 27.11.; 10; Rathaus")
    kept = (await stage.all(CaseMessage))[-1]
    assert (await anna.presses(await stage.only_case(), "held", "drop", str(kept.id))).said == ["desk.held_dropped"]
    assert "Rathaus" not in await stage.on_its_way(rana.chat_id)
    assert kept.id not in [one.id for one in await stage.all(CaseMessage)]


async def test_blanks_can_be_filled_by_replying_to_the_question(stage: Stage, rana: Visitor, anna: Colleague) -> None:
    await taken(stage, anna)
    assert (await types(stage, anna, f"/satz {COME}")).said == ["desk.blanks"]
    await stage.change(CaseMessage, source_message_id=777, source_chat_id=GROUP)  # as the sender does
    wrong = await types(stage, anna, "übermorgen", reply_to=777)
    assert wrong.said == ["desk.blanks_wrong"]
    bad = await types(stage, anna, "irgendwann; 10; Rathaus", reply_to=777)
    assert bad.said == ["value.no_date"]
    assert (await types(stage, anna, "27.11.\n10 Uhr\nRathaus", reply_to=777)).said == ["desk.preview"]
    assert "Rathaus" not in await stage.on_its_way(rana.chat_id)
    kept = (await stage.all(CaseMessage))[-1]
    await anna.presses(await stage.only_case(), "held", "send", str(kept.id))
    assert "Rathaus" in await stage.on_its_way(rana.chat_id)


async def test_e4_a_picked_answer_of_a_colleague_is_held_too(
    stage: Stage, rana: Visitor, anna: Colleague, bernd: Colleague
) -> None:
    await taken(stage, anna)
    assert (await types(stage, bernd, f"/antwort {ENTRY}")).said == ["desk.held"]
    question = stage.parts.library.entry(ENTRY, "de").question
    assert question not in await stage.on_its_way(rana.chat_id)
    kept = (await stage.all(CaseMessage))[-1]
    await bernd.presses(await stage.only_case(), "held", "join", str(kept.id))
    assert question in await stage.on_its_way(rana.chat_id)
    assert question in await stage.on_its_way(), "the topic shows what the person got"


async def test_a_word_is_explained_and_a_contact_named(stage: Stage, rana: Visitor, anna: Colleague) -> None:
    await types(stage, anna, "/wort Satzung")
    assert stage.parts.library.glossary.term("Satzung", "de").explanation in await stage.on_its_way(rana.chat_id)
    await types(stage, anna, "/verweis integration_department")
    told = await stage.on_its_way(rana.chat_id)
    assert stage.parts.library.contact("integration_department").name in told
    assert [one.contact for one in await stage.all(Referral)] == ["integration_department"]


async def test_a_referral_that_was_held_is_kept_once_it_is_sent(
    stage: Stage, rana: Visitor, anna: Colleague, bernd: Colleague
) -> None:
    case = await taken(stage, anna)
    await types(stage, bernd, "/verweis integration_department")
    assert await stage.all(Referral) == []
    held = next(one for one in await stage.all(CaseMessage) if one.author == "held")
    await bernd.presses(case, "held", "join", str(held.id))
    assert [one.contact for one in await stage.all(Referral)] == ["integration_department"]


async def test_the_line_of_the_picker_is_taken_away_and_what_was_sent_is_shown(
    stage: Stage, rana: Visitor, anna: Colleague
) -> None:
    await types(stage, anna, "/satz greeting.moment", via_bot=True, message_id=901)
    deleted = [row.payload for row in await stage.all(OutboxMessage) if row.method == "deleteMessage"]
    assert deleted == [{"message_id": 901}]
    assert (await stage.on_its_way()).count("Einen Moment bitte") == 1


def query(user: int, words: str, *, in_group: bool = True) -> InlineQuery:
    return InlineQuery(sender=FromStaff(user_id=user), query_id="1", words=words, in_group=in_group)


async def test_the_picker_finds_entries_phrases_and_terms(stage: Stage, anna: Colleague) -> None:
    async with stage.database.read() as session:
        found = await look(session, stage.parts, query(2001, "mitglied"), is_member=True) or []
        unasked = await look(session, stage.parts, query(2001, ""), is_member=True) or []
    assert ENTRY in [one.ref for one in found if one.kind == "entry"]
    assert {"entry", "term"} <= {one.kind for one in found}
    assert {one.kind for one in unasked} == {"phrase"}
    assert max(len(found), len(unasked)) <= 50


@pytest.mark.parametrize(
    ("user", "is_member", "in_group"), [(6666, True, True), (2001, False, True), (2001, True, False)]
)
async def test_the_picker_shows_nothing_to_anybody_else(
    stage: Stage, anna: Colleague, user: int, *, is_member: bool, in_group: bool
) -> None:
    async with stage.database.read() as session:
        assert await look(session, stage.parts, query(user, "mitglied", in_group=in_group), is_member=is_member) is None


async def test_whatever_the_picker_offers_can_be_sent(stage: Stage, rana: Visitor, anna: Colleague) -> None:
    await taken(stage, anna)
    async with stage.database.read() as session:
        found = [one for words in ("", "mitglied", "integration", "raum", "termin")
                 for one in await look(session, stage.parts, query(2001, words), is_member=True) or []]  # fmt: skip
    offered = list({one.command: one for one in found}.values())
    assert {one.kind for one in offered} == {"entry", "phrase", "term", "referral"}
    for one in offered:
        said = (await types(stage, anna, one.command)).said
        assert said in ([], ["desk.blanks"]), one.command
