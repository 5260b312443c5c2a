"""The office's calendar: weekly hours, days with other hours or none, public holidays."""

from __future__ import annotations

from sqlalchemy import select
from starlette.responses import Response

from bot.desk.fields import Fields
from bot.desk.opening import (
    HoursError,
    Pair,
    Spans,
    as_pairs,
    holidays_of,
    pairs_in,
    read_spans,
    written_spans,
)
from bot.desk.routing import Page, Role
from bot.desk.visit import NotFound, Visit
from bot.handoff.hours import Week, format_hours, parse_hours
from bot.storage.models import CalendarException, OfficeWeek

LONGEST_HOURS = 400
LONGEST_DAY = 80
FARTHEST_YEARS = 5
LONGEST_EXCEPTION_DAYS = 366
Errors = dict[str, str]


async def show(visit: Visit) -> Response:
    """All of it on one page."""
    return await _calendar(visit)


async def save_week(visit: Visit) -> Response:
    """The hours of the seven weekdays."""
    fields = await visit.fields()
    week, errors = _read_week(visit, fields)
    written = format_hours(week)
    if len(written) > LONGEST_HOURS:
        errors["d0"] = visit.say("calendar.too_much")
    if errors:
        return await _calendar(visit, 422, days=[pairs_in(fields, f"d{day}") for day in range(7)], errors=errors)
    async with visit.desk.database.write() as session:
        row = await session.scalar(select(OfficeWeek).order_by(OfficeWeek.id))
        if row is None:
            session.add(OfficeWeek(hours=written))
        else:
            row.hours = written
        visit.note(session, "calendar_week", detail=written)
    await visit.desk.database.settle()
    return visit.go("calendar", done="calendar.done_week")


async def add_exception(visit: Visit) -> Response:
    """A day, or days in a row, with other hours or none."""
    fields = await visit.fields()
    exception, errors = _read_exception(visit, fields)
    if errors:
        return await _calendar(visit, 422, typed=fields.texts(), errors=errors)
    async with visit.desk.database.write() as session:
        session.add(exception)
        await session.flush()
        visit.note(session, "calendar_add", detail=f"{exception.first} - {exception.last} {exception.hours}")
    await visit.desk.database.settle()
    return visit.go("calendar", done="calendar.done_added", fragment="exceptions")


async def remove_exception(visit: Visit) -> Response:
    """These days are as usual again."""
    async with visit.desk.database.write() as session:
        exception = await session.get(CalendarException, visit.number("id"))
        if exception is None:
            raise NotFound
        await session.delete(exception)
        visit.note(session, "calendar_remove", detail=f"{exception.first} - {exception.last} {exception.hours}")
    await visit.desk.database.settle()
    return visit.go("calendar", done="calendar.done_removed", fragment="exceptions")


def _read_week(visit: Visit, fields: Fields) -> tuple[Week, Errors]:
    week: dict[int, Spans] = {}
    errors: Errors = {}
    for day in range(7):
        try:
            week[day] = read_spans(pairs_in(fields, f"d{day}"))
        except HoursError as error:
            errors[f"d{day}"] = visit.say(error.key)
    return {day: spans for day, spans in week.items() if spans}, errors


def _read_exception(visit: Visit, fields: Fields) -> tuple[CalendarException, Errors]:
    first, errors = fields.day("first"), {}
    # One day is the usual case: its end may stay empty.
    last = fields.day("last") if fields.text("last") else first
    if first is None or not visit.today.year - 1 <= first.year <= visit.today.year + FARTHEST_YEARS:
        errors["first"] = visit.say("calendar.bad_day")
    elif last is None or last < first:
        errors["last"] = visit.say("calendar.bad_last")
    elif (last - first).days >= LONGEST_EXCEPTION_DAYS:
        errors["last"] = visit.say("calendar.too_long")
    try:
        hours = written_spans(_hours_wanted(fields))
    except HoursError as error:
        hours, errors["x"] = "", visit.say(error.key)
    day = first or visit.today
    return CalendarException(first=day, last=last or day, hours=hours, reason=fields.text("reason", 200)), errors


def _hours_wanted(fields: Fields) -> Spans:
    if fields.text("kind") != "other":
        return ()
    spans = read_spans(pairs_in(fields, "x"))
    if not spans or len(written_spans(spans)) > LONGEST_DAY:
        raise HoursError("calendar.no_hours")
    return spans


async def _calendar(
    visit: Visit, status: int = 200, *, days: list[list[Pair]] | None = None,
    typed: dict[str, str] | None = None, errors: Errors | None = None,
) -> Response:  # fmt: skip
    async with visit.desk.database.read() as session:
        stored = await session.scalar(select(OfficeWeek).order_by(OfficeWeek.id))
        query = select(CalendarException).where(CalendarException.last >= visit.today)
        exceptions = (await session.scalars(query.order_by(CalendarException.first, CalendarException.id))).all()
    week = parse_hours(stored.hours) if stored else visit.desk.parts.calendar.week
    return visit.page(
        "calendar.html", status, errors=errors or {}, typed=typed or {}, stored=stored is not None,
        known=any(week.values()), days=days or [as_pairs(week.get(day, ())) for day in range(7)],
        extra=_typed_pairs(typed), exceptions=exceptions,
        holidays=list(holidays_of(visit.today.year, visit.desk.parts.calendar)),
        weekday=lambda day: visit.desk.locales.weekday(visit.language, day),
        day=lambda day: visit.desk.locales.day(visit.language, day),
    )  # fmt: skip


def _typed_pairs(typed: dict[str, str] | None) -> list[Pair]:
    names = ((f"x_{number}_from", f"x_{number}_to") for number in range(2))
    return [Pair(*((typed or {}).get(name, "") for name in pair)) for pair in names]


PAGES = (
    Page("/calendar", "calendar", Role.EDITOR, show, title="calendar.title", menu=60),
    Page("/calendar/week", "calendar_week", Role.EDITOR, save_week, post=True, title="calendar.title"),
    Page("/calendar/exceptions", "calendar_add", Role.EDITOR, add_exception, post=True, title="calendar.title"),
    Page("/calendar/exceptions/{id:int}/remove", "calendar_remove", Role.EDITOR, remove_exception, post=True),
)
