"""Somebody who does one thing at a time, chosen at random among what the screen in front of them allows."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import httpx

from bot.conversation.actions import Action
from tests.bench.crowd import Live, data_of
from tests.bench.random_run.ledger import Ledger, Said
from tests.journeys.phone import Message, Phone

ON_SCREEN = 4
"""Newest messages of the bot whose buttons are pressed; some presses are of older ones, which may be out of date."""
STALE = 0.1
"""How often an older message's button is pressed."""
IMPATIENT = 0.3
"""How often somebody goes on at once."""
WAITS = 2.0
"""Seconds after which somebody goes on in any case."""
LOOKS_EVERY = 0.05
FIRST_FIRST = frozenset({"consent", "held"})
"""Who is asked these mostly says the first: yes, and send it."""

Deed = tuple[str, float, Callable[[], Awaitable[None]]]
"""A name, how likely it is beside the others, and what it does."""


@dataclass
class Actor:
    """A phone, what it shows, and what has been written with it."""

    phone: Phone
    live: Live
    ledger: Ledger
    chance: random.Random

    async def act(self) -> bool:
        """Do one thing; False if there is nothing to do, or it could not be done (what was pressed had just gone)."""
        deeds = self.deeds()
        if not deeds:
            return False
        name, _, do = self.chance.choices(deeds, [weight for _, weight, _ in deeds])[0]
        try:
            await do()
        except httpx.HTTPStatusError:
            # The screen has changed since we looked, as it does under a thumb.
            return False
        self.ledger.done[name] += 1
        return True

    def answers(self) -> int:
        """How often the bot has shown something in the chat."""
        return self.live.answers[self.phone.chat]

    async def wait_for_answer(self, before: int) -> None:
        """Most people wait for what comes of it, for a while; `before`: answers that were there already."""
        if self.chance.random() < IMPATIENT:
            return
        for _ in range(int(WAITS / LOOKS_EVERY)):
            if self.answers() != before:
                return
            await asyncio.sleep(LOOKS_EVERY)

    def deeds(self) -> list[Deed]:
        """What can be done now."""
        raise NotImplementedError

    def screen(self) -> list[Message]:
        """The messages that can be seen, the newest first."""
        shown = self.live.now.get(self.phone.chat, {})
        return [
            shown[number] for number in sorted(shown, reverse=True)
            if not shown[number]["deleted"] and not shown[number]["service"]
            and (self.phone.topic is None or shown[number]["topic"] == self.phone.topic)
        ]  # fmt: skip

    def buttons(self) -> dict[str, list[tuple[Message, str]]]:
        """What can be pressed, by the action's name."""
        found: dict[str, list[tuple[Message, str]]] = {}
        for message in self.looked_at([one for one in self.screen() if one["from"] == "bot"]):
            for data in data_of(message):
                found.setdefault(Action.decode(data).name, []).append((message, data))
        return found

    def looked_at(self, messages: list[Message]) -> list[Message]:
        """The messages of the bot whose buttons are considered, the newest first."""
        return messages[ON_SCREEN:] if self.chance.random() < STALE else messages[:ON_SCREEN]

    async def press(self, message: Message, data: str) -> None:
        """Press, without waiting for anything."""
        body = {"user": self.phone.user, "chat": self.phone.chat, "message_id": message["message_id"], "data": data}
        self._note(await self.phone.control("press", **body))

    def pressing(self, pressed: tuple[Message, str]) -> Callable[[], Awaitable[None]]:
        """The deed of pressing a button."""
        return lambda: self.press(*pressed)

    async def write(self, text: str, *, note: bool = False, **more: Any) -> None:
        """Write something with a mark. `more`: as `/sim/message` takes it; a file has the text below it."""
        marked, mark = self.ledger.marked(text)
        field = "caption" if more else "text"
        await self.send(mark, note=note, **{field: marked}, **more)

    async def command(self, text: str) -> None:
        """Write a command; it is no message to anybody."""
        phone = self.phone
        self._note(await phone.control("message", user=phone.user, language_code=phone.language, chat=phone.chat,
                                       topic=phone.topic, text=text))  # fmt: skip

    async def send(self, mark: str | None, *, note: bool = False, **content: Any) -> None:
        """Send a message."""
        phone = self.phone
        body = {"user": phone.user, "language_code": phone.language, "name": f"Person {phone.user}",
                "chat": phone.chat, "topic": phone.topic}  # fmt: skip
        answer = await phone.control("message", **body, **content)
        self._note(answer)
        self.ledger.said.append(Said(mark, phone.user, phone.chat, answer["message_id"], answer["update_id"],
                                     phone.topic, note=note))  # fmt: skip

    async def edit(self, one: Said, text: str) -> None:
        """Change what was written."""
        marked, mark = self.ledger.marked(text)
        body = {"user": one.user, "chat": one.chat, "message_id": one.message_id, "text": marked}
        answer = await self.phone.control("edit", **body)
        self._note(answer)
        self.ledger.said.append(Said(mark, one.user, one.chat, one.message_id, answer["update_id"], one.topic,
                                     edit=True, note=one.note))  # fmt: skip

    def _note(self, answer: dict[str, Any]) -> None:
        if answer.get("update_id") is not None:
            self.ledger.updates.append(answer["update_id"])


def one_of(chance: random.Random, found: dict[str, list[tuple[Message, str]]], name: str) -> tuple[Message, str]:
    """One of the buttons with that name, the newest message's; of several (yes, no) mostly the first."""
    newest = [one for one in found[name] if one[0] is found[name][0][0]]
    return newest[0] if name in FIRST_FIRST and chance.random() < 0.5 else chance.choice(newest)
