"""Files of a conversation."""

from __future__ import annotations

import logging

from starlette.responses import Response

from bot.desk.cases.files import LARGEST, clean_name, file_response
from bot.desk.routing import Page, Role
from bot.desk.visit import NotFound, Visit
from bot.handoff.states import case_number
from bot.storage.desk import seen_message
from bot.storage.models import CaseMessage, Upload

log = logging.getLogger(__name__)


async def show(visit: Visit) -> Response:
    """A file that belongs to this very case, or a sentence that says why it cannot be had."""
    async with visit.desk.database.read() as session:
        message = await seen_message(session, visit.number("case_id"), visit.number("message_id"))
        if message is None or message.deleted_at is not None or not message.media or not _is_for(visit, message):
            raise NotFound
        kept = await session.get(Upload, message.id)
    if kept is not None:
        return file_response(kept.data, _name(message))
    if not message.file_id:
        raise NotFound
    if (message.file_size or 0) > LARGEST:
        return _sorry(visit, message, "case.file_over_limit", 413)
    try:
        data = await visit.desk.file_of(message.file_id)
    except Exception as error:  # whatever Telegram or the network says: nobody at the desk can do anything about it
        log.warning("a file could not be fetched from Telegram: %s", type(error).__name__)
        return _sorry(visit, message, "case.file_not_there", 502)
    return file_response(data, _name(message))


def _is_for(visit: Visit, message: CaseMessage) -> bool:
    return message.author != "held" or message.staff_id == visit.staff.id


def _name(message: CaseMessage) -> str:
    return clean_name(message.file_name, f"{case_number(message.case_id)}-{message.id}")


def _sorry(visit: Visit, message: CaseMessage, why: str, status: int) -> Response:
    return visit.page("cases/no_file.html", status, case_id=message.case_id, why=visit.say(why))


PAGES = (
    Page("/cases/{case_id:int}/files/{message_id:int}", "case_file", Role.AGENT, show, title="case.file_title",
         quiet=True),
)  # fmt: skip
