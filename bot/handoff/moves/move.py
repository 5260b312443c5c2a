"""What every move is made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from bot.handoff import events as ev
from bot.handoff.effects import DropBotAnswers, Effect, TellPerson
from bot.handoff.states import CaseView, State, case_number


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
Mover = Callable[[CaseView, Any, datetime], Move]


def _holds(case: CaseView, now: datetime) -> bool:
    return case.promised_at is not None and case.promised_at > now


def promised(case: CaseView, office: ev.Office, now: datetime) -> CaseView:
    """A promise that still holds is kept, a broken one replaced."""
    return case if _holds(case, now) else replace(case, promised_at=office.promise if office.staffed else None)


def afresh(case: CaseView, now: datetime) -> CaseView:
    """The case after a time in which the office owed nothing: a promise that ran out meanwhile was not broken."""
    return case if _holds(case, now) else replace(case, promised_at=None, escalated_at=None)


def wait(case: CaseView, office: ev.Office, now: datetime) -> CaseView:
    """The case without owner, in the queue or parked, with a promise that holds if one can be given."""
    state = State.QUEUED if office.answers else State.PARKED
    return replace(promised(case, office, now), state=state, owner=None)


def promise(case: CaseView, office: ev.Office, prefix: str = "", *, position: int = 0) -> TellPerson:
    """What a person who waits is told: what differs is whether somebody is there, and whether a time is known."""
    params: dict[str, Any] = {"number": case_number(case.id)}
    place = "queued" if case.state is State.QUEUED else "parked"
    if not prefix and case.state is State.PARKED and office.open:
        place = "nobody"
    if position:
        params["position"] = position
    if case.promised_at is None:
        place += "_no_time"
    else:
        params |= {"time": case.promised_at, "opens": office.opens_at or case.promised_at}
    return TellPerson(f"handoff.{prefix}{place}", params, buttons="waiting")


def news(case: CaseView, after: CaseView, text: str, buttons: str = "waiting") -> TellPerson:
    """What a person is told on an occasion, and by when they hear from somebody if that is new."""
    params: dict[str, Any] = {"number": case_number(case.id), "staff": after.owner}
    if after.promised_at is not None and after.promised_at != case.promised_at:
        return TellPerson(f"{text}_promised", {**params, "time": after.promised_at}, buttons)
    return TellPerson(text, params, buttons)


def back_to_owner(case: CaseView, office: ev.Office, now: datetime) -> Move:
    """T11, T13: to the owner if on duty and the office is open, else to whoever comes first."""
    rested = afresh(case, now)
    if case.owner is not None and office.open and office.owner_here:
        after = replace(promised(rested, office, now), state=State.CLAIMED)
        return after, (DropBotAnswers(), news(case, after, "handoff.still_open", "human"))
    after = wait(rested, office, now)
    return after, (promise(after, office, "released_"),)
