"""Edge cases of handoff.md, section 5: languages across the desk, with and without a translation service."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace

import pytest
import pytest_asyncio

from bot.conversation.translating import Translating
from bot.conversation.turn import Parts
from bot.storage.database import Database
from bot.storage.models import Case, CaseMessage, OutboxMessage, Person
from bot.translation import translator
from bot.translation.client import LibreTranslate
from bot.translation.translator import FAULTS_IN_A_ROW, Translator
from tests.bot.conftest import make_settings
from tests.bot.stage import Colleague, Stage, Visitor
from tests.conftest import Clock
from tests.libretranslate import Mode, StandIn, running

TURKISH = "Derneğimiz için cumartesi günü büyük bir salon arıyoruz"


@pytest.mark.parametrize("text", ["ok", "12", "👍👍", "Hola", "5.12."])
async def test_e49_a_sign_a_number_or_a_greeting_keeps_the_language(
    stage: Stage, rana: Visitor, anna: Colleague, text: str
) -> None:
    await rana.asks_for_a_human()
    await anna.presses(await stage.only_case(), "take")
    assert (await rana.writes(text)).said == []
    assert (await stage.only_case()).language == "de"


async def test_e50_a_change_of_language_is_asked_about_once_and_the_topic_follows(
    stage: Stage, rana: Visitor, anna: Colleague
) -> None:
    await rana.asks_for_a_human()
    await anna.presses(await stage.only_case(), "take")
    assert (await rana.writes(TURKISH)).said == ["language.offer"]
    assert (await rana.writes(TURKISH + " lütfen")).said == []
    await rana.presses("language", "tr")
    case = await stage.only_case()
    assert case.language == "tr"
    headers = [row for row in await stage.all(OutboxMessage) if row.kind == "header" and row.state == "pending"]
    assert "Türkisch" in headers[-1].payload["text"]
    await anna.presses_data(f"answer:{case.id}:{case.version}:rooms.event")
    assert "👤 <b>Frau A.:</b>" in await stage.on_its_way(rana.chat_id)


async def test_e50_while_waiting_a_change_of_language_is_asked_about_once_too(
    stage: Stage, rana: Visitor, anna: Colleague
) -> None:
    for text in (TURKISH, TURKISH + " lütfen"):
        stage.rasa.gives_up(text)
    await rana.asks_for_a_human()
    assert (await rana.writes(TURKISH)).said == ["handoff.added", "language.offer"]
    again = await rana.writes(TURKISH + " lütfen")
    assert (again.said, again.replies[0].language) == (["handoff.added"], "tr")


async def _languages(stage: Stage) -> tuple[str, str, bool]:
    """Of the person, of the case, and whether the newest header names Turkish."""
    headers = [row.payload["text"] for row in await stage.all(OutboxMessage)
               if row.kind in {"header", "new_header"} and row.state == "pending"]  # fmt: skip
    (person,), case = await stage.all(Person), await stage.only_case()
    return person.language, case.language, "Türkisch" in headers[-1]


async def test_e50_an_assumed_language_is_not_changed_unasked_once_the_office_knows_of_the_case(
    stage: Stage, anna: Colleague
) -> None:
    stage.rasa.gives_up(TURKISH)
    person = Visitor(stage, chat_id=1003, language="so")
    await person.asks_for_a_human()
    assert (await person.writes(TURKISH)).said == ["handoff.added", "language.offer"]
    assert await _languages(stage) == ("en", "en", False)
    await person.presses("language", "tr")
    assert await _languages(stage) == ("tr", "tr", True)


async def test_e50_a_question_of_consent_goes_over_to_the_language_that_shows_itself(stage: Stage) -> None:
    person = Visitor(stage, chat_id=1003, language="so")
    await person.writes("/human")
    await person.writes(TURKISH)
    await person.presses("consent", "yes")
    assert await _languages(stage) == ("tr", "tr", True)


async def test_e50_another_language_of_the_phone_reaches_the_case_and_its_topic(
    stage: Stage, rana: Visitor, anna: Colleague
) -> None:
    await rana.asks_for_a_human()
    rana.language = "tr"
    await rana.writes("ok")
    assert await _languages(stage) == ("tr", "tr", True)


async def test_e51_german_words_in_a_sentence_do_not_change_its_language(
    stage: Stage, rana: Visitor, anna: Colleague
) -> None:
    mehmet = Visitor(stage, chat_id=1002, language="tr")
    await mehmet.asks_for_a_human()
    await anna.presses(await stage.only_case(), "take")
    assert (await mehmet.writes("Satzung e.V. Verein Vorstand")).said == []
    assert (await mehmet.writes("Satzung için ne lazım, e.V. kurmak istiyoruz arkadaşlarla")).said == []
    assert {message.language for message in await stage.all(CaseMessage) if message.author == "person"} == {"tr"}


async def test_e52_a_language_the_bot_lacks_is_not_guessed_and_a_human_with_an_interpreter_is_offered(
    stage: Stage, anna: Colleague
) -> None:
    person = Visitor(stage, chat_id=1003, language="xx")
    text = "Chúng tôi muốn thành lập một hội và cần một phòng họp ở Wiesbaden"
    stage.rasa.gives_up(text)
    seen = await person.writes(text)
    assert seen.said == ["language.not_spoken"]
    offered = [button.label for reply in seen.replies for row in reply.rows for button in row]
    for own_name in ("Deutsch", "Türkçe", "العربية", "فارسی"):
        assert own_name in offered
    await person.presses("human", "interpreter")
    await person.presses("consent", "yes")
    assert (await stage.only_case()).reason == "interpreter"
    assert "Sprachmittlung" in await stage.on_its_way()


@pytest.fixture
def service() -> Iterator[StandIn]:
    """A LibreTranslate of our own, on loopback."""
    with running() as stand_in:
        yield stand_in


class Across:
    """A stage with a translation service, a person who reads Turkish, and Frau A., who has their case."""

    def __init__(self, stage: Stage, service: StandIn, clock: Clock) -> None:
        self.stage = stage
        client = LibreTranslate(service.url, None, 0.5)
        self.translator = Translator(client, "de", now=clock)
        self.translating = Translating(stage.database, stage.parts, self.translator, stage.conversation.detector,
                                       stage.delivery.deliver)  # fmt: skip
        self.mehmet = Visitor(stage, chat_id=1002, language="tr")
        self.anna: Colleague

    async def begin(self) -> None:
        self.anna = await self.stage.hire(2001, "Frau A.")
        await self.mehmet.asks_for_a_human()
        await self.anna.presses(await self.stage.only_case(), "take")

    async def anna_writes(self, text: str) -> CaseMessage:
        await self.anna.writes(await self.stage.only_case(), text)
        return await self.arrived()

    async def arrived(self) -> CaseMessage:
        """The newest message, sent as the sender would have done it."""
        newest: CaseMessage = (await self.stage.all(CaseMessage))[-1]
        async with self.stage.database.write() as session:
            kept = await session.get(CaseMessage, newest.id)
            assert kept is not None
            kept.copy_message_id = kept.copy_message_id or 900 + kept.id
        return newest

    async def looks(self) -> CaseMessage:
        await self.translating.look()
        newest: CaseMessage = (await self.stage.all(CaseMessage))[-1]
        return newest

    async def edits(self) -> list[str]:
        """Texts with which copies are corrected, oldest first."""
        rows = [row for row in await self.stage.all(OutboxMessage) if row.kind == "edit"]
        return [row.payload["text"] for row in rows]


@pytest_asyncio.fixture
async def across(database: Database, parts: Parts, service: StandIn, clock: Clock) -> AsyncIterator[Across]:
    stage = Stage(database, replace(parts, translates=True), make_settings())
    across = Across(stage, service, clock)
    await across.begin()
    yield across
    await across.translator.close()


async def test_both_directions_show_the_original_and_the_translation_marked_as_a_machines(
    across: Across, service: StandIn
) -> None:
    await across.anna_writes("Wir haben Ihre Unterlagen bekommen.")
    assert "Wir haben Ihre Unterlagen bekommen." in await across.stage.on_its_way(1002)
    assert (await across.looks()).translation_state == "made"
    await across.mehmet.writes(TURKISH)
    await across.arrived()
    assert (await across.looks()).translation_state == "made"
    to_person, to_staff = await across.edits()
    assert to_person.index("Wir haben") < to_person.index("🤖") < to_person.index("tr: ")
    assert to_staff.index(TURKISH) < to_staff.index("Maschinell übersetzt") < to_staff.index("de: ")


@pytest.mark.parametrize("mode", ["fail", "stall", "garbage"])
async def test_e53_with_the_service_down_the_original_goes_at_once_and_the_translation_comes_later(
    across: Across, service: StandIn, clock: Clock, mode: Mode
) -> None:
    service.mode = mode
    service.stall_s = 2.0
    await across.anna_writes("Bitte rufen Sie uns an.")
    assert "Bitte rufen Sie uns an." in await across.stage.on_its_way(1002)
    assert (await across.looks()).translation_state == "late"
    assert len(await across.edits()) == 1, "the note that there is no translation"
    service.mode = "work"
    clock.forward(minutes=2)
    assert (await across.looks()).translation_state == "made"
    assert "tr: " in (await across.edits())[-1]
    assert len(await across.edits()) == 2


async def test_e53_after_an_hour_it_is_given_up_and_the_note_stays(
    across: Across, service: StandIn, clock: Clock
) -> None:
    service.mode = "fail"
    await across.anna_writes("Bitte rufen Sie uns an.")
    await across.looks()
    clock.forward(minutes=61)
    assert (await across.looks()).translation_state == "failed"
    service.mode = "work"
    assert (await across.looks()).translation_state == "failed"


@pytest.mark.parametrize(
    ("mode", "text", "turkish", "fact"),
    [("change_numbers", "Der Termin ist am 12.12.2026, es kostet 50 Euro.",
      "Randevu 12.12.2026 tarihinde, ücreti 50 euro.", "12.12.2026"),
     ("drop_negation", "Das ist nicht teuer.", "Bu pahalı değil.", "nicht")],
)  # fmt: skip
async def test_e54_a_changed_date_amount_or_negation_is_flagged_below_the_original(
    across: Across, service: StandIn, mode: Mode, text: str, turkish: str, fact: str
) -> None:
    service.table[text, "tr"] = turkish
    service.mode = mode
    await across.anna_writes(text)
    kept = await across.looks()
    assert kept.translation_state == "doubtful"
    assert fact in (kept.facts or "")
    edit = (await across.edits())[-1]
    assert edit.index(text) < edit.index("🤖") < edit.index("⚠️")


async def test_e54_an_unchanged_translation_is_not_flagged(across: Across, service: StandIn) -> None:
    text = "Der Termin ist am 12.12.2026, es kostet 50 Euro."
    service.table[text, "tr"] = "Randevu 12.12.2026 tarihinde, ücreti 50 euro."
    await across.anna_writes(text)
    assert (await across.looks()).translation_state == "made"
    assert "⚠️" not in (await across.edits())[-1]


async def test_e55_what_staff_write_in_the_persons_language_is_not_translated(
    across: Across, service: StandIn
) -> None:
    await across.anna_writes("Merhaba, belgelerinizi aldık, size yarın haber vereceğiz.")
    kept = await across.looks()
    assert (kept.translation_state, kept.translation, kept.language) == (None, None, "tr")
    assert await across.edits() == []
    assert service.calls == 0


async def test_e49_numbers_alone_are_not_sent_to_the_service(across: Across, service: StandIn) -> None:
    await across.anna_writes("5.12.2026, 10:00")
    assert (await across.looks()).translation_state is None
    assert service.calls == 0


async def test_an_entry_needs_no_service(across: Across, service: StandIn) -> None:
    case: Case = await across.stage.only_case()
    await across.anna.presses_data(f"answer:{case.id}:{case.version}:rooms.event")
    await across.arrived()
    assert (await across.looks()).kind == "entry"
    assert service.calls == 0


async def test_what_the_service_refuses_keeps_no_other_message_waiting(
    across: Across, service: StandIn, clock: Clock
) -> None:
    service.lacking = frozenset({"en"})
    for number in range(FAULTS_IN_A_ROW + 1):
        await across.mehmet.writes(f"Could you please tell us more about the rooms, number {number}?")
        await across.arrived()
    await across.looks()
    await across.anna_writes("Wir haben Ihre Unterlagen bekommen.")
    assert (await across.looks()).translation_state == "made"
    asked = service.calls
    await across.looks()
    assert service.calls == asked, "what was refused rests for a while"
    assert [one.translation_state for one in await across.stage.all(CaseMessage)][0] == "late"


async def test_a_text_that_upsets_the_service_does_not_keep_it_from_the_others(
    across: Across, service: StandIn, clock: Clock
) -> None:
    service.mode = "fail"
    for number in range(FAULTS_IN_A_ROW + 2):
        await across.anna_writes(f"Wir haben Ihre Unterlagen bekommen, Teil {number}.")
    await across.looks()
    assert service.calls == FAULTS_IN_A_ROW
    clock.forward(minutes=1)
    await across.looks()
    assert [body["q"][-2] for body in service.asked] == ["0", "1", "2", "3"], "the one that was not asked for yet"


async def test_a_message_that_was_taken_back_waits_for_no_translation(
    across: Across, service: StandIn, clock: Clock
) -> None:
    service.mode = "fail"
    kept = await across.anna_writes("Bitte rufen Sie uns an.")
    await across.looks()
    async with across.stage.database.write() as session:
        gone = await session.get_one(CaseMessage, kept.id)
        gone.text, gone.deleted_at, gone.translation_state = None, clock(), "late"
    clock.forward(minutes=2)
    async with across.stage.database.read() as session:
        assert await across.translating._due(session) == []


async def test_a_language_whose_facts_cannot_be_compared_stops_nobody(
    across: Across, service: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def compared(original: str, translation: str, source: str, target: str, names: object) -> list[object]:
        if target == "tr":
            raise KeyError(target)
        return []

    monkeypatch.setattr(translator, "changed_facts", compared)
    first = await across.anna_writes("Wir haben Ihre Unterlagen bekommen.")
    await across.mehmet.writes(TURKISH)
    await across.arrived()
    assert (await across.looks()).translation_state == "made"
    assert next(one for one in await across.stage.all(CaseMessage) if one.id == first.id).translation_state == "late"


async def test_the_first_question_is_translated_too(across: Across, service: StandIn) -> None:
    question, title = "Dernek için kaç kişi gerekir?", "founding.members_needed"
    merve = Visitor(across.stage, chat_id=1003, language="tr")
    across.stage.rasa.knows(question, title)
    await merve.writes(question)
    await merve.asks_for_a_human()
    service.table[question, "de"] = "Wie viele Personen braucht ein Verein?"
    shared = await across.looks()
    assert (shared.author, shared.language, shared.translation_state) == ("shared", "tr", "made")
    assert shared.translation == "Wie viele Personen braucht ein Verein?"
    assert [body["q"] for body in service.asked] == [question], "not the German title"
    assert await across.edits() == []
