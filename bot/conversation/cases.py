"""The person's side of the hand-off: asking for a human, agreeing, writing, taking it back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversation import menus
from bot.conversation.flows import runs
from bot.conversation.incoming import PersonMessage
from bot.conversation.replies import CaseStep, Lines, Part, Phrase, Reply
from bot.conversation.turn import Parts, Turn
from bot.handoff import events as ev
from bot.handoff.effects import Effect, EraseCase, RefreshHeader, TellPerson, TellStaff
from bot.handoff.states import SHARED, CaseView, State, case_number
from bot.handoff.transition import transition
from bot.storage import cases, persons
from bot.storage.models import Case, CaseEvent, CaseMessage, Exchange, Person, Staff
from flows.guide.form import FLOWS

OVER = frozenset({State.NONE, State.RESOLVED, State.WITHDRAWN})
"""States in which the bot speaks alone."""
FIRST_STRONG_ISOLATE, POP_ISOLATE = "\u2068", "\u2069"


async def office_now(session: AsyncSession, parts: Parts, now: datetime) -> ev.Office:
    """The office as it is at this moment."""
    return ev.Office(
        open=parts.hours.is_open(now),
        staffed=await cases.any_staff(session),
        closes_at=parts.hours.closing(now),
        opens_at=parts.hours.next_opening(now),
    )


async def apply(turn: Turn, event: ev.Event, *, staff: int | None = None) -> None:
    """Run the transition on the person's case, store it, and add what it asks for to the turn.

    Raises `Refused` (nothing is changed then) if the case does not allow the event.
    """
    before = turn.view
    step = transition(before, event, turn.now)
    turn.case = await _store(turn, before, step.case, event, staff)
    others: list[Effect] = []
    for effect in step.effects:
        if not isinstance(effect, TellPerson):
            others.append(effect)
        elif turn.case is not None:
            turn.items.append(await _tell(turn, effect, turn.case))
        else:
            turn.say(effect.text, rows=menus.for_case(turn, effect.buttons, 0, 0), kind="system")
    if turn.case is not None and others:
        turn.items.append(CaseStep(turn.case, tuple(others)))
        if any(isinstance(effect, EraseCase) for effect in others):
            await persons.erase_texts(turn.session, turn.case)
            return
    await _offer_flow(turn, before, step.case)


async def _offer_flow(turn: Turn, before: CaseView, after: CaseView) -> None:
    """The flow that the hand-off interrupted can go on once the bot speaks alone again."""
    if before.state is not after.state and after.state in OVER:
        await runs.offer_again(turn)


async def _store(turn: Turn, before: CaseView, after: CaseView, event: ev.Event, staff: int | None) -> Case | None:
    case = turn.case
    if after.state is State.NONE:
        # What never left the bot leaves nothing behind.
        if case is not None:
            await turn.session.delete(case)
        return None
    if case is None:
        case = Case(person_id=turn.person.id, opened_at=turn.now, version=0)
        turn.session.add(case)
    case.state, case.version, case.owner_id = after.state.value, after.version, after.owner
    case.reason, case.language, case.topic, case.urgent = after.reason, after.language, after.topic, after.urgent
    case.promised_at, case.changed_at = after.promised_at, after.changed_at or turn.now
    await turn.session.flush()
    if before.state is not after.state:
        turn.session.add(CaseEvent(
            case_id=case.id, at=turn.now, kind=type(event).__name__, from_state=before.state.value,
            to_state=after.state.value, staff_id=staff,
        ))  # fmt: skip
    return case


async def _tell(turn: Turn, effect: TellPerson, case: Case) -> Reply:
    params = dict(effect.params)
    if "staff" in params:
        staff = await turn.session.get(Staff, params["staff"])
        params["staff"] = staff.name if staff else ""
    rows = menus.for_case(turn, effect.buttons, case.id, case.version)
    kind = "farewell" if effect.text == "privacy.erased" else "system"
    parts: tuple[Part, ...] = (Phrase(effect.text, params),)
    if effect.text == "handoff.consent":
        parts += await _preview(turn, case)
    return Reply(parts=parts, language=turn.language, rows=rows, kind=kind)


async def _preview(turn: Turn, case: Case) -> tuple[Part, ...]:
    """Exactly what would be shared, so that consent is given to something a person can see."""
    shared = await cases.exchanges_of(turn.session, turn.person)
    case.last_exchange_id = shared[-1].id if shared else 0
    if not shared:
        return (Phrase("handoff.shared_nothing"),)
    # Asked twice is shared once.
    texts = dict.fromkeys(describe(turn.parts, turn.language, item) for item in shared)
    return (Lines((Phrase("handoff.shared_head"), *map(line, texts))),)


def line(text: str) -> Phrase:
    """A text as an item of a list."""
    return Phrase("handoff.shared_line", {"text": text})


def describe(parts: Parts, language: str, item: Exchange) -> str:
    """An exchange in one line: the person's words if they were kept, and the title of what was answered."""
    title = parts.library.entry(item.entry_id, language).question if item.entry_id else None
    if title and item.question:
        # The two may be written in different directions.
        return f"{FIRST_STRONG_ISOLATE}{item.question}{POP_ISOLATE} · {title}"
    return title or item.question or parts.locales.say(language, "handoff.text_not_kept")


