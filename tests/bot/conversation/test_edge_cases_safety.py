"""Edge cases of handoff.md, section 5: content, safety and data."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.conversation.incoming import PersonMessage
from bot.storage.models import Audit, Case, CaseMessage, OutboxMessage, Person
from knowledge.library import Library
from tests.bot.conftest import LANGUAGES
from tests.bot.stage import Colleague, Stage, Visitor
from tests.conftest import Clock

HALL = "Wo finden wir einen Raum für unser Fest?"


async def test_e47_signs_that_mean_something_in_markup_arrive_as_they_were_typed(
    stage: Stage, rana: Visitor, anna: Colleague
) -> None:
    text = "a_b *c* [d](e) `f` <g> & 1 < 2"
    await rana.asks_for_a_human()
    await rana.writes(text)
    assert "a_b *c* [d](e) `f` &lt;g&gt; &amp; 1 &lt; 2" in await stage.on_its_way()
    await anna.writes(await stage.only_case(), text)
    assert "a_b *c* [d](e) `f` &lt;g&gt; &amp; 1 &lt; 2" in await stage.on_its_way(rana.chat_id)


async def test_e56_an_entry_withdrawn_while_it_was_thought_of_is_not_given(
    stage: Stage, rana: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.rasa.knows(HALL, "rooms.event", "rooms.overview")
    message = PersonMessage(sender=rana.sender, message_id=7, text=HALL)
    thought = await stage.conversation.think(stage.database, message)
    has = Library.has
    monkeypatch.setattr(Library, "has", lambda self, id: id != "rooms.event" and has(self, id))
    async with stage.database.write() as session:
        turn = await stage.conversation.respond(session, message, thought)
        await stage.delivery.deliver(session, turn)
    sent = await stage.on_its_way(rana.chat_id)
    assert sent
    assert stage.parts.library.entry("rooms.event", "de").question not in sent


@pytest.mark.parametrize("language", LANGUAGES)
def test_e57_the_text_for_danger_is_fixed_reviewed_content_with_numbers_in_every_language(
    library: Library, language: str
) -> None:
    entry = library.entry("smalltalk.crisis", language)
    assert entry.language == language
    assert "110" in entry.text
    assert "112" in entry.text


async def test_e57_the_case_of_somebody_in_danger_is_marked_urgent(
    stage: Stage, rana: Visitor, anna: Colleague
) -> None:
    await rana.writes("ich will mich umbringen")
    await rana.presses("human", "urgent")
    await rana.presses("consent", "yes")
    assert (await stage.only_case()).urgent
    assert "Dringend" in await stage.on_its_way()


def test_e58_answers_about_legal_deadlines_say_so_and_name_counsel(library: Library) -> None:
    entry = library.entry("discrimination.time_limit", "de")
    assert entry.counsel
    assert "Frist" in entry.text or "Monate" in entry.text
    assert any(word in entry.text for word in ("sofort", "schnell", "heute", "bald"))


async def test_e59_before_consent_people_are_asked_to_give_no_names_of_others(stage: Stage, rana: Visitor) -> None:
    assert "handoff.consent_others" in (await rana.writes("/human")).said


async def test_e59_a_message_is_taken_back_at_the_persons_wish(stage: Stage, rana: Visitor, anna: Colleague) -> None:
    from bot.conversation import casework
    from bot.conversation.office import deeds
    from bot.storage.models import Staff

    await rana.asks_for_a_human()
    await rana.writes("Der Name des Vermieters ist Muster")
    await anna.presses(await stage.only_case(), "take")
    async with stage.database.write() as session:
        case = await session.get(Case, 1)
        kept = await session.get(CaseMessage, 1)
        staff = await session.get(Staff, 1)
        assert case is not None
        assert kept is not None
        assert staff is not None
        turn = await casework.turn_for_case(session, stage.parts, case, stage.parts.clock())
        assert turn is not None
        await deeds.erase(turn, staff, kept)
        await stage.delivery.deliver(session, turn)
    assert await stage.messages("person") == [None]
    assert [row.method for row in await stage.all(OutboxMessage) if row.kind == "edit"] == ["deleteMessage"]


async def test_e60_a_flood_is_asked_to_wait_once_also_with_a_case(
    stage: Stage, rana: Visitor, anna: Colleague
) -> None:
    await rana.asks_for_a_human()
    said = [name for number in range(60) for name in (await rana.writes(f"Nachricht {number}")).said]
    assert said.count("limits.slow_down") == 1


async def test_e60_whoever_is_put_on_hold_knows_why_until_when_and_how_to_object(
    stage: Stage, rana: Visitor, anna: Colleague, clock: Clock
) -> None:
    await rana.asks_for_a_human()
    await stage.change(Person, muted_until=clock() + timedelta(hours=2))
    assert (await rana.writes("Hallo?")).said == ["handoff.muted"]
    assert await stage.messages("person") == []
    clock.forward(hours=2, minutes=1)
    await rana.writes("Hallo?")
    assert await stage.messages("person") == ["Hallo?"]


async def test_e61_with_an_open_case_erasing_can_wait_for_the_answer(
    stage: Stage, rana: Visitor, anna: Colleague
) -> None:
    await rana.asks_for_a_human()
    await anna.presses(await stage.only_case(), "take")
    await rana.writes("/forget")
    assert (await rana.presses("forget", "later")).said == ["privacy.later"]
    assert await stage.time_passes() == []
    assert len(await stage.all(Person)) == 1
    await anna.presses(await stage.only_case(), "done")
    case = await stage.only_case()
    await rana.presses_data(f"solved:{case.id}:{case.version}:yes")
    assert await stage.time_passes() == ["privacy.erased"]
    assert await stage.all(Person) == []
    assert await stage.all(CaseMessage) == []
    assert "deleteForumTopic" in [row.method for row in await stage.all(OutboxMessage)]


async def test_e62_retention_leaves_a_case_that_was_taken_up_again(
    stage: Stage, rana: Visitor, anna: Colleague, clock: Clock
) -> None:
    await rana.asks_for_a_human()
    await rana.writes("Wir brauchen einen Raum")
    await anna.presses(await stage.only_case(), "take")
    await anna.presses(await stage.only_case(), "done")
    case = await stage.only_case()
    await rana.presses_data(f"solved:{case.id}:{case.version}:yes")
    clock.forward(hours=70)
    await rana.writes("Raum?")
    case = await stage.only_case()
    await rana.presses_data(f"same:{case.id}:{case.version}:yes")
    clock.forward(days=200)
    await stage.time_passes()
    assert await stage.messages("person") == ["Wir brauchen einen Raum", "Raum?"]


async def test_e62_texts_of_a_case_that_ended_long_ago_go_and_the_record_stays(
    stage: Stage, rana: Visitor, anna: Colleague, clock: Clock
) -> None:
    await rana.asks_for_a_human()
    await rana.writes("Wir brauchen einen Raum")
    await rana.presses("withdraw")
    clock.forward(days=89)
    await stage.time_passes()
    assert await stage.messages("person") == ["Wir brauchen einen Raum"]
    clock.forward(days=2)
    await stage.time_passes()
    assert await stage.all(CaseMessage) == []
    case = await stage.only_case()
    assert (case.person_id, case.state) == (None, "WITHDRAWN")


@pytest.mark.parametrize("word", ["$backoffice", "/take", "//", "take:1:1", "HUMAN_STARTED", "<b>handoff</b>"])
async def test_e63_a_word_of_command_in_a_persons_text_is_text(
    stage: Stage, rana: Visitor, anna: Colleague, word: str
) -> None:
    await rana.asks_for_a_human()
    await anna.writes(await stage.only_case(), "Guten Tag")
    if not word.startswith("/"):
        await rana.writes(word)
        assert (await stage.messages("person"))[-1] == word
    else:
        await rana.writes(f"Ich schreibe {word}")
        assert (await stage.messages("person"))[-1] == f"Ich schreibe {word}"
    assert (await stage.only_case()).state == "CLAIMED"
    assert [row.action for row in await stage.all(Audit)] == ["send_text"]


async def test_e66_whoever_writes_for_somebody_else_is_asked_to_leave_their_name_out(
    stage: Stage, rana: Visitor
) -> None:
    seen = await rana.writes("/human")
    said = stage.parts.locales.say("de", "handoff.consent_others")
    assert "handoff.consent_others" in seen.said
    assert "andere Person" in said
    assert "keine Namen" in said
