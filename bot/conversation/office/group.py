"""What staff write and press in the group. A topic is found by its id alone, text is never parsed to find a case."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversation import casework
from bot.conversation.actions import Action, case_action
from bot.conversation.incoming import Attachment, FromGroup, StaffMessage, StaffPress
from bot.conversation.office import deeds
from bot.conversation.replies import Button, Phrase, Rows, StaffNote, Toast
from bot.conversation.turn import Parts, Turn
from bot.handoff.states import SHARED, WITH_HUMAN, CaseView, Mode, case_number
from bot.handoff.transition import Refused
from bot.storage import cases as stored
from bot.storage.models import Case, CaseMessage, Staff

NOTE_MARK = "//"
LONGEST_ID = 18
"""Digits of an id that every database can look up."""


class OfficeTurn:
    """A message or press in the group: the topic's case if there is one, and the staff member if they are one."""

    def __init__(self, turn: Turn | None, staff: Staff | None, thread_id: int | None, message_id: int) -> None:
        self.turn = turn
        self.staff = staff
        self.thread_id = thread_id
        self.message_id = message_id
        self.notes: list[StaffNote] = []
        self.toast: Toast | None = None

    def note(self, key: str, rows: Rows = (), **params: Any) -> None:
        """Answer staff in the place where they wrote."""
        self.notes.append(StaffNote(Phrase(key, params), self.thread_id, self.message_id, rows))


async def respond(session: AsyncSession, parts: Parts, incoming: FromGroup, *, is_member: bool) -> OfficeTurn:
    """Decide inside the transaction what a message or press in the group does.

    `is_member`: whether Telegram says that the sender is in the group right now.
    """
    case = await _case_for(session, incoming)
    turn = await casework.turn_for_case(session, parts, case, parts.clock()) if case is not None else None
    staff = await stored.staff_by_telegram_id(session, incoming.sender.user_id) if is_member else None
    office = OfficeTurn(turn, staff, incoming.thread_id, incoming.message_id)
    if isinstance(incoming, StaffPress):
        await _press(office, incoming)
    else:
        await _message(office, incoming)
    return office


async def _case_for(session: AsyncSession, incoming: FromGroup) -> Case | None:
    case_id = _id(*incoming.action.args[:1]) if isinstance(incoming, StaffPress) else None
    if case_id is not None:
        return await stored.case_by_id(session, case_id)
    return await stored.case_by_thread(session, incoming.thread_id) if incoming.thread_id else None


def _id(text: str = "") -> int | None:
    """An id from a button, if it can be one."""
    return int(text) if text.isdecimal() and len(text) <= LONGEST_ID else None


async def _message(office: OfficeTurn, message: StaffMessage) -> None:
    if message.sender.anonymous:
        office.note("desk.anonymous")
    elif office.turn is None:
        office.note("desk.no_case_here")
    elif office.staff is None:
        office.note("desk.not_staff", telegram_id=message.sender.user_id)
    elif message.edited:
        await _edit(office, office.turn, message, office.staff)
    elif (message.text or "").startswith(NOTE_MARK):
        await deeds.note(office.turn, office.staff, _stored(message))
    else:
        await _write(office, office.turn, message, office.staff)


def _stored(message: StaffMessage) -> CaseMessage:
    file = message.file or Attachment(file_id="")
    return CaseMessage(
        text=message.text, media=message.media, source_chat_id=message.chat_id, source_message_id=message.message_id,
        kind="text", album=message.album, file_id=file.file_id or None, file_name=file.name, file_type=file.type,
        file_size=file.size,
    )  # fmt: skip


async def _write(office: OfficeTurn, turn: Turn, message: StaffMessage, staff: Staff) -> None:
    """T6, T7: the message goes to the person, or is held while its writer is asked."""
    kept = _stored(message)
    try:
        sent = await deeds.send(turn, staff, kept)
    except Refused as refused:
        office.note(refused.text, **await _names(turn, refused.owner))
        return
    if not sent:
        office.note("desk.held", rows=_ways_to_send(turn.view, kept), **await _names(turn, turn.view.owner))