async def request_human(turn: Turn, reason: str, *, topic: str | None = None, urgent: bool = False) -> None:
    """T1: ask for consent; with a case already open, say how that one stands instead."""
    if turn.case is not None and turn.view.state in SHARED:
        await say_status(turn)
        return
    if turn.case is not None:
        await _restart_intake(turn)
    if turn.run is not None:
        topic = topic or FLOWS[turn.run.flow]
        runs.set_aside(turn, handed=True)
    topic = topic or (turn.person.last_entry.split(".")[0] if turn.person.last_entry else None)
    await apply(turn, ev.Requested(reason=reason, language=turn.person.language, topic=topic, urgent=urgent))
    await turn.count("handoff_requested", reason)


async def hand_in(turn: Turn, *, reason: str, topic: str, lines: Sequence[str]) -> None:
    """Something that the person has just agreed to send: a case of its own, or a part of the one that is open."""
    if turn.case is not None and turn.view.state in SHARED:
        _share_lines(turn, turn.case, lines)
        told = TellStaff("desk.handed_in", {"lines": "\n".join(lines)}, alert=True)
        turn.items.append(CaseStep(turn.case, (told,)))
        await say_status(turn)
        return
    if turn.case is not None:
        await _restart_intake(turn)
    await apply(turn, ev.Requested(reason=reason, language=turn.person.language, topic=topic, agreed=True))
    if turn.case is not None:
        _share_lines(turn, turn.case, lines)
    office = await office_now(turn.session, turn.parts, turn.now)
    await apply(turn, ev.Consented(office=office, ahead=await cases.waiting_count(turn.session)))
    await turn.count("handoff_consented", reason)


def _share_lines(turn: Turn, case: Case, lines: Sequence[str]) -> None:
    turn.session.add_all(
        CaseMessage(case_id=case.id, author="shared", at=turn.now, text=text, source_chat_id=0, source_message_id=0)
        for text in lines
    )


async def _restart_intake(turn: Turn) -> None:
    """A second request asks afresh: the question may be far up in the chat, and its buttons are stale then."""
    if turn.case is not None:
        await turn.session.delete(turn.case)
        await turn.session.flush()
        turn.case = None


async def say_status(turn: Turn) -> None:
    """How the open case stands, with the ways out of it."""
    case = turn.case
    if case is None:
        return
    staff = await turn.session.get(Staff, case.owner_id) if case.owner_id else None
    key = f"handoff.status_{turn.view.state.value.lower()}"
    rows = menus.for_case(turn, "waiting", case.id, case.version)
    turn.say(key, rows=rows, kind="system", number=case_number(case.id), staff=staff.name if staff else "",
             time=case.promised_at or "")  # fmt: skip


