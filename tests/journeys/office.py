"""What a hand-off needs again and again: a person who has asked for a human, and the office's side of their case."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass

from bot.conversation.office.deeds import READING
from tests.journeys.conftest import World
from tests.journeys.phone import Message, Phone, topic_of
from tests.journeys.words import label, pattern

FRAU_A, HERR_B = 2001, 2002


async def has_been_read() -> None:
    """What a person wrote has stood in the topic long enough for "done" to count (E14)."""
    await asyncio.sleep(READING.total_seconds())


@dataclass
class Case:
    """A case with the phones of both sides: the person, Frau A. and Herr B., all looking at it."""

    number: str
    topic: int
    person: Phone
    frau_a: Phone
    herr_b: Phone

    async def header(self, state: str) -> Message:
        """The case's head in the topic, as soon as it shows a state (`claimed`, `resolved` ...)."""
        said = pattern("de", f"desk.state_{state}")
        return await self.frau_a.until(lambda one: self.number in one["text"] and said.search(one["text"]) is not None)

    async def taken(self) -> Case:
        """Frau A. takes the case, and the person reads it."""
        await self.frau_a.press(await self.header("queued"), "desk.button_take")
        await self.person.reads("handoff.human_here", staff="Frau A.")
        return self

    async def done(self, state: str = "claimed") -> Message:
        """Frau A. says that she is done, as soon as the head shows `state`; the question that the person gets."""
        asked = await self.person.messages()
        await self.frau_a.press(await self.header(state), "desk.button_done")
        return await self.person.reads("handoff.solved_question", after=asked[-1]["message_id"], number=self.number)


async def ask_for_consent(person: Phone) -> Message:
    """Write /human; the consent question."""
    return await person.reads("handoff.consent", after=await person.send("/human"))


async def consent(world: World, person: Phone, question: Message) -> Case:
    """Agree; the case as both sides see it then."""
    await person.press(question, "button.consent_yes")
    promise = await person.until(
        lambda one: one["message_id"] > question["message_id"]
        and label(person.language, "button.withdraw") in str(one["buttons"])
    )
    number = re.search(r"W-\d{4}", promise["text"])
    assert number is not None
    topic = await topic_of(world.http, number[0])
    case = Case(number[0], topic, person, world.staff(topic, FRAU_A), world.staff(topic, HERR_B))
    await case.header("queued")
    return case


async def new_case(world: World, language: str = "de") -> Case:
    """Somebody new asks for a human and agrees."""
    person = world.phone(language)
    await person.ask("/start")
    return await consent(world, person, await ask_for_consent(person))
