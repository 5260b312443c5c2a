"""What goes wrong: the bot's death, Telegram's faults, updates that come twice."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field
from typing import Any

from bot.simulator.faults import CUT
from tests.bench.random_run.ledger import Ledger
from tests.journeys.phone import Phone
from tests.journeys.test_kill import LONGEST_DELAY, Mortal

SENDING = ("sendMessage", "editMessageText", "copyMessage", "createForumTopic", "setMessageReaction", "getUpdates",
           "answerCallbackQuery")  # fmt: skip
FAULTS: tuple[dict[str, Any], ...] = (
    {"error": 429, "retry_after": 1},
    {"error": 429, "retry_after": 2},
    {"error": 500},
    {"error": CUT},
    {"error": CUT, "after": True},
    {"delay": 0.5},
)
"""`after`: the call has taken effect when the connection breaks, so nobody can know."""
MOST_TIMES = 3


@dataclass
class Trouble:
    """Makes trouble at the actions whose numbers are given, while they are under way."""

    being: Mortal
    phone: Phone
    ledger: Ledger
    chance: random.Random
    kills_at: frozenset[int]
    faults_at: frozenset[int]
    faults: dict[str, int] = field(default_factory=dict)
    twice: int = 0
    _under_way: list[asyncio.Task[None]] = field(default_factory=list)
    _dying: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def at(self, number: int) -> None:
        """Whatever is to happen while this action is handled; a death is not waited for."""
        if number in self.faults_at:
            await self._fault()
        if number in self.kills_at:
            self._under_way.append(asyncio.create_task(self._kill()))

    async def over(self) -> None:
        """No faults any more; the bot lives."""
        await self.phone.control("fault", clear=True)
        await asyncio.gather(*self._under_way)

    async def _kill(self) -> None:
        await asyncio.sleep(LONGEST_DELAY * self.chance.random())
        async with self._dying:
            await self.being.kill()
            self.being.kills += 1
            await asyncio.sleep(self.chance.uniform(0, 1))
            await self.being.start()

    async def _fault(self) -> None:
        if self.ledger.updates and self.chance.random() < 0.2:
            await self.phone.control("redeliver", update_id=self.chance.choice(self.ledger.updates[-20:]))
            self.twice += 1
            return
        fault = {**self.chance.choice(FAULTS), "method": self.chance.choice(SENDING)}
        await self.phone.control("fault", **fault, times=self.chance.randint(1, MOST_TIMES))
        name = " ".join(str(fault[key]) for key in ("error", "delay") if key in fault)
        name += " after it took effect" if fault.get("after") else ""
        self.faults[name] = self.faults.get(name, 0) + 1


def moments(chance: random.Random, actions: int, count: int) -> frozenset[int]:
    """So many of the actions by number, the first ones left out: then there is something to lose."""
    return frozenset(chance.sample(range(actions // 20 + 1, actions), count))
