"""Somebody on their way through a guided flow: presses buttons and reads the message with the open question."""

from __future__ import annotations

from dataclasses import dataclass

from bot.conversation.flows.wording import label_text
from flows.guide.form import FLOWS, form_of
from tests.journeys.phone import Message, Phone, labels
from tests.journeys.words import PHRASES, bare, label, pattern


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
        await self.tap(self.named(choice))
        return await self.asked(then, in_place=True)

    async def tap(self, wanted: str) -> dict[str, str]:
        """Press the button that is called exactly this; the bot's short answer."""
        found = [one["data"] for row in self.message["buttons"] for one in row if bare(one["text"]) == wanted]
        if not found:
            raise AssertionError(f"no button {wanted!r}; there are {labels(self.message)}")
        return await self.phone.press_data(self.message["message_id"], found[0])

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

    async def shows(self, wanted: str) -> Message:
        """Wait until the message with the open question has a button that is called exactly this."""
        self.message = await self.phone.until(
            lambda one: one["message_id"] == self.message["message_id"] and wanted in labels(one)
        )
        return self.message

    def named(self, choice: str) -> str:
        """What a choice of the open question is called."""
        form = form_of(self.flow)
        return label_text(PHRASES, self.phone.language, form, form.question(self.at), choice)


async def begin(phone: Phone, flow: str, first: str) -> Walk:
    """Start a flow from the menu."""
    menu = await phone.ask("/start")
    await phone.press(menu, f"topic.{FLOWS[flow]}")
    topic = await phone.reads(f"topic.{FLOWS[flow]}_head", after=menu["message_id"] - 1)
    await phone.press(topic, f"{flow}.begin")
    walk = Walk(phone, flow, topic, first)
    await walk.asked(first, after=topic["message_id"])
    return walk
