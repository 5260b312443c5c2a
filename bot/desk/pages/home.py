"""The start page, and the stream of news."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.responses import RedirectResponse, Response

from bot.changes import AGAIN
from bot.desk import sessions
from bot.desk.routing import Page, Role
from bot.desk.visit import Visit

PING_S = 15
"""A proxy closes a connection on which nothing happens; by this rhythm the session is looked at, too."""


async def home(visit: Visit) -> Response:
    """On to the first page of the navigation."""
    return RedirectResponse(visit.menu()[0].path, 303)


async def events(visit: Visit) -> Response:
    """Which cases change, as they change. Ends with the session, which it does not keep alive."""
    return EventSourceResponse(_news(visit), ping=PING_S)


async def _news(visit: Visit) -> AsyncIterator[ServerSentEvent]:
    """`change` (any case) and `case-<id>` for each case; `again` where some were missed, as after a reconnection."""
    with visit.desk.changes.subscribe() as watcher:
        yield ServerSentEvent(event="again", data="")
        while await _still_logged_in(visit):
            try:
                case_id = await asyncio.wait_for(watcher.take(), PING_S)
            except TimeoutError:
                continue
            if not await _still_logged_in(visit):
                return
            if case_id == AGAIN:
                yield ServerSentEvent(event="again", data="")
            else:
                yield ServerSentEvent(event=f"case-{case_id}", data=str(case_id))
                yield ServerSentEvent(event="change", data=str(case_id))


async def _still_logged_in(visit: Visit) -> bool:
    return await sessions.find(visit.desk.database, visit.token(), visit.desk.parts.clock()) is not None


PAGES = (
    Page("/", "home", Role.AGENT, home),
    Page("/events", "events", Role.AGENT, events, quiet=True),
)
