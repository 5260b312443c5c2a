"""How long each kind of data is kept, and what erases it: the one place that says so.

The privacy page, `python -m bot retention` and docs/data-protection.md are made from it or compared with it by a test.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, delete, exists, func, select, tuple_, update
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
BATCH = 500
"""Rows that one transaction erases: nobody waits for more than that."""
BATCHES = 20
"""Of so many at once; the next round goes on."""
ONCE_AN_HOUR = timedelta(hours=1)

Erase = Callable[[AsyncSession, datetime, int], Awaitable[int]]
"""Erases at most so many rows that rested before the moment; returns how many it found."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A kind of data. Its text is `kept.<name>` in the locales; `unit` is hours or days."""

    name: str
    count: int
    unit: str
    setting: str
    """What an operator sets; empty: it cannot be changed."""
    tables: tuple[type[Base], ...]
    erase: Erase | None = None
    """None: more has to be done than rows erased (`bot.conversation.timers`, `bot.backup`)."""
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
                 tables=(Person, Reminder), erase=_persons),
            Rule(name="questions", count=self.exchange_hours, unit="hours", setting="EXCHANGE_HOURS",
                 tables=(Exchange,), erase=_questions),
            Rule(name="flows", count=self.flow_days, unit="days", setting="FLOW_DAYS", tables=(FlowRun,), erase=_runs),
            Rule(name="sensitive", count=SENSITIVE_HOURS, unit="hours", setting="", tables=(FlowRun,),
                 erase=_sensitive_runs),
            Rule(name="cases", count=self.retention_days, unit="days", setting="RETENTION_DAYS",
                 tables=(CaseMessage, Upload, Referral, OutboxMessage)),
            Rule(name="unanswered", count=self.unanswered_days, unit="days", setting="UNANSWERED_DAYS",
                 tables=(Unanswered,), erase=_unanswered),
            Rule(name="visits", count=VISIT_DAYS, unit="days", setting="", tables=(Visit, VisitSalt)),
            Rule(name="traffic", count=self.traffic_days, unit="days", setting="TRAFFIC_DAYS",
                 tables=(InboxUpdate, OutboxMessage), erase=_traffic),
            Rule(name="audit", count=self.audit_days, unit="days", setting="AUDIT_DAYS", tables=(Audit,), erase=_audit),
            Rule(name="statistics", count=self.statistics_days, unit="days", setting="STATISTICS_DAYS",
                 tables=(Counter, WeeklyPeople, Case, CaseEvent, Referral, Timer), erase=_statistics),
            Rule(name="backups", count=self.backup_days, unit="days", setting="BACKUP_DAYS", tables=()),
            Rule(name="erasures", count=self.backup_days, unit="days", setting="BACKUP_DAYS", tables=(Erasure,),
                 erase=_erasures),
            Rule(name="staff", count=self.staff_days, unit="days", setting="STAFF_DAYS",
                 tables=(Staff, StaffAbsence), erase=_staff, for_people=False),
            Rule(name="sessions", count=SESSION_HOURS, unit="hours", setting="", tables=(DeskSession,),
                 erase=_sessions, for_people=False),
        )  # fmt: skip

    def before(self, name: str, now: datetime) -> datetime:
        """What rested before this moment has been kept long enough."""
        return now - next(rule.lasts for rule in self.rules if rule.name == name)


class Cleaning:
    """Erases what has been kept long enough, a little at a time. A rule that fails does not hold up the others."""

    def __init__(self, database: Database, retention: Retention) -> None:
        self._database = database
        self._rules = [rule for rule in retention.rules if rule.erase is not None]
        self._looked: dict[str, datetime] = {}

    async def look(self, now: datetime) -> None:
        """Look at every rule whose time has come again."""
        for rule in self._rules:
            last = self._looked.get(rule.name)
            # A clock that was set back must not put anything off.
            if last is not None and last <= now < last + rule.looked_at_every:
                continue
            try:
                if await self._erase(rule, now):
                    self._looked[rule.name] = now
            except DatabaseAway:
                raise
            except Exception:
                log.exception("what the rule %s says could not be erased; the next round tries again", rule.name)

    async def _erase(self, rule: Rule, now: datetime) -> bool:
        """Whether nothing is left to erase."""
        if rule.erase is None:
            return True
        for _ in range(BATCHES):
            async with self._database.write() as session:
                if await rule.erase(session, now - rule.lasts, BATCH) < BATCH:
                    return True
        return False


