"""Scenes two and three: a person is handed to the office, both write, and the bot comes back."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from tests.journeys.conftest import World
from tests.journeys.office import ask_for_consent, consent, new_case
from tests.journeys.phone import DELIVERED, GROUP, Message, labels
from tests.journeys.words import HOW_MANY_MEMBERS, LANGUAGES, PHRASES, entry, label

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]
FAQ = HOW_MANY_MEMBERS["de"]
FAQ_TITLE = entry("founding.members_needed", "de").question


async def group(world: World) -> list[Any]:
    """Everything that anybody in the group can see."""
    chat = await world.http.get(f"/sim/chat/{GROUP}", params={"service": "1"})
    return [chat.json(), (await world.http.get("/sim/topics")).json()]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_without_consent_nothing_reaches_the_office(world: World, language: str) -> None:
    before = await group(world)
    rana = world.phone(language)
    await rana.ask(FAQ)
    question = await ask_for_consent(rana)
    assert FAQ in question["text"]
    await rana.press(question, "button.consent_no")
    await rana.reads("handoff.declined")
    assert await group(world) == before


async def test_with_consent_the_office_sees_what_the_person_was_shown_and_nothing_else(world: World) -> None:
    mehmet = world.phone("de")
    await mehmet.ask(FAQ)
    await mehmet.ask("Und wo bekommen wir Geld für unser Projekt?")
    question = await ask_for_consent(mehmet)
    shown = [line for line in question["text"].splitlines() if line.startswith("• ")]
    assert FAQ in shown[0]
    assert shown[0].endswith(FAQ_TITLE)
    await mehmet.send("Das hier kam nach der Frage.")
    case = await consent(world, mehmet, await ask_for_consent(mehmet))
    shared = await case.frau_a.reads("desk.shared_head")
    assert [line for line in shared["text"].splitlines() if line.startswith("• ")][:2] == shown
    everything = "\n".join(one["text"] for one in await case.frau_a.messages())
    assert f"Person {mehmet.user}" not in everything
    assert str(mehmet.user) not in everything


async def test_what_is_written_after_the_consent_question_was_shown_is_not_shared(world: World) -> None:
    mehmet = world.phone("de")
    await mehmet.ask(FAQ)
    question = await ask_for_consent(mehmet)
    await mehmet.ask("Wo finden wir einen Raum für ein Fest?")
    case = await consent(world, mehmet, question)
    await case.frau_a.reads("desk.shared_head")
    assert "Fest" not in str(await case.frau_a.messages())


async def test_the_topic_names_number_language_and_subject(world: World) -> None:
    rana = world.phone("ar")
    await rana.ask(HOW_MANY_MEMBERS["ar"])
    case = await consent(world, rana, await ask_for_consent(rana))
    topics = (await world.http.get("/sim/topics")).json()
    name = next(topic["name"] for topic in topics if topic["id"] == case.topic)
    assert name == f"{case.number} · Arabisch · Vereinsgründung"
    head = await case.header("queued")
    assert labels(head) == [label("de", "desk.button_take")]
    assert not head["silent"]
    shared = await case.frau_a.reads("desk.shared_head")
    assert FAQ_TITLE in shared["text"]
    assert "كم عدد الأعضاء" in shared["text"]


async def test_a_discrimination_case_shows_neither_subject_nor_words(world: World) -> None:
    rana = world.phone("de")
    answer = await rana.ask("Der Vermieter gibt mir die Wohnung nicht, weil ich Kopftuch trage.")
    assert "discrimination" in str(answer["buttons"])
    await rana.press(answer, "button.human")
    case = await consent(world, rana, await rana.reads("handoff.consent"))
    topics = (await world.http.get("/sim/topics")).json()
    assert next(one["name"] for one in topics if one["id"] == case.topic).endswith("Persönliches Anliegen")
    await case.frau_a.reads("desk.shared_head")
    assert "Kopftuch" not in str(await case.frau_a.messages())


@pytest.mark.parametrize("language", LANGUAGES)
async def test_herr_b_takes_it_and_both_write_while_the_bot_is_silent(world: World, language: str) -> None:
    case = await new_case(world, language)
    rana, herr_b = case.person, case.herr_b
    await herr_b.press(await case.header("queued"), "desk.button_take")
    here = await rana.reads("handoff.human_here", staff="Herr B.")
    await case.header("claimed")
    written = await herr_b.send("Guten Tag, <wie> kann ich & helfen?")
    got = await rana.reads("handoff.staff_wrote", staff="Herr B.", after=here["message_id"])
    assert got["text"].endswith("Guten Tag, <wie> kann ich & helfen?")
    await herr_b.delivered(written)
    await case.header("waiting_user")
    question = await rana.send(HOW_MANY_MEMBERS[language])
    await rana.delivered(question)
    relayed = await herr_b.reads("desk.person_wrote", after=written)
    said, would_say = relayed["text"].split("\n\n")[:2]
    assert said.endswith(HOW_MANY_MEMBERS[language])
    assert PHRASES.say("de", "desk.bot_would_say").replace("<b>", "").replace("</b>", "") in would_say
    assert not relayed["silent"]
    assert await rana.texts_of_bot(after=question) == []


async def test_a_note_stays_inside_whatever_it_is_edited_to(world: World) -> None:
    case = await (await new_case(world)).taken()
    note = await case.frau_a.send("// ruft um drei an, klingt besorgt")
    await case.frau_a.edit(note, "jetzt ohne Striche, klingt besorgt")
    await case.frau_a.reads("desk.note_stays")
    answer = await case.frau_a.send("Guten Tag!")
    await case.frau_a.delivered(answer)
    assert "besorgt" not in str(await case.person.messages())


async def test_an_edit_by_the_office_corrects_the_persons_copy(world: World) -> None:
    case = await (await new_case(world)).taken()
    answer = await case.frau_a.send("Das Büro ist in der Alcide-Straße.")
    copy = await case.person.sees("Alcide-Straße")
    await case.frau_a.delivered(answer)
    await case.frau_a.edit(answer, "Das Büro ist in der Alcide-de-Gasperi-Straße.")
    corrected = await case.person.sees("Alcide-de-Gasperi-Straße")
    assert corrected["message_id"] == copy["message_id"]
    assert corrected["edited"]
    assert "Frau A." in corrected["text"]
    await case.frau_a.edit(answer, "// doch lieber intern")
    await case.frau_a.reads("desk.too_late_for_note")
    assert "intern" not in str(await case.person.messages())


async def test_an_edit_by_the_person_reaches_the_office_with_the_new_words(world: World) -> None:
    case = await (await new_case(world)).taken()
    written = await case.person.send("Wir sind 12 Leute.")
    await case.person.delivered(written)
    await case.person.edit(written, "Wir sind 21 Leute.")
    changed = await case.frau_a.reads("desk.person_edited")
    assert "21 Leute" in changed["text"]


def _is_copy(kind: str, one: Message) -> bool:
    return bool(one["media"] == kind and one["from"] == "bot")


async def test_everything_but_text_reaches_the_other_side_as_a_copy(world: World) -> None:
    case = await (await new_case(world)).taken()
    for kind in ("photo", "voice", "document", "sticker", "location"):
        sent = await case.person.send(None, **{kind: True})
        await case.person.delivered(sent)
        await case.frau_a.until(partial(_is_copy, kind))
    sent = await case.frau_a.send(document=True, caption="Das Formular")
    copy = await case.person.until(lambda one: one["media"] == "document" and one["from"] == "bot")
    assert copy["text"] == "Das Formular"
    await case.frau_a.delivered(sent)


async def test_done_asks_the_person_and_a_yes_brings_the_bot_back(world: World) -> None:
    case = await (await new_case(world, "tr")).taken()
    await case.person.press(await case.done(), "button.solved")
    back = await case.person.reads("handoff.resolved", number=case.number)
    assert (await case.header("resolved"))["buttons"] == []
    await case.frau_a.reads("desk.resolved", number=case.number)
    answer = await case.person.ask(HOW_MANY_MEMBERS["tr"])
    assert answer["message_id"] > back["message_id"]
    assert answer["text"].startswith(entry("founding.members_needed", "tr").question)


async def test_a_no_brings_the_case_back_to_the_office(world: World) -> None:
    case = await (await new_case(world, "ar")).taken()
    await case.person.press(await case.done(), "button.not_solved")
    await case.person.reads("handoff.still_open", staff="Frau A.")
    await case.frau_a.reads("desk.not_solved", number=case.number)
    await case.header("claimed")
    written = await case.person.send("ما زال عندي سؤال")
    await case.person.delivered(written)
    assert await case.person.texts_of_bot(after=written) == []


async def test_writing_instead_of_pressing_brings_the_case_back_too(world: World) -> None:
    case = await (await new_case(world)).taken()
    await case.done()
    written = await case.person.send("Halt, eins noch!")
    await case.person.reads("handoff.still_open", after=written)
    assert (await case.frau_a.sees("Halt, eins noch!"))["reactions"] == []
    await case.person.until(lambda one: one["message_id"] == written and DELIVERED in str(one["reactions"]))


@pytest.mark.parametrize("language", LANGUAGES)
async def test_while_waiting_the_bot_answers_what_it_knows_and_passes_everything_on(
    world: World, language: str
) -> None:
    case = await new_case(world, language)
    asked = await case.person.send(HOW_MANY_MEMBERS[language])
    await case.person.reads("answer.as_of", after=asked)
    await case.person.reads("handoff.added_too", after=asked)
    await case.frau_a.sees(HOW_MANY_MEMBERS[language])
