"""While a human being talks with the person: T7 to T9."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.handoff import events as ev
from bot.handoff.effects import DropBotAnswers, HoldMessage, RefreshHeader, Relay, TellPerson, TellStaff
from bot.handoff.moves.move import Move, Mover, Refused, promise, wait
from bot.handoff.states import WAITING, WITH_HUMAN, CaseView, State


def _here(staff: int) -> TellPerson:
    return TellPerson("handoff.human_here", {"staff": staff}, buttons="human")


def _take_over(case: CaseView, event: ev.TakenOver, now: datetime) -> Move:
    return replace(case, state=State.CLAIMED, owner=event.staff), (
        _here(event.staff),
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
    return replace(case, state=State.WAITING_USER, promised_at=None, escalated_at=None), (Relay(), RefreshHeader())


def _person_writes(case: CaseView, event: ev.PersonWrote, now: datetime) -> Move:
    if case.state is State.WAITING_USER:
        return replace(case, state=State.CLAIMED), (Relay(), RefreshHeader())
    return case, (Relay(),)


def _only_owner(case: CaseView, staff: int) -> None:
    if staff != case.owner:
        raise Refused("handoff.refused_taken", case.state, case.owner)


def _release(case: CaseView, event: ev.Released, now: datetime) -> Move:
    _only_owner(case, event.staff)
    after = wait(case, event.office, now)
    return after, (
        promise(after, event.office, "released_"),
        TellStaff("desk.released", {"staff": event.staff}, alert=True),
        RefreshHeader(),
    )


def _owner_gone(case: CaseView, event: ev.OwnerGone, now: datetime) -> Move:
    if event.office.owner_here:
        # Since somebody looked, a colleague who is there has taken the case.
        raise Refused("handoff.refused_taken", case.state, case.owner)
    return _without_owner(case, event.office, now, "desk.owner_gone")


def _owner_silent(case: CaseView, event: ev.OwnerSilent, now: datetime) -> Move:
    return _without_owner(case, event.office, now, "desk.owner_silent")


def _without_owner(case: CaseView, office: ev.Office, now: datetime, text: str) -> Move:
    after = wait(case, office, now)
    told = TellStaff(text, {"staff": case.owner}, alert=True)
    return after, (promise(after, office, "released_"), told, RefreshHeader())


def _transfer(case: CaseView, event: ev.Transferred, now: datetime) -> Move:
    if case.state in WITH_HUMAN:
        _only_owner(case, event.staff)
    if event.to == case.owner:
        raise Refused("handoff.refused_yours", case.state, case.owner)
    if not event.office.owner_here:
        return _transfer_away(case, event, now)
    told = TellStaff("desk.transferred", {"staff": event.staff, "to": event.to}, alert=True)
    state = State.WAITING_USER if case.state is State.WAITING_USER else State.CLAIMED
    return replace(case, state=state, owner=event.to), (DropBotAnswers(), _here(event.to), told, RefreshHeader())


def _transfer_away(case: CaseView, event: ev.Transferred, now: datetime) -> Move:
    """The colleague is not on duty: the case waits, and one that waited goes on, which is no news for the person."""
    told = TellStaff("desk.transfer_away", {"staff": event.staff, "to": event.to}, alert=True)
    if case.state in WAITING:
        return case, (told,)
    after = wait(case, event.office, now)
    return after, (promise(after, event.office, "released_"), told, RefreshHeader())


MOVES: dict[tuple[State, type], Mover] = {
    **{(state, ev.Claimed): _claim_again for state in WITH_HUMAN},
    **{(state, ev.TakenOver): _take_over for state in WITH_HUMAN},
    **{(state, ev.StaffWrote): _staff_writes for state in WITH_HUMAN},  # T7
    **{(state, ev.PersonWrote): _person_writes for state in WAITING | WITH_HUMAN},  # T7
    **{(state, ev.Released): _release for state in WITH_HUMAN},  # T8
    (State.CLAIMED, ev.OwnerGone): _owner_gone,  # T8
    (State.CLAIMED, ev.OwnerSilent): _owner_silent,  # T8
    **{(state, ev.Transferred): _transfer for state in WAITING | WITH_HUMAN},  # T9
}
