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


def wait(case: CaseView, office: ev.Office, now: datetime) -> CaseView:
    """The case without owner, in the queue or parked. A promise that still holds is kept, a broken one replaced."""
    holds = case.promised_at is not None and case.promised_at > now
    promise = case.promised_at if holds else office.promise if office.staffed else None
    state = State.QUEUED if office.answers else State.PARKED
    return replace(case, state=state, owner=None, promised_at=promise)


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


def news(case: CaseView, after: CaseView, office: ev.Office, text: str) -> TellPerson:
    """What a person who waits is told on an occasion: the promise if it is a new one, else the text alone."""
    if after.promised_at is not None and after.promised_at != case.promised_at:
        return promise(after, office, "released_")
    return TellPerson(text, {"number": case_number(case.id)}, buttons="waiting")


def back_to_owner(case: CaseView, office: ev.Office, now: datetime) -> Move:
    """T11, T13: to the owner if on duty and the office is open, else to whoever comes first."""
    if case.owner is not None and office.open and office.owner_here:
        tell = TellPerson("handoff.still_open", {"number": case_number(case.id), "staff": case.owner}, buttons="human")
        return replace(case, state=State.CLAIMED), (DropBotAnswers(), tell)
    after = wait(case, office, now)
    return after, (promise(after, office, "released_"),)
