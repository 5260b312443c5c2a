"""The office's calendar as it holds now: what the desk set goes before what the settings say."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.handoff.calendar import Calendar, Closure, SpecialDay
from bot.handoff.hours import parse_hours, parse_spans
from bot.storage.models import CalendarException
from bot.storage.office import calendar_rows


async def calendar_of(session: AsyncSession, given: Calendar) -> Calendar:
    """The calendar as the desk set it; `given` (from the settings) where the desk set nothing."""
    hours, exceptions = await calendar_rows(session)
    if hours is None and not exceptions:
        return given
    return replace(
        given, week=given.week if hours is None else parse_hours(hours),
        closures=tuple(Closure(row.first, row.last, row.reason) for row in exceptions if not row.hours),
        special=tuple(day for row in exceptions if row.hours for day in _special_days(row)),
    )  # fmt: skip


def _special_days(row: CalendarException) -> list[SpecialDay]:
    days = (row.last - row.first).days + 1
    return [SpecialDay(row.first + timedelta(days=ahead), parse_spans(row.hours)) for ahead in range(days)]
