"""The load bench: a city at a given rate, at rising rates, without a pause; the bare Rasa server; years of data.

What is compared is measured in turns: the machine is not as fast at one minute as at the next.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from bot.processes import RASA_PYTHON, ProcessFailed
from bot.settings import ROOT
from bot.storage.database import Database
from tests.bench import figures
from tests.bench.figures import Figures, Step
from tests.bench.load import report
from tests.bench.load.bare import Questions, bare_rasa
from tests.bench.load.grown import ENTRIES, MESSAGES, PERSONS, grow, grow_knowledge
from tests.bench.load.report import CONNECTIONS, IDLE_MB, Bare, Measured, Plan
from tests.bench.load.script import ONLY_QUESTIONS, City, questions
from tests.bench.machine import busy, usage
from tests.bench.stage import Outcome, Rasa, Stage, nothing, stage

WARM_UP_RATE, WARM_UP_SECONDS = 15, 10.0
REST_SECONDS = 3.0
CALM_CORES, LONGEST_DRAIN = 0.2, 120
"""A bot that uses less has answered what was too much before; so many seconds it may take for that."""
CALM, TURNS = 20.0, 3
"""Messages a second at which the empty and the grown system are compared, beside the rate of the issue; how often what
has a target is measured."""
SETTINGS = dict.fromkeys(("MESSAGES_PER_MINUTE", "MESSAGES_PER_MINUTE_ALL", "NEWCOMERS_PER_MINUTE"), "1000000")
"""Whoever writes too much is asked to wait and not heard: that rule has its own tests."""
KEPT = dict.fromkeys(("TRAFFIC_DAYS", "RETENTION_DAYS", "PERSON_DAYS", "STATISTICS_DAYS"), "3650")
"""Years of data stay as long as they are measured with; otherwise most of them would be erased meanwhile."""


async def measure(rasa: Rasa, database: str, folder: Path, plan: Plan, say: Callable[..., None]) -> Measured:
    """Everything on one kind of database."""
    measured = Measured(database=database)
    async with _warm(rasa, database, folder, plan) as running:
        await _at_rest(running, say)
        rounds = await _rates(running, plan, measured)
        say(*report.at_rate(plan, rounds, measured), *report.curve(measured))
        fast = await running.play(plan.city(None, plan.short))
        await _beside(running, plan, measured)
        say(*report.without_pause(fast, measured), *report.share(measured))
        if plan.grow:
            await _with_years(rasa, running, folder, plan, measured, say)
    return measured


async def _rates(running: Stage, plan: Plan, measured: Measured) -> list[Outcome]:
    """The rate of the issue, `TURNS` times, and the other rates in between; the outcomes of the former."""
    others = sorted({CALM, *plan.ramp} - {plan.rate})
    rounds: list[Outcome] = []
    for turn in range(TURNS):
        rounds.append(await _at_rate(running, plan, plan.rate, plan.seconds, measured))
        for rate in others[turn::TURNS]:
            _draw_in(measured, rate, [await _at_rate(running, plan, rate, plan.short, measured)])
    _draw_in(measured, plan.rate, rounds)
    return rounds


def _draw_in(measured: Measured, rate: float, outcomes: Sequence[Outcome]) -> None:
    steps = [step for one in outcomes for step in one.steps]
    answered = report.answered(steps) / sum(one.seconds for one in outcomes)
    measured.curve[rate] = figures.figures(f"{rate:g}", steps), answered


async def _beside(running: Stage, plan: Plan, measured: Measured) -> None:
    """The same questions without a pause, to the whole and to the bare Rasa server, in turns."""
    async with bare_rasa() as bare:
        pid = bare.child.process.pid
        questions_for = partial(Questions, asked=questions(), connections=CONNECTIONS, seed=plan.seed)
        await questions_for(seconds=WARM_UP_SECONDS / 2).ask(bare.url)
        for _ in range(TURNS):
            measured.asked.append(await running.play(plan.city(None, plan.short, ONLY_QUESTIONS)))
            before, began = usage(pid), time.perf_counter()
            steps = await questions_for(seconds=plan.short).ask(bare.url)
            seconds = time.perf_counter() - began
            measured.bare.append(Bare(steps, seconds, usage(pid).cpu - before.cpu))


@asynccontextmanager
async def _warm(
    rasa: Rasa, database: str, folder: Path, plan: Plan, fill: Callable[[str], Awaitable[None]] = nothing, **more: str
) -> AsyncIterator[Stage]:
    """The running whole, with everything loaded that is loaded at its first use."""
    place = await asyncio.to_thread(tempfile.mkdtemp, prefix=database, dir=folder)
    async with stage(rasa, database, Path(place), fill, **SETTINGS, **more) as running:
        await running.play(City(people=plan.people, seconds=WARM_UP_SECONDS, seed=0, rate=WARM_UP_RATE))
        yield running


async def _at_rate(running: Stage, plan: Plan, rate: float, seconds: float, measured: Measured) -> Outcome:
    outcome = await running.play(plan.city(rate, seconds))
    if rate <= plan.rate:
        measured.wrong += report.unanswered(outcome)
    await _drained(running)
    return outcome


async def _drained(running: Stage) -> None:
    """Wait until nothing of what was asked too fast is left over: it would count among what comes next."""
    for _ in range(LONGEST_DRAIN):
        before = running.usage()["bot"].cpu
        await asyncio.sleep(1)
        if running.usage()["bot"].cpu - before < CALM_CORES:
            break
    await asyncio.sleep(REST_SECONDS)


async def _at_rest(running: Stage, say: Callable[..., None]) -> None:
    before, all_before = running.usage(), busy()
    await asyncio.sleep(REST_SECONDS)
    after = running.usage()
    memory = after["bot"].memory
    used = (after["bot"].cpu - before["bot"].cpu) / REST_SECONDS
    verdict = report.met(yes=memory <= IDLE_MB)
    say(f"At rest the bot holds {memory:.0f} MB (target {IDLE_MB}: {verdict}) and uses {used:.2f} cores, all programs "
        f"together {(busy() - all_before) / REST_SECONDS:.2f}.", "")  # fmt: skip


async def _with_years(
    rasa: Rasa, empty: Stage, folder: Path, plan: Plan, measured: Measured, say: Callable[..., None]
) -> None:
    """The same cities in a system that has been used for years and in the empty one, in turns."""
    database = measured.database
    knowledge = folder / f"{database}-knowledge"
    grow_knowledge(knowledge)
    began = time.perf_counter()
    async with _warm(rasa, database, folder, plan, _grow, KNOWLEDGE_FOLDER=str(knowledge), **KEPT) as grown:
        say(f"## {database}: {PERSONS:,} persons, {MESSAGES:,} messages, {ENTRIES:,} entries", "",
            f"Filled, started and warm after {time.perf_counter() - began:.0f} s.", "")  # fmt: skip
        await _at_rest(grown, say)
        for rate in (CALM, plan.rate):
            measured.grown[rate] = await _in_turns(empty, grown, plan.city(rate, plan.short), measured)
        say(*report.growth(measured))


async def _in_turns(empty: Stage, grown: Stage, city: City, measured: Measured) -> tuple[Figures, Figures]:
    """The same city in both, `TURNS` times."""
    steps: tuple[list[Step], list[Step]] = [], []
    for _ in range(TURNS):
        for running, own in zip((empty, grown), steps, strict=True):
            outcome = await running.play(city)
            own.extend(outcome.steps)
            measured.wrong += report.unanswered(outcome)
            await _drained(running)
    return figures.figures("empty", steps[0]), figures.figures("grown", steps[1])


async def _grow(address: str) -> None:
    database = Database(address)
    try:
        await grow(database)
    finally:
        await database.close()


async def draw(measured: list[Measured], picture: Path, origin: str) -> None:
    """Draw the curves; Rasa's environment has what draws. Raises `ProcessFailed`."""
    figures_file = ROOT / "var" / "bench" / "load.json"
    figures_file.parent.mkdir(parents=True, exist_ok=True)
    figures_file.write_text(json.dumps([one.document for one in measured]), encoding="utf-8")
    drawing = await asyncio.create_subprocess_exec(
        str(RASA_PYTHON), "-m", "tests.bench.load.plots", str(figures_file), str(picture), origin, cwd=ROOT
    )
    if await drawing.wait() != 0:
        raise ProcessFailed(f"{picture} could not be drawn")
