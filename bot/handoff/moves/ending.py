"""The end of a case, and what may follow it: T10 to T14."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.handoff import events as ev
from bot.handoff.effects import (
    CloseTopic,
    DropBotAnswers,
    RefreshHeader,
    Relay,
    ReopenTopic,
    TellPerson,
    TellStaff,
)
from bot.handoff.moves.move import Move, Mover, Refused, afresh, back_to_owner
from bot.handoff.states import WITH_HUMAN, CaseView, State, case_number


def _remind_person(case: CaseView, event: ev.PersonReminded, now: datetime) -> Move:
    params = {"number": case_number(case.id), "staff": case.owner}
    return case, (TellPerson("handoff.idle_reminder", params, buttons="human"),)


def _idle(case: CaseView, event: ev.PersonIdle, now: datetime) -> Move:
    params = {"number": case_number(case.id)}
    return replace(case, state=State.RETURN_OFFERED), (
        TellPerson("handoff.idle_question", params, buttons="solved"),
        TellStaff("desk.idle", params),
        RefreshHeader(),
    )


def _finish(case: CaseView, event: ev.Finished, now: datetime) -> Move:
    if event.staff != case.owner:
        raise Refused("handoff.refused_taken", case.state, case.owner)
    params = {"number": case_number(case.id), "staff": case.owner}
    return replace(case, state=State.RETURN_OFFERED), (
        TellPerson("handoff.solved_question", params, buttons="solved"),
        RefreshHeader(),
    )


def _staff_writes_again(case: CaseView, event: ev.StaffWrote, now: datetime) -> Move:
    """After "done" a message of staff takes the case up again."""
    return replace(case, state=State.WAITING_USER, owner=event.staff, promised_at=None, escalated_at=None), (
        DropBotAnswers(),
        TellPerson("handoff.human_here", {"staff": event.staff}, buttons="human"),
        RefreshHeader(),
        Relay(),
    )


def _person_writes_after_done(case: CaseView, event: ev.PersonWrote, now: datetime) -> Move:
    after, tell = back_to_owner(case, event.office or ev.Office(open=True, staffed=True), now)
    return after, (*tell, RefreshHeader(), Relay())


def _not_solved(case: CaseView, event: ev.NotSolved, now: datetime) -> Move:
    after, tell = back_to_owner(case, event.office, now)
    told = TellStaff("desk.not_solved", {"number": case_number(case.id)}, alert=event.office.answers)
    return after, (*tell, told, RefreshHeader())


def _resolve(case: CaseView, event: ev.Solved, now: datetime) -> Move:
    quiet = event.outcome == "no_answer"
    params = {"number": case_number(case.id)}
    staff_text = {"no_answer": "desk.resolved_by_time", "left": "desk.left"}.get(event.outcome, "desk.resolved")
    return replace(case, state=State.RESOLVED), (
        TellPerson("handoff.resolved_by_time" if quiet else "handoff.resolved", params, buttons="menu"),
        TellStaff(staff_text, params),
        RefreshHeader(),
    )


def _reopen(case: CaseView, event: ev.Reopened, now: datetime) -> Move:
    after, tell = back_to_owner(case, event.office, now)
    told = TellStaff("desk.reopened", {"number": case_number(case.id)}, alert=event.office.answers)
    return after, (*tell, ReopenTopic(), told, RefreshHeader(), Relay())


def _take_up(case: CaseView, event: ev.TakenUp, now: datetime) -> Move:
    """It is for whoever took it up. They are there, so nothing is promised: a word of theirs is what comes next."""
    params = {"number": case_number(case.id), "staff": event.staff}
    return replace(afresh(case, now), state=State.CLAIMED, owner=event.staff), (
        DropBotAnswers(),
        TellPerson("handoff.taken_up", params, buttons="human"),
        ReopenTopic(),
        TellStaff("desk.taken_up", params),
        RefreshHeader(),
        Relay(),
    )


def _archive(case: CaseView, event: ev.GraceOver, now: datetime) -> Move:
    return replace(case, state=State.CLOSED), (RefreshHeader(), CloseTopic())


MOVES: dict[tuple[State, type], Mover] = {
    (State.WAITING_USER, ev.PersonReminded): _remind_person,  # T10
    (State.WAITING_USER, ev.PersonIdle): _idle,  # T10
    **{(state, ev.Finished): _finish for state in WITH_HUMAN},  # T10
    (State.RETURN_OFFERED, ev.StaffWrote): _staff_writes_again,
    (State.RETURN_OFFERED, ev.PersonWrote): _person_writes_after_done,  # T11
    (State.RETURN_OFFERED, ev.NotSolved): _not_solved,  # T11
    (State.RETURN_OFFERED, ev.Solved): _resolve,  # T12
    (State.RESOLVED, ev.Reopened): _reopen,  # T13
    (State.RESOLVED, ev.TakenUp): _take_up,  # T13
    (State.RESOLVED, ev.GraceOver): _archive,  # T14
}
