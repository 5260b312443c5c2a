"""How quick the evaluation is with much data: `.venv/bin/python -m tests.bench.insight`. CPU seconds, SQLite."""

from __future__ import annotations

import asyncio
import random
import sys
import tempfile
import time
from collections import Counter as Numbers
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert

from bot.insight.counted import ABOUT_ENTRIES, QUESTIONS
from bot.insight.evaluation import evaluate
from bot.insight.periods import KINDS, around
from bot.storage.database import Database
from bot.storage.models import Base, Case, Counter, WeeklyPeople
from bot.storage.schema import upgrade
from bot.storage.visits import ALL, week_of

DAYS, CASES, QUESTIONS_A_DAY = 900, 100_000, 250
ENTRIES, TOPICS, TERMS = 76, 7, 180
LANGUAGES = ("de", "en", "tr", "ar", "ru", "uk", "pl", "fa")
TODAY, ZONE = date(2026, 11, 24), ZoneInfo("Europe/Berlin")
AT_ONCE = 5000


async def fill(database: Database) -> None:
    """A large city's numbers of two and a half years."""
    dice, first = random.Random(3), TODAY - timedelta(days=DAYS)
    numbers: Numbers[tuple[date, str, str, str]] = Numbers()
    for _ in range(DAYS * QUESTIONS_A_DAY):
        name = dice.choice(QUESTIONS)
        numbers[first + timedelta(days=dice.randrange(DAYS)), name, _key(dice, name), dice.choice(LANGUAGES)] += 1
    await store(database, Counter, [
        {"day": day, "name": name, "key": key, "language": language, "value": value}
        for (day, name, key, language), value in sorted(numbers.items())  # day by day, as the bot writes them
    ])  # fmt: skip
    await store(database, WeeklyPeople, [
        {"week": week_of(first) + timedelta(days=7 * week), "topic": topic, "language": language, "people": 50}
        for week in range(DAYS // 7) for topic in (ALL, *(f"topic{number}" for number in range(TOPICS)))
        for language in (ALL, *LANGUAGES)
    ])  # fmt: skip
    await store(database, Case, [case(dice, datetime(2026, 11, 24, tzinfo=UTC)) for _ in range(CASES)])


def _key(dice: random.Random, name: str) -> str:
    """Entry, term, or nothing, whichever the counter of that name has."""
    if name == "explained":
        return f"term{dice.randrange(TERMS)}"
    entry = dice.randrange(ENTRIES)
    return f"topic{entry % TOPICS}.{entry}" if name in ABOUT_ENTRIES else ""


def case(dice: random.Random, now: datetime) -> dict[str, Any]:
    """One that has ended."""
    at, waited = now - timedelta(days=dice.uniform(0, DAYS)), int(dice.lognormvariate(9, 1))
    return {
        "state": "CLOSED", "reason": "asked", "language": dice.choice(LANGUAGES), "opened_at": at, "changed_at": at,
        "active_at": at, "handed_at": at, "first_reply_at": at + timedelta(seconds=waited), "waited": waited,
        "waited_open": waited // 3, "promise_kept": dice.random() < 0.9, "outcome": dice.choice(["solved", "left"]),
        "version": 3, "urgent": False, "last_exchange_id": 0,
    }  # fmt: skip


async def store(database: Database, model: type[Base], rows: list[dict[str, Any]]) -> None:
    """Many rows, a part at a time."""
    for place in range(0, len(rows), AT_ONCE):
        async with database.write() as session:
            await session.execute(insert(model), rows[place : place + AT_ONCE])


async def main(folder: Path) -> None:
    """Fill a database and print one line a period."""
    database = Database(f"sqlite+aiosqlite:///{folder / 'city.db'}")
    await upgrade(database)
    await fill(database)
    for kind in (kind for kind in KINDS if kind != "own"):
        taken = []
        for _ in range(3):
            begun = time.process_time()
            async with database.read() as session:
                await evaluate(session, around(kind, TODAY), ZONE, TODAY)
            taken.append(time.process_time() - begun)
        sys.stdout.write(f"{kind}: {min(taken):.2f} s\n")
    await database.close()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(main(Path(folder)))
