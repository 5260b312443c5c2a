"""Edge cases of handoff.md, section 5: content, safety and data."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.conversation.incoming import PersonMessage
from bot.conversation.replies import Answer
from bot.conversation.turn import Parts
from bot.rasa import Guess, Understanding
from bot.storage.models import Audit, Case, CaseEvent, CaseMessage, FlowRun, OutboxMessage, Person
from bot.telegram.render import Renderer
from knowledge.library import Library
from tests.bot.conftest import LANGUAGES
from tests.bot.stage import Colleague, Seen, Stage, Visitor
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
def test_e57_the_text_for_danger_is_fixed_content_with_its_numbers_in_every_language(
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


async def test_e57_words_of_danger_make_the_next_request_urgent_however_it_comes(
    stage: Stage, rana: Visitor, anna: Colleague, clock: Clock
) -> None:
    await rana.writes("ich will mich umbringen")
    assert "privacy.mydata_urgent" in (await rana.writes("/mydata")).said
    clock.forward(hours=20)
    assert "handoff.urgent" in (await rana.writes("/human")).said, "what is going to be shared is shown"
    await rana.presses("consent", "yes")
    assert (await stage.only_case()).urgent


async def test_e57_words_of_danger_between_the_question_and_yes_make_the_case_urgent(
    stage: Stage, rana: Visitor, anna: Colleague
) -> None:
    assert "handoff.urgent" not in (await rana.writes("/human")).said
    assert (await rana.writes("ich will mich umbringen")).said == ["smalltalk.crisis", "handoff.urgent"]
    await rana.presses("consent", "yes")
    assert (await stage.only_case()).urgent
    assert "Dringend" in await stage.on_its_way()
    assert "umbringen" not in await stage.on_its_way()


async def test_e57_after_a_day_nothing_tells_that_words_of_danger_fell(
    stage: Stage, rana: Visitor, anna: Colleague, clock: Clock
) -> None:
    await rana.writes("ich will mich umbringen")
    clock.forward(hours=stage.parts.retention.exchange_hours, minutes=1)
    await rana.asks_for_a_human()
    assert not (await stage.only_case()).urgent
    assert "privacy.mydata_urgent" not in (await rana.writes("/mydata")).said
    await stage.time_passes()
    assert [person.danger_at for person in await stage.all(Person)] == [None]


AT_ONCE = {"de": "sofort beraten", "en": "advice at once", "tr": "Hemen danışmanlık", "ar": "الاستشارة فورًا",
           "ru": "Сразу обратитесь за консультацией", "uk": "Одразу зверніться по консультацію",
           "pl": "Od razu skorzystajcie z porady", "fa": "فوراً مشاوره بگیرید"}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_e58_every_answer_on_the_law_is_called_general_and_names_somebody_to_ask(
    parts: Parts, library: Library, language: str
) -> None:
    renderer = Renderer(parts.locales, parts.content, lambda: parts.clock().date())
    general, ask = (parts.locales.say(language, f"answer.{key}") for key in ("counsel", "contacts"))
    entries = [entry for topic in library.topics for entry in library.entries(topic, language) if entry.counsel]
    assert len(entries) >= 28
    for entry in entries:
        assert entry.language == language, entry.id
        shown = renderer.body((Answer(entry.id),), language)
        assert 0 < shown.find(general) < shown.find(ask), entry.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_e58_the_answer_about_the_time_limit_tells_people_to_ask_at_once(library: Library, language: str) -> None:
    entry = library.entry("discrimination.time_limit", language)
    bold = entry.text.split("**")[1::2]
    assert any(AT_ONCE[language] in words for words in bold)
    assert "0800 546 546 5" in bold


async def test_e59_before_consent_people_are_asked_to_give_no_names_of_others(stage: Stage, rana: Visitor) -> None:
    assert "handoff.consent_others" in (await rana.writes("/human")).said


async def test_e59_a_message_is_taken_back_at_the_persons_wish(stage: Stage, rana: Visitor, anna: Colleague) -> None:
    from bot.conversation import casework
    from bot.conversation.office import deeds
    from bot.storage.models import Staff

    await rana.asks_for_a_human()
    await rana.writes("Der Name des Vermieters ist Muster")
    await anna.presses(await stage.only_case(), "take")
    await stage.everything_arrives()
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


async def test_e60_whoever_is_put_on_hold_knows_until_when_and_how_to_object_and_the_reason_stays_inside(
    stage: Stage, rana: Visitor, anna: Colleague, clock: Clock
) -> None:
    await rana.asks_for_a_human()
    await anna.writes(await stage.only_case(), "/stumm 2 Beleidigungen")
    assert (await rana.writes("Hallo?")).said == ["handoff.muted"]
    assert await stage.messages("person") == []
    told = await stage.on_its_way(rana.chat_id)
    until = stage.parts.locales.when("de", clock() + timedelta(hours=2))
    assert told.count(f"nimmt von Ihnen gerade keine Nachrichten an, bis: {until}") == 2, "at once, and when they write"
    assert "sagen Sie es bitte bei der Koordinierungsstelle persönlich oder schriftlich" in told
    assert "Beleidigungen" not in told
    clock.forward(hours=2, minutes=1)
    await rana.writes("Hallo?")
    assert await stage.messages("person") == ["Hallo?"]


ROOM = {"purpose": "Fest", "people": "50", "contact": "here"}


async def _agrees_to_send_the_room_request(stage: Stage, rana: Visitor) -> Seen:
    """Rasa says that the form, answered as in ROOM, is complete and to be sent."""
    await rana.writes("/start")
    run = FlowRun(person_id=1, flow="room_request", state="active", slots=dict(ROOM), requested="check", version=0,
                  misses=0, created_at=stage.parts.clock(), changed_at=stage.parts.clock())  # fmt: skip
    async with stage.database.write() as session:
        session.add(run)
    stage.rasa.known["ja, senden"] = Understanding(
        (Guess("inform", 1.0),), "answer", None, ({"do": "send_room_request"},)
    )
    return await rana.writes("ja, senden")


async def test_e60_whoever_is_on_hold_opens_no_case_with_a_room_request_and_keeps_their_answers(
    stage: Stage, rana: Visitor, anna: Colleague, clock: Clock
) -> None:
    await rana.writes("/start")
    await stage.change(Person, muted_until=clock() + timedelta(hours=2))
    assert (await _agrees_to_send_the_room_request(stage, rana)).said == ["handoff.muted"]
    assert await stage.all(Case) == []
    assert [run.slots for run in await stage.all(FlowRun)] == [ROOM]
    clock.forward(hours=3)
    assert "room_request.sent" in (await rana.writes("ja, senden")).said
    assert (await stage.only_case()).state == "QUEUED"


async def test_e60_whoever_is_on_hold_cannot_agree_to_a_question_asked_before(
    stage: Stage, rana: Visitor, anna: Colleague, clock: Clock
) -> None:
    await rana.writes("/human")
    await stage.change(Person, muted_until=clock() + timedelta(minutes=20))
    assert (await rana.presses("consent", "yes")).said == ["handoff.muted"]
    assert (await stage.only_case()).state == "INTAKE"
    clock.forward(minutes=21)
    assert (await rana.presses("consent", "yes")).said == ["handoff.queued"]


async def test_e60_whoever_is_on_hold_adds_no_subject(
    stage: Stage, rana: Visitor, anna: Colleague, clock: Clock
) -> None:
    await rana.asks_for_a_human()
    await rana.presses_data("human:funding")
    await stage.change(Person, muted_until=clock() + timedelta(hours=2))
    assert (await rana.presses("addto", "funding")).said == ["handoff.muted"]
    assert "Förderung" not in await stage.on_its_way()


async def test_e60_whoever_is_on_hold_takes_no_case_up_again(
    stage: Stage, rana: Visitor, anna: Colleague, clock: Clock
) -> None:
    stage.rasa.knows(HALL, "rooms.event")
    await rana.asks_for_a_human()
    await anna.presses(await stage.only_case(), "take")
    await anna.presses(await stage.only_case(), "done")
    await stage.change(Person, muted_until=clock() + timedelta(hours=2))
    asked = await stage.only_case()
    assert (await rana.presses_data(f"solved:{asked.id}:{asked.version}:no")).said == ["handoff.muted"]
    assert (await stage.only_case()).state == "RETURN_OFFERED"
    await rana.presses_data(f"solved:{asked.id}:{asked.version}:yes")
    assert (await rana.writes(HALL)).said == ["rooms.event"], "there is nothing to be asked about"
    await stage.change(Person, muted_until=None)
    assert (await rana.writes(HALL)).said == ["rooms.event", "handoff.same_matter"]
    await stage.change(Person, muted_until=clock() + timedelta(hours=2))
    assert (await rana.presses("same", "yes")).said == ["handoff.muted"]
    assert (await stage.only_case()).state == "RESOLVED"
    assert HALL not in await stage.on_its_way()
    clock.forward(hours=3)
    assert (await rana.presses("same", "yes")).said[0].startswith("handoff.still_open")


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


async def _solved(stage: Stage, rana: Visitor, anna: Colleague) -> None:
    await anna.presses(await stage.only_case(), "take")
    await anna.presses(await stage.only_case(), "done")
    case = await stage.only_case()
    await rana.presses_data(f"solved:{case.id}:{case.version}:yes")


async def test_e61_erasing_after_the_answer_pressed_when_the_answer_is_there_asks_again(
    stage: Stage, rana: Visitor, anna: Colleague
) -> None:
    await rana.asks_for_a_human()
    await rana.writes("/forget")
    await _solved(stage, rana, anna)
    assert (await rana.presses("forget", "later")).said == ["privacy.forget_question"]
    await rana.presses("forget", "yes")
    assert await stage.all(Person) == []


async def test_e61_whoever_blocks_the_bot_after_asking_is_erased_once_they_are_not_waited_for(
    stage: Stage, rana: Visitor, anna: Colleague, clock: Clock
) -> None:
    await rana.asks_for_a_human()
    await rana.writes("/forget")
    await rana.presses("forget", "later")
    await rana.blocks()
    await stage.time_passes()
    assert len(await stage.all(Person)) == 1, "they may come back"
    clock.forward(hours=72)
    await stage.time_passes()
    await stage.time_passes()
    assert await stage.all(Person) == []


async def test_e61_a_later_no_takes_the_wish_to_be_erased_back(
    stage: Stage, rana: Visitor, anna: Colleague
) -> None:
    await rana.asks_for_a_human()
    await rana.writes("/forget")
    await rana.presses("forget", "later")
    await rana.writes("/forget")
    assert (await rana.presses("forget", "no")).said == ["privacy.kept"]
    await _solved(stage, rana, anna)
    await stage.time_passes()
    assert len(await stage.all(Person)) == 1


async def test_e62_retention_leaves_a_case_that_was_taken_up_again(
    stage: Stage, rana: Visitor, anna: Colleague, clock: Clock
) -> None:
    await rana.asks_for_a_human()
    await rana.writes("Wir brauchen einen Raum")
    await anna.presses(await stage.only_case(), "take")
    await stage.is_read()
    await anna.presses(await stage.only_case(), "done")
    case = await stage.only_case()
    await rana.presses_data(f"solved:{case.id}:{case.version}:yes")
    clock.forward(hours=70)
    await rana.writes("Raum?")
    case = await stage.only_case()
    await rana.presses_data(f"same:{case.id}:{case.version}:yes")
    assert [event.kind for event in await stage.all(CaseEvent)].count("Reopened") == 1
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
