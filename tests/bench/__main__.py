"""`python -m tests.bench`: how long people wait while many request a room by buttons at once; Markdown on stdout.

Rasa, simulator and bot run as processes of their own. Ends with 1 if anything went wrong; a target that is missed is
printed as missed.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path

from bot.processes import ProcessFailed
from bot.settings import ROOT, SettingsError
from tests.bench.crowd import Crowd
from tests.bench.figures import by_step, table, verdict
from tests.bench.machine import costs, described
from tests.bench.stage import POSTGRESQL, SQLITE, Outcome, stage

WARM_UP = Crowd(people=4, rounds=1, pause=0, seed=0)
"""Goes through before anything is measured: connections are open then, and texts loaded."""


def main() -> int:
    """Measure with the pause that was asked for and without any; returns the exit code."""
    options = _options()
    say(f"# `make bench` on {described()}, {options.database} ({time.strftime('%Y-%m-%d')})", "")
    try:
        with tempfile.TemporaryDirectory(dir=ROOT / "var") as folder:
            return asyncio.run(_measure(options, Path(folder)))
    except (ProcessFailed, SettingsError, AssertionError) as error:
        print(error, file=sys.stderr)
        return 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--people", type=int, default=20, help="how many at once (default: 20)")
    parser.add_argument("--rounds", type=int, default=5, help="requests of each of them (default: 5)")
    parser.add_argument("--pause", type=float, default=1.0, help="mean seconds from seeing to pressing (default: 1.0)")
    parser.add_argument("--database", choices=(SQLITE, POSTGRESQL), default=SQLITE)
    parser.add_argument("--seed", type=int, default=1, help="of what people choose (default: 1)")
    return parser.parse_args()


async def _measure(options: argparse.Namespace, folder: Path) -> int:
    errors = 0
    async with stage(options.database, folder) as running:
        await running.play(WARM_UP)
        await running.office_has_all()
        for pause in (options.pause, 0.0):
            crowd = Crowd(people=options.people, rounds=options.rounds, pause=pause, seed=options.seed)
            outcome = await running.play(crowd)
            say(*report(crowd, outcome))
            await running.office_has_all()
            errors += sum(step.seconds is None for step in outcome.steps)
    return int(errors > 0)


def report(crowd: Crowd, outcome: Outcome) -> list[str]:
    """What came of a crowd, as lines of Markdown."""
    rows, presses = by_step(outcome.steps), len(outcome.steps)
    pace = f"a press {crowd.pause:g} s after seeing" if crowd.pause else "pressing without a pause"
    return [
        f"## {crowd.people} people at once, {pace}", "",
        f"{outcome.sent} requests, {presses} presses in {outcome.seconds:.0f} s ({presses / outcome.seconds:.0f}/s);"
        f" other programs kept {outcome.others:.1f} cores busy meanwhile.", "", verdict(rows), "",
        *table(rows), *costs(outcome.before, outcome.after, outcome.seconds, presses),
    ]  # fmt: skip


def say(*lines: str) -> None:
    """Lines on standard output, at once."""
    print(*lines, sep="\n", flush=True)


if __name__ == "__main__":
    sys.exit(main())
