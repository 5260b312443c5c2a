"""Words of acute danger: the fixed text with local numbers comes at once, before and whatever else."""

from __future__ import annotations

import pytest

from tests.journeys.conftest import World
from tests.journeys.office import has_been_read, new_case
from tests.journeys.phone import Phone, labels
from tests.journeys.words import LANGUAGES, entry, label, pattern

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]
WORDS = {
    "de": ("ich will nich mehr leben", "Hilfe, mein Mann schlägt mich und er hat ein Messer!"),
    "en": ("i dont want to live anymore", "HE HAS A KNIFE please help"),
    "tr": ("artik yasamak istemiyorum", "Kocam beni dövüyor, elinde bıçak var"),
    "ar": ("بدي موت", "زوجي يضربني معه سكين"),
}
NUMBERS = ("110", "112", "0800 111 0 111", "0800 111 0 222")


async def emergency(person: Phone, text: str) -> None:
    """Write `text`; the very next message holds the numbers, in the person's language."""
    reply = await person.ask(text)
    assert reply["text"][:15] == entry("smalltalk.crisis", person.language).text[:15]
    assert all(number in reply["text"] for number in NUMBERS)
    assert labels(reply)[0] == label(person.language, "button.human")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_numbers_come_at_once(world: World, language: str) -> None:
    rana = world.phone(language)
    for words in WORDS[language]:
        await emergency(rana, words)


async def test_numbers_come_under_a_photo_and_after_an_edit_too(world: World) -> None:
    rana = world.phone("de")
    reply = await rana.ask(photo=True, caption="ich will nicht mehr leben")
    assert "0800 111 0 111" in reply["text"]
    asked = await rana.send("hallo")
    hello = await rana.next_from_bot(asked)
    await rana.edit(asked, "er hat ein Messer")
    await rana.next_from_bot(hello["message_id"], holding="0800 111 0 111")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_numbers_come_while_a_human_talks_and_the_office_sees_that_it_is_urgent(
    world: World, language: str
) -> None:
    case = await (await new_case(world, language)).taken()
    await emergency(case.person, WORDS[language][0])
    relayed = await case.frau_a.sees(WORDS[language][0])
    assert not relayed["silent"]
    head = await case.header("claimed")
    await case.frau_a.until(lambda one: one["message_id"] == head["message_id"] and "Dringend" in one["text"])


async def test_numbers_come_while_waiting_and_while_being_asked_whether_it_is_solved(world: World) -> None:
    case = await new_case(world, "tr")
    await emergency(case.person, WORDS["tr"][0])
    await case.frau_a.sees(WORDS["tr"][0])
    await case.taken()
    await has_been_read()
    await case.done()
    await emergency(case.person, WORDS["tr"][1])
    await case.frau_a.sees(WORDS["tr"][1])


async def test_whoever_asks_for_a_human_from_there_is_marked_urgent_and_their_words_are_not_kept(world: World) -> None:
    rana = world.phone("ar")
    reply = await rana.ask(WORDS["ar"][1])
    await rana.press(reply, "button.human")
    question = await rana.reads("handoff.consent")
    assert "سكين" not in question["text"]
    await rana.press(question, "button.consent_yes")
    promise = await rana.reads("handoff.queued_no_time")
    number = "W-" + promise["text"].split("W-")[1][:4]
    head = await world.staff().sees(number)
    assert pattern("de", "desk.urgent").search(head["text"])
    assert "سكين" not in str(await world.staff(head["topic"]).messages())
