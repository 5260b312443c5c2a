"""The queue: what waits, and who has what."""

from __future__ import annotations

from starlette.responses import Response

from bot.desk.cases.board import SECTIONS, board_of, marks, news, waiting_count
from bot.desk.cases.page import is_htmx
from bot.desk.cases.words import Words
from bot.desk.routing import Page, Role
from bot.desk.visit import Visit
from bot.handoff.states import case_number
from bot.storage.desk import cases_at_work, uncalled
from bot.storage.office import group_is_lost

MOST = 500
"""Cases on the page."""
LONGEST_MEMORY = 20_000
"""Characters of what the page remembers of the last look."""


async def show(visit: Visit) -> Response:
    """Every case at work; `q`: words that narrow it down."""
    return await _queue(visit, "queue.html")


async def board(visit: Visit) -> Response:
    """The list as it is now, for htmx; without that, the page. `known`: what the page has seen."""
    return await _queue(visit, "queue_board.html" if is_htmx(visit) else "queue.html")


async def _queue(visit: Visit, template: str) -> Response:
    asked = visit.request.query_params
    typed, known = asked.get("q", "")[:100], asked.get("known")
    async with visit.desk.database.read() as session:
        found = await cases_at_work(session, MOST + 1)
        numbers, group_lost = map(case_number, await uncalled(session)), await group_is_lost(session)
    listed, cut = found[:MOST], len(found) > MOST
    whole = board_of(visit, listed)
    narrowed = board_of(visit, listed, typed) if typed else whole
    said = news(visit, whole, known[:LONGEST_MEMORY]) if known is not None else ""
    return visit.page(
        template, board=narrowed, sections=SECTIONS, waiting=waiting_count(listed), typed=typed, known=marks(whole),
        said=said, words=Words(visit), empty=not any(narrowed.values()), uncalled=", ".join(numbers),
        group_lost=group_lost, cut=MOST if cut else 0,
    )  # fmt: skip


PAGES = (
    Page("/queue", "queue", Role.AGENT, show, title="queue.title", menu=10),
    Page("/queue/board", "queue_board", Role.AGENT, board, title="queue.title", quiet=True),
)
