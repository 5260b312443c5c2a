"""Scene one: somebody new writes, in their own language."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from tests.journeys.phone import Phone, labels
from tests.journeys.words import HOW_MANY_MEMBERS, LANGUAGES, LIBRARY, entry, label, pattern

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]
NewPhone = Callable[..., Phone]
TextThat = Callable[[str, str], Awaitable[str]]

MISSPELT = {
    "de": "wifiel mitglider brauchn wir für ein verein?",
    "en": "how meny membrs do we ned for a asociation",
    "tr": "drnek icn kac uye lazm",
    "ar": "كم عضو لازم عشان نسوي جمعيه",
}


@pytest.mark.parametrize(
    ("language", "greeting", "founding", "human"),
    [("de", "Willkommen", "Verein gründen", "Menschen"), ("en", "Welcome", "Found an association", "person"),
     ("tr", "Hoş geldiniz", "ernek kur", "ör"), ("ar", "أهلًا وسهلًا", "تأسيس جمعية", "شخص")],
)  # fmt: skip
async def test_start_greets_in_the_persons_language(
    new_phone: NewPhone, language: str, greeting: str, founding: str, human: str
) -> None:
    rana = new_phone(language)
    hello = await rana.ask("/start")
    assert greeting in hello["text"]
    assert "/privacy" in hello["text"]
    assert any(founding in text for text in labels(hello))
    assert any(human in text for text in labels(hello))


async def test_somebody_whose_language_is_not_spoken_is_greeted_in_english_and_finds_the_languages(
    new_phone: NewPhone,
) -> None:
    awa = new_phone("wo")
    hello = await awa.ask("/start")
    assert "Welcome" in hello["text"]
    await awa.press(hello, label("en", "button.language"))
    names = ["Deutsch", "English", "Türkçe", "العربية", "Русский", "Українська", "Polski", "فارسی"]
    choice = await awa.until(lambda one: labels(one) == names)
    await awa.press(choice, "Türkçe")
    awa.language = "tr"
    assert (await awa.reads("language.set"))["message_id"] == choice["message_id"]
    assert "Hoş geldiniz" in (await awa.ask("/start", language_code="wo"))["text"]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_misspelt_question_gets_the_whole_answer(new_phone: NewPhone, language: str) -> None:
    rana = new_phone(language)
    known = entry("founding.members_needed", language)
    answer = await rana.ask(MISSPELT[language])
    assert answer["text"].startswith(known.question)
    assert "7" in answer["text"]
    for contact in known.contacts:
        assert LIBRARY.contact(contact).name in answer["text"]
    assert pattern(language, "answer.as_of").search(answer["text"])
    assert pattern(language, "answer.counsel").search(answer["text"])
    assert ("Rechtsfähigkeit" in answer["text"]) is (language != "de" or "Rechtsfähigkeit" in known.text)
    for button in ("button.helped", "button.not_helped", "button.human", *known.related):
        assert label(language, button) in labels(answer)


async def test_arabic_answers_are_set_from_right_to_left_with_latin_words_isolated(new_phone: NewPhone) -> None:
    rana = new_phone("ar")
    answer = await rana.ask(HOW_MANY_MEMBERS["ar"])
    raw = (await rana.http.get(f"/sim/chat/{rana.chat}")).json()
    shown = next(one["text"] for one in raw if one["message_id"] == answer["message_id"])
    assert all(line.startswith("\u200f") for line in shown.split("\n") if line.strip())
    assert "\u2066Rechtsfähigkeit\u2069" in shown


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_vague_message_is_asked_back_with_up_to_three_questions(
    new_phone: NewPhone, text_that: TextThat, language: str
) -> None:
    rana = new_phone(language)
    asked = await rana.ask(await text_that("choose", language))
    assert pattern(language, "understanding.did_you_mean").search(asked["text"])
    *questions, none, human = labels(asked)
    assert 1 <= len(questions) <= 3
    assert [none, human] == [label(language, "button.none_of_these"), label(language, "button.human")]
    await rana.press(asked, questions[0])
    await rana.sees(questions[0], after=asked["message_id"])


async def test_whoever_is_lost_twice_is_offered_a_person_first(new_phone: NewPhone, text_that: TextThat) -> None:
    rana = new_phone("ar")
    nonsense = await text_that("give_up", "ar")
    first = await rana.ask(nonsense)
    assert pattern("ar", "understanding.lost").search(first["text"])
    assert labels(first)[0] == label("ar", "topic.founding")
    second = await rana.ask(nonsense)
    assert pattern("ar", "understanding.lost_again").search(second["text"])
    assert labels(second)[0] == label("ar", "button.human")
    await rana.ask(HOW_MANY_MEMBERS["ar"])
    assert labels(await rana.ask(nonsense))[0] == label("ar", "topic.founding")


async def test_what_the_office_does_not_do_is_said_with_who_does(new_phone: NewPhone) -> None:
    mehmet = new_phone("de")
    assert "Migrationsberatung" in (await mehmet.ask("Ich brauche einen Anwalt für mein Asylverfahren"))["text"]


@pytest.mark.parametrize(("spoken", "written"), [("ar", "en"), ("de", "ar"), ("en", "tr"), ("tr", "de")])
async def test_a_message_in_another_language_is_answered_in_it_with_an_offer_to_switch(
    new_phone: NewPhone, spoken: str, written: str
) -> None:
    rana = new_phone(spoken)
    await rana.ask("/start")
    answer = await rana.ask(HOW_MANY_MEMBERS[written])
    assert answer["text"].startswith(entry("founding.members_needed", written).question)
    rana.language = written
    offer = await rana.reads("language.offer", after=answer["message_id"])
    await rana.press(offer, "button.answer_in")
    assert (await rana.reads("language.set"))["message_id"] == offer["message_id"]
    again = await rana.ask("/help", language_code=spoken)
    assert pattern(written, "help.text").search(again["text"])


async def test_whoever_declines_the_offer_stays_in_their_language(new_phone: NewPhone) -> None:
    rana = new_phone("ar")
    await rana.ask("/start")
    await rana.send(HOW_MANY_MEMBERS["en"])
    offer = await rana.sees("Your message was in English")
    await rana.press(offer, "العربية")
    assert (await rana.reads("language.set"))["message_id"] == offer["message_id"]


@pytest.mark.parametrize("text", ["ok", "👍", "123", "e.V.?", "Satzung Verein Amt"])
async def test_a_short_or_german_word_does_not_change_the_language(new_phone: NewPhone, text: str) -> None:
    mehmet = new_phone("tr")
    await mehmet.ask("/start")
    await mehmet.ask(text)
    await mehmet.ask("/help")
    assert not any("Your message" in said or "Nachricht war" in said for said in await mehmet.texts_of_bot())
    assert await mehmet.has_read("help.text")
