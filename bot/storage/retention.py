"""How long each kind of data is kept, and what erases it: the one place that says so.

The privacy page, `python -m bot retention` and docs/data-protection.md are made from it or compared with it by a test.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, Select, delete, exists, func, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.storage import persons
from bot.storage.away import DatabaseAway
from bot.storage.database import Database
from bot.storage.flows import unwanted_runs
from bot.storage.models import (
    Audit,
    Base,
    Case,
    CaseEvent,
    CaseMessage,
    Counter,
    DeskSession,
    Erasure,
    Exchange,
    FlowRun,
    InboxUpdate,
    OutboxMessage,
    Person,
    Referral,
    Reminder,
    Staff,
    StaffAbsence,
    Timer,
    Unanswered,
    Upload,
    Visit,
    VisitSalt,
    WeeklyPeople,
)
from bot.storage.office import GROUP_BACK, GROUP_LOST
from flows.guide.form import SENSITIVE

log = logging.getLogger(__name__)

SENSITIVE_HOURS = 1
"""After so long without a word a sensitive flow counts as ended, and nothing may remain of it."""
SESSION_HOURS = 24
"""Nobody stays logged in at the desk for longer."""
VISIT_DAYS = 7
"""A week's names of visitors are gone when the week is over (`bot.storage.visits.close_weeks`)."""
GONE = "–"
"""What stands in the place of the name of somebody who left the office long ago."""
BATCH = 100
"""Rows of a table that one transaction erases: nobody waits for more than that."""
SHARE = 0.2
"""Of the time that erasing takes at most, whatever there is to erase; the rest belongs to everybody else."""
ONCE_AN_HOUR = timedelta(hours=1)

Erase = Callable[[AsyncSession, "Old", datetime], Awaitable[int]]
"""Erases a batch of what rested before the moment; returns how many rows it found."""
Which = Callable[[datetime], tuple[ColumnElement[bool], ...]]
"""What holds for the rows that rested before the moment."""


async def _delete(session: AsyncSession, old: Old, before: datetime) -> int:
    key = tuple(old.model.__mapper__.primary_key)
    erasing = delete(old.model).where(tuple_(*key).in_(old.batch(before))).execution_options(synchronize_session=False)
    return _count(await session.execute(erasing))


def _count(result: Any) -> int:
    return result.rowcount if isinstance(result, CursorResult) else 0


@dataclass(frozen=True)
class Old:
    """What of a table has been kept long enough, and how it is erased."""

    model: type[Base]
    which: Which
    erase: Erase = _delete

    def batch(self, before: datetime) -> Select[Any]:
        """The keys of the rows that one transaction erases."""
        return select(*self.model.__mapper__.primary_key).where(*self.which(before)).limit(BATCH)


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A kind of data. Its text is `kept.<name>` in the locales; `unit` is hours or days."""

    name: str
    count: int
    unit: str
    setting: str
    """What an operator sets; empty: it cannot be changed."""
    tables: tuple[type[Base], ...]
    old: tuple[Old, ...] = ()
    """Empty: more has to be done than rows erased (`bot.conversation.timers`, `bot.backup`)."""
    for_people: bool = True
    """Stands on the privacy page; otherwise it is about staff."""

    @property
    def lasts(self) -> timedelta:
        """How long the data are kept."""
        return timedelta(**{self.unit: self.count})

    @property
    def looked_at_every(self) -> timedelta:
        """Nothing is kept for more than a thousandth of its time, or an hour, too long."""
        return min(self.lasts / 1000, ONCE_AN_HOUR)


@dataclass(frozen=True, kw_only=True)
class Retention:
    """The figures; each is a setting (README, Settings)."""

    exchange_hours: int
    flow_days: int
    retention_days: int
    unanswered_days: int
    person_days: int
    traffic_days: int
    audit_days: int
    statistics_days: int
    staff_days: int
    backup_days: int

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Every kind of data, in the order in which people read of them."""
        return (
            Rule(name="person", count=self.person_days, unit="days", setting="PERSON_DAYS",
                 tables=(Person, Reminder), old=_PERSONS),
            Rule(name="questions", count=self.exchange_hours, unit="hours", setting="EXCHANGE_HOURS",
                 tables=(Exchange,), old=_QUESTIONS),
            Rule(name="flows", count=self.flow_days, unit="days", setting="FLOW_DAYS", tables=(FlowRun,), old=_RUNS),
            Rule(name="sensitive", count=SENSITIVE_HOURS, unit="hours", setting="", tables=(FlowRun,),
                 old=_SENSITIVE_RUNS),
            Rule(name="cases", count=self.retention_days, unit="days", setting="RETENTION_DAYS",
                 tables=(CaseMessage, Upload, Referral, OutboxMessage)),
            Rule(name="unanswered", count=self.unanswered_days, unit="days", setting="UNANSWERED_DAYS",
                 tables=(Unanswered,), old=_UNANSWERED),
            Rule(name="visits", count=VISIT_DAYS, unit="days", setting="", tables=(Visit, VisitSalt)),
            Rule(name="traffic", count=self.traffic_days, unit="days", setting="TRAFFIC_DAYS",
                 tables=(InboxUpdate, OutboxMessage), old=_TRAFFIC),
            Rule(name="audit", count=self.audit_days, unit="days", setting="AUDIT_DAYS", tables=(Audit,), old=_AUDIT),
            Rule(name="statistics", count=self.statistics_days, unit="days", setting="STATISTICS_DAYS",
                 tables=(Counter, WeeklyPeople, Case, CaseEvent, Referral, Timer), old=_STATISTICS),
            Rule(name="backups", count=self.backup_days, unit="days", setting="BACKUP_DAYS", tables=()),
            Rule(name="erasures", count=self.backup_days, unit="days", setting="BACKUP_DAYS", tables=(Erasure,),
                 old=_ERASURES),
            Rule(name="staff", count=self.staff_days, unit="days", setting="STAFF_DAYS",
                 tables=(Staff, StaffAbsence), old=_STAFF, for_people=False),
            Rule(name="sessions", count=SESSION_HOURS, unit="hours", setting="", tables=(DeskSession,),
                 old=_SESSIONS, for_people=False),
        )  # fmt: skip

    def before(self, name: str, now: datetime) -> datetime:
        """What rested before this moment has been kept long enough."""
        return now - next(rule.lasts for rule in self.rules if rule.name == name)


