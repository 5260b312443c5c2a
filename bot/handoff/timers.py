"""What will happen to a case by itself, and when: pure functions of the case, the office calendar and the limits.

Each step of a ladder is set when the one before it fires: after a time in which the bot did not run there is one
reminder, and then the full wait again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.handoff.calendar import Calendar
from bot.handoff.states import OWED, CaseView, State


class Kind(StrEnum):
    """The timers; a case has at most one of each."""

    LAPSE = "lapse"
    QUEUE_REMINDER = "queue_reminder"
    QUEUE_REMINDER_2 = "queue_reminder_2"
    OWNER_REMINDER = "owner_reminder"
    RELEASE = "release"
    ESCALATION = "escalation"
    IDLE_REMINDER = "idle_reminder"
    IDLE = "idle"
    NO_ANSWER = "no_answer"
    GRACE = "grace"


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How long each wait is. Those of the office count in opening time, those of the person by the clock."""

    intake: timedelta = timedelta(minutes=30)
    promise: timedelta = timedelta(hours=4)
    queue_reminder: timedelta = timedelta(minutes=30)
    owner_reminder: timedelta = timedelta(hours=2)
    release: timedelta = timedelta(hours=6)
    idle_reminder: timedelta = timedelta(hours=20)
    idle: timedelta = timedelta(hours=24)
    no_answer: timedelta = timedelta(hours=48)
    grace: timedelta = timedelta(hours=72)
    referral: timedelta = timedelta(days=14)


def timers(case: CaseView, calendar: Calendar, limits: Limits, now: datetime) -> dict[Kind, datetime]:
    """The first steps for a case that has just come to stand as it does; aware times.

    Somebody who cannot be reached is waited for as long as somebody who was helped: both may write again in that time.
    """
    due: dict[Kind, datetime | None] = {}
    match case.state:
        case State.INTAKE:
            due[Kind.LAPSE] = now + limits.intake
        case State.QUEUED:
            due[Kind.QUEUE_REMINDER] = calendar.after(now, limits.queue_reminder)
        case State.CLAIMED:
            due[Kind.OWNER_REMINDER] = calendar.after(now, limits.owner_reminder)
        case State.WAITING_USER:
            due[Kind.IDLE_REMINDER] = now + limits.idle_reminder
        case State.RETURN_OFFERED:
            due[Kind.NO_ANSWER] = now + limits.no_answer
        case State.RESOLVED | State.UNREACHABLE:
            due[Kind.GRACE] = now + limits.grace
        case _:
            pass
    if case.state in OWED and case.promised_at is not None and case.escalated_at is None:
        due[Kind.ESCALATION] = calendar.working_days_after(case.promised_at, 1)
    return {kind: moment for kind, moment in due.items() if moment is not None}


def following(kind: Kind, calendar: Calendar, limits: Limits, now: datetime) -> tuple[Kind, datetime] | None:
    """The next step of the ladder, once `kind` has fired; None after the last one."""
    match kind:
        case Kind.QUEUE_REMINDER:
            step, moment = Kind.QUEUE_REMINDER_2, calendar.after(now, limits.queue_reminder * 2)
        case Kind.OWNER_REMINDER:
            step, moment = Kind.RELEASE, calendar.after(now, limits.release - limits.owner_reminder)
        case Kind.IDLE_REMINDER:
            step, moment = Kind.IDLE, now + (limits.idle - limits.idle_reminder)
        case _:
            return None
    return None if moment is None else (step, moment)
