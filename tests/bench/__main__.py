"""`python -m tests.bench`: how long people and staff wait, and whether anything is lost; Markdown on stdout.

rooms: people who request a room by buttons. handoff: people who ask for a human while many wait. random: what people
and staff do in any order, while the bot is killed and Telegram fails. desk: the queue page of a full database.
load: a whole city at a given rate, beside the bare Rasa server.

Rasa, simulator and bot run as processes of their own. Ends with 1 if anything went wrong, in the random run also if a
rule of the hand-off was broken; a time that misses its target is printed as missed.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from bot.processes import ProcessFailed
from bot.settings import ROOT, SettingsError
from bot.storage.database import Database
from tests.bench import asking, figures, reading
from tests.bench.archive import add_staff, fill
from tests.bench.asking import Askers
from tests.bench.crowd import Crowd
from tests.bench.load import run as load
from tests.bench.load.report import Plan as LoadPlan
from tests.bench.machine import costs, described
from tests.bench.random_run import run as random_run
from tests.bench.reading import Readers
from tests.bench.stage import POSTGRESQL, SQLITE, Outcome, Rasa, Stage, rasa_server, stage

WARM_UP = Crowd(people=4, rounds=1, pause=0, seed=0)
"""Goes through before anything is measured: connections are open then, and texts loaded."""
PEOPLE = 20
"""At once, if nothing else was asked for."""
WAITING = 200
"""People in the queue before others ask, and before staff look at it."""
BURST, BURST_SECONDS, TOPICS_PER_MINUTE = 200, 10.0, 20
"""So many ask within that time, while Telegram allows so many new topics a minute."""
CLOSED, MESSAGES = 10_000, 10
LOGINS = ("anna", "bernd", "cem", "dora", "elif")
PASSWORD = "only for the benchmark"


def main() -> int:
    """Measure what was asked for; returns the exit code."""
    options = _options()
    say(f"# `make bench` on {described()}, {options.database or 'each database'} ({time.strftime('%Y-%m-%d')})", "")
    try:
        with tempfile.TemporaryDirectory(dir=ROOT / "var") as folder:
            return asyncio.run(_measure(options, Path(folder)))
    except (ProcessFailed, SettingsError, AssertionError) as error:
        print(error, file=sys.stderr)
        return 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("parts", nargs="*", help=f"what to measure: {', '.join(PARTS)} (default: all)")
    parser.add_argument("--people", type=int, help="how many at once (default: 20; load: 200)")
    parser.add_argument("--rounds", type=int, default=5, help="requests of each of them (default: 5)")
    parser.add_argument("--pause", type=float, default=1.0, help="mean seconds from seeing to pressing (default: 1.0)")
    parser.add_argument("--database", choices=(SQLITE, POSTGRESQL), help="(default: sqlite; load: one after the other)")
    parser.add_argument("--seed", type=int, default=1, help="of what people choose (default: 1)")
    parser.add_argument("--actions", type=int, default=2000, help="of the random run (default: 2000)")
    of_load = parser.add_argument_group("load")
    of_load.add_argument("--rate", type=float, default=60, help="messages a second (default: 60)")
    of_load.add_argument("--seconds", type=float, default=30, help="for so long, three times (default: 30)")
    of_load.add_argument("--ramp", type=float, nargs="*", default=[40, 50, 70, 80], help="other rates, for the curve")
    of_load.add_argument("--short", type=float, default=15, help="seconds of all else that is measured (default: 15)")
    of_load.add_argument("--grow", action="store_true", help="with years of data as well")
    of_load.add_argument("--picture", type=Path, help="draw the curves into this file")
    options = parser.parse_args()
    unknown = set(options.parts) - PARTS.keys()
    if unknown:
        parser.error(f"unknown part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    return options


async def _load(options: argparse.Namespace, rasa: Rasa, folder: Path) -> int:
    """Issue 6: a whole city, on each database, and the bare Rasa server beside it."""
    plan = LoadPlan(rate=options.rate, seconds=options.seconds, people=options.people or 200, seed=options.seed,
                     ramp=tuple(options.ramp), short=options.short, grow=options.grow)  # fmt: skip
    kinds = [options.database] if options.database else [SQLITE, POSTGRESQL]
    measured = [await load.measure(rasa, kind, folder, plan, say) for kind in kinds]
    if options.picture is not None:
        await load.draw(measured, options.picture, "make bench MORE=\"" + " ".join(sys.argv[1:]) + "\"")
    return sum(one.wrong for one in measured)


async def _measure(options: argparse.Namespace, folder: Path) -> int:
    wrong = 0
    async with rasa_server() as rasa:
        for name in options.parts or PARTS:
            wrong += await PARTS[name](options, rasa, Path(tempfile.mkdtemp(prefix=name, dir=folder)))
    return int(wrong > 0)


async def _rooms(options: argparse.Namespace, rasa: Rasa, folder: Path) -> int:
    """Issue 4: with the pause that was asked for, and without any."""
    wrong = 0
    async with stage(rasa, options.database or SQLITE, folder) as running:
        await running.play(WARM_UP)
        await running.office_has_all()
        for pause in (options.pause, 0.0):
            crowd = Crowd(people=options.people or PEOPLE, rounds=options.rounds, pause=pause, seed=options.seed)
            outcome = await running.play(crowd)
            pace = f"a press {pause:g} s after seeing" if pause else "pressing without a pause"
            say(*report(f"{crowd.people} people at once, {pace}", outcome, figures.TARGET))
            await running.office_has_all()
            wrong += _unanswered(outcome)
    return wrong


async def _handoff(options: argparse.Namespace, rasa: Rasa, folder: Path) -> int:
    """Issue 5: in a steady crowd, and all of a sudden while Telegram is slow with topics."""
    async with stage(rasa, options.database or SQLITE, folder) as running:
        await running.play(Askers(people=WAITING, seed=0))
        await running.office_has_all()
        people = options.people or PEOPLE
        crowd = Askers(people=5 * people, at_once=people, seed=options.seed)
        steady = await running.play(crowd)
        head = f"{people} people at once ask for a human, {WAITING} and more wait"
        say(*report(head, steady, asking.TARGET))
        await running.office_has_all()
        await running.world.http.post("/sim/limit", json={"topics_per_minute": TOPICS_PER_MINUTE})
        sudden = await running.play(Askers(people=BURST, within=BURST_SECONDS, seed=options.seed + 1))
        head = f"{BURST} people within {BURST_SECONDS:.0f} s, Telegram allows {TOPICS_PER_MINUTE} new topics a minute"
        say(*report(head, sudden, asking.TARGET))
        return _unanswered(steady) + _unanswered(sudden)


async def _desk(options: argparse.Namespace, rasa: Rasa, folder: Path) -> int:
    """Issue 5: one of staff alone, and five at once, each in their pace and each as fast as the page comes."""
    wrong = 0
    async with stage(rasa, options.database or SQLITE, folder) as running:
        say(*await _filled(running))
        await running.play(_readers(running, LOGINS[:1], looks=10))
        for logins, pause in ((LOGINS[:1], 0.0), (LOGINS, options.pause), (LOGINS, 0.0)):
            outcome = await running.play(_readers(running, logins, pause=pause))
            pace = f"{pause:g} s after the last look" if pause else "without a pause"
            head = f"{len(logins)} of staff read the queue {pace}, {WAITING} wait, {CLOSED:,} cases are closed"
            say(*report(head, outcome, reading.TARGET))
            wrong += _unanswered(outcome)
    return wrong


async def _filled(running: Stage) -> list[str]:
    began, database = time.perf_counter(), Database(running.database)
    try:
        await fill(database, closed=CLOSED, messages=MESSAGES, waiting=WAITING)
        await add_staff(database, list(LOGINS), PASSWORD)
    finally:
        await database.close()
    return [f"The database was filled in {time.perf_counter() - began:.0f} s.", ""]


def _readers(running: Stage, logins: Sequence[str], looks: int = 200, pause: float = 0.0) -> Readers:
    return Readers(desk=running.desk, logins=tuple(logins), password=PASSWORD, cases=WAITING, looks=looks, pause=pause)


async def _random(options: argparse.Namespace, rasa: Rasa, folder: Path) -> int:
    """Issue 5: nobody speaks beside a human, nothing is lost, whatever happens."""
    plan = random_run.Plan(actions=options.actions, seed=options.seed)
    async with stage(rasa, options.database or SQLITE, folder, **random_run.SETTINGS) as running:
        outcome = await random_run.run(running.world, running.shown, running.database, plan)
        say(*random_run.report(outcome))
        return sum(map(len, outcome.broken.values()))


PARTS: dict[str, Callable[[argparse.Namespace, Rasa, Path], Awaitable[int]]] = {
    "rooms": _rooms, "handoff": _handoff, "random": _random, "desk": _desk,
    "load": _load,
}  # fmt: skip
"""What can be measured; each returns how much went wrong."""


def _unanswered(outcome: Outcome) -> int:
    return sum(step.seconds is None for step in outcome.steps)


def report(head: str, outcome: Outcome, target: float) -> list[str]:
    """What came of a crowd, as lines of Markdown; `target` in seconds, for the 95th percentile of every step."""
    rows, presses = figures.by_step(outcome.steps), len(outcome.steps)
    return [
        f"## {head}", "",
        f"{outcome.sent} new cases, {presses} steps in {outcome.seconds:.0f} s ({presses / outcome.seconds:.0f}/s);"
        f" other programs kept {outcome.others:.1f} cores busy meanwhile.", "", figures.verdict(rows, target), "",
        *figures.table(rows), *costs(outcome.before, outcome.after, outcome.seconds, presses),
    ]  # fmt: skip


def say(*lines: str) -> None:
    """Lines on standard output, at once."""
    print(*lines, sep="\n", flush=True)


if __name__ == "__main__":
    sys.exit(main())
