"""People who request a room by buttons, at once, each in their own pace; every press is timed."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import httpx

from bot.conversation.actions import Action
from bot.settings import Settings
from tests.bench.figures import Step
from tests.journeys.phone import PATIENCE, Message, Phone

LANGUAGES = str(Settings.model_fields["languages"].default).split(",")
FLOW = "room_request"
TOPIC = Action("topic", ("rooms",)).encode()
BEGIN = Action("begin", (FLOW,)).encode()
ANSWERS = frozenset({"answer", "picked", "skip"})
DRAFT = "pick"
"""Ticks a choice or turns a page; the question stays open."""
NO_MEANING = "none"
CONFIRM = "check"
"""The last question; its answer sends the request."""
MORE_DRAFTS = 0.4
"""How often somebody who could answer ticks one more or turns the page first."""


class SilenceError(Exception):
    """A press had no visible effect in time."""


class Live:
    """What the simulator shows to open pages, as it happens: asking again and again would cost what is measured."""

    def __init__(self) -> None:
        self._chats: dict[int, asyncio.Queue[tuple[float, Message]]] = {}
        self.now: dict[int, dict[int, Message]] = {}
        """Every chat's messages as they stand, by their ids."""
        self.answers: Counter[int] = Counter()
        """How often the bot has shown something new in each chat."""

    def of(self, chat: int) -> asyncio.Queue[tuple[float, Message]]:
        """The messages of a chat from now on, new or changed, each with the second (perf_counter) it was shown at."""
        return self._chats.setdefault(chat, asyncio.Queue())

    async def listen(self, response: httpx.Response) -> None:
        """Hand out the events of `/sim/events` until cancelled."""
        async for line in response.aiter_lines():
            if line.startswith("data: "):
                self._hand_out(json.loads(line.removeprefix("data: ")))

    def _hand_out(self, event: Message) -> None:
        if event["kind"] != "message":
            return
        self.now.setdefault(event["chat"], {})[event["message"]["message_id"]] = event["message"]
        self.answers[event["chat"]] += event["message"]["from"] == "bot"
        if event["chat"] in self._chats:
            self._chats[event["chat"]].put_nowait((time.perf_counter(), event["message"]))


@contextlib.asynccontextmanager
async def live(http: httpx.AsyncClient) -> AsyncIterator[Live]:
    """An open page, as long as the block runs."""
    shown = Live()
    async with http.stream("GET", "/sim/events", timeout=None) as response:
        listening = asyncio.create_task(shown.listen(response))
        try:
            yield shown
        finally:
            listening.cancel()


@dataclass
class Visitor:
    """Somebody with a phone; `steps` are the presses so far, `pause` the mean seconds from seeing to pressing."""

    phone: Phone
    chance: random.Random
    pause: float
    shown: asyncio.Queue[tuple[float, Message]]
    message: Message = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)

    async def press(self, name: str, data: str, fits: Callable[[Message], bool]) -> None:
        """Press a button of the message looked at; the step ends when a message fits. Raises `SilenceError`."""
        began = time.perf_counter()
        try:
            await self.phone.control("press", user=self.phone.user, message_id=self.message["message_id"], data=data)
            at = await self.until(fits)
        except (SilenceError, httpx.HTTPError):
            self.steps.append(Step(name, None))
            raise
        self.steps.append(Step(name, at - began))

    async def until(self, fits: Callable[[Message], bool]) -> float:
        """Wait for a message of the bot that fits, and look at it from now on; the second it was shown at."""
        try:
            async with asyncio.timeout(PATIENCE):
                while True:
                    at, message = await self.shown.get()
                    if message["from"] == "bot" and fits(message):
                        self.message = message
                        return at
        except TimeoutError as error:
            raise SilenceError from error


class Guest(Visitor):
    """Somebody who wants a room."""

    async def request_room(self) -> bool:
        """From the menu to "sent", with valid answers as they come; False if an answer did not come."""
        try:
            await self._arrive()
            await self._press("begin", BEGIN, below=True)
            while (button := self._choice()) is not None:
                await self._press(*button)
        except (SilenceError, httpx.HTTPError):
            return False
        return self.steps[-1].name == CONFIRM

    async def _arrive(self) -> None:
        """Open the topic. Not timed: it belongs to no flow."""
        sent = await self.phone.send("/start")
        await self.until(lambda one: one["message_id"] > sent and TOPIC in data_of(one))
        await self.phone.control("press", user=self.phone.user, message_id=self.message["message_id"], data=TOPIC)
        await self.until(lambda one: BEGIN in data_of(one))

    def _choice(self) -> tuple[str, str] | None:
        """A step's name and the button to press; None when no question is open any more."""
        answers, drafts = _open(self.message)
        if not answers and not drafts:
            return None
        draft = drafts and (not answers or self.chance.random() < MORE_DRAFTS)
        chosen = self.chance.choice(drafts if draft else answers)
        return chosen.args[1] + (" (tick or page)" if draft else ""), chosen.encode()

    async def _press(self, name: str, data: str, *, below: bool = False) -> None:
        """Press after a pause; what comes stands in the same message, or below it. Raises `SilenceError`."""
        await asyncio.sleep(self.chance.expovariate(1 / self.pause) if self.pause else 0)
        pressed = self.message
        number = pressed["message_id"]
        await self.press(name, data, lambda one: one["message_id"] > number and any(_open(one)) if below else
                         one["message_id"] == number and one != pressed)  # fmt: skip


def data_of(message: Message) -> list[str]:
    """The callback data under a message."""
    return [button["data"] for row in message["buttons"] for button in row if "data" in button]


def _open(message: Message) -> tuple[list[Action], list[Action]]:
    """The buttons that answer the open question, and those that tick or turn a page."""
    actions = [Action.decode(data) for data in data_of(message)]
    return [one for one in actions if one.name in ANSWERS], [
        one for one in actions if one.name == DRAFT and one.args[-1] != NO_MEANING
    ]


@dataclass(frozen=True, kw_only=True)
class Crowd:
    """So many people at once, each for so many requests, every time as somebody whom the bot does not know."""

    people: int
    rounds: int
    pause: float
    seed: int

    async def visit(self, shown: Live, new_phone: Callable[[str], Phone]) -> tuple[list[Step], int]:
        """Let everybody go through; their steps, and how many requests were sent."""
        visits = await asyncio.gather(*(self._requests(person, shown, new_phone) for person in range(self.people)))
        return [step for steps, _ in visits for step in steps], sum(sent for _, sent in visits)

    async def _requests(self, person: int, shown: Live, new_phone: Callable[[str], Phone]) -> tuple[list[Step], int]:
        chance, sent, steps = random.Random(f"{self.seed}/{person}"), 0, list[Step]()
        for _ in range(self.rounds):
            phone = new_phone(chance.choice(LANGUAGES))
            visitor = Guest(phone, chance, self.pause, shown.of(phone.chat))
            sent += await visitor.request_room()
            steps += visitor.steps
        return steps, sent
