"""A transition carried out, inside one transaction: the case stored, measured and timed, and what is said about it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversation import menus
from bot.conversation.calendars import calendar_of
from bot.conversation.consent import preview
from bot.conversation.flows import runs
from bot.conversation.measures import measure, note_wait
from bot.conversation.replies import CaseStep, Part, Phrase, Quote, Reply
from bot.conversation.turn import Parts, Turn
from bot.handoff import events as ev
from bot.handoff.effects import Effect, EraseCase, HoldMessage, Relay, TellPerson
from bot.handoff.states import CaseView, State
from bot.handoff.timers import Kind, timers
from bot.handoff.transition import Step, transition
from bot.storage import cases, office, persons
from bot.storage.models import Case, CaseEvent, CaseMessage, Person, Staff

ALONE = frozenset({State.NONE, State.RESOLVED, State.CLOSED, State.WITHDRAWN})
"""States in which the bot speaks alone."""


async def office_now(session: AsyncSession, parts: Parts, now: datetime, *, owner: int | None = None) -> ev.Office:
    """The office as it is at this moment, for a case of `owner` (a staff id). Without its group nobody is called."""
    calendar = await calendar_of(session, parts.calendar)
    present = await office.on_duty(session, now.astimezone(calendar.zone).date())
    return ev.Office(
        open=calendar.is_open(now), staffed=bool(present) and not await office.group_is_lost(session),
        opens_at=calendar.next_opening(now), promise=calendar.promise(now, parts.limits.promise),
        owner_here=any(member.id == owner for member in present),
    )  # fmt: skip


async def office_for(turn: Turn) -> ev.Office:
    """The office as it is for the turn's case."""
    return await office_now(turn.session, turn.parts, turn.now, owner=turn.view.owner)


async def apply(
    turn: Turn, event: ev.Event, *, staff: int | None = None, message: CaseMessage | None = None
) -> None:
    """Run the transition on the person's case, store it, and add what it asks for to the turn.

    `message`: the stored message that is passed on. Raises `Refused` (nothing is changed then) if the case does not
    allow the event.
    """
    before = turn.view
    step = transition(before, event, turn.now)
    turn.case = await _store(turn, before, step, event, staff)
    for effect in step.effects:
        if isinstance(effect, TellPerson):
            turn.items.append(await _tell(turn, effect, turn.case))
    others = tuple(_about(effect, message) for effect in step.effects if not isinstance(effect, TellPerson))
    if turn.case is not None and others:
        turn.items.append(CaseStep(turn.case, others))
        if any(isinstance(effect, EraseCase) for effect in others):
            await persons.erase_texts(turn.session, turn.case)
            return
    await _offer_flow(turn, before, step.case)


async def take_up(turn: Turn, event: ev.Reopened | ev.TakenUp, *, staff: int | None = None) -> None:
    """T13: the turn's case goes on after its end, and gets what the person wrote meanwhile. Raises `Refused`."""
    written = await cases.asked_about(turn.session, turn.case) if turn.case is not None else ()
    await apply(turn, event, staff=staff, message=next(iter(written), None))
    for message in written:
        message.author = "person"
    if turn.case is not None:
        turn.items += [CaseStep(turn.case, (Relay(message.id),)) for message in written[1:]]


def _about(effect: Effect, message: CaseMessage | None) -> Effect:
    return Relay(message.id) if isinstance(effect, Relay) and message is not None else effect


async def _offer_flow(turn: Turn, before: CaseView, after: CaseView) -> None:
    """The flow that the hand-off interrupted can go on once the bot speaks alone again, to somebody who hears it."""
    if before.state not in {after.state, State.UNREACHABLE} and after.state in ALONE:
        await runs.offer_again(turn)


async def _store(turn: Turn, before: CaseView, step: Step, event: ev.Event, staff: int | None) -> Case | None:
    case, after = turn.case, step.case
    if after.state is State.NONE:
        # What never left the bot leaves nothing behind.
        if case is not None:
            await turn.session.delete(case)
        return None
    if case is None:
        case = Case(person_id=turn.person.id, opened_at=turn.now, version=0)
        turn.session.add(case)
    measure(case, before, after, event, turn.now)
    if case.first_reply_at is not None and case.waited is None:
        note_wait(case, await calendar_of(turn.session, turn.parts.calendar))
    case.state, case.version, case.owner_id = after.state.value, after.version, after.owner
    case.reason, case.language, case.topic, case.urgent = after.reason, after.language, after.topic, after.urgent
    case.promised_at, case.escalated_at = after.promised_at, after.escalated_at
    case.changed_at, case.active_at = after.changed_at or turn.now, turn.now
    await turn.session.flush()
    if (before.state, before.owner, before.escalated_at) != (after.state, after.owner, after.escalated_at):
        turn.session.add(CaseEvent(
            case_id=case.id, at=turn.now, kind=type(event).__name__, from_state=before.state.value,
            to_state=after.state.value, staff_id=staff,
        ))  # fmt: skip
    # A message that is held has been said to nobody, so everybody goes on waiting.
    told = isinstance(event, ev.StaffWrote) and HoldMessage() not in step.effects
    if after.version != before.version or told:
        await _set_timers(turn, case, after)
    if isinstance(event, ev.Solved) and case.summary:
        # E17: the bot knows what was agreed, and can offer to share it in a later hand-off.
        await persons.remember(turn.session, turn.person, turn.now, question=case.summary, entry_id=None,
                               language=turn.parts.office_language)  # fmt: skip
    return case


async def _set_timers(turn: Turn, case: Case, after: CaseView) -> None:
    """The timers of the state. A promise made anew does not put off the escalation of the first one."""
    calendar = await calendar_of(turn.session, turn.parts.calendar)
    due = timers(after, calendar, turn.parts.limits, turn.now)
    if Kind.ESCALATION in due:
        first = await office.timer_due(turn.session, case, Kind.ESCALATION)
        due[Kind.ESCALATION] = min(due[Kind.ESCALATION], first or due[Kind.ESCALATION])
    await office.set_timers(turn.session, case, {kind.value: moment for kind, moment in due.items()})


async def _tell(turn: Turn, effect: TellPerson, case: Case | None) -> Reply:
    params = dict(effect.params)
    if "staff" in params:
        staff = await turn.session.get(Staff, params["staff"]) if params["staff"] else None
        params["staff"] = staff.name if staff else turn.parts.locales.say(turn.language, "handoff.somebody")
    rows = menus.for_case(turn, effect.buttons, case.id if case else 0, case.version if case else 0)
    kind = "farewell" if effect.text == "privacy.erased" else "system"
    parts: tuple[Part, ...] = (Phrase(effect.text, params),)
    if effect.text == "handoff.consent" and case is not None:
        parts += await preview(turn, case)
    if effect.text == "handoff.solved_question" and case is not None and case.summary:
        parts += (Quote(case.summary),)
    return Reply(parts=parts, language=turn.language, rows=rows, kind=kind)


async def turn_for_case(session: AsyncSession, parts: Parts, case: Case, now: datetime) -> Turn | None:
    """A turn that begins at the office's side or with a timer; None if the person is gone."""
    person = await session.get(Person, case.person_id) if case.person_id else None
    if person is None:
        return None
    return Turn(parts=parts, session=session, person=person, case=case, now=now, language=person.language)
