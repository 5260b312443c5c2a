"""What the tests of the hand-off share: a moment, the office in every mood, and every event there is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from bot.handoff import events as ev
from bot.handoff.states import OPEN, WITH_HUMAN, CaseView, State
from bot.handoff.transition import Refused, Step, transition

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=6)
TOMORROW = NOW + timedelta(hours=23)
ANNA, BERND = 7, 8

OPEN_OFFICE = ev.Office(open=True, staffed=True, closes_at=LATER)
CLOSED_OFFICE = ev.Office(open=False, staffed=True, opens_at=TOMORROW)
NOBODY_THERE = ev.Office(open=True, staffed=False, closes_at=LATER)
HOURS_UNKNOWN = ev.Office(open=True, staffed=True)
OFFICES = [OPEN_OFFICE, CLOSED_OFFICE, NOBODY_THERE, HOURS_UNKNOWN, ev.Office(open=False, staffed=True)]
OWNED = WITH_HUMAN | {State.RETURN_OFFERED}
"""States in which exactly one member of staff has the case."""


def a_case(state: State, owner: int | None = None) -> CaseView:
    """A case in a state, with an owner where the state needs one."""
    needs_owner = state in OWNED
    return CaseView(
        id=0 if state is State.NONE else 42, state=state, version=3, reason="button", language="ar", topic="rooms",
        owner=owner or (ANNA if needs_owner else None), changed_at=NOW,
    )  # fmt: skip


def every_event() -> list[ev.Event]:
    """One event of each kind and each meaning, by the owner and by a colleague."""
    staff = [kind(who) for kind in (ev.Claimed, ev.TakenOver, ev.StaffWrote, ev.Finished) for who in (ANNA, BERND)]
    return [
        ev.Requested(reason="button", language="ar", topic="rooms"), ev.Declined(), ev.Declined(lapsed=True),
        *[ev.Consented(office=office, ahead=2) for office in OFFICES], *map(ev.OfficeOpened, OFFICES), *staff,
        ev.StaffWrote(BERND, joining=True), ev.PersonWrote(),
        *[ev.Released(who, office) for who in (ANNA, BERND) for office in OFFICES],
        *map(ev.NotSolved, OFFICES), ev.Solved(), ev.Solved(timed_out=True), ev.Withdrawn(), ev.Withdrawn(erase=True),
        ev.Blocked(), *map(ev.Returned, OFFICES),
    ]  # fmt: skip


def outcome(case: CaseView, event: ev.Event) -> Step | Refused:
    """What the event does to the case, or why it does nothing."""
    try:
        return transition(case, event, NOW)
    except Refused as refused:
        return refused


EVENTS = st.sampled_from(every_event())
OPEN_CASES = [a_case(state) for state in State if state in OPEN]
