"""Messages that did not reach the person, and what can be done about it."""

from __future__ import annotations

from datetime import timedelta

from starlette.responses import Response

from bot.desk.cases.conversation import Delivery, delivery_of
from bot.desk.cases.files import honest
from bot.desk.cases.shown import Shown
from bot.desk.cases.words import Words
from bot.desk.routing import Page, Role
from bot.desk.visit import Visit
from bot.storage.desk import undelivered

PATIENCE = timedelta(minutes=10)
"""How long a message may be on its way."""


async def show(visit: Visit) -> Response:
    """Newest first, of cases in which something happened within the last weeks."""
    async with visit.desk.database.read() as session:
        stuck = await undelivered(session, visit.now, PATIENCE)
    words, shown = Words(visit), Shown(visit)
    rows = []
    for one in stuck:
        delivery, why = delivery_of(visit, one.message, one.way)
        if delivery is Delivery.ON_ITS_WAY:
            why = why or visit.say("undelivered.waits")
        reason = one.message.failed or (one.way.error if one.way else None) or "fault"
        way_on = f"undelivered.way_{'waits' if delivery is Delivery.ON_ITS_WAY else reason}"
        known = way_on in visit.desk.locales.keys
        rows.append({"message": one.message, "case": one.case, "staff": one.staff, "delivery": delivery, "why": why,
                     "file_name": honest(one.message.file_name),
                     "curated": shown.message(one.message, words.office),
                     "way_on": visit.say(way_on if known else "undelivered.way_fault")})  # fmt: skip
    return visit.page("cases/undelivered.html", rows=rows, words=words)


PAGES = (Page("/undelivered", "undelivered", Role.AGENT, show, title="undelivered.title", menu=30),)
