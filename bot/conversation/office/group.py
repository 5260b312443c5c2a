"""What staff write and press in the group. A topic is found by its id alone, text is never parsed to find a case."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversation import casework
from bot.conversation.incoming import FromGroup, StaffMessage, StaffPress, TopicClosed
from bot.conversation.office import commands, deeds, picking, presses, sending
from bot.conversation.office.presses import STAFF_PRESSES
from bot.conversation.office.turn import OfficeTurn, read_id
from bot.conversation.replies import Phrase, Toast
from bot.conversation.turn import Parts
from bot.handoff.states import SHARED, WAITING, case_number
from bot.handoff.transition import Refused
from bot.storage import cases as stored
from bot.storage.models import Case, Staff
from bot.storage.office import record

__all__ = ["NOTE_MARK", "STAFF_PRESSES", "respond"]

NOTE_MARK = "//"


async def respond(session: AsyncSession, parts: Parts, incoming: FromGroup, *, is_member: bool) -> OfficeTurn:
    """Decide inside the transaction what a message or press in the group does.

    `is_member`: whether Telegram says that the sender is in the group right now.
    """
    case = await _case_for(session, incoming)
    turn = await casework.turn_for_case(session, parts, case, parts.clock()) if case is not None else None
    known = await stored.staff_by_telegram_id(session, incoming.sender.user_id)
    office = OfficeTurn(turn, known if is_member else None, incoming.chat_id, incoming.thread_id, incoming.message_id)
    if isinstance(incoming, TopicClosed):
        _closed(office)
    elif incoming.sender.anonymous or office.staff is None:
        await _refuse(session, parts, office, incoming)
    elif isinstance(incoming, StaffPress):
        await presses.press(office, incoming)
    elif office.turn is None:
        _nowhere(office, incoming)
    else:
        await _message(office, incoming)
    return office


def _nowhere(office: OfficeTurn, message: StaffMessage) -> None:
    """A topic without a case. One made by the bot looks as if it had one: Telegram's answer to making it was lost."""
    if message.topic_by_bot:
        office.note("desk.topic_without_case")
    else:
        office.hint("desk.no_case_here", message.sender.user_id)


async def _case_for(session: AsyncSession, incoming: FromGroup) -> Case | None:
    case_id = read_id(*incoming.action.args[:1]) if isinstance(incoming, StaffPress) else None
    if case_id is not None:
        return await stored.case_by_id(session, case_id)
    return await stored.case_by_thread(session, incoming.thread_id) if incoming.thread_id else None


async def _refuse(session: AsyncSession, parts: Parts, office: OfficeTurn, incoming: StaffMessage | StaffPress) -> None:
    """E12: whoever may not act is told why, and it stands in the record. Small talk outside of cases is nobody's."""
    sender = incoming.sender
    reason = Phrase("desk.anonymous") if sender.anonymous else Phrase("desk.not_staff",
                                                                      {"telegram_id": sender.user_id})  # fmt: skip
    if isinstance(incoming, StaffMessage) and office.turn is None:
        office.hint("desk.anonymous" if sender.anonymous else "desk.no_case_here", sender.user_id)
        return
    if isinstance(incoming, StaffPress):
        office.toast = Toast(reason, alert=True)
        tried = incoming.action.name if incoming.action.name in STAFF_PRESSES else "press"
    else:
        office.note(reason.key, **reason.params)
        tried = "write"
    member = await session.scalar(select(Staff.id).where(Staff.telegram_id == sender.user_id))
    who = "anonymous" if sender.anonymous else str(sender.user_id)
    case = office.turn.case if office.turn is not None else None
    record(session, parts.clock(), "refused", staff_id=member, case_id=case.id if case else None,
           detail=f"{tried} {who}")  # fmt: skip


def _closed(office: OfficeTurn) -> None:
    """E30: a topic that was closed by hand while its case is open: is it done?"""
    if office.turn is None or office.work.view.state not in SHARED:
        return
    ways = ("take",) if office.work.view.state in WAITING else ("done",)
    rows = (tuple(office.button(name) for name in (*ways, "keep")),)
    office.note("desk.closed_by_hand", rows=rows, number=case_number(office.case.id))


async def _message(office: OfficeTurn, message: StaffMessage) -> None:
    try:
        if message.edited:
            await _edit(office, message)
        elif (message.text or "").startswith(NOTE_MARK):
            await sending.note(office, message)
        elif message.command is not None:
            await commands.run(office, message)
        elif not await _answers_question(office, message):
            await sending.write(office, message)
    except Refused as refused:
        await office.refuse(refused)


async def _answers_question(office: OfficeTurn, message: StaffMessage) -> bool:
    """A reply to the bot's question for blanks is no message to the person."""
    if message.reply_to is None:
        return False
    asked = await stored.message_by_source(office.work.session, message.chat_id, message.reply_to)
    if asked is None or asked.author != picking.DRAFT:
        return False
    await picking.answer_question(office, asked, message.text or "")
    return True


async def _edit(office: OfficeTurn, message: StaffMessage) -> None:
    """An edited message is corrected on the person's phone too; a note stays a note whatever it is edited to."""
    kept = await stored.message_by_source(office.work.session, message.chat_id, message.message_id)
    text = message.text or ""
    if text.startswith("/") and not text.startswith(NOTE_MARK):
        office.note("desk.no_command_by_edit")
    elif kept is not None and kept.author == "held":
        # Nobody else has seen it: what is sent in the end is what it says then.
        sending.take_contents(kept, message)
        kept.author = "note" if text.startswith(NOTE_MARK) else "held"
    elif kept is None or kept.author != "staff":
        if kept is not None:
            sending.take_contents(kept, message)
        office.note("desk.note_stays")
    elif text.startswith(NOTE_MARK):
        office.note("desk.too_late_for_note")
    elif sending.is_other_file(kept, message):
        office.note("desk.file_not_changed")
    elif text != (kept.text or ""):
        await deeds.edit(office.work, office.actor, kept, text, in_group=True)
