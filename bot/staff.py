"""`python -m bot staff`: who may take cases. The desk offers the same; this also works before anybody has a login."""

from __future__ import annotations

import argparse
import sys

from sqlalchemy import select

from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.models import Staff
from bot.storage.schema import opened


async def run(settings: Settings, options: argparse.Namespace) -> int:
    """Carry out `add`, `remove` or `list`; returns the exit code."""
    async with opened(settings.database_url) as database:
        if options.action == "list":
            return await _list(database)
        if options.action == "add":
            await add(database, options.telegram_id, options.name)
            return 0
        return await _remove(database, options.telegram_id)


async def add(database: Database, telegram_id: int, name: str) -> None:
    """Register somebody, or give them the right and a new name if they are known already."""
    async with database.write() as session:
        member = await session.scalar(select(Staff).where(Staff.telegram_id == telegram_id))
        if member is None:
            session.add(Staff(telegram_id=telegram_id, name=name, active=True))
        else:
            member.name, member.active = name, True


async def _remove(database: Database, telegram_id: int) -> int:
    async with database.write() as session:
        member = await session.scalar(select(Staff).where(Staff.telegram_id == telegram_id))
        if member is None:
            sys.stderr.write(f"nobody with the Telegram id {telegram_id} is registered\n")
            return 1
        member.active = False
    return 0


async def _list(database: Database) -> int:
    async with database.read() as session:
        for member in await session.scalars(select(Staff).order_by(Staff.name)):
            state = "" if member.active else "  (removed)"
            sys.stdout.write(f"{member.telegram_id}  {member.name}{state}\n")
    return 0