async def _delete(session: AsyncSession, model: type[Base], limit: int, *which: Any) -> int:
    """Erase at most `limit` rows of a table."""
    key = tuple(model.__mapper__.primary_key)
    chosen = select(*key).where(*which).limit(limit)
    erasing = delete(model).where(tuple_(*key).in_(chosen)).execution_options(synchronize_session=False)
    return _count(await session.execute(erasing))


def _count(result: Any) -> int:
    return result.rowcount if isinstance(result, CursorResult) else 0


async def _persons(session: AsyncSession, before: datetime, limit: int) -> int:
    """Who has not written for long: no case of theirs is kept any more, they await nothing and want nothing kept."""
    has_case = exists().where(Case.person_id == Person.id)
    awaits = exists().where(Reminder.person_id == Person.id) | exists().where(
        FlowRun.person_id == Person.id, FlowRun.kept)  # fmt: skip
    on_hold = func.coalesce(Person.muted_until, before) > before
    silent = select(Person).where(Person.seen_at < before, ~has_case, ~awaits, ~on_hold)
    found = (await session.scalars(silent.limit(limit).with_for_update(skip_locked=True))).all()
    for person in found:
        await persons.erase_person(session, person)
    return len(found)


async def _questions(session: AsyncSession, before: datetime, limit: int) -> int:
    """What was asked, and that words of danger fell."""
    await session.execute(update(Person).where(Person.danger_at < before).values(danger_at=None))
    return await _delete(session, Exchange, limit, Exchange.at < before)


async def _runs(session: AsyncSession, before: datetime, limit: int) -> int:
    return await _delete(session, FlowRun, limit, unwanted_runs(before))


async def _sensitive_runs(session: AsyncSession, before: datetime, limit: int) -> int:
    return await _delete(session, FlowRun, limit, FlowRun.flow.in_(SENSITIVE), FlowRun.changed_at < before)


async def _unanswered(session: AsyncSession, before: datetime, limit: int) -> int:
    return await _delete(session, Unanswered, limit, Unanswered.asked_on < before.date())


async def _traffic(session: AsyncSession, before: datetime, limit: int) -> int:
    """That something came and went. What belongs to a case goes with it: copies are corrected for as long."""
    over = (OutboxMessage.case_id.is_(None), OutboxMessage.state.not_in(("pending", "sending")),
            OutboxMessage.created_at < before)  # fmt: skip
    return max(await _delete(session, InboxUpdate, limit, InboxUpdate.done_at < before),
               await _delete(session, OutboxMessage, limit, *over))  # fmt: skip


async def _audit(session: AsyncSession, before: datetime, limit: int) -> int:
    """All but the line that says whether the bot may work in the group (`office.group_is_lost`)."""
    group = select(func.max(Audit.id)).where(Audit.action.in_((GROUP_LOST, GROUP_BACK))).scalar_subquery()
    return await _delete(session, Audit, limit, Audit.at < before, Audit.id != func.coalesce(group, 0))


async def _statistics(session: AsyncSession, before: datetime, limit: int) -> int:
    """Counts, and what is left of cases: events, referrals and timers go with them."""
    stub = (Case.person_id.is_(None), Case.active_at < before)
    return max(await _delete(session, Counter, limit, Counter.day < before.date()),
               await _delete(session, WeeklyPeople, limit, WeeklyPeople.week < before.date()),
               await _delete(session, Case, limit, *stub))  # fmt: skip


async def _erasures(session: AsyncSession, before: datetime, limit: int) -> int:
    return await _delete(session, Erasure, limit, Erasure.at < before)


async def _sessions(session: AsyncSession, before: datetime, limit: int) -> int:
    return await _delete(session, DeskSession, limit, DeskSession.created_at < before)


async def _staff(session: AsyncSession, before: datetime, limit: int) -> int:
    """Who left: the number stays, for the record of what was done; nothing else does."""
    left = (~Staff.active, Staff.left_at < before, Staff.name != GONE)
    nothing = {"telegram_id": None, "login": None, "password_hash": None, "totp_secret": None}
    await session.execute(update(Staff).where(*left).values(name=GONE, **nothing))
    return await _delete(session, StaffAbsence, limit, StaffAbsence.last < before.date())
