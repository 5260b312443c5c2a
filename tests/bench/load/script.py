"""What people do under load: ask questions, look through menus, request rooms, ask for a human being; in any order."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

import httpx

from bot.conversation.actions import Action
from nlu.evaluation_set import evaluation_messages
from tests.bench.crowd import BEGIN, LANGUAGES, TOPIC, Guest, Live, SilenceError, data_of
from tests.bench.figures import Step
from tests.bench.load.moments import AtRate, Moments, Over, WithoutPause
from tests.journeys.phone import Message, Phone

SHARES: Mapping[str, float] = {"question": 0.60, "menu": 0.15, "flow": 0.20, "hand-off": 0.05}
"""Of all messages and presses; a flow is a whole room request by buttons."""
LENGTHS: Mapping[str, float] = {"question": 1, "menu": 3, "flow": 15, "hand-off": 2}
"""Of how many messages and presses each consists, about; from it follows how often one is begun."""
ONLY_QUESTIONS: Mapping[str, float] = {"question": 1.0}
PATIENCE = 10.0
"""Seconds after which an answer counts as none."""


def questions() -> dict[str, list[str]]:
    """What people ask, by language: the messages of the evaluation that are meant for an entry, hard ones left out."""
    found: dict[str, list[str]] = {language: [] for language in LANGUAGES}
    for message in evaluation_messages():
        if "." in message["id"] and message["style"] != "hard" and message["lang"] in found:
            found[message["lang"]].append(message["text"])
    return found


@dataclass
class Inhabitant(Guest):
    """Somebody of the city, who does one thing after the other; whoever has a case is followed by somebody new."""

    number: int = 0
    moments: Moments = field(default_factory=lambda: WithoutPause(0))
    asked: Mapping[str, list[str]] = field(default_factory=dict)

    async def live(self, shares: Mapping[str, float], newcomer: Callable[[random.Random], Phone], shown: Live) -> None:
        """Do things in these shares until it is over."""
        often = [shares[name] / LENGTHS[name] for name in shares]
        while True:
            name = self.chance.choices(list(shares), often)[0]
            try:
                await VISITS[name](self)
            except Over:
                return
            except (SilenceError, httpx.HTTPError):
                self._renew(newcomer, shown)
            if name in ENDS_WITH_CASE:
                self._renew(newcomer, shown)

    def _renew(self, newcomer: Callable[[random.Random], Phone], shown: Live) -> None:
        self.phone = newcomer(self.chance)
        self.shown, self.message = shown.of(self.phone.chat), {}

    async def ask(self) -> None:
        """One question in one's own words."""
        await self._write("question", self.chance.choice(self.asked[self.phone.language]))

    async def look_around(self) -> None:
        """The menu, a topic, one of its questions."""
        await self._write("menu", "/start")
        for name in ("topic", "ask"):
            data = [one for one in data_of(self.message) if Action.decode(one).name == name]
            if not data:
                raise SilenceError
            await self.press("menu", self.chance.choice(data), partial(_follows, self.message))

    async def want_room(self) -> None:
        """A whole room request."""
        await self._write("flow", "/start")
        if TOPIC not in data_of(self.message):
            raise SilenceError
        await self.press("flow", TOPIC, lambda one: BEGIN in data_of(one))
        await self._press("flow", BEGIN, below=True)
        while (button := self._choice()) is not None:
            await self._press("flow", button[1])

    async def want_human(self) -> None:
        """Ask for a human being, and agree to what is shared."""
        await self._write("hand-off", "/human")
        data = [one for one in data_of(self.message) if Action.decode(one).name == "consent"]
        number = self.message["message_id"]
        if not data:
            raise SilenceError
        await self.press("hand-off", data[0], lambda one: one["message_id"] > number)

    async def press(self, name: str, data: str, fits: Callable[[Message], bool]) -> None:
        """Press a button when it is one's turn; timed from then on."""
        due = await self.moments.turn(self.number)
        await self._timed(name, due, self._pressed(data, fits))

    async def _write(self, name: str, text: str) -> None:
        due = await self.moments.turn(self.number)
        await self._timed(name, due, self._sent(text))

    async def _pressed(self, data: str, fits: Callable[[Message], bool]) -> Callable[[Message], bool]:
        await self.phone.control("press", user=self.phone.user, message_id=self.message["message_id"], data=data)
        return fits

    async def _sent(self, text: str) -> Callable[[Message], bool]:
        sent = await self.phone.send(text)
        return lambda one: one["message_id"] > sent

    async def _timed(self, name: str, due: float, act: Awaitable[Callable[[Message], bool]]) -> None:
        """Do something and wait for what comes of it; what comes too late has not come."""
        try:
            async with asyncio.timeout(max(due + PATIENCE - time.perf_counter(), 0)):
                at = await self.until(await act)
        except (SilenceError, TimeoutError, httpx.HTTPError) as error:
            self.steps.append(Step(name, None))
            raise SilenceError from error
        self.steps.append(Step(name, at - due))


def _follows(pressed: Message, one: Message) -> bool:
    """Whether a message stands below the one pressed, or in its place."""
    number = pressed["message_id"]
    return one["message_id"] > number or (one["message_id"] == number and one != pressed)


VISITS: Mapping[str, Callable[[Inhabitant], Awaitable[None]]] = {
    "question": Inhabitant.ask, "menu": Inhabitant.look_around, "flow": Inhabitant.want_room,
    "hand-off": Inhabitant.want_human,
}  # fmt: skip
ENDS_WITH_CASE = frozenset({"flow", "hand-off"})


@dataclass(frozen=True, kw_only=True)
class City:
    """So many people; `rate` messages and presses a second in all, or each without a pause if it is None."""

    people: int
    seconds: float
    seed: int
    rate: float | None = None
    shares: Mapping[str, float] = field(default_factory=lambda: SHARES)
    asked: Mapping[str, list[str]] = field(default_factory=questions)

    async def visit(self, shown: Live, new_phone: Callable[[str], Phone]) -> tuple[list[Step], int]:
        """Let everybody live; their steps. How many cases came of it is not counted."""

        def newcomer(chance: random.Random) -> Phone:
            return new_phone(chance.choice(LANGUAGES))

        moments = AtRate(self.rate, self.seconds, self.people, self.seed) if self.rate else WithoutPause(self.seconds)
        people = []
        for number in range(self.people):
            chance = random.Random(f"{self.seed}/{number}")
            phone = new_phone(LANGUAGES[number % len(LANGUAGES)])
            people.append(Inhabitant(phone, chance, 0, shown.of(phone.chat), number=number, moments=moments,
                                     asked=self.asked))  # fmt: skip
        await asyncio.gather(moments.pass_by(), *(one.live(self.shares, newcomer, shown) for one in people))
        return [step for one in people for step in one.steps], 0
