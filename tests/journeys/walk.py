"""Somebody on their way through a guided flow: presses buttons and reads the message with the open question."""

from __future__ import annotations

from dataclasses import dataclass

from tests.journeys.phone import Message, Phone
from tests.journeys.words import label, pattern

TOPICS = {"founding_checklist": "founding", "funding_finder": "funding", "room_request": "rooms",
          "discrimination_support": "discrimination"}  # fmt: skip


@dataclass
class Walk:
    """A flow on a phone; `message` is the one that shows the open question, `at` the slot it asks for."""

    phone: Phone
    flow: str
    message: Message
    at: str

    async def press(self, name: str, then: str) -> Message:
        """Press a button by text key, or by its label; the same message shows the question for `then`."""
        await self.phone.press(self.message, name)
        return await self.asked(then, in_place=True)

    async def choose(self, choice: str, then: str) -> Message:
        """Press the choice of the open question, by its name in the domain."""
        return await self.press(self._label(choice), then)

    async def write(self, text: str, then: str) -> Message:
        """Answer in words; the question for `then` comes below."""
        sent = await self.phone.send(text)
        return await self.asked(then, after=sent)

    async def asked(self, slot: str, *, after: int = 0, in_place: bool = False) -> Message:
        """Wait until the question for `slot` is open."""
        said = pattern(self.phone.language, f"{self.flow}.{slot}")
        place = self.message["message_id"] if in_place else None
        self.message = await self.phone.until(
            lambda one: one["from"] == "bot" and one["message_id"] > after and bool(one["buttons"])
            and (place is None or one["message_id"] == place) and said.search(one["text"]) is not None
        )  # fmt: skip
        self.at = slot
        return self.message

    def _label(self, choice: str) -> str:
        for key in (f"{self.flow}.{self.at}_{choice}", f"flow.{choice}"):
            try:
                return label(self.phone.language, key) if label(self.phone.language, key) != key else choice
            except KeyError:
                continue
        return choice


async def begin(phone: Phone, flow: str, first: str) -> Walk:
    """Start a flow from the menu."""
    menu = await phone.ask("/start")
    await phone.press(menu, f"topic.{TOPICS[flow]}")
    topic = await phone.reads(f"topic.{TOPICS[flow]}_head")
    await phone.press(topic, f"{flow}.begin")
    walk = Walk(phone, flow, topic, first)
    await walk.asked(first)
    return walk
