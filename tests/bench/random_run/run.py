"""The run itself: everybody acts at their own pace until the number of actions is reached, then all comes to rest."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import func, select

from bot.staff import add
from bot.storage.database import Database
from bot.storage.models import InboxUpdate, OutboxMessage
from nlu.bench.table import markdown
from tests.bench.crowd import Live
from tests.bench.random_run import rules
from tests.bench.random_run.actors import Actor
from tests.bench.random_run.evidence import Evidence, gather
from tests.bench.random_run.ledger import Ledger
from tests.bench.random_run.person import LANGUAGES, Person
from tests.bench.random_run.staff import Member
from tests.bench.random_run.trouble import Trouble, moments
from tests.journeys.conftest import World
from tests.journeys.phone import GROUP, Phone
from tests.journeys.test_kill import mortal

PEOPLE = 20
STAFF = {2001: "Frau A.", 2002: "Herr B.", 2003: "Frau C.", 2004: "Herr D.", 2005: "Frau E."}
ACTIONS_A_KILL, ACTIONS_A_FAULT = 200, 15
REST = 150.0
"""Seconds within which all must have come to rest: the outbox waits up to a minute before another attempt."""
SETTINGS = {"MESSAGES_PER_MINUTE": "1000"}
"""Whoever writes too much is asked to wait and not heard: that rule has its own tests."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How much happens. `pause`: mean seconds between two things that somebody does."""

    actions: int
    seed: int
    pause: float = 2.5

    @property
    def kills(self) -> int:
        """How often the bot dies."""
        return max(self.actions // ACTIONS_A_KILL, 2)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of a run."""

    plan: Plan
    seen: Evidence
    ledger: Ledger
    trouble: Trouble
    seconds: float
    broken: dict[str, list[str]]


async def run(world: World, shown: Live, database_url: str, plan: Plan) -> Outcome:
    """Play, wait until all has come to rest, and look. The world's bot is replaced by one that can be killed."""
    chance, ledger, database = random.Random(plan.seed), Ledger(), Database(database_url)
    try:
        for user, name in STAFF.items():
            await add(database, user, name)
            await world.http.post("/sim/member", json={"user": user, "name": name, "status": "administrator"})
        actors = _actors(world, shown, ledger, chance)
        began = time.perf_counter()
        async with mortal(world, chance) as being:
            await world.phone().ask("/start")  # from now on it answers
            trouble = Trouble(being, world.staff(), ledger, chance, moments(chance, plan.actions, plan.kills),
                              moments(chance, plan.actions, plan.actions // ACTIONS_A_FAULT))  # fmt: skip
            await _play(actors, plan, trouble)
            seconds = time.perf_counter() - began
            await _rest(world, database)
        people = [actor.phone.chat for actor in actors if isinstance(actor, Person)]
        seen = await gather(world.http, database, ledger.said, ledger.updates, people)
    finally:
        await database.close()
    broken = {name: list(rule(seen)) for name, rule in rules.RULES.items()}
    return Outcome(plan=plan, seen=seen, ledger=ledger, trouble=trouble, seconds=seconds, broken=broken)


def _actors(world: World, shown: Live, ledger: Ledger, chance: random.Random) -> list[Actor]:
    people = [world.phone(LANGUAGES[number % len(LANGUAGES)]) for number in range(PEOPLE)]
    group = [(Phone(world.http, user, "de", chat=GROUP), name) for user, name in STAFF.items()]
    return [
        *(Person(phone, shown, ledger, random.Random(chance.random())) for phone in people),
        *(Member(phone, shown, ledger, random.Random(chance.random()), name=name) for phone, name in group),
    ]


async def _play(actors: list[Actor], plan: Plan, trouble: Trouble) -> None:
    numbers = list(range(plan.actions, 0, -1))
    await asyncio.gather(*(_live(actor, plan.pause, numbers, trouble) for actor in actors))
    await trouble.over()


async def _live(actor: Actor, pause: float, numbers: list[int], trouble: Trouble) -> None:
    """One action after the other, until all numbers are used up; one that cannot be done leaves its number."""
    await asyncio.sleep(actor.chance.uniform(0, pause))
    while numbers:
        number, before = numbers.pop(), actor.answers()
        if await actor.act():
            await trouble.at(number)
            await actor.wait_for_answer(before)
        else:
            numbers.append(number)
        await asyncio.sleep(actor.chance.expovariate(1 / pause))


async def _rest(world: World, database: Database) -> None:
    """Wait until nothing waits to be fetched, processed or sent; what still does then is seen by the rules."""
    waiting = [
        select(func.count()).select_from(InboxUpdate).where(InboxUpdate.done_at.is_(None)),
        select(func.count()).select_from(OutboxMessage).where(OutboxMessage.state.in_(("pending", "sending"))),
    ]
    end = time.monotonic() + REST
    while time.monotonic() < end:
        async with database.read() as session:
            left = [await session.scalar(query) for query in waiting]
        if left == [0, 0] and (await world.http.get("/sim/pending")).json() == 0:
            return
        await asyncio.sleep(0.2)


def report(outcome: Outcome) -> Iterator[str]:
    """What happened, which rules held, and where not, as lines of Markdown."""
    seen, trouble, ledger = outcome.seen, outcome.trouble, outcome.ledger
    extra = sum(len(found) for found in rules.doubles(seen).values())
    unsure = sum(row.uncertain for row in seen.outbox)
    yield f"## {outcome.plan.actions} actions of {PEOPLE} people and {len(STAFF)} staff in random order"
    yield from ("", f"Seed {outcome.plan.seed}, {outcome.seconds:.0f} s, {trouble.being.kills} kills, faults: "
                f"{', '.join(f'{name} {count}x' for name, count in sorted(trouble.faults.items()))}; "
                f"{trouble.twice} updates delivered twice.", "")  # fmt: skip
    yield from (", ".join(f"{name} {count}" for name, count in sorted(ledger.done.items())) + ".", "")
    moves = Counter(event.kind for event in seen.events)
    yield from ("Transitions: " + ", ".join(f"{name} {count}" for name, count in sorted(moves.items())) + ".", "")
    yield f"{len(ledger.said)} messages and edits, {len(seen.cases)} cases, {len(seen.outbox)} calls; {unsure} calls"
    yield from (f"uncertain, {extra} messages seen twice, {rules.orphans(seen)} topics of no case.", "")
    yield from markdown(("rule", "broken"), [(name, str(len(found))) for name, found in outcome.broken.items()])
    for name, found in outcome.broken.items():
        yield from (f"- {name}: {one}" for one in found)
