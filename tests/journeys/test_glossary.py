"""Somebody meets a German word and wants to know what it means."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.journeys.conftest import World
from tests.journeys.office import new_case
from tests.journeys.phone import Phone, labels
from tests.journeys.words import LANGUAGES, LIBRARY, entry, label, pattern

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]
NewPhone = Callable[..., Phone]
ASKED = {"de": "Was bedeutet Satzung?", "en": "What does Satzung mean?", "tr": "Satzung ne demek?",
         "ar": "ما معنى Satzung؟"}  # fmt: skip


def explanation(term_id: str, language: str) -> str:
    return LIBRARY.glossary.term(term_id, language).explanation


@pytest.mark.parametrize("language", LANGUAGES)
async def test_who_asks_what_satzung_means_is_told_and_can_read_on(new_phone: NewPhone, language: str) -> None:
    mehmet = new_phone(language)
    told = await mehmet.ask(ASKED[language])
    assert told["text"].startswith("Satzung")
    assert explanation("Satzung", language) in told["text"]
    *questions, glossary, menu = labels(told)
    assert [glossary, menu] == [label(language, "button.glossary"), label(language, "button.menu")]
    await mehmet.press(told, questions[0])
    answer = await mehmet.sees(questions[0], after=told["message_id"])
    assert pattern(language, "answer.as_of").search(answer["text"])


async def test_a_word_is_found_from_the_greeting_by_buttons_alone(new_phone: NewPhone) -> None:
    mehmet = new_phone("tr")
    hello = await mehmet.ask("/start")
    await mehmet.press(hello, "button.glossary")
    letters = await mehmet.reads("glossary.head", after=hello["message_id"])
    term = LIBRARY.glossary.pages("tr")[2][-1]
    await mehmet.press(letters, [text for text in labels(letters) if "–" in text][2])
    opened = await mehmet.reads("glossary.page")
    assert opened["message_id"] == letters["message_id"]
    await mehmet.press(opened, term.word)
    told = await mehmet.sees(explanation(term.id, "tr"), after=letters["message_id"])
    assert told["text"].startswith(term.id)
    await mehmet.press(opened, "button.back")
    await mehmet.until(lambda one: one["message_id"] == letters["message_id"] and labels(one) == labels(letters))


async def test_the_command_explains_a_word_and_helps_with_an_unknown_one(new_phone: NewPhone) -> None:
    mehmet = new_phone("tr")
    assert explanation("Satzung", "tr") in (await mehmet.ask("/glossary Satzung"))["text"]
    near = await mehmet.ask("/glossary Satzungsfrage")
    assert pattern("tr", "glossary.nearest").search(near["text"])
    await mehmet.press(near, LIBRARY.glossary.term("Satzung", "tr").word)
    await mehmet.sees(explanation("Satzung", "tr"), after=near["message_id"])


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_german_word_in_an_answer_leads_to_its_meaning(new_phone: NewPhone, language: str) -> None:
    mehmet = new_phone(language)
    await mehmet.ask("/start")
    newest = (await mehmet.messages())[-1]["message_id"]
    await mehmet.press_data(newest, "ask:founding.members_needed", stale=True)
    answer = await mehmet.sees(entry("founding.members_needed", language).question, after=newest)
    told = await mehmet.follows(answer, "term-eingetragener-verein-e-v")
    assert explanation("eingetragener Verein (e.V.)", language) in told["text"]


async def test_while_a_human_talks_a_question_for_a_meaning_goes_to_them_alone(world: World) -> None:
    case = await (await new_case(world, "tr")).taken()
    sent = await case.person.send(ASKED["tr"])
    await case.person.delivered(sent)
    assert not any(explanation("Satzung", "tr") in text for text in await case.person.texts_of_bot(sent))
