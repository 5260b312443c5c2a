"""What a German word means: by question, command, button and link, and never while a human talks."""

from __future__ import annotations

import pytest

from bot.conversation.replies import Explanation
from bot.storage.models import Counter, Exchange
from tests.bot.conftest import LANGUAGES
from tests.bot.stage import Colleague, Seen, Stage, Visitor

ASKED = {"de": "Was bedeutet Vereinssatzung?", "en": "What does Satzung mean?", "tr": "Satzung ne demek?",
         "ar": "ما معنى Satzung؟",
         "ru": "Что такое устав?", "uk": "Що означає статут?", "pl": "Co to jest statut?", "fa": "اساسنامه یعنی چه؟",
}  # fmt: skip


def explained(seen: Seen) -> list[str]:
    return [part.term_id for reply in seen.replies for part in reply.parts if isinstance(part, Explanation)]


def leads_to(seen: Seen) -> list[str]:
    return [button.action.encode() for row in seen.replies[-1].rows for button in row]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_who_asks_for_a_meaning_is_told_it_with_questions_to_read_on(stage: Stage, language: str) -> None:
    rana = Visitor(stage, language=language)
    seen = await rana.writes(ASKED[language])
    assert explained(seen) == ["Satzung"]
    *entries, glossary, menu = leads_to(seen)
    assert 1 <= len(entries) <= 3
    assert [glossary, menu] == ["glossary", "newmenu"]
    id = entries[0].removeprefix("ask:")
    assert "Satzung" in stage.parts.library.entry(id, "de").keywords
    assert (await rana.presses("ask", id)).said == [id]


async def test_a_meaning_is_told_without_rasa_too(stage: Stage, rana: Visitor) -> None:
    stage.rasa.down = True
    seen = await rana.writes(ASKED["de"])
    assert (explained(seen), seen.said) == (["Satzung"], ["Satzung"])


async def test_what_was_asked_is_not_kept_and_only_counted(stage: Stage, rana: Visitor) -> None:
    await rana.writes(ASKED["de"])
    assert await stage.all(Exchange) == []
    counted = [(row.name, row.key, row.value) for row in await stage.all(Counter)]
    assert counted == [("explained", "satzung", 1), ("new_person", "", 1)]


async def test_the_offer_to_switch_languages_comes_after_the_explanation(rana: Visitor) -> None:
    seen = await rana.writes("Could you please tell me what the word Satzung means?")
    assert seen.said == ["Satzung", "language.offer"]
    assert seen.replies[0].language == "en"


async def test_words_of_danger_come_before_any_meaning(rana: Visitor) -> None:
    assert (await rana.writes("Suizid, was ist das?")).said == ["smalltalk.crisis"]


async def test_while_the_office_is_awaited_it_gets_the_question_and_the_person_the_meaning(
    stage: Stage, rana: Visitor, anna: Colleague
) -> None:
    await rana.asks_for_a_human()
    assert (await rana.writes(ASKED["de"])).said == ["Satzung", "handoff.added_too"]
    assert await stage.messages("person") == [ASKED["de"]]


async def test_while_a_human_talks_the_glossary_is_silent(stage: Stage, rana: Visitor, anna: Colleague) -> None:
    await rana.writes("/glossary")
    await rana.asks_for_a_human()
    await anna.presses(await stage.only_case(), "take")
    assert explained(await rana.writes(ASKED["de"])) == []
    for data in ("glossary", "words", "words:0", "term:satzung"):
        assert (await rana.presses_data(data)).toast == "handoff.bot_is_silent"


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_term_is_reached_by_buttons_alone(stage: Stage, language: str) -> None:
    rana = Visitor(stage, language=language)
    assert "glossary" in leads_to(await rana.writes("/start"))
    letters = leads_to(await rana.presses("glossary"))
    reached = []
    for page in (data for data in letters if data.startswith("words:")):
        shown = await rana.presses_data(page)
        assert shown.said == ["glossary.page"]
        terms = [data for data in leads_to(shown) if data.startswith("term:")]
        assert 1 <= len(terms) <= 20
        reached += terms
        assert len(explained(await rana.presses_data(terms[-1]))) == 1
        assert (await rana.presses("words")).said == ["glossary.head"]
    assert sorted(reached) == sorted(f"term:{term.slug}" for term in stage.parts.library.glossary.terms(language))


@pytest.mark.parametrize(
    ("typed", "said"),
    [("/glossary", "glossary.head"), ("/glossary Satzung", "Satzung"), ("/glossary satzungen", "Satzung"),
     ("/glossary Satzungsfrage", "glossary.nearest"), ("/glossary 漢字", "glossary.unknown"),
     ("/glossary@wegweiser_bot   Satzung ", "Satzung"), ("/glossary " + "x" * 4000, "glossary.unknown")],
)  # fmt: skip
async def test_the_command_lists_explains_or_names_what_is_near(rana: Visitor, typed: str, said: str) -> None:
    assert (await rana.writes(typed)).said == [said]


async def test_a_near_word_is_a_press_away(rana: Visitor) -> None:
    await rana.writes("/glossary Satzungsfrage")
    assert explained(await rana.presses("term", "satzung")) == ["Satzung"]


async def test_a_link_in_an_answer_explains_its_word_in_any_state(rana: Visitor) -> None:
    assert (await rana.writes("/start term-satzung")).said == ["Satzung"]
    assert (await rana.writes("/start term-eingetragener-verein-e-v")).said == ["eingetragener Verein (e.V.)"]
    await rana.asks_for_a_human()
    assert (await rana.writes("/start term-satzung")).said[-1] == "Satzung"


@pytest.mark.parametrize("payload", ["term-", "term-quark", "satzung", "term", "x" * 64])
async def test_a_link_to_nothing_greets(rana: Visitor, payload: str) -> None:
    assert (await rana.writes(f"/start {payload}")).said == ["start.greeting"]


@pytest.mark.parametrize("data", ["words:99", "words:x", "words:-1", "words:9999999999", "term", "term:quark", "term:"])
async def test_a_page_or_term_that_is_gone_is_a_stale_button(rana: Visitor, data: str) -> None:
    assert (await rana.presses_data(data)).toast == "button.stale"
