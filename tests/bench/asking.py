"""People who ask for a human being while many wait already; timed until they read their number and place."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import httpx

from bot.conversation.actions import Action
from tests.bench.crowd import LANGUAGES, Live, SilenceError, Visitor, data_of
from tests.bench.figures import Step
from tests.journeys.phone import Message, Phone
from tests.journeys.words import bare, pattern

TARGET = 2.0
"""Seconds that the 95th percentile may take (issue 5)."""
STEP = "consent to place in the queue"
AT_A_TIME = 20
"""So many get ready at once; that is not measured."""


class Asker(Visitor):
    """Somebody who wants to talk to a human being."""

    async def ask(self) -> bool:
        """Write /human and wait for the question; not timed. False if it did not come."""
        try:
            sent = await self.phone.send("/human")
            await self.until(lambda one: one["message_id"] > sent and self._yes(one) is not None)
        except (SilenceError, httpx.HTTPError):
            self.steps.append(Step("question", None))
            return False
        return True

    async def agree(self) -> bool:
        """Press yes and read number and place in the queue; False if they did not come."""
        data, number = self._yes(self.message), self.message["message_id"]
        try:
            await self.press(STEP, data or "", lambda one: one["message_id"] > number and self._is_place(one))
        except (SilenceError, httpx.HTTPError):
            return False
        return True

    def _yes(self, message: Message) -> str | None:
        actions = [Action.decode(data) for data in data_of(message)]
        return next((one.encode() for one in actions if (one.name, one.args[-1:]) == ("consent", ("yes",))), None)

    def _is_place(self, message: Message) -> bool:
        return pattern(self.phone.language, "handoff.queued").search(bare(message["text"])) is not None


@dataclass(frozen=True, kw_only=True)
class Askers:
    """So many people who ask and agree. `at_once`: as many go at a time, one after the other, each without a pause.

    With `within` (seconds) they get ready first, and then all press at random moments of that time.
    """

    people: int
    seed: int
    at_once: int = AT_A_TIME
    within: float = 0.0

    async def visit(self, shown: Live, new_phone: Callable[[str], Phone]) -> tuple[list[Step], int]:
        """Let everybody ask; their steps, and how many cases came of it."""
        chance = random.Random(self.seed)
        askers = [self._asker(chance, shown, new_phone) for _ in range(self.people)]
        if self.within:
            await _all(askers, Asker.ask, AT_A_TIME)
            agreed = await _all(askers, self._press_some_time, self.people)
        else:
            agreed = await _all(askers, _ask_and_agree, self.at_once)
        return [step for asker in askers for step in asker.steps], sum(agreed)

    def _asker(self, chance: random.Random, shown: Live, new_phone: Callable[[str], Phone]) -> Asker:
        phone = new_phone(chance.choice(LANGUAGES))
        return Asker(phone, chance, 0, shown.of(phone.chat))

    async def _press_some_time(self, asker: Asker) -> bool:
        await asyncio.sleep(asker.chance.uniform(0, self.within))
        return await asker.agree()


async def _ask_and_agree(asker: Asker) -> bool:
    return await asker.ask() and await asker.agree()


async def _all(askers: list[Asker], act: Callable[[Asker], Awaitable[bool]], at_once: int) -> list[bool]:
    places = asyncio.Semaphore(at_once)

    async def one(asker: Asker) -> bool:
        async with places:
            return await act(asker)

    return await asyncio.gather(*(one(asker) for asker in askers))
