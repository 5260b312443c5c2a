"""The tables. Texts of persons stand only where a person agreed to it, or for hours (`Exchange`), or until sent."""

from bot.storage.models.base import Base, Moment
from bot.storage.models.cases import NOT_DELETED, OPEN_STATES, Case, CaseEvent, CaseMessage, Referral, Timer, Upload
from bot.storage.models.office import Audit, CalendarException, DeskSession, OfficeWeek, Staff, StaffAbsence, StaffGroup
from bot.storage.models.people import (
    Counter,
    Erasure,
    Exchange,
    FlowRun,
    Person,
    Reminder,
    Unanswered,
    Visit,
    VisitSalt,
    WeeklyPeople,
)
from bot.storage.models.queues import InboxUpdate, OutboxMessage, Worker

__all__ = [
    "Audit",
    "Base",
    "CalendarException",
    "Case",
    "CaseEvent",
    "CaseMessage",
    "Counter",
    "DeskSession",
    "Erasure",
    "Exchange",
    "FlowRun",
    "InboxUpdate",
    "Moment",
    "NOT_DELETED",
    "OPEN_STATES",
    "OfficeWeek",
    "OutboxMessage",
    "Person",
    "Referral",
    "Reminder",
    "Staff",
    "StaffAbsence",
    "StaffGroup",
    "Timer",
    "Unanswered",
    "Upload",
    "Visit",
    "VisitSalt",
    "WeeklyPeople",
    "Worker",
]
