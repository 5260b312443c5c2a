"""`python -m bot retention` and `python -m bot mydata`: what the office's data protection officer asks for."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, datetime

from bot.locales import Locales
from bot.settings import Settings
from bot.storage import disclosure
from bot.storage.database import Database
from bot.storage.persons import person_by_chat
from bot.storage.retention import Retention
from bot.storage.schema import opened

HEAD = ("| what | kept for | setting | tables |", "| --- | --- | --- | --- |")


async def run(settings: Settings, options: argparse.Namespace) -> int:
    """Carry out `retention` or `mydata`; returns the exit code."""
    if options.command == "retention":
        locales = Locales(settings.language_codes, settings.zone)
        sys.stdout.write(retention_table(settings.retention, locales, settings.office_language))
        return 0
    async with opened(settings.database_url) as database:
        return await _copy(database, settings, options.telegram_id, notes=options.notes)


def retention_table(retention: Retention, locales: Locales, language: str) -> str:
    """Every kind of data and how long it is kept, as a table for the record of processing (Art. 30 GDPR)."""
    lines = [*HEAD]
    for rule in retention.rules:
        what = locales.say(language, f"privacy.lasts_{rule.name}")
        period = locales.say(language, f"privacy.lasts_{rule.unit}", {"count": rule.count})
        tables = ", ".join(f"`{table.__tablename__}`" for table in rule.tables) or "files"
        setting = f"`{rule.setting}`" if rule.setting else "fixed"
        lines.append(f"| {what} | {period} | {setting} | {tables} |")
    return "\n".join(lines) + "\n"


async def _copy(database: Database, settings: Settings, telegram_id: int, *, notes: bool) -> int:
    async with database.read() as session:
        person = await person_by_chat(session, telegram_id)
        if person is None:
            sys.stderr.write("nothing is stored under this Telegram id\n")
            return 1
        held = await disclosure.everything_about(session, person, datetime.now(UTC), settings.retention,
                                                 internal=notes)  # fmt: skip
    sys.stdout.write(json.dumps(held, ensure_ascii=False, indent=2) + "\n")
    return 0
