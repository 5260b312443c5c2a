"""Somebody on their way through a guided flow: presses buttons and reads the message with the open question."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bot.conversation.flows.wording import label_text
from flows.guide.form import FLOWS, form_of
from tests.journeys.conftest import World
from tests.journeys.office import FRAU_A, HERR_B, Case
from tests.journeys.phone import Message, Phone, labels, topic_of
from tests.journeys.words import PHRASES, bare, label, pattern


@dataclass
class Walk:
    """A flow on a phone; `message` is the one that shows the open question, `at` the slot it asks for."""

    phone: Phone
    flow: str
    message: Message
    at: str
    history: list[Message] = field(default_factory=list)
    """The message as it was at each question."""

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
        self.history.append(self.message)
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
    menu = await topics(phone)
    await phone.press(menu, f"topic.{FLOWS[flow]}")
    topic = await phone.reads(f"topic.{FLOWS[flow]}_head", after=menu["message_id"] - 1)
    await phone.press(topic, f"{flow}.begin")
    walk = Walk(phone, flow, topic, first)
    await walk.asked(first, after=topic["message_id"])
    return walk


async def topics(phone: Phone) -> Message:
    """The topics, as /start shows them; with a case at the office they are one press further."""
    hello = await phone.ask("/start")
    if label(phone.language, "topic.rooms") in labels(hello):
        return hello
    await phone.press(hello, "button.menu")
    return await phone.reads("menu.head", after=hello["message_id"])


def on_with(flow: str, language: str) -> str:
    """The button that goes on with a flow."""
    return PHRASES.say(language, "flow.resume", {"flow": label(language, f"{flow}.title")})


async def up_to_rhythm(phone: Phone) -> Walk:
    """Two answers into the room request."""
    walk = await begin(phone, "room_request", "purpose")
    await walk.choose("meeting", "people")
    await walk.choose("50", "rhythm")
    return walk


async def goes_on_at_rhythm(walk: Walk, by: Message) -> None:
    """Pressing "go on" shows the question that was open; the answers before it are still there."""
    await walk.phone.press(by, on_with("room_request", walk.phone.language))
    await walk.asked("rhythm", after=by["message_id"] - 1)
    await walk.press("flow.back", "people")
    await walk.press("flow.back", "purpose")
    await walk.choose("meeting", "people")
    await walk.choose("50", "rhythm")


async def handed_in(world: World, phone: Phone, after: int) -> Case:
    """The case that the end of a flow has made, as both sides see it then."""
    promise = await phone.until(
        lambda one: one["message_id"] > after and label(phone.language, "button.withdraw") in labels(one)
    )
    number = re.search(r"W-\d{4}", promise["text"])
    assert number is not None
    topic = await topic_of(world.http, number[0])
    case = Case(number[0], topic, phone, world.staff(topic, FRAU_A), world.staff(topic, HERR_B))
    await case.header("queued")
    return case
