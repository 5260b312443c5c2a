"""The pure transition function: (case, event, now) -> (case, effects). The numbers T1 to T16 are those of the design.

A pair of state and event that is not in `TRANSITIONS` is refused with the text that tells the actor how things stand.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from bot.handoff import events as ev
from bot.handoff.effects import (
    DropBotAnswers,
    Effect,
    EraseCase,
    HoldMessage,
    OpenTopic,
    RefreshHeader,
    Relay,
    TellPerson,
    TellStaff,
)
from bot.handoff.states import OPEN, SHARED, WAITING, WITH_HUMAN, CaseView, State, case_number


@dataclass(eq=False)
class Refused(Exception):
    """The event does not fit the case as it stands; `text` is the message id that explains it to the actor."""

    text: str
    state: State
    owner: int | None = None


class Step(NamedTuple):
    """A case after a transition, and what has to be done about it."""

    case: CaseView
    effects: tuple[Effect, ...]


Move = tuple[CaseView, tuple[Effect, ...]]


def transition(case: CaseView, event: ev.Event, now: datetime) -> Step:
    """Apply `event` to `case` at `now` (aware). Raises `Refused` if the case's state does not allow it.

    The version rises when state or owner change: a button that carries an older one is recognised as stale.
    """
    move = TRANSITIONS.get((case.state, type(event)))
    if move is None:
        raise Refused(_explanation(case), case.state, case.owner)
    after, effects = move(case, event, now)
    if (after.state, after.owner) == (case.state, case.owner):
        return Step(after, effects)
    return Step(replace(after, version=case.version + 1, changed_at=now), effects)


def _explanation(case: CaseView) -> str:
    if case.state is State.UNREACHABLE:
        return "handoff.refused_unreachable"
    if case.state in WITH_HUMAN:
        return "handoff.refused_taken"
    return "handoff.refused_open" if case.state in OPEN else "handoff.refused_over"


def _request(case: CaseView, event: ev.Requested, now: datetime) -> Move:
    fresh = CaseView(id=case.id, state=State.INTAKE, version=case.version, reason=event.reason,
                     language=event.language, topic=event.topic, urgent=event.urgent)  # fmt: skip
    return fresh, () if event.agreed else (TellPerson("handoff.consent", buttons="consent"),)


def _decline(case: CaseView, event: ev.Declined, now: datetime) -> Move:
    text = "handoff.lapsed" if event.lapsed else "handoff.declined"
    return replace(case, state=State.NONE), (TellPerson(text, buttons="menu"),)


def _wait(case: CaseView, office: ev.Office) -> CaseView:
    """The case without owner, in the queue or parked, with the promise that holds for the office as it is."""
    if office.open and office.staffed:
        return replace(case, state=State.QUEUED, owner=None, promised_at=office.closes_at)
    promise = office.opens_at if office.staffed else None
    return replace(case, state=State.PARKED, owner=None, promised_at=promise)


def _promise(case: CaseView, prefix: str) -> str:
    """The message id of the promise: what is said differs by whether a time is known."""
    place = "queued" if case.state is State.QUEUED else "parked"
    return f"handoff.{prefix}{place}" + ("" if case.promised_at else "_no_time")


def _consent(case: CaseView, event: ev.Consented, now: datetime) -> Move:
    after = _wait(case, event.office)
    params: dict[str, Any] = {"number": case_number(case.id), "time": after.promised_at, "position": event.ahead + 1}
    return after, (
        TellPerson(_promise(after, ""), params, buttons="waiting"),
        OpenTopic(alert=after.state is State.QUEUED or case.urgent),
    )


def _office_opens(case: CaseView, event: ev.OfficeOpened, now: datetime) -> Move:
    after = _wait(case, event.office)
    if after.state is not State.QUEUED:
        raise Refused("handoff.refused_open", case.state)
    number = case_number(case.id)
    return after, (
        TellPerson("handoff.office_opened", {"number": number}, buttons="waiting"),
        TellStaff("desk.office_opened", {"number": number}, alert=True),
        RefreshHeader(),
    )


def _claim(case: CaseView, event: ev.Claimed | ev.StaffWrote, now: datetime) -> Move:
    effects: list[Effect] = [
        DropBotAnswers(),
        TellPerson("handoff.human_here", {"staff": event.staff}, buttons="human"),
        RefreshHeader(),
    ]
    if isinstance(event, ev.StaffWrote):
        return replace(case, state=State.WAITING_USER, owner=event.staff), (*effects, Relay())
    return replace(case, state=State.CLAIMED, owner=event.staff), tuple(effects)


def _take_over(case: CaseView, event: ev.TakenOver, now: datetime) -> Move:
    return replace(case, state=State.CLAIMED, owner=event.staff), (
        TellPerson("handoff.human_here", {"staff": event.staff}, buttons="human"),
        TellStaff("desk.taken_over", {"staff": event.staff}),
        RefreshHeader(),
    )


def _claim_again(case: CaseView, event: ev.Claimed, now: datetime) -> Move:
    if event.staff == case.owner:
        raise Refused("handoff.refused_yours", case.state, case.owner)
    raise Refused("handoff.refused_taken", case.state, case.owner)


def _staff_writes(case: CaseView, event: ev.StaffWrote, now: datetime) -> Move:
    if event.staff != case.owner and not event.joining:
        return case, (HoldMessage(),)
    if case.state is State.WAITING_USER:
        return case, (Relay(),)
    return replace(case, state=State.WAITING_USER), (Relay(), RefreshHeader())


def _staff_writes_again(case: CaseView, event: ev.StaffWrote, now: datetime) -> Move:
    """After "done" a message of staff takes the case up again."""
    return replace(case, state=State.WAITING_USER, owner=event.staff), (
        TellPerson("handoff.human_here", {"staff": event.staff}, buttons="human"),
        RefreshHeader(),
        Relay(),
    )


def _person_writes(case: CaseView, event: ev.PersonWrote, now: datetime) -> Move:
    if case.state is State.WAITING_USER:
        return replace(case, state=State.CLAIMED), (Relay(), RefreshHeader())
    return case, (Relay(),)


def _person_writes_after_done(case: CaseView, event: ev.PersonWrote, now: datetime) -> Move:
    return replace(case, state=State.CLAIMED), (
        TellPerson("handoff.still_open", {"number": case_number(case.id), "staff": case.owner}, buttons="human"),
        RefreshHeader(),
        Relay(),
    )


def _release(case: CaseView, event: ev.Released, now: datetime) -> Move:
    if event.staff != case.owner:
        raise Refused("handoff.refused_taken", case.state, case.owner)
    after = _wait(case, event.office)
    params = {"number": case_number(case.id), "time": after.promised_at}
    return after, (
        TellPerson(_promise(after, "released_"), params, buttons="waiting"),
        TellStaff("desk.released", {"staff": event.staff}, alert=True),
        RefreshHeader(),
    )


def _finish(case: CaseView, event: ev.Finished, now: datetime) -> Move:
    if event.staff != case.owner:
        raise Refused("handoff.refused_taken", case.state, case.owner)
    number = case_number(case.id)
    return replace(case, state=State.RETURN_OFFERED), (
        TellPerson("handoff.solved_question", {"number": number, "staff": case.owner}, buttons="solved"),
        RefreshHeader(),
    )


def _not_solved(case: CaseView, event: ev.NotSolved, now: datetime) -> Move:
    number = case_number(case.id)
    if event.office.open:
        tell = TellPerson("handoff.still_open", {"number": number, "staff": case.owner}, buttons="human")
        return replace(case, state=State.CLAIMED), (
            tell, TellStaff("desk.not_solved", {"number": number}, alert=True), RefreshHeader(),
        )  # fmt: skip
    after = _wait(case, event.office)
    return after, (
        TellPerson(_promise(after, "released_"), {"number": number, "time": after.promised_at}, buttons="waiting"),
        TellStaff("desk.not_solved", {"number": number}),
        RefreshHeader(),
    )


def _resolve(case: CaseView, event: ev.Solved, now: datetime) -> Move:
    text = "handoff.resolved_by_time" if event.timed_out else "handoff.resolved"
    staff_text = "desk.resolved_by_time" if event.timed_out else "desk.resolved"
    number = case_number(case.id)
    return replace(case, state=State.RESOLVED), (
        TellPerson(text, {"number": number}, buttons="menu"),
        TellStaff(staff_text, {"number": number}),
        RefreshHeader(),
    )


def _withdraw(case: CaseView, event: ev.Withdrawn, now: datetime) -> Move:
    after = replace(case, state=State.WITHDRAWN)
    if event.erase:
        return after, (EraseCase(), TellPerson("privacy.erased"))
    number = case_number(case.id)
    return after, (
        TellPerson("handoff.withdrawn", {"number": number}, buttons="menu"),
        TellStaff("desk.withdrawn", {"number": number}, alert=True),
        RefreshHeader(),
    )


def _withdraw_intake(case: CaseView, event: ev.Withdrawn, now: datetime) -> Move:
    """Nothing has left the bot yet, so nothing remains."""
    text = "privacy.erased" if event.erase else "handoff.declined"
    return replace(case, state=State.NONE), (TellPerson(text, buttons="" if event.erase else "menu"),)


def _erase_stub(case: CaseView, event: ev.Withdrawn, now: datetime) -> Move:
    """A case that is over holds texts, and has its topic, until it is erased."""
    if not event.erase:
        raise Refused("handoff.refused_over", case.state, case.owner)
    return replace(case, state=State.WITHDRAWN), (EraseCase(), TellPerson("privacy.erased"))


def _lose(case: CaseView, event: ev.Blocked, now: datetime) -> Move:
    return replace(case, state=State.UNREACHABLE), (
        TellStaff("desk.unreachable", {"number": case_number(case.id)}, alert=True),
        RefreshHeader(),
    )


def _lose_intake(case: CaseView, event: ev.Blocked, now: datetime) -> Move:
    return replace(case, state=State.NONE), ()


def _return(case: CaseView, event: ev.Returned, now: datetime) -> Move:
    back = replace(case, state=State.CLAIMED) if case.owner else _wait(case, event.office)
    number = case_number(case.id)
    return back, (
        TellPerson("handoff.welcome_back", {"number": number}, buttons="waiting"),
        TellStaff("desk.returned", {"number": number}, alert=True),
        RefreshHeader(),
    )


TRANSITIONS: dict[tuple[State, type], Callable[[CaseView, Any, datetime], Move]] = {
    (State.NONE, ev.Requested): _request,  # T1
    (State.INTAKE, ev.Declined): _decline,  # T2
    (State.INTAKE, ev.Consented): _consent,  # T3, T4
    (State.PARKED, ev.OfficeOpened): _office_opens,  # T5
    **{(state, ev.Claimed): _claim for state in WAITING},  # T6
    **{(state, ev.StaffWrote): _claim for state in WAITING},  # T6
    **{(state, ev.Claimed): _claim_again for state in WITH_HUMAN},
    **{(state, ev.TakenOver): _take_over for state in WITH_HUMAN},
    **{(state, ev.StaffWrote): _staff_writes for state in WITH_HUMAN},  # T7
    **{(state, ev.PersonWrote): _person_writes for state in WAITING | WITH_HUMAN},  # T7
    **{(state, ev.Released): _release for state in WITH_HUMAN},  # T8
    **{(state, ev.Finished): _finish for state in WITH_HUMAN},  # T10
    (State.RETURN_OFFERED, ev.StaffWrote): _staff_writes_again,
    (State.RETURN_OFFERED, ev.PersonWrote): _person_writes_after_done,  # T11
    (State.RETURN_OFFERED, ev.NotSolved): _not_solved,  # T11
    (State.RETURN_OFFERED, ev.Solved): _resolve,  # T12
    **{(state, ev.Withdrawn): _withdraw for state in SHARED},  # T15
    (State.INTAKE, ev.Withdrawn): _withdraw_intake,  # T15
    **{(state, ev.Withdrawn): _erase_stub for state in (State.RESOLVED, State.WITHDRAWN)},  # T15
    **{(state, ev.Blocked): _lose for state in SHARED - {State.UNREACHABLE}},  # T16
    (State.INTAKE, ev.Blocked): _lose_intake,  # T16
    (State.UNREACHABLE, ev.Returned): _return,  # T16, back
}
