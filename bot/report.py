"""`python -m bot report --quarter 2026-Q3 --out FILE`: the quarter on one page, without the desk."""

from __future__ import annotations

import argparse
import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

from bot.app import make_parts
from bot.desk.app import desk_texts
from bot.desk.insight.paper import one_page
from bot.insight.periods import quarter
from bot.settings import Settings
from bot.storage.schema import opened


async def run(settings: Settings, options: argparse.Namespace) -> int:
    """Write the PDF; returns the exit code."""
    try:
        period = quarter(options.quarter)
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    today = datetime.now(UTC).astimezone(settings.zone).date()
    async with opened(settings.database_url) as database, database.read() as session:
        page = await one_page(session, desk_texts(settings.zone), make_parts(settings), period, today)
    try:
        await asyncio.to_thread(Path(options.out).write_bytes, page)
    except OSError as error:
        sys.stderr.write(f"cannot write {options.out}: {error.strerror}\n")
        return 2
    sys.stdout.write(f"{options.out}: {period.name}, {period.first} to {period.last}\n")
    return 0
