"""What the tests of the hand-off share: a moment, the office in every mood, and every event there is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from bot.handoff import events as ev
from bot.handoff.effects import Effect, TellPerson
from bot.handoff.states import OPEN, OWED, WITH_HUMAN, CaseView, State
from bot.handoff.transition import Refused, Step, transition

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
EARLIER = NOW - timedelta(hours=1)
SOON = NOW + timedelta(hours=1)
LATER = NOW + timedelta(hours=4)
TOMORROW = NOW + timedelta(hours=23)
TOMORROW_NOON = TOMORROW + timedelta(hours=4)
ANNA, BERND = 7, 8

OPEN_OFFICE = ev.Office(open=True, staffed=True, opens_at=TOMORROW, promise=LATER)
CLOSED_OFFICE = ev.Office(open=False, staffed=True, opens_at=TOMORROW, promise=TOMORROW_NOON)
NOBODY_THERE = ev.Office(open=True, staffed=False, opens_at=TOMORROW, promise=LATER, owner_here=False)
SHUT_AND_EMPTY = ev.Office(open=False, staffed=False, opens_at=TOMORROW, promise=TOMORROW_NOON, owner_here=False)
HOURS_UNKNOWN = ev.Office(open=True, staffed=True)
SHUT_FOR_GOOD = ev.Office(open=False, staffed=True)
OWNER_AWAY = replace(OPEN_OFFICE, owner_here=False)
OFFICES = [OPEN_OFFICE, CLOSED_OFFICE, NOBODY_THERE, SHUT_AND_EMPTY, HOURS_UNKNOWN, SHUT_FOR_GOOD, OWNER_AWAY]
OWNED = WITH_HUMAN | {State.RETURN_OFFERED}
"""States in which exactly one member of staff has the case."""
OUTCOMES = ("solved", "left", "no_answer")


def a_case(state: State, owner: int | None = None, *, promised_at: datetime | None = None) -> CaseView:
    """A case in a state, with an owner where the state needs one."""
    needs_owner = state in OWNED
    return CaseView(
        id=0 if state is State.NONE else 42, state=state, version=3, reason="button", language="ar", topic="rooms",
        owner=owner or (ANNA if needs_owner else None), changed_at=NOW, promised_at=promised_at,
    )  # fmt: skip


def every_event() -> list[ev.Event]:
    """One event of each kind and each meaning, by the owner and by a colleague, with the office in every mood."""
    staff = [kind(who) for kind in (ev.Claimed, ev.TakenOver, ev.TakenUp, ev.StaffWrote, ev.Finished)
             for who in (ANNA, BERND)]
    with_office = [kind(office) for office in OFFICES
                   for kind in (ev.OfficeOpened, ev.OfficeClosed, ev.OwnerGone, ev.OwnerSilent, ev.NotSolved,
                                ev.Reopened, ev.Returned, ev.PersonWrote)]  # fmt: skip
    return [
        ev.Requested(reason="button", language="ar", topic="rooms"),
        ev.Requested(reason="room_request", language="ar", topic="rooms", agreed=True),
        ev.Declined(), ev.Declined(lapsed=True),
        *[ev.Consented(office=office, ahead=2) for office in OFFICES], *staff, *with_office,
        ev.StaffWrote(BERND, joining=True), ev.PersonWrote(),
        *[ev.Released(who, office) for who in (ANNA, BERND) for office in OFFICES],
        *[ev.Transferred(who, to, office) for who, to in ((ANNA, BERND), (BERND, ANNA)) for office in OFFICES],
        ev.StaffReminded(), ev.PersonReminded(), ev.PersonIdle(), ev.PromiseMissed(),
        *map(ev.Solved, OUTCOMES), ev.GraceOver(), ev.Withdrawn(), ev.Withdrawn(erase=True), ev.Blocked(),
    ]  # fmt: skip


def outcome(case: CaseView, event: ev.Event) -> Step | Refused:
    """What the event does to the case, or why it does nothing."""
    try:
        return transition(case, event, NOW)
    except Refused as refused:
        return refused


def move(state: State, event: ev.Event, owner: int | None = None) -> Step:
    """The event happens to a case in this state."""
    return transition(a_case(state, owner), event, NOW)


def told(step: Step) -> list[str]:
    """The texts the person gets."""
    return [effect.text for effect in step.effects if isinstance(effect, TellPerson)]


def kinds(effects: tuple[Effect, ...]) -> list[type]:
    """What is caused, in order."""
    return [type(effect) for effect in effects]


EVENTS = st.sampled_from(every_event())
OPEN_CASES = [a_case(state) for state in State if state in OPEN]
CASES = [
    *map(a_case, State),
    a_case(State.UNREACHABLE, ANNA),
    a_case(State.RESOLVED, ANNA),
    *[a_case(state, promised_at=moment) for state in State if state in OWED for moment in (EARLIER, SOON)],
    *[replace(a_case(state, promised_at=EARLIER), escalated_at=EARLIER) for state in State if state in OWED],
]
"""Every state, and those in which the office has to act with a promise that holds, is broken, and was reported."""
