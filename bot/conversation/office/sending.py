"""A message of staff on its way to the person: sent, held while its writer is asked, or kept inside."""

from __future__ import annotations

from sqlalchemy import select

from bot.conversation.attached import attach
from bot.conversation.incoming import StaffMessage
from bot.conversation.office import deeds
from bot.conversation.office.turn import OfficeTurn, read_id
from bot.conversation.replies import CaseStep, Phrase, Rows
from bot.handoff.effects import DeleteRelayed
from bot.handoff.states import case_number
from bot.handoff.transition import Refused
from bot.storage.models import CaseMessage

WAYS = {"join": "desk.held_sent", "send": "desk.held_sent", "takeover": "desk.held_taken_over",
        "note": "desk.held_noted", "drop": "desk.held_dropped"}  # fmt: skip
"""What can become of a held message, and what is said about it then."""


def kept_of(message: StaffMessage, text: str | None = None) -> CaseMessage:
    """The message as it is stored; `text` in the place of its own."""
    kept = CaseMessage(source_chat_id=message.chat_id, source_message_id=message.message_id, kind="text",
                       album=message.album)  # fmt: skip
    take_contents(kept, message, text)
    return kept


def take_contents(kept: CaseMessage, message: StaffMessage, text: str | None = None) -> None:
    """The words and the file as they stand in the group now."""
    kept.text, kept.media = message.text if text is None else text, message.media
    attach(kept, message.file)


def is_other_file(kept: CaseMessage, message: StaffMessage) -> bool:
    """Whether a file was put in the place of the one that was sent, or of a text."""
    if message.file is None:
        return message.media != kept.media
    return message.file.unique_id != kept.file_unique_id


def picked(office: OfficeTurn, kind: str, ref: str, blanks: dict[str, str] | None = None) -> CaseMessage:
    """A message that staff picked instead of typing; its place in the group is known when it is shown there."""
    return CaseMessage(text=None, kind=kind, ref=ref, blanks=blanks, source_chat_id=office.chat_id,
                       source_message_id=0)  # fmt: skip


async def write(office: OfficeTurn, message: StaffMessage) -> None:
    """T6, T7: what was written in the topic. The later parts of an album go the way of the first."""
    kept = kept_of(message)
    album = await _album(office, kept)
    if album and album[0].author != "staff":
        kept.case_id, kept.staff_id, kept.at = office.case.id, office.actor.id, office.work.now
        kept.author = album[0].author
        office.work.session.add(kept)
        return
    if await send(office, kept) and not album and await _is_first(office, kept):
        view = office.work.view
        locales, ours = office.work.parts.locales, office.work.parts.office_language
        office.note("desk.banner", number=case_number(view.id), language=locales.name_of(view.language, ours))


async def send(office: OfficeTurn, kept: CaseMessage) -> bool:
    """Send a message, or ask its writer what to do with it. Raises `Refused`."""
    deed = deeds.refer if kept.kind == "referral" else deeds.send
    if await deed(office.work, office.actor, kept):
        return True
    office.note("desk.held", rows=ways(office, kept), **await office.names(office.work.view.owner))
    return False


def ways(office: OfficeTurn, kept: CaseMessage, *names: str) -> Rows:
    """Buttons for a message that waits for its writer's word."""
    return tuple((office.button("held", name, str(kept.id), label=Phrase(f"desk.button_{name}")),)
                 for name in names or ("join", "takeover", "note"))  # fmt: skip


async def note(office: OfficeTurn, message: StaffMessage, text: str | None = None) -> None:
    """An internal note. What came of the same album before is taken back: the mark may stand on any part of it."""
    kept = kept_of(message, text)
    album = await _album(office, kept)
    for part in album:
        if part.author in {"staff", "held"}:
            if part.author == "staff":
                office.work.items.append(CaseStep(office.case, (DeleteRelayed(part.id),)))
            part.author = "note"
    await deeds.note(office.work, office.actor, kept)


async def resolve(office: OfficeTurn, way: str, kept_id: str) -> None:
    """What becomes of a held message, and of the album that it is a part of. Raises `Refused`."""
    kept = await office.work.session.get(CaseMessage, read_id(kept_id) or 0)
    if kept is None or kept.case_id != office.case.id or way not in WAYS:
        raise Refused("handoff.refused_over", office.work.view.state)
    held = [one for one in await _album(office, kept) if one.author == "held"] or [kept]
    for number, part in enumerate(held):
        await deeds.resolve_held(office.work, office.actor, part, "join" if number and way == "takeover" else way)
    office.replace(WAYS[way])


async def _album(office: OfficeTurn, kept: CaseMessage) -> list[CaseMessage]:
    """The parts of the same album that are stored already, oldest first."""
    if kept.album is None:
        return []
    query = select(CaseMessage).where(
        CaseMessage.case_id == office.case.id, CaseMessage.album == kept.album,
        CaseMessage.source_chat_id == kept.source_chat_id, CaseMessage.deleted_at.is_(None),
    )  # fmt: skip
    return list(await office.work.session.scalars(query.order_by(CaseMessage.id)))


async def _is_first(office: OfficeTurn, kept: CaseMessage) -> bool:
    """Whether it is the first word of this colleague in the case."""
    query = select(CaseMessage.id).where(
        CaseMessage.case_id == office.case.id, CaseMessage.staff_id == office.actor.id,
        CaseMessage.author == "staff", CaseMessage.id != kept.id,
    ).limit(1)  # fmt: skip
    return await office.work.session.scalar(query) is None
