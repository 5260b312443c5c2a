"""Edge cases of handoff.md, section 5: languages across the desk, with and without a translation service."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace

import pytest
import pytest_asyncio

from bot.conversation.translating import Translating
from bot.conversation.turn import Parts
from bot.storage.database import Database
from bot.storage.models import Case, CaseMessage, OutboxMessage
from bot.translation.client import LibreTranslate
from bot.translation.translator import Translator
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
                                       stage.delivery.deliver, lambda: None)  # fmt: skip
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
