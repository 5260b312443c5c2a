"""Writing in a case: messages, notes, files, and what becomes of those that are written."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from hashlib import sha256

from starlette.responses import Response

from bot.conversation.office import deeds
from bot.conversation.turn import Turn
from bot.desk.cases.doing import Refusal, do, form_of, message_of, new_message, sent_before
from bot.desk.cases.files import LARGEST, clean_name
from bot.desk.cases.page import LONGEST_TEXT, case_page, is_htmx
from bot.desk.fields import Fields
from bot.desk.routing import Page, Role
from bot.desk.visit import NotFound, Visit
from bot.handoff.transition import Refused
from bot.storage.desk import seen_message
from bot.storage.models import CaseMessage, Staff, Upload

FORM = 64 * 1024
"""Bytes of a form around a file."""
WAYS = ("join", "takeover", "note")


class Unfit(Exception):
    """A text that cannot be sent as it is; the text says why, in the language of the page."""


async def write(visit: Visit) -> Response:
    """A message to the person, or (`as` is note) for colleagues only. One in a colleague's case is held."""
    fields = await visit.fields()
    try:
        text = _text(visit, fields)
        if fields.text("as") == "note":
            return await _note(visit, new_message(text=text, form=form_of(visit, fields.text("once"), "note", text)))
        return await send(visit, new_message(text=text, form=form_of(visit, fields.text("once"), text)))
    except (Refusal, Unfit) as problem:
        return await _problem(visit, problem, fields)


async def _note(visit: Visit, message: CaseMessage) -> Response:
    async def deed(turn: Turn, staff: Staff) -> None:
        """Keep it inside the office."""
        if not await sent_before(turn, message.form):
            await deeds.note(turn, staff, message)

    await do(visit, deed)
    return _back(visit, "note")


async def send(visit: Visit, message: CaseMessage, data: bytes | None = None) -> Response:
    """Send a new message, with a file or without; once, however often the same form comes. Raises `Refusal`."""

    async def deed(turn: Turn, staff: Staff) -> bool:
        """Send it, or hold it."""
        before = await sent_before(turn, message.form)
        if before is not None:
            return before.author != "held"
        way = deeds.refer if message.kind == "referral" else deeds.send
        try:
            sent = await way(turn, staff, message)
        except Refused:
            # Kept as undelivered: it may be tried again from the same form.
            message.form = None
            raise
        if data is not None:
            turn.session.add(Upload(message_id=message.id, data=data))
        return sent

    return _back(visit, "sent" if await do(visit, deed) else "held")


async def upload(visit: Visit) -> Response:
    """A file to the person, with a line below it."""
    fields = await visit.fields()
    file = next(iter(fields.files("file")), None)
    try:
        if file is None:
            raise Unfit(visit.say("case.no_file"))
        if (file.size or 0) > LARGEST:
            raise Unfit(visit.say("case.file_too_big"))
        data = await file.read()
        if not data:
            raise Unfit(visit.say("case.file_empty"))
        name = clean_name(file.filename, visit.say("case.file_without_name"))
        message = new_message(media="document", text=fields.lines("caption", 900) or None, file_name=name,
                              file_type=(file.content_type or "")[:100] or None, file_size=len(data),
                              form=form_of(visit, fields.text("once"), name, fields.lines("caption", 900),
                                           sha256(data).hexdigest()))  # fmt: skip
        return await send(visit, message, data)
    except (Refusal, Unfit) as problem:
        return await _problem(visit, problem, fields)


async def show_edit(visit: Visit) -> Response:
    """An own message, to be corrected."""
    async with visit.desk.database.read() as session:
        message = await seen_message(session, visit.number("case_id"), visit.number("message_id"))
    if message is None or message.staff_id != visit.staff.id or message.author != "staff" or message.kind != "text":
        raise NotFound
    template = "cases/_edit.html" if is_htmx(visit) else "cases/edit.html"
    return visit.page(template, case_id=message.case_id, message=message, longest=LONGEST_TEXT)


async def edit(visit: Visit) -> Response:
    """Correct it on the person's phone too."""
    fields = await visit.fields()

    async def deed(turn: Turn, staff: Staff, message: CaseMessage) -> None:
        """Put the new text in the place of the old one; what was picked is not a text of their own."""
        if message.kind != "text":
            raise Refused("desk.not_yours", turn.view.state, turn.view.owner)
        await deeds.edit(turn, staff, message, text)

    try:
        text = _text(visit, fields)
        return await _with_message(visit, deed, "edit")
    except (Refusal, Unfit) as problem:
        return await _problem(visit, problem, fields)


async def delete(visit: Visit) -> Response:
    """Take an own message back."""
    return await _change(visit, deeds.delete, "delete")


async def erase(visit: Visit) -> Response:
    """At the person's wish a message of theirs goes."""
    return await _change(visit, deeds.erase, "erase")


async def resolve(visit: Visit) -> Response:
    """What becomes of a held message."""
    way = (await visit.fields()).text("way")
    if way not in WAYS:
        raise NotFound

    async def deed(turn: Turn, staff: Staff, message: CaseMessage) -> None:
        """Send once, take over and send, or keep as a note."""
        await deeds.resolve_held(turn, staff, message, way)

    return await _change(visit, deed, f"held_{way}")


MessageDeed = Callable[[Turn, Staff, CaseMessage], Awaitable[None]]


async def _change(visit: Visit, deed: MessageDeed, done: str) -> Response:
    try:
        return await _with_message(visit, deed, done)
    except Refusal as problem:
        return await _problem(visit, problem)


async def _with_message(visit: Visit, deed: MessageDeed, done: str) -> Response:
    async def with_message(turn: Turn, staff: Staff) -> None:
        """Find the message in this very case."""
        await deed(turn, staff, await message_of(turn, visit.number("message_id")))

    await do(visit, with_message)
    return _back(visit, done)


def _text(visit: Visit, fields: Fields) -> str:
    text = fields.lines("text", LONGEST_TEXT + 1)
    if not text:
        raise Unfit(visit.say("case.no_text"))
    if len(text) > LONGEST_TEXT:
        raise Unfit(visit.say("case.text_too_long", longest=LONGEST_TEXT))
    return text


async def _problem(visit: Visit, problem: Exception, fields: Fields | None = None) -> Response:
    typed = {} if fields is None else fields.texts() | {"text": fields.lines("text", 4 * LONGEST_TEXT)}
    return await case_page(visit, status=422, problem=str(problem), typed=typed)


def _back(visit: Visit, done: str) -> Response:
    return visit.go("case", case_id=visit.number("case_id"), done=f"case.done_{done}")


_MESSAGE = "/cases/{case_id:int}/messages/{message_id:int}"
PAGES = (
    Page("/cases/{case_id:int}/write", "case_write", Role.AGENT, write, post=True, title="case.title"),
    Page("/cases/{case_id:int}/upload", "case_upload", Role.AGENT, upload, post=True, title="case.title",
         max_body=LARGEST + FORM),
    Page(f"{_MESSAGE}/edit", "message", Role.AGENT, show_edit, title="case.edit_title"),
    Page(f"{_MESSAGE}/edit", "message_edit", Role.AGENT, edit, post=True, title="case.title"),
    Page(f"{_MESSAGE}/delete", "message_delete", Role.AGENT, delete, post=True, title="case.title"),
    Page(f"{_MESSAGE}/erase", "message_erase", Role.AGENT, erase, post=True, title="case.title"),
    Page(f"{_MESSAGE}/held", "message_held", Role.AGENT, resolve, post=True, title="case.title"),
)  # fmt: skip
