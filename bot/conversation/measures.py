"""What is measured of every case: first human reply, promise kept, outcome. Facts about the office, not the person."""

from __future__ import annotations

from datetime import datetime

from bot.handoff import events as ev
from bot.handoff.calendar import Calendar
from bot.handoff.states import OWED, CaseView, State
from bot.storage.models import Case


def measure(case: Case, before: CaseView, after: CaseView, event: ev.Event, now: datetime) -> None:
    """Note on the case what the event says about it; called before the case is changed."""
    if isinstance(event, ev.StaffWrote) and after.state is State.WAITING_USER:
        # A colleague's message that is held has not been said to anybody.
        _first_reply(case, before, now)
    if isinstance(event, ev.Consented):
        case.handed_at = now
    if _promise_broken(before, after, event, now):
        case.promise_kept = False
    if isinstance(event, ev.Finished | ev.PersonIdle) and after.state is State.RETURN_OFFERED:
        case.outcome_asked_at = case.outcome_asked_at or now
        case.ended_by = before.owner
    if isinstance(event, ev.Solved):
        case.outcome = event.outcome
    if isinstance(event, ev.NotSolved):
        case.outcome = "not_solved"


def note_wait(case: Case, calendar: Calendar) -> None:
    """How long the person waited for the first reply, in all and in opening hours."""
    if case.handed_at is None or case.first_reply_at is None:
        return
    case.waited = round((case.first_reply_at - case.handed_at).total_seconds())
    if calendar.known:
        case.waited_open = round(calendar.open_between(case.handed_at, case.first_reply_at).total_seconds())


def _first_reply(case: Case, before: CaseView, now: datetime) -> None:
    if before.promised_at is not None and case.promise_kept is None:
        case.promise_kept = now <= before.promised_at
    case.first_reply_at = case.first_reply_at or now


def _promise_broken(before: CaseView, after: CaseView, event: ev.Event, now: datetime) -> bool:
    """Nobody had written when the time came, though the office owed it, whatever became of the case then."""
    if isinstance(event, ev.StaffWrote) or before.promised_at is None or now <= before.promised_at:
        return False
    if before.state not in OWED:
        return False
    given_up = after.state not in OWED
    return given_up or isinstance(event, ev.PromiseMissed) or after.promised_at != before.promised_at
