"""The person takes the request back, or cannot be reached: T15, T16."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.handoff import events as ev
from bot.handoff.effects import CloseTopic, DropBotAnswers, EraseCase, RefreshHeader, TellPerson, TellStaff
from bot.handoff.moves.move import Move, Mover, Refused, afresh, news, promised, wait
from bot.handoff.states import SHARED, CaseView, State, case_number


def _withdraw(case: CaseView, event: ev.Withdrawn, now: datetime) -> Move:
    after = replace(case, state=State.WITHDRAWN)
    if event.erase:
        return after, (EraseCase(), TellPerson("privacy.erased"))
    number = case_number(case.id)
    return after, (
        TellPerson("handoff.withdrawn", {"number": number}, buttons="menu"),
        TellStaff("desk.withdrawn", {"number": number}, alert=True),
        RefreshHeader(),
        CloseTopic(),
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
    rested, stays = afresh(case, now), case.owner is not None and event.office.owner_here
    back = replace(promised(rested, event.office, now), state=State.CLAIMED) if stays else wait(
        rested, event.office, now)  # fmt: skip
    return back, (
        *((DropBotAnswers(),) if stays else ()),
        news(case, back, "handoff.welcome_back"),
        TellStaff("desk.returned", {"number": case_number(case.id)}, alert=True),
        RefreshHeader(),
    )


def _end_unreachable(case: CaseView, event: ev.Finished, now: datetime) -> Move:
    """T16: there is nobody to ask. A case that nobody has can be ended by anybody."""
    if case.owner not in {None, event.staff}:
        raise Refused("handoff.refused_taken", case.state, case.owner)
    return replace(case, state=State.RESOLVED, owner=event.staff), (_ended(case), RefreshHeader())


def _give_up(case: CaseView, event: ev.GraceOver, now: datetime) -> Move:
    """T16: nobody came back."""
    return replace(case, state=State.CLOSED), (_ended(case), RefreshHeader(), CloseTopic())


def _ended(case: CaseView) -> TellStaff:
    return TellStaff("desk.ended_unreachable", {"number": case_number(case.id)})


OVER = (State.RESOLVED, State.CLOSED, State.WITHDRAWN)

MOVES: dict[tuple[State, type], Mover] = {
    **{(state, ev.Withdrawn): _withdraw for state in SHARED},  # T15
    (State.INTAKE, ev.Withdrawn): _withdraw_intake,  # T15
    **{(state, ev.Withdrawn): _erase_stub for state in OVER},  # T15
    **{(state, ev.Blocked): _lose for state in SHARED - {State.UNREACHABLE}},  # T16
    (State.INTAKE, ev.Blocked): _lose_intake,  # T16
    (State.UNREACHABLE, ev.Returned): _return,  # T16, back
    (State.UNREACHABLE, ev.Finished): _end_unreachable,  # T16
    (State.UNREACHABLE, ev.GraceOver): _give_up,  # T16
}
