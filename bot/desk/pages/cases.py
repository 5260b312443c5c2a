"""A case: its page, and the parts of it that change by themselves."""

from __future__ import annotations

from starlette.responses import Response

from bot.desk.cases.page import case_page
from bot.desk.routing import Page, Role
from bot.desk.visit import Visit
from bot.storage.desk import seen_message


async def show(visit: Visit) -> Response:
    """The case; `again` (id of a message of staff) puts its text into the field once more."""
    return await case_page(visit, typed={"text": await _again(visit)})


async def _again(visit: Visit) -> str:
    message_id = 0 if "again" not in visit.request.query_params else visit.number("again")
    if not message_id:
        return ""
    async with visit.desk.database.read() as session:
        message = await seen_message(session, visit.number("case_id"), message_id)
    by_staff = message is not None and message.author == "staff" and message.staff_id == visit.staff.id
    return (message.text or "") if message is not None and by_staff else ""


async def live(visit: Visit) -> Response:
    """Conversation and head as they are now, for htmx."""
    return await case_page(visit, live=True)


PAGES = (
    Page("/cases/{case_id:int}", "case", Role.AGENT, show, title="case.title"),
    Page("/cases/{case_id:int}/live", "case_live", Role.AGENT, live, title="case.title", quiet=True),
)
