"""Rasa is away: the bot says so once, goes on with buttons, search and the hand-off, and notices when Rasa is back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.processes import free_port
from tests.journeys.conftest import World, a_world
from tests.journeys.office import ask_for_consent, consent
from tests.journeys.phone import Phone, labels
from tests.journeys.wire import Wire
from tests.journeys.words import HOW_MANY_MEMBERS, LANGUAGES, entry, label, pattern

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]


@pytest.fixture(scope="module")
def wire(rasa_url: str) -> Wire:
    return Wire(free_port(), int(rasa_url.rsplit(":", 1)[1]))


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def lonely(wire: Wire, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    """A world that begins without Rasa."""
    folder: Path = tmp_path_factory.mktemp("lonely")
    address = f"http://127.0.0.1:{wire.port}"
    async with a_world(address, f"sqlite+aiosqlite:///{folder / 'bot.db'}", folder, RASA_TIMEOUT="0.7") as world:
        yield world
    await wire.cut()


async def told(person: Phone) -> int:
    """How often the person was told that Rasa is away."""
    said = pattern(person.language, "understanding.degraded")
    return sum(said.search(text) is not None for text in await person.texts_of_bot())


@pytest.mark.parametrize("language", LANGUAGES)
async def test_it_is_said_once_and_words_are_searched_for(lonely: World, language: str) -> None:
    rana = lonely.phone(language)
    known = entry("founding.members_needed", language)
    for _ in range(3):
        choice = await rana.reads("understanding.did_you_mean", after=await rana.send(known.question))
        assert known.question in labels(choice)
    assert await told(rana) == 1
    await rana.press(choice, known.id)
    assert (await rana.sees(known.question))["text"].startswith(known.question)


async def test_what_the_search_does_not_know_leads_to_topics_and_a_person(lonely: World) -> None:
    rana = lonely.phone("ar")
    first = await rana.reads("understanding.lost", after=await rana.send("xqzw"))
    assert label("ar", "topic.founding") in labels(first)
    second = await rana.reads("understanding.lost_again", after=await rana.send("xqzw"))
    assert labels(second)[0] == label("ar", "button.human")


async def test_buttons_and_commands_work_as_always(lonely: World) -> None:
    mehmet = lonely.phone("tr")
    menu = await mehmet.ask("/start")
    await mehmet.press(menu, "topic.rooms")
    await mehmet.press(await mehmet.reads("topic.rooms_head"), "rooms.event")
    await mehmet.sees(entry("rooms.event", "tr").question, after=menu["message_id"])
    assert pattern("tr", "help.text").search((await mehmet.ask("/help"))["text"])
    assert await told(mehmet) == 0


@pytest.mark.parametrize("language", LANGUAGES)
async def test_words_of_crisis_are_answered_at_once(lonely: World, language: str) -> None:
    words = {"de": "ich will nicht mehr leben", "en": "i want to die", "tr": "intihar", "ar": "بدي موت"}
    reply = await lonely.phone(language).ask(words[language])
    assert "0800 111 0 111" in reply["text"]


async def test_a_person_can_be_reached_and_the_bot_stays_silent_meanwhile(lonely: World) -> None:
    rana = lonely.phone("ar")
    await rana.reads("understanding.degraded", after=await rana.send(HOW_MANY_MEMBERS["ar"]))
    question = await ask_for_consent(rana)
    case = await (await consent(lonely, rana, question)).taken()
    written = await rana.send(HOW_MANY_MEMBERS["ar"])
    await rana.delivered(written)
    assert await rana.texts_of_bot(after=written) == []
    await case.frau_a.send("Guten Tag!")
    await rana.sees("Guten Tag!")
    await rana.press(await case.done("waiting_user"), "button.solved")
    await rana.reads("handoff.resolved")


async def test_a_rasa_that_never_answers_is_not_waited_for_long(lonely: World, wire: Wire) -> None:
    await wire.connect(answering=False)
    try:
        rana = lonely.phone("de")
        await rana.reads("understanding.degraded", after=await rana.send(HOW_MANY_MEMBERS["de"]))
        await rana.reads("understanding.did_you_mean")
    finally:
        await wire.cut()


async def test_when_rasa_is_back_the_bot_understands_again_and_a_new_failure_is_said_again(
    lonely: World, wire: Wire
) -> None:
    rana = lonely.phone("tr")
    await rana.reads("understanding.degraded", after=await rana.send(HOW_MANY_MEMBERS["tr"]))
    await rana.reads("understanding.did_you_mean")
    await wire.connect()
    try:
        answer = await rana.ask(HOW_MANY_MEMBERS["tr"])
        assert answer["text"].startswith(entry("founding.members_needed", "tr").question)
    finally:
        await wire.cut()
    await rana.reads("understanding.degraded", after=await rana.send(HOW_MANY_MEMBERS["tr"]))
    assert await told(rana) == 2