def _ways_to_send(case: CaseView, kept: CaseMessage) -> Rows:
    def way(name: str) -> tuple[Button, ...]:
        return (Button(Phrase(f"desk.button_{name}"), case_action("held", case.id, case.version, name, str(kept.id))),)

    return (way("join"), way("takeover"), way("note"))


async def _names(turn: Turn, owner_id: int | None) -> dict[str, Any]:
    owner = await turn.session.get(Staff, owner_id) if owner_id else None
    changed = turn.view.changed_at or turn.now
    number = case_number(turn.case.id) if turn.case else ""
    return {"staff": owner.name if owner else "–", "time": changed, "number": number}


async def _edit(office: OfficeTurn, turn: Turn, message: StaffMessage, staff: Staff) -> None:
    """An edited message is corrected on the person's phone too; a note stays a note whatever it is edited to."""
    kept = await stored.message_by_source(turn.session, message.chat_id, message.message_id)
    if kept is None or kept.author != "staff":
        if kept is not None:
            kept.text = message.text
        office.note("desk.note_stays")
    elif (message.text or "").startswith(NOTE_MARK):
        office.note("desk.too_late_for_note")
    else:
        try:
            await deeds.edit(turn, staff, kept, message.text or "")
        except Refused as refused:
            office.note(refused.text, **await _names(turn, refused.owner))


async def _press(office: OfficeTurn, press: StaffPress) -> None:
    handler = STAFF_PRESSES.get(press.action.name)
    turn, staff = office.turn, office.staff
    if press.sender.anonymous:
        office.toast = Toast(Phrase("desk.anonymous"), alert=True)
    elif staff is None:
        office.toast = Toast(Phrase("desk.not_staff", {"telegram_id": press.sender.user_id}), alert=True)
    elif handler is None or turn is None or turn.case is None:
        office.toast = Toast(Phrase("handoff.refused_over"), alert=True)
    elif press.action.args[1:2] != (str(turn.case.version),) and not _still_means_the_same(turn, press.action):
        office.toast = await _how_it_stands(turn)
    else:
        try:
            await handler(turn, staff, press.action.args[2:])
        except Refused as refused:
            office.toast = Toast(Phrase(refused.text, await _names(turn, refused.owner)), alert=True)


def _still_means_the_same(turn: Turn, action: Action) -> bool:
    """A held message may wait while the conversation goes on between owner and person."""
    return action.name == "held" and turn.view.state in WITH_HUMAN


async def _how_it_stands(turn: Turn) -> Toast:
    """What a stale button says: who took the case and when, or that it is over."""
    names = await _names(turn, turn.view.owner)
    if turn.view.mode is Mode.HUMAN:
        return Toast(Phrase("handoff.refused_taken", names), alert=True)
    key = "handoff.refused_open" if turn.view.state in SHARED else "handoff.refused_over"
    return Toast(Phrase(key, names), alert=True)


async def _take(turn: Turn, staff: Staff, args: tuple[str, ...]) -> None:
    await deeds.take(turn, staff)


async def _release(turn: Turn, staff: Staff, args: tuple[str, ...]) -> None:
    await deeds.release(turn, staff)


async def _done(turn: Turn, staff: Staff, args: tuple[str, ...]) -> None:
    await deeds.finish(turn, staff)


async def _held(turn: Turn, staff: Staff, args: tuple[str, ...]) -> None:
    """What to do with a message that a colleague of the owner wrote."""
    way, kept_id = args if len(args) == 2 else ("", "")
    kept = await turn.session.get(CaseMessage, _id(kept_id) or 0)
    if kept is None:
        raise Refused("handoff.refused_over", turn.view.state)
    await deeds.resolve_held(turn, staff, kept, way)


STAFF_PRESSES: dict[str, Callable[[Turn, Staff, tuple[str, ...]], Awaitable[None]]] = {
    "take": _take,
    "release": _release,
    "done": _done,
    "held": _held,
}