class Pace:
    """Lets work that comes in pieces take a share of the time at most: after each piece it rests, the longer the more
    the piece took. What a piece had to wait for others counts as well: where much is going on it rests longer.
    """

    def __init__(
        self, share: float, clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:  # fmt: skip
        self._rests = 1 / share - 1
        self._clock = clock
        self._sleep = sleep
        self._next_at = clock()

    @contextlib.asynccontextmanager
    async def piece(self) -> AsyncIterator[None]:
        """Around one piece; begins when the last one has been rested from."""
        await self._sleep(max(self._next_at - self._clock(), 0))
        began = self._clock()
        try:
            yield
        finally:
            ended = self._clock()
            self._next_at = ended + self._rests * (ended - began)


class Cleaning:
    """Erases what has been kept long enough, a little at a time. A rule that fails does not hold up the others."""

    def __init__(self, database: Database, retention: Retention, pace: Pace | None = None) -> None:
        self._database = database
        self._rules = [rule for rule in retention.rules if rule.old]
        self._pace = pace or Pace(SHARE)
        self._looked: dict[str, datetime] = {}

    async def look(self, now: datetime) -> bool:
        """Look at every rule whose time has come again, and erase a batch of each that has something to erase.

        Returns whether there is more to erase at once.
        """
        asked = [rule for rule in self._rules if self._is_time(rule, now)]
        found = await self._found(asked, now) if asked else []
        self._looked |= {rule.name: now for rule in asked if rule not in found}
        more = False
        for rule in found:
            try:
                if await self._erase(rule, now):
                    self._looked[rule.name] = now
                else:
                    more = True
            except DatabaseAway:
                raise
            except Exception:
                log.exception("what the rule %s says could not be erased; the next round tries again", rule.name)
        return more

    def _is_time(self, rule: Rule, now: datetime) -> bool:
        last = self._looked.get(rule.name)
        # A clock that was set back must not put anything off.
        return last is None or not last <= now < last + rule.looked_at_every

    async def _found(self, rules: Sequence[Rule], now: datetime) -> Sequence[Rule]:
        """Which of the rules have something to erase. Reading holds up nobody, as a transaction that writes does."""
        there = (or_(*(old.batch(now - rule.lasts).exists() for old in rule.old)) for rule in rules)
        try:
            async with self._database.read() as session:
                answers = (await session.execute(select(*there))).one()
        except DatabaseAway:
            raise
        except Exception:
            log.exception("it could not be seen which rules have something to erase; each is tried")
            return rules
        return [rule for rule, answer in zip(rules, answers, strict=True) if answer]

    async def _erase(self, rule: Rule, now: datetime) -> bool:
        """Erase a batch; whether nothing is left."""
        async with self._pace.piece(), self._database.write() as session:
            counts = [await old.erase(session, old, now - rule.lasts) for old in rule.old]
        return max(counts) < BATCH


async def _erase_persons(session: AsyncSession, old: Old, before: datetime) -> int:
    query = select(Person).where(*old.which(before)).limit(BATCH).with_for_update(skip_locked=True)
    found = (await session.scalars(query)).all()
    await persons.erase_persons(session, found)
    return len(found)


def _silent(before: datetime) -> tuple[ColumnElement[bool], ...]:
    """Who has not written for long: no case of theirs is kept any more, they await nothing and want nothing kept."""
    has_case = exists().where(Case.person_id == Person.id)
    awaits = exists().where(Reminder.person_id == Person.id) | exists().where(
        FlowRun.person_id == Person.id, FlowRun.kept)  # fmt: skip
    on_hold = func.coalesce(Person.muted_until, before) > before
    return Person.seen_at < before, ~has_case, ~awaits, ~on_hold


async def _forget_danger(session: AsyncSession, old: Old, before: datetime) -> int:
    forgetting = update(Person).where(Person.id.in_(old.batch(before))).values(danger_at=None)
    return _count(await session.execute(forgetting.execution_options(synchronize_session=False)))


def _over(before: datetime) -> tuple[ColumnElement[bool], ...]:
    """What went out. What belongs to a case goes with it: copies are corrected for as long."""
    return (OutboxMessage.case_id.is_(None), OutboxMessage.state.not_in(("pending", "sending")),
            OutboxMessage.created_at < before)  # fmt: skip


def _of_staff(before: datetime) -> tuple[ColumnElement[bool], ...]:
    """All but the line that says whether the bot may work in the group (`office.group_is_lost`)."""
    group = select(func.max(Audit.id)).where(Audit.action.in_((GROUP_LOST, GROUP_BACK))).scalar_subquery()
    return Audit.at < before, Audit.id != func.coalesce(group, 0)


def _left(before: datetime) -> tuple[ColumnElement[bool], ...]:
    return ~Staff.active, Staff.left_at < before, Staff.name != GONE


async def _forget_names(session: AsyncSession, old: Old, before: datetime) -> int:
    """The number of who left stays, for the record of what was done; nothing else does."""
    nothing = {"telegram_id": None, "login": None, "password_hash": None, "totp_secret": None}
    forgetting = update(Staff).where(Staff.id.in_(old.batch(before))).values(name=GONE, **nothing)
    return _count(await session.execute(forgetting.execution_options(synchronize_session=False)))


_PERSONS = (Old(Person, _silent, _erase_persons),)
_QUESTIONS = (
    Old(Person, lambda before: (Person.danger_at < before,), _forget_danger),
    Old(Exchange, lambda before: (Exchange.at < before,)),
)
_RUNS = (Old(FlowRun, lambda before: (unwanted_runs(before),)),)
_SENSITIVE_RUNS = (Old(FlowRun, lambda before: (FlowRun.flow.in_(SENSITIVE), FlowRun.changed_at < before)),)
_UNANSWERED = (Old(Unanswered, lambda before: (Unanswered.asked_on < before.date(),)),)
_TRAFFIC = (Old(InboxUpdate, lambda before: (InboxUpdate.done_at < before,)), Old(OutboxMessage, _over))
_AUDIT = (Old(Audit, _of_staff),)
_STATISTICS = (
    Old(Counter, lambda before: (Counter.day < before.date(),)),
    Old(WeeklyPeople, lambda before: (WeeklyPeople.week < before.date(),)),
    # What is left of a case: events, referrals and timers go with it.
    Old(Case, lambda before: (Case.person_id.is_(None), Case.active_at < before)),
)
_ERASURES = (Old(Erasure, lambda before: (Erasure.at < before,)),)
_SESSIONS = (Old(DeskSession, lambda before: (DeskSession.created_at < before,)),)
_STAFF = (Old(Staff, _left, _forget_names), Old(StaffAbsence, lambda before: (StaffAbsence.last < before.date(),)))
