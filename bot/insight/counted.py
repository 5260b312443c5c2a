"""What the database says about a period, summed up by the database: plain numbers, not yet fit to be seen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Integer, case, cast, func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.insight.periods import DAY, WEEK, Period
from bot.storage.models import Case, Counter, Referral, VisitSalt, WeeklyPeople
from bot.storage.visits import ALL, counting, week_of

ABOUT_ENTRIES = ("answered", "opened")
"""Questions that an entry answered, asked in words or by a button."""
WITHOUT_TOPIC = ("explained", "did_you_mean", "out_of_scope", "lost")
QUESTIONS = ABOUT_ENTRIES + WITHOUT_TOPIC
NO_TOPIC = ""
_COUNTED = (*QUESTIONS, "helped_yes", "helped_no", "handed_off", "new_person", "flow_started", "flow_done")

STEP = 300
"""Waiting times are told to five minutes."""

Cells = dict[tuple[str, str], int]
"""Numbers by row and language."""
StepCells = dict[tuple[date, str, str], int]
"""Numbers by day or week, row and language."""


class Waiting(NamedTuple):
    """Seconds until the first reply, of `cases` that got one, in whole `STEP`s; None without any."""

    cases: int
    median: int | None
    ninetieth: int | None


@dataclass(frozen=True)
class Counts:
    """Everything about a period. `counters`: by name, then by row (entry, topic ...) and language."""

    counters: Mapping[str, Cells]
    visits: Cells
    """People added up over the weeks, by topic and language; `*` for all."""
    reply: Cells
    promise: Cells
    outcome: Cells
    referred: Cells
    worked: Cells


async def count(session: AsyncSession, period: Period, zone: ZoneInfo) -> Counts:
    """The numbers of a period; days are those of the office's zone."""
    sums = await _cases(session, period, zone)
    worked = await _referrals(session, period, zone)
    return Counts(
        counters=await _counters(session, period), visits=await _visits(session, period),
        reply=_rows(sums, "replied", "unreplied"), promise=_rows(sums, "kept", "broken", "unpromised"),
        outcome=_rows(sums, "solved", "left", "not_solved", "no_answer", "unasked"),
        referred=_rows(sums, "referred", "unreferred"), worked=worked,
    )  # fmt: skip


def together(parts: Sequence[Counts]) -> Counts:
    """The numbers of a period, from those of all its parts."""
    return Counts(
        counters={name: merged(part.counters[name] for part in parts) for name in _COUNTED},
        **{field.name: merged(getattr(part, field.name) for part in parts)
           for field in fields(Counts) if field.name != "counters"},
    )  # fmt: skip


async def _counters(session: AsyncSession, period: Period) -> dict[str, Cells]:
    query = (
        select(Counter.name, Counter.key, Counter.language, func.sum(Counter.value))
        .where(Counter.day.between(period.first, period.last), Counter.name.in_(_COUNTED))
        .group_by(Counter.name, Counter.key, Counter.language)
    )  # fmt: skip
    found: dict[str, Cells] = {name: {} for name in _COUNTED}
    for name, key, language, value in await session.execute(query):
        found[name][key, language] = int(value)
    return found


async def _visits(session: AsyncSession, period: Period) -> Cells:
    first, last = period.weeks
    query = (
        select(WeeklyPeople.topic, WeeklyPeople.language, func.sum(WeeklyPeople.people))
        .where(WeeklyPeople.week.between(first, last)).group_by(WeeklyPeople.topic, WeeklyPeople.language)
    )  # fmt: skip
    found = {(topic, language): int(people) for topic, language, people in await session.execute(query)}
    for row in await _running(session, first, last):
        found[row.topic, row.language] = found.get((row.topic, row.language), 0) + row.people
    return found


async def _running(session: AsyncSession, first: date, last: date) -> list[Any]:
    """The cells of weeks that are not closed yet: usually the one that runs."""
    weeks = await session.scalars(select(VisitSalt.week).where(VisitSalt.week.between(first, last)))
    return [row for week in weeks.all() for row in await session.execute(counting(week))]


async def people_by_week(session: AsyncSession, first: date, last: date) -> StepCells:
    """Different people in each of the weeks (their Mondays), by topic and language; `*` for all."""
    query = select(WeeklyPeople.week, WeeklyPeople.topic, WeeklyPeople.language, WeeklyPeople.people).where(
        WeeklyPeople.week.between(first, last)
    )
    found = {(week, topic, language): people for week, topic, language, people in await session.execute(query)}
    for week, topic, language, people in await _running(session, first, last):
        found[week, topic, language] = found.get((week, topic, language), 0) + people
    return found


async def questions_by_step(session: AsyncSession, period: Period) -> StepCells:
    """Questions of each step (`steps_of`) by topic and language, with their sums; `*` for all."""
    first = steps_of(period)[0]
    ahead = _days_between(session, first) // (1 if period.kind == "week" else 7)
    topic = case((Counter.name.in_(ABOUT_ENTRIES), _topic_in_key(session)), else_=NO_TOPIC)
    columns = (ahead.label("ahead"), topic.label("topic"), Counter.language)
    query = (
        select(*columns, func.sum(Counter.value))
        .where(Counter.day.between(period.first, period.last), Counter.name.in_(QUESTIONS))
        .group_by("ahead", "topic", Counter.language)
    )  # fmt: skip
    step = DAY if period.kind == "week" else WEEK
    found: StepCells = {}
    for number, row, language, value in await session.execute(query):
        for cell in ((row, language), (ALL, language), (row, ALL), (ALL, ALL)):
            key = (first + number * step, *cell)
            found[key] = found.get(key, 0) + int(value)
    return found


