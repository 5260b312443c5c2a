"""How a promise stands, and since when somebody waits."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from bot.handoff.states import OWED, State
from bot.storage.models import Case

SOON = timedelta(hours=1)
"""With less left, a promise is in danger."""


class Promise(StrEnum):
    """What has to be said about the promise of a case."""

    NONE = "none"
    HELD = "held"
    AT_RISK = "at_risk"
    BROKEN = "broken"


def promise_of(case: Case, now: datetime) -> Promise:
    """How the promise stands at `now`; NONE where nothing was promised or the office does not owe an answer."""
    if State(case.state) not in OWED:
        return Promise.NONE
    if case.escalated_at is not None or (case.promised_at is not None and case.promised_at < now):
        return Promise.BROKEN
    if case.promised_at is None:
        return Promise.NONE
    return Promise.AT_RISK if case.promised_at - now < SOON else Promise.HELD


def waiting_since(case: Case) -> datetime:
    """Since when the case is as it is; before the first answer, since the person asked."""
    unanswered = case.first_reply_at is None and State(case.state) in OWED
    return case.opened_at if unanswered else case.changed_at