async def consent(turn: Turn, agreed: str) -> None:
    """T2, T3, T4: the answer to the consent question."""
    if agreed != "yes":
        await apply(turn, ev.Declined())
        await turn.count("handoff_declined")
        return
    office = await office_now(turn.session, turn.parts, turn.now)
    await _share(turn)
    await apply(turn, ev.Consented(office=office, ahead=await cases.waiting_count(turn.session)))
    await turn.count("handoff_consented")


async def _share(turn: Turn) -> None:
    """Move what the person was shown, and nothing newer, from the short memory into the case."""
    case = turn.case
    if case is None or case.last_exchange_id == 0:
        return
    shared = await cases.exchanges_of(turn.session, turn.person, until_id=case.last_exchange_id)
    texts = {describe(turn.parts, turn.parts.office_language, item): item.at for item in reversed(shared)}
    for text, at in reversed(texts.items()):
        turn.session.add(CaseMessage(case_id=case.id, author="shared", at=at, text=text,
                                     source_chat_id=0, source_message_id=0))  # fmt: skip


async def write(turn: Turn, message: PersonMessage) -> None:
    """Store what the person wrote into the case and pass it on (T7, T11)."""
    if turn.case is None:
        return
    await apply(turn, ev.PersonWrote())
    chat_id, message_id = turn.person.chat_id, message.message_id
    kept = await cases.message_by_source(turn.session, chat_id, message_id) if message.edited else None
    if kept is not None:
        kept.text, kept.edited_at = message.text, turn.now
    else:
        turn.session.add(CaseMessage(
            case_id=turn.case.id, author="person", at=turn.now, text=message.text, media=message.media,
            source_chat_id=chat_id, source_message_id=message_id,
        ))  # fmt: skip
    await turn.session.flush()


async def mark_urgent(turn: Turn) -> None:
    """Words of danger fell: the header says so."""
    if turn.case is not None:
        turn.case.urgent = True
        turn.items.append(CaseStep(turn.case, (RefreshHeader(),)))


async def solved(turn: Turn, answer: str) -> None:
    """T11, T12: the answer to "did this solve it?"."""
    if answer == "yes":
        await apply(turn, ev.Solved())
    else:
        await apply(turn, ev.NotSolved(await office_now(turn.session, turn.parts, turn.now)))
    await turn.count("handoff_solved", answer)


async def withdraw(turn: Turn) -> None:
    """T15: the person takes the request back."""
    await apply(turn, ev.Withdrawn())
    await turn.count("handoff_withdrawn")


async def erase_everything(turn: Turn) -> None:
    """/forget, confirmed: every case, every text, the person."""
    owned: Sequence[Case] = await cases.cases_of(turn.session, turn.person)
    for case in owned:
        turn.case = case
        await apply(turn, ev.Withdrawn(erase=True))
    turn.case = None
    # Nothing else that this turn wanted to say or post may outlive the erasure.
    turn.items = [item for item in turn.items if isinstance(item, CaseStep) and EraseCase() in item.effects]
    await persons.erase_person(turn.session, turn.person)
    turn.items.append(Reply(parts=(Phrase("privacy.erased"),), language=turn.language, kind="farewell"))


async def lose(turn: Turn) -> None:
    """T16: the person has blocked the bot."""
    turn.person.reachable = False
    if turn.case is not None and turn.view.state is not State.UNREACHABLE:
        await apply(turn, ev.Blocked())


async def welcome_back(turn: Turn) -> None:
    """T16, the way back."""
    turn.person.reachable = True
    if turn.case is not None and turn.view.state is State.UNREACHABLE:
        await apply(turn, ev.Returned(await office_now(turn.session, turn.parts, turn.now)))


async def turn_for_case(session: AsyncSession, parts: Parts, case: Case, now: datetime) -> Turn | None:
    """A turn that begins at the office's side or with a timer; None if the person is gone."""
    person = await session.get(Person, case.person_id) if case.person_id else None
    if person is None:
        return None
    return Turn(parts=parts, session=session, person=person, case=case, now=now, language=person.language)


