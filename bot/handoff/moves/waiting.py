"""From asking for a human being to being taken: T1 to T6, and what happens while a case waits."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.handoff import events as ev
from bot.handoff.effects import (
    AlertCoordinator,
    DropBotAnswers,
    Effect,
    OpenTopic,
    RefreshHeader,
    Relay,
    TellPerson,
    TellStaff,
)
from bot.handoff.moves.move import Move, Mover, Refused, news, promise, wait
from bot.handoff.states import OWED, WAITING, CaseView, State, case_number


def _request(case: CaseView, event: ev.Requested, now: datetime) -> Move:
    fresh = CaseView(id=case.id, state=State.INTAKE, version=case.version, reason=event.reason,
                     language=event.language, topic=event.topic, urgent=event.urgent)  # fmt: skip
    return fresh, () if event.agreed else (TellPerson("handoff.consent", buttons="consent"),)


def _decline(case: CaseView, event: ev.Declined, now: datetime) -> Move:
    text = "handoff.lapsed" if event.lapsed else "handoff.declined"
    return replace(case, state=State.NONE), (TellPerson(text, buttons="menu"),)


def _consent(case: CaseView, event: ev.Consented, now: datetime) -> Move:
    after = wait(case, event.office, now)
    return after, (
        promise(after, event.office, position=event.ahead + 1),
        OpenTopic(alert=after.state is State.QUEUED or case.urgent),
    )


def _office_opens(case: CaseView, event: ev.OfficeOpened, now: datetime) -> Move:
    after = wait(case, event.office, now)
    if after.state is not State.QUEUED:
        raise Refused("handoff.refused_open", case.state)
    number = case_number(case.id)
    return after, (
        news(case, after, "handoff.office_opened"),
        TellStaff("desk.office_opened", {"number": number}, alert=True),
        RefreshHeader(),
    )


def _office_closes(case: CaseView, event: ev.OfficeClosed, now: datetime) -> Move:
    after = wait(case, event.office, now)
    if after.state is not State.PARKED:
        raise Refused("handoff.refused_open", case.state)
    return after, (promise(after, event.office, "closing_"), RefreshHeader())


def _claim(case: CaseView, event: ev.Claimed | ev.StaffWrote, now: datetime) -> Move:
    effects: list[Effect] = [
        DropBotAnswers(),
        TellPerson("handoff.human_here", {"staff": event.staff}, buttons="human"),
        RefreshHeader(),
    ]
    if isinstance(event, ev.StaffWrote):
        after = replace(case, state=State.WAITING_USER, owner=event.staff, promised_at=None, escalated_at=None)
        return after, (*effects, Relay())
    return replace(case, state=State.CLAIMED, owner=event.staff), tuple(effects)


def _remind_staff(case: CaseView, event: ev.StaffReminded, now: datetime) -> Move:
    params = {"number": case_number(case.id), "time": case.changed_at or now}
    if case.state is State.CLAIMED:
        return case, (TellStaff("desk.remind_owner", {**params, "staff": case.owner}, alert=True),)
    return case, (TellStaff("desk.remind_queue", params, alert=True),)


def _escalate(case: CaseView, event: ev.PromiseMissed, now: datetime) -> Move:
    if case.escalated_at is not None:
        raise Refused("handoff.refused_open", case.state, case.owner)
    number = case_number(case.id)
    return replace(case, escalated_at=now), (
        TellPerson("handoff.escalated", {"number": number}, buttons="waiting"),
        TellStaff("desk.escalated", {"number": number}, alert=True),
        AlertCoordinator("desk.escalated", {"number": number}),
        RefreshHeader(),
    )


MOVES: dict[tuple[State, type], Mover] = {
    (State.NONE, ev.Requested): _request,  # T1
    (State.INTAKE, ev.Declined): _decline,  # T2
    (State.INTAKE, ev.Consented): _consent,  # T3, T4
    (State.PARKED, ev.OfficeOpened): _office_opens,  # T5
    (State.QUEUED, ev.OfficeClosed): _office_closes,  # E22
    **{(state, ev.Claimed): _claim for state in WAITING},  # T6
    **{(state, ev.StaffWrote): _claim for state in WAITING},  # T6
    **{(state, ev.StaffReminded): _remind_staff for state in (State.QUEUED, State.CLAIMED)},
    **{(state, ev.PromiseMissed): _escalate for state in OWED},  # T17
}
