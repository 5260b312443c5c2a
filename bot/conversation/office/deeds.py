"""What staff can do with a case, inside one transaction; the group and the desk both come here.

Each raises `Refused`, whose text tells the actor how things stand, and leaves a line in the audit log.
"""

from __future__ import annotations

from datetime import timedelta

from bot.conversation import referrals
from bot.conversation.casework import apply, office_now, take_up
from bot.conversation.replies import CaseStep
from bot.conversation.turn import Turn
from bot.handoff import events as ev
from bot.handoff.effects import DeleteRelayed, EditRelayed, HoldMessage, RefreshHeader, Relay, TellStaff
from bot.handoff.states import SHARED, State
from bot.handoff.transition import Refused
from bot.storage.cases import newest_of_person, open_case
from bot.storage.models import Case, CaseMessage, Referral, Staff, Upload
from bot.storage.office import record, set_on_duty

LONGEST_MUTE = timedelta(days=30)
READING = timedelta(seconds=2)
"""So long it takes to see that something new stands in a topic."""


def case_of(turn: Turn) -> Case:
    """The case of an office turn; there always is one."""
    if turn.case is None:
        raise LookupError("an office turn without a case")
    return turn.case


def _note(turn: Turn, staff: Staff, action: str, detail: str = "") -> None:
    record(turn.session, turn.now, action, staff_id=staff.id, case_id=case_of(turn).id, detail=detail)


async def take(turn: Turn, staff: Staff) -> None:
    """T6: the case is mine."""
    await apply(turn, ev.Claimed(staff.id), staff=staff.id)
    _note(turn, staff, "take")
    await _comes_in(turn, staff)


async def take_over(turn: Turn, staff: Staff) -> None:
    """The case of a colleague is mine from now on."""
    await apply(turn, ev.TakenOver(staff.id), staff=staff.id)
    _note(turn, staff, "take_over")
    await _comes_in(turn, staff)


async def _comes_in(turn: Turn, staff: Staff) -> None:
    """Whoever gets a case by a deed of their own is there; else it would be taken from them again at once (E11)."""
    if await set_on_duty(turn.session, staff.id, turn.local_now.date()):
        turn.items.append(CaseStep(case_of(turn), (TellStaff("desk.now_on_duty", {"staff": staff.id}),)))
        _note(turn, staff, "came_in")


async def release(turn: Turn, staff: Staff) -> None:
    """T8: back to the queue."""
    await apply(turn, ev.Released(staff.id, await office_now(turn.session, turn.parts, turn.now)), staff=staff.id)
    _note(turn, staff, "release")


async def transfer(turn: Turn, staff: Staff, to: int) -> bool:
    """T9: to a colleague (staff id). False: they are not on duty, and the case waits."""
    target = await turn.session.get(Staff, to)
    if target is None or not target.active:
        raise Refused("desk.no_such_colleague", turn.view.state, turn.view.owner)
    office = await office_now(turn.session, turn.parts, turn.now, owner=to)
    await apply(turn, ev.Transferred(staff.id, to, office), staff=staff.id)
    _note(turn, staff, "transfer" if office.owner_here else "transfer_away", str(to))
    return office.owner_here


async def finish(turn: Turn, staff: Staff, *, summary: str = "", seen: int | None = None) -> None:
    """T10: done; the person is asked. `summary` is for the person; `seen`: id of the newest message on the screen,
    None in the group, where there is none."""
    if await _is_unread(turn, seen):
        raise Refused("desk.new_message", turn.view.state, turn.view.owner)
    before, case = case_of(turn).summary, case_of(turn)
    case.summary = summary.strip() or before
    try:
        await apply(turn, ev.Finished(staff.id), staff=staff.id)
    except Refused:
        case.summary = before
        raise
    _note(turn, staff, "done")


async def _is_unread(turn: Turn, seen: int | None) -> bool:
    """E14: whether the person wrote what the one who acts cannot have read; what they write wins over "done".

    In the group that is a last word that is not in the topic yet, or came there this very moment.
    """
    newest = await newest_of_person(turn.session, case_of(turn))
    if newest is None:
        return False
    if seen is not None:
        return newest.id > seen
    if turn.view.state is not State.CLAIMED or newest.failed is not None or newest.deleted_at is not None:
        return False
    if newest.delivered_at is None:
        return newest.copy_message_id is None
    return newest.delivered_at > turn.now - READING


async def send(turn: Turn, staff: Staff, message: CaseMessage) -> bool:
    """T6, T7: a message to the person, new and not yet stored. False: it is held, because the case is a colleague's.

    Refused because the person cannot be reached, it is kept as undelivered; the caller has to commit.
    """
    case = case_of(turn)
    message.case_id, message.staff_id, message.at, message.author = case.id, staff.id, turn.now, "staff"
    if message.kind == "text" and message.text and turn.parts.translates:
        message.translation_state = "wanted"
    turn.session.add(message)
    await turn.session.flush()
    before = len(turn.items)
    try:
        await _say(turn, staff, message)
    except Refused as refused:
        if refused.state is State.UNREACHABLE:
            message.failed = "blocked"
        else:
            await turn.session.delete(message)
        raise
    if any(isinstance(effect, HoldMessage) for effect in _effects(turn, before)):
        message.author = "held"
        return False
    _note(turn, staff, f"send_{message.kind}", message.ref or "")
    return True


async def _say(turn: Turn, staff: Staff, message: CaseMessage, *, joining: bool = False) -> None:
    owner = turn.view.owner
    await apply(turn, ev.StaffWrote(staff.id, joining), staff=staff.id, message=message)
    if turn.view.owner == staff.id != owner:
        await _comes_in(turn, staff)


