"""The person's side of the hand-off: asking for a human, agreeing, writing, taking it back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.conversation import menus
from bot.conversation.attached import attach
from bot.conversation.casework import apply, office_for, office_now, take_up
from bot.conversation.consent import public_subject, share
from bot.conversation.flows import runs
from bot.conversation.hold import is_muted, say_muted
from bot.conversation.incoming import PersonMessage
from bot.conversation.replies import CaseStep, Phrase, Reply
from bot.conversation.turn import Turn
from bot.handoff import events as ev
from bot.handoff.effects import EraseCase, RefreshHeader, Relay, TellStaff
from bot.handoff.states import SHARED, State, case_number
from bot.storage import cases, erasures, persons
from bot.storage.models import Case, CaseMessage, Staff
from flows.guide.form import FLOWS

MOST_REQUESTS, REQUESTS_WITHIN = 5, timedelta(hours=1)
"""Cases of one person, one after the other; in danger there is no limit."""


async def request_human(turn: Turn, reason: str, *, topic: str | None = None, urgent: bool = False) -> None:
    """T1: ask for consent; with a case already open, say how that one stands instead."""
    if say_muted(turn):
        return
    if turn.case is not None and turn.view.state in SHARED:
        await _ask_again(turn, turn.case, topic)
        return
    urgent = urgent or urgent_until(turn) is not None
    if not urgent and await _asked_too_often(turn):
        return
    if turn.case is not None:
        await _restart_intake(turn)
    if turn.run is not None:
        topic = topic or FLOWS[turn.run.flow]
        runs.set_aside(turn, handed=True)
    topic = topic or (turn.person.last_entry.split(".")[0] if turn.person.last_entry else None)
    await apply(turn, ev.Requested(reason=reason, language=turn.person.language, topic=topic, urgent=urgent))
    await turn.count("handoff_requested", reason)


async def _asked_too_often(turn: Turn) -> bool:
    """Whoever asks and takes back again and again would fill the group with topics: they are told when to go on."""
    since = turn.now - REQUESTS_WITHIN
    opened = await cases.opened_since(turn.session, turn.person, since)
    if len(opened) < MOST_REQUESTS:
        return False
    turn.say("limits.requests", kind="system", time=opened[-MOST_REQUESTS] + REQUESTS_WITHIN)
    return True


async def _ask_again(turn: Turn, case: Case, topic: str | None) -> None:
    """E5, E16: one case at a time; another subject may be added to it."""
    await say_status(turn)
    if topic and topic != case.topic:
        rows = menus.for_case(turn, "add", case.id, case.version, topic)
        turn.say("handoff.other_subject", rows=rows, kind="system", number=case_number(case.id),
                 subject=Phrase(f"topic.{topic}"))  # fmt: skip


async def add_subject(turn: Turn, topic: str) -> None:
    """E16: the open case is about this as well."""
    if turn.case is None or say_muted(turn):
        return
    told = TellStaff("desk.other_subject", {"subject": Phrase(f"desk.subject_{public_subject(topic)}")}, alert=True)
    turn.items.append(CaseStep(turn.case, (told,)))
    turn.say("handoff.added", kind="system")
    await _take_up_again(turn)


async def hand_in(turn: Turn, *, reason: str, topic: str, lines: Sequence[str]) -> None:
    """Something that the person has just agreed to send: a case of its own, or a part of the one that is open.

    Somebody on hold may not get here (`say_muted`).
    """
    if turn.case is not None and turn.view.state in SHARED:
        _share_lines(turn, turn.case, lines)
        told = TellStaff("desk.handed_in", {"lines": "\n".join(lines)}, alert=True)
        turn.items.append(CaseStep(turn.case, (told,)))
        if not await _take_up_again(turn):
            await say_status(turn)
        return
    if turn.case is not None:
        await _restart_intake(turn)
    await apply(turn, ev.Requested(reason=reason, language=turn.person.language, topic=topic, agreed=True))
    if turn.case is not None:
        _share_lines(turn, turn.case, lines)
    await _consented(turn)


async def _take_up_again(turn: Turn) -> bool:
    """T11: after "done" something came to be worked on; False in any other state."""
    if turn.view.state is not State.RETURN_OFFERED:
        return False
    await apply(turn, ev.NotSolved(await office_for(turn)))
    return True


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
    ways_out = "solved" if turn.view.state is State.RETURN_OFFERED else "waiting"
    rows = menus.for_case(turn, ways_out, case.id, case.version)
    turn.say(key, rows=rows, kind="system", number=case_number(case.id), staff=staff.name if staff else "",
             position=await cases.place_in_queue(turn.session, case))  # fmt: skip


async def consent(turn: Turn, agreed: str) -> None:
    """T2, T3, T4: the answer to the consent question."""
    if agreed != "yes":
        await apply(turn, ev.Declined())
        await turn.count("handoff_declined")
        return
    if say_muted(turn):
        return
    to_copy = await share(turn)
    await _consented(turn)
    if turn.case is not None:
        turn.items += [CaseStep(turn.case, (Relay(message.id),)) for message in to_copy]


async def _consented(turn: Turn) -> None:
    office = await office_now(turn.session, turn.parts, turn.now)
    await apply(turn, ev.Consented(office=office, ahead=await cases.waiting_count(turn.session)))
    await turn.count("handed_off", turn.view.topic or "")


async def write(turn: Turn, message: PersonMessage, *, language: str | None = None, entry: str | None = None) -> None:
    """Store what the person wrote into the case and pass it on (T7, T11).

    `language`: in which the message is clearly written; `entry`: what the bot would have answered with.
    """
    if turn.case is None:
        return
    kept = await _corrected(turn, message)
    if kept is None:
        kept = _new_message(turn, turn.case, message, author="person")
        kept.language, kept.ref = language or turn.person.language, entry
    await turn.session.flush()
    office = await office_for(turn) if turn.view.state is State.RETURN_OFFERED else None
    await apply(turn, ev.PersonWrote(office), message=kept)


async def correct(turn: Turn, message: PersonMessage) -> None:
    """E35: what the person has changed of an older message is passed on, and nothing else happens."""
    kept = await _corrected(turn, message)
    if turn.case is not None and kept is not None:
        turn.items.append(CaseStep(turn.case, (Relay(kept.id),)))


async def _corrected(turn: Turn, message: PersonMessage) -> CaseMessage | None:
    """The message as it stands after the edit; None if this is no edit of one that was kept."""
    kept = await _kept(turn, message) if message.edited else None
    if kept is not None:
        # One that was deleted at their wish says something again.
        kept.deleted_at = None
        kept.was, kept.text, kept.edited_at = kept.text, message.text, turn.now
        kept.translation, kept.translation_state = None, "wanted" if turn.parts.translates else None
    return kept


def _new_message(turn: Turn, case: Case, message: PersonMessage, *, author: str) -> CaseMessage:
    kept = CaseMessage(
        case_id=case.id, author=author, at=turn.now, text=message.text, media=message.media, album=message.album,
        source_chat_id=turn.person.chat_id, source_message_id=message.message_id,
    )  # fmt: skip
    kept.translation_state = "wanted" if turn.parts.translates and message.text else None
    attach(kept, message.file)
    turn.session.add(kept)
    return kept


async def _kept(turn: Turn, message: PersonMessage) -> CaseMessage | None:
    return await cases.message_by_source(turn.session, turn.person.chat_id, message.message_id)


async def edited_after_end(turn: Turn, message: PersonMessage) -> bool:
    """E36: a message of a case that is over was changed: kept, not passed on, and the person knows."""
    kept = await _kept(turn, message) if message.edited else None
    if kept is None or (turn.case is not None and kept.case_id == turn.case.id):
        return False
    kept.was, kept.text, kept.edited_at = kept.text, message.text, turn.now
    turn.say("handoff.edited_after_end", rows=menus.for_case(turn, "menu", 0, 0), kind="system",
             number=case_number(kept.case_id))  # fmt: skip
    return True


async def ask_same_matter(turn: Turn, message: PersonMessage) -> None:
    """T13: within the grace period, ask once whether what was written belongs to the case that is over."""
    case = turn.ended
    if case is None or is_muted(turn):
        return
    asked_before = await cases.asked_about(turn.session, case)
    _new_message(turn, case, message, author="asked")
    if not asked_before:
        rows = menus.for_case(turn, "same", case.id, case.version)
        turn.say("handoff.same_matter", rows=rows, kind="system", number=case_number(case.id))


async def drop_asked(turn: Turn) -> None:
    """What was written after the end did not belong to the case: nothing of it stays there."""
    if turn.case is not None:
        for message in await cases.asked_about(turn.session, turn.case):
            await turn.session.delete(message)


async def same_matter(turn: Turn, answer: str) -> None:
    """T13, T14: the answer; a case taken up again gets what was written meanwhile."""
    turn.case = turn.ended
    if turn.case is None:
        return
    if answer != "yes":
        await drop_asked(turn)
        await apply(turn, ev.GraceOver())
        turn.case = None
        turn.say("handoff.other_matter", rows=menus.topics(turn), kind="system")
        return
    if say_muted(turn):
        return
    await take_up(turn, ev.Reopened(await office_for(turn)))


async def mark_urgent(turn: Turn) -> None:
    """E57: words of danger fell: the open case is urgent, or the next one. Before consent the person is told so."""
    turn.person.danger_at = turn.now
    if turn.case is None:
        return
    turn.case.urgent = True
    if turn.view.state is State.INTAKE:
        turn.say("handoff.urgent", kind="system")
    else:
        turn.items.append(CaseStep(turn.case, (RefreshHeader(),)))


def urgent_until(turn: Turn) -> datetime | None:
    """Until when a request is urgent because words of danger fell; None if none did, or if that is over."""
    fell = turn.person.danger_at
    until = fell + timedelta(hours=turn.parts.retention.exchange_hours) if fell is not None else turn.now
    return until if until > turn.now else None


async def solved(turn: Turn, answer: str) -> None:
    """T11, T12: the answer to "did this solve it?": yes, no, or left (back to the assistant)."""
    if answer == "no":
        if say_muted(turn):
            return
        await apply(turn, ev.NotSolved(await office_for(turn)))
    else:
        await apply(turn, ev.Solved("left" if answer == "left" else "solved"))
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
    erasures.note(turn.session, turn.person.chat_id, turn.now)
    await persons.erase_person(turn.session, turn.person)
    turn.items.append(Reply(parts=(Phrase("privacy.erased"),), language=turn.language, kind="farewell"))


async def lose(turn: Turn) -> None:
    """T16: the person has blocked the bot."""
    turn.person.reachable = False
    if turn.case is not None and turn.view.state is not State.UNREACHABLE:
        await apply(turn, ev.Blocked())


async def welcome_back(turn: Turn, newest: Case | None) -> None:
    """T16, the way back; `newest`: the person's newest case."""
    turn.person.reachable = True
    if turn.case is not None and turn.view.state is State.UNREACHABLE:
        await apply(turn, ev.Returned(await office_for(turn)))
        return
    if turn.case is None and newest is not None and await cases.ended_unseen(turn.session, newest):
        # What they read last may be that a human is there.
        cases.note_return(turn.session, newest, turn.now)
        turn.say("handoff.ended_while_away", rows=menus.topics(turn, human_first=True), kind="system",
                 number=case_number(newest.id))  # fmt: skip
