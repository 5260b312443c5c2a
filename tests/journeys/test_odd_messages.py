"""What people send besides questions: a sensible reply in their language, never silence."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from tests.journeys.conftest import World
from tests.journeys.office import new_case
from tests.journeys.phone import Phone, labels
from tests.journeys.words import HOW_MANY_MEMBERS, LANGUAGES, entry, label, pattern

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]
NewPhone = Callable[..., Phone]
KINDS = ("photo", "voice", "document", "sticker", "video", "audio", "location", "contact")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_whatever_is_no_text_is_named_and_answered(new_phone: NewPhone, language: str) -> None:
    rana = new_phone(language)
    for kind in KINDS:
        reply = await rana.ask(None, **{kind: True})
        what = pattern(language, f"media.{kind}").pattern.replace("\\ ", " ")
        assert pattern(language, "media.text_only", what=what).search(reply["text"]), kind
        assert labels(reply)[0] == label(language, "button.human")


@pytest.mark.parametrize("caption", [None, "Unser Verein"])
async def test_an_album_is_answered_once(new_phone: NewPhone, caption: str | None) -> None:
    rana = new_phone("de")
    for number in range(4):
        text = {"caption": caption} if caption and number == 0 else {}
        last = await rana.send(photo=True, media_group_id=f"album-{caption}", **text)
    await rana.reads("media.text_only")
    await rana.ask("/help")
    assert sum(pattern("de", "media.text_only").search(text) is not None for text in await rana.texts_of_bot()) == 1
    assert last


async def test_an_album_reaches_the_office_whole_and_is_acknowledged_once(world: World) -> None:
    case = await new_case(world, "ar")
    sent = [await case.person.send(photo=True, media_group_id="album-for-the-office") for _ in range(3)]
    await case.person.delivered(sent[0])
    photos = [one for one in await case.frau_a.messages() if one["media"] == "photo"]
    assert len(photos) == 3
    added = [text for text in await case.person.texts_of_bot() if pattern("ar", "handoff.added").search(text)]
    assert len(added) == 1


@pytest.mark.parametrize("text", ["🙏", "🤷‍♀️🤷‍♀️🤷‍♀️", "?", "...", "007", "\u200f", "ﷺ", "<b>", "&amp; {x} %s", "@", "#"])
async def test_hardly_any_text_gets_an_answer_in_the_persons_language(new_phone: NewPhone, text: str) -> None:
    rana = new_phone("ar")
    reply = await rana.ask(text)
    assert any("\u0600" <= char <= "\u06ff" for char in reply["text"])


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_very_long_message_is_answered(new_phone: NewPhone, language: str) -> None:
    rana = new_phone(language)
    question = HOW_MANY_MEMBERS[language] + " "
    reply = await rana.ask((question * 200)[:4000])
    assert reply["text"].startswith(entry("founding.members_needed", language).question)


async def test_long_questions_survive_the_way_to_the_office(world: World) -> None:
    rana = world.phone("de")
    for number in range(6):
        await rana.ask(f"{number} <i>&" + "Wie viele Mitglieder brauchen wir? " * 110)
    question = await rana.reads("handoff.shared_head", after=await rana.send("/human"))
    assert question["text"]
    await rana.until(lambda one: label("de", "button.consent_yes") in labels(one))
    yes = next(one for one in reversed(await rana.messages()) if label("de", "button.consent_yes") in labels(one))
    await rana.press(yes, "button.consent_yes")
    promise = await rana.reads("handoff.queued_no_time")
    number_of_case = promise["text"].split("W-")[1][:4]
    office = world.staff()
    await office.until(lambda one: f"W-{number_of_case}" in one["text"])
    await office.sees("5 <i>&Wie viele Mitglieder")


async def test_an_edited_question_is_answered_again(new_phone: NewPhone) -> None:
    rana = new_phone("de")
    asked = await rana.send("Wie wird das Wetter?")
    first = await rana.next_from_bot(asked)
    await rana.edit(asked, HOW_MANY_MEMBERS["de"])
    await rana.next_from_bot(first["message_id"], holding=entry("founding.members_needed", "de").question)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_an_unknown_command_names_those_that_exist(new_phone: NewPhone, language: str) -> None:
    rana = new_phone(language)
    for command in ("/hilfe", "/START_", "/", "/привет", "/human2 bitte"):
        reply = await rana.ask(command)
        assert pattern(language, "help.unknown_command").search(reply["text"]), command


async def test_commands_may_name_the_bot_or_carry_more(new_phone: NewPhone) -> None:
    rana = new_phone("en")
    assert pattern("en", "start.greeting").search((await rana.ask("/start from_the_flyer"))["text"])
    assert pattern("en", "help.text").search((await rana.ask("/HELP@wegweiser_bot"))["text"])


async def test_a_forwarded_question_is_answered_like_ones_own(new_phone: NewPhone) -> None:
    rana = new_phone("tr")
    reply = await rana.ask(HOW_MANY_MEMBERS["tr"], forward=True)
    assert reply["text"].startswith(entry("founding.members_needed", "tr").question)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_flood_is_answered_with_one_request_to_wait(new_phone: NewPhone, language: str) -> None:
    rana = new_phone(language)
    await asyncio.gather(*(rana.send("🙏") for _ in range(45)))
    slow = await rana.reads("limits.slow_down")
    assert pattern(language, "limits.slow_down").search(slow["text"])
    said = await rana.texts_of_bot()
    assert sum(pattern(language, "limits.slow_down").search(text) is not None for text in said) == 1


async def test_even_in_a_flood_words_of_crisis_are_answered_at_once(new_phone: NewPhone) -> None:
    rana = new_phone("de")
    await asyncio.gather(*(rana.send("?") for _ in range(40)))
    await rana.reads("limits.slow_down")
    assert "0800 111 0 111" in (await rana.sees("110", after=await rana.send("Ich will nicht mehr leben")))["text"]