async def resolve_held(turn: Turn, staff: Staff, message: CaseMessage, way: str) -> None:
    """What becomes of a held message: sent once (join), sent and the case taken over (takeover), kept (note), or
    thrown away (drop)."""
    if message.author != "held" or message.staff_id != staff.id:
        raise Refused("handoff.refused_over", turn.view.state, turn.view.owner)
    if way == "drop":
        await turn.session.delete(message)
    if way == "note":
        message.author, message.translation_state = "note", None
    if way in {"drop", "note"}:
        _note(turn, staff, way)
        return
    if way == "takeover":
        await take_over(turn, staff)
    await _say(turn, staff, message, joining=True)
    # Only now is it said, and can be late.
    message.author, message.at = "staff", turn.now
    if message.kind == "referral":
        await _referred(turn, staff, message)
    _note(turn, staff, f"send_{message.kind}", message.ref or "")


async def note(turn: Turn, staff: Staff, message: CaseMessage) -> None:
    """An internal note; nothing can send it outward."""
    message.case_id, message.staff_id, message.at, message.author = case_of(turn).id, staff.id, turn.now, "note"
    turn.session.add(message)
    await turn.session.flush()
    turn.items.append(CaseStep(case_of(turn), (Relay(message.id),)))
    _note(turn, staff, "note")


async def refer(turn: Turn, staff: Staff, message: CaseMessage) -> bool:
    """Send the person on to a contact (`message.ref`), and ask whether the bot may come back to it. False: held."""
    if not await send(turn, staff, message):
        return False
    await _referred(turn, staff, message)
    return True


async def _referred(turn: Turn, staff: Staff, message: CaseMessage) -> None:
    referral = Referral(case_id=case_of(turn).id, contact=message.ref or "", staff_id=staff.id, at=turn.now)
    turn.session.add(referral)
    await turn.session.flush()
    referrals.ask_consent(turn, referral)


async def edit(turn: Turn, staff: Staff, message: CaseMessage, text: str, *, in_group: bool = False) -> None:
    """E37: a message that was sent is corrected on the person's phone too, and if it was at the desk, in the topic."""
    _own_and_sent(turn, staff, message)
    message.was, message.text, message.edited_at = message.text, text, turn.now
    message.translation = message.facts = None
    message.translation_state = "wanted" if turn.parts.translates else None
    turn.items.append(CaseStep(case_of(turn), (EditRelayed(message.id, at_desk=not in_group),)))
    _note(turn, staff, "edit")


async def delete(turn: Turn, staff: Staff, message: CaseMessage) -> None:
    """E37: a message that was sent is taken back from the person's phone."""
    _own_and_sent(turn, staff, message)
    await _empty(turn, message)
    turn.items.append(CaseStep(case_of(turn), (DeleteRelayed(message.id),)))
    _note(turn, staff, "delete")


async def erase(turn: Turn, staff: Staff, message: CaseMessage) -> None:
    """E59: at the person's wish a message of theirs goes, from the database and from the group."""
    if message.author not in {"person", "shared"}:
        raise Refused("desk.not_theirs", turn.view.state, turn.view.owner)
    await _empty(turn, message)
    turn.items.append(CaseStep(case_of(turn), (DeleteRelayed(message.id),)))
    _note(turn, staff, "erase_message")


async def _empty(turn: Turn, message: CaseMessage) -> None:
    """Nothing of what it said stays, and nobody waits for its translation."""
    message.deleted_at, message.text, message.was = turn.now, None, None
    message.translation = message.translation_state = message.facts = message.blanks = None
    message.file_id = message.file_name = None
    upload = await turn.session.get(Upload, message.id)
    if upload is not None:
        await turn.session.delete(upload)


async def mute(turn: Turn, staff: Staff, lasts: timedelta, reason: str) -> None:
    """E60: what the person writes is not passed on for a while; they are told, with the way to object."""
    if not reason.strip():
        raise Refused("desk.mute_needs_reason", turn.view.state, turn.view.owner)
    turn.person.muted_until = turn.now + min(lasts, LONGEST_MUTE)
    turn.say("handoff.muted", kind="system", time=turn.person.muted_until)
    turn.items.append(CaseStep(case_of(turn), (RefreshHeader(),)))
    _note(turn, staff, "mute", reason)


async def unmute(turn: Turn, staff: Staff) -> None:
    """The person is heard again."""
    turn.person.muted_until = None
    turn.say("handoff.unmuted", kind="system")
    turn.items.append(CaseStep(case_of(turn), (RefreshHeader(),)))
    _note(turn, staff, "unmute")


async def reopen(turn: Turn, staff: Staff) -> None:
    """T13 from the office's side: within the grace period staff can take the case up again."""
    if await open_case(turn.session, turn.person) is not None:
        raise Refused("desk.another_is_open", turn.view.state, turn.view.owner)
    await take_up(turn, ev.TakenUp(staff.id), staff=staff.id)
    _note(turn, staff, "reopen")
    await _comes_in(turn, staff)


def _own_and_sent(turn: Turn, staff: Staff, message: CaseMessage) -> None:
    if message.author != "staff" or message.staff_id != staff.id or message.deleted_at is not None:
        raise Refused("desk.not_yours", turn.view.state, turn.view.owner)
    if turn.view.state not in SHARED:
        raise Refused("handoff.refused_over", turn.view.state, turn.view.owner)


def _effects(turn: Turn, start: int) -> list[object]:
    return [effect for item in turn.items[start:] if isinstance(item, CaseStep) for effect in item.effects]
