"""A day in the office's group: take, answer, hand over, finish; files, the picker, a move and a locked door."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import update

from bot.storage.database import Database
from bot.storage.models import Staff
from tests.journeys.conftest import World, a_world
from tests.journeys.office import FRAU_A, Case, ask_for_consent, new_case
from tests.journeys.phone import GROUP, Message, eventually, topic_of
from tests.journeys.words import LANGUAGES, LIBRARY, PHRASES, entry

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]
ENTRY = "founding.members_needed"


async def pick(world: World, case: Case, words: str, result: str) -> dict[str, Any]:
    """Frau A. types the bot's name and some words in the topic, and taps on a result."""
    shown = await case.frau_a.control("inline", user=FRAU_A, chat=GROUP, topic=case.topic, query=words)
    return await case.frau_a.control("choose", user=FRAU_A, chat=GROUP, topic=case.topic, result_id=result,
                                     inline_query_id=shown["inline_query_id"])  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
async def test_from_taking_to_done_by_commands_answers_phrases_and_hand_over(world: World, language: str) -> None:
    case = await new_case(world, language)
    person, frau_a, herr_b = case.person, case.frau_a, case.herr_b
    await frau_a.send("/nehmen")
    await person.reads("handoff.human_here", staff="Frau A.")
    found = await frau_a.reads("desk.found", after=await frau_a.send("/antwort wie viele mitglieder"))
    await frau_a.press(found, entry(ENTRY, "de").question)
    answered = await person.sees(entry(ENTRY, language).question)
    asked = await frau_a.reads("desk.blanks", after=await frau_a.send("/satz appointments.confirmed"))
    preview = await frau_a.reads("desk.preview", after=await frau_a.send("1.12.2026; halb elf",
                                                                         reply_to=asked["message_id"]))  # fmt: skip
    assert "1. Dezember 2026" in preview["text"]
    await frau_a.press(preview, "desk.button_send")
    told = await person.reads("handoff.staff_wrote", after=answered["message_id"])
    phrase = LIBRARY.phrases.get("appointments.confirmed").text[language].split("\n", 1)[0]
    assert phrase in told["text"]
    assert "10:30" in told["text"]
    await frau_a.send("/an Herr")
    await person.reads("handoff.human_here", staff="Herr B.", after=told["message_id"])
    await frau_a.send("Noch ein Gedanke von mir")
    await frau_a.reads("desk.held", staff="Herr B.")
    await herr_b.send("/fertig Alles geklärt")
    await person.press(await person.reads("handoff.solved_question", number=case.number), "button.solved")
    await case.header("resolved")
    assert "Gedanke" not in str(await person.messages())


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_picker_sends_a_phrase_in_the_persons_language(world: World, language: str) -> None:
    case = await (await new_case(world, language)).taken()
    chosen = await pick(world, case, "Moment", "phrase:greeting.moment")
    await case.person.sees(LIBRARY.phrases.get("greeting.moment").text[language])
    shown = await case.frau_a.sees(LIBRARY.phrases.get("greeting.moment").text["de"])
    await case.frau_a.delivered(shown["message_id"])

    async def tidy() -> bool | None:
        return chosen["message_id"] not in [one["message_id"] for one in await case.frau_a.messages()] or None

    async def failed() -> str:
        return "the line that the picker typed is still there"

    await eventually(tidy, failed)


async def test_nobody_else_gets_anything_from_the_picker(world: World) -> None:
    rana = world.phone("ar")
    await rana.ask("/start")
    shown = await rana.control("inline", user=rana.user, query="Mitglieder")
    assert shown["results"] == []
    assert shown["button"]["text"] == PHRASES.opened("ar", "inline.only_office", {})


async def test_e38_albums_arrive_as_one_both_ways(world: World) -> None:
    case = await (await new_case(world)).taken()
    for writer, reader in ((case.person, case.frau_a), (case.frau_a, case.person)):
        place = {"topic": case.topic} if writer is case.frau_a else {}
        items = ["photo"] * 4
        sent = await writer.control("album", user=writer.user, chat=writer.chat, items=items, caption="Fest", **place)
        await writer.delivered(sent["message_ids"][0])
        copies = [one for one in await reader.messages() if one["media"] == "photo" and one["from"] == "bot"]
        assert [one["text"] for one in copies] == ["Fest", "", "", ""]
        assert len({one["media_group_id"] for one in copies}) == 1


async def test_unknown_commands_stay_in_the_topic(world: World) -> None:
    case = await (await new_case(world)).taken()
    for text in ("/nemen", "/fertg alles gut", "/ geheim"):
        await case.frau_a.reads("desk.unknown_command", after=await case.frau_a.send(text))
    await case.frau_a.delivered(await case.frau_a.send("Guten Tag"))
    texts = str(await case.person.messages())
    assert not any(word in texts for word in ("nemen", "fertg", "geheim"))


@pytest_asyncio.fixture(loop_scope="session")
async def own_world(rasa_url: str, tmp_path: Path) -> AsyncIterator[World]:
    """A world for what changes the group itself; Frau A. answers for the office."""
    url = f"sqlite+aiosqlite:///{tmp_path / 'own.db'}"
    async with a_world(rasa_url, url, tmp_path, DESK_PORT="0") as built:
        database = Database(url)
        async with database.write() as session:
            await session.execute(update(Staff).where(Staff.telegram_id == FRAU_A).values(role="admin"))
        await database.close()
        yield built


async def test_e32_the_group_moves_while_the_bot_is_dead(own_world: World) -> None:
    case = await (await new_case(own_world)).taken()
    own_world.kill_bot()
    moved = (await case.frau_a.control("migrate"))["new_chat_id"]
    await case.person.send("seid ihr umgezogen?")
    await own_world.restart_bot()
    case.frau_a.chat = moved
    await case.frau_a.sees("seid ihr umgezogen?")
    await case.frau_a.delivered(await case.frau_a.send("Ja, wir sind noch da"))
    await case.person.sees("Ja, wir sind noch da")


async def test_e33_a_bot_thrown_out_calls_the_admin_and_loses_nothing(own_world: World) -> None:
    admin = own_world.phone()
    admin.user = admin.chat = FRAU_A
    await admin.ask("/start")
    await admin.control("rights", status="kicked")
    rana = own_world.phone("ar")
    await rana.ask("/start")
    await rana.press(await ask_for_consent(rana), "button.consent_yes")
    promise: Message = await rana.until(lambda one: "W-0001" in one["text"])
    await admin.reads("desk.group_lost")
    assert (await rana.ask("/help"))["message_id"] > promise["message_id"], "persons are answered as ever"
    await admin.control("rights", status="administrator")
    topic = await topic_of(own_world.http, "W-0001")
    await own_world.staff(topic).sees("W-0001")
    assert len([one for one in await admin.messages() if "🚨" in one["text"]]) == 1