def steps_of(period: Period) -> list[date]:
    """The days of a week; of a longer period the Mondays of all weeks that days of it lie in."""
    first, step = (period.first, DAY) if period.kind == "week" else (week_of(period.first), WEEK)
    return [first + number * step for number in range((period.last - first) // step + 1)]


def _days_between(session: AsyncSession, first: date) -> ColumnElement[int]:
    """From `first` to the day of the counter."""
    if _is_sqlite(session):
        return cast(func.julianday(Counter.day) - func.julianday(first.isoformat()), Integer)
    return cast(Counter.day - literal(first), Integer)


def _topic_in_key(session: AsyncSession) -> ColumnElement[str]:
    """The topic of an entry: what stands before the point."""
    place_of = func.instr if _is_sqlite(session) else func.strpos
    return func.substr(Counter.key, 1, place_of(Counter.key + ".", ".") - 1)


def _is_sqlite(session: AsyncSession) -> bool:
    return session.get_bind().dialect.name == "sqlite"


def _between(column: Any, period: Period, zone: ZoneInfo) -> ColumnElement[bool]:
    begins, ends = (datetime.combine(day, time.min, zone).astimezone(UTC) for day in (period.first, period.last + DAY))
    condition: ColumnElement[bool] = (column >= begins) & (column < ends)
    return condition


async def _cases(session: AsyncSession, period: Period, zone: ZoneInfo) -> dict[str, dict[str, int]]:
    """For each language how many cases reached the office, and how many of them are what the column says."""
    wanted: dict[str, ColumnElement[bool]] = {
        "replied": Case.waited.is_not(None), "unreplied": Case.waited.is_(None),
        "kept": Case.promise_kept.is_(True), "broken": Case.promise_kept.is_(False),
        "unpromised": Case.promise_kept.is_(None), "unasked": Case.outcome.is_(None),
    } | {name: Case.outcome == name for name in ("solved", "left", "not_solved", "no_answer")}  # fmt: skip
    sums = [func.sum(case((condition, 1), else_=0)) for condition in wanted.values()]
    query = select(Case.language, *sums).where(_between(Case.handed_at, period, zone)).group_by(Case.language)
    found = {row[0]: dict(zip(wanted, map(int, row[1:]), strict=True)) for row in await session.execute(query)}
    referred = (
        select(Case.language, func.count(Referral.case_id.distinct())).join(Referral, Referral.case_id == Case.id)
        .where(_between(Case.handed_at, period, zone)).group_by(Case.language)
    )  # fmt: skip
    sent: dict[str, int] = {}
    sent.update((language, number) for language, number in await session.execute(referred))
    for language, numbers in found.items():
        numbers["referred"] = sent.get(language, 0)
        numbers["unreferred"] = numbers["replied"] + numbers["unreplied"] - numbers["referred"]
    return found


def _rows(sums: Mapping[str, Mapping[str, int]], *names: str) -> Cells:
    return {(name, language): numbers[name] for name in names for language, numbers in sums.items()}


async def _referrals(session: AsyncSession, period: Period, zone: ZoneInfo) -> Cells:
    answer = func.coalesce(Referral.worked, case((Referral.asked_at.is_not(None), "no_answer"), else_="unasked"))
    query = (
        select(answer, Case.language, func.count()).join(Case, Case.id == Referral.case_id)
        .where(_between(Case.handed_at, period, zone)).group_by(answer, Case.language)
    )  # fmt: skip
    return {(worked, language): number for worked, language, number in await session.execute(query)}


async def waiting(
    session: AsyncSession, period: Period, zone: ZoneInfo, language: str, *, in_opening_hours: bool
) -> Waiting:
    """How long people waited for the first reply: of all in order the middle one, and the one at nine tenths."""
    column = Case.waited_open if in_opening_hours else Case.waited
    step = (column // STEP).label("step")
    query = select(step, func.count()).where(_between(Case.handed_at, period, zone), column.is_not(None))
    if language != ALL:
        query = query.where(Case.language == language)
    rows = await session.execute(query.group_by(step).order_by(step))
    steps = [((step or 0) * STEP, number) for step, number in rows]
    every = sum(number for _, number in steps)
    return Waiting(every, *(_at(steps, every * tenths / 10) for tenths in (5, 9)))


def _at(steps: Sequence[tuple[int, int]], place: float) -> int | None:
    """The value at that place, in a list of values and how often they come."""
    passed = 0
    for value, number in steps:
        passed += number
        if passed >= place:
            return value
    return None


def merged(cells: Iterable[Cells]) -> Cells:
    """Added up."""
    found: Cells = {}
    for one in cells:
        for key, value in one.items():
            found[key] = found.get(key, 0) + value
    return found
