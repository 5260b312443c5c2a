"""What is done with a case: take, hand over, finish and their like. Each goes through `bot.desk.cases.doing.do`."""

from __future__ import annotations

from datetime import timedelta

from starlette.responses import Response

from bot.conversation.office import deeds
from bot.conversation.turn import Turn
from bot.desk.cases.doing import Deed, Refusal, do
from bot.desk.cases.page import LONGEST_TEXT, MUTE_HOURS, case_page
from bot.desk.fields import Fields
from bot.desk.routing import Page, Role
from bot.desk.visit import Visit
from bot.handoff.states import State
from bot.storage.models import Staff


async def take(visit: Visit) -> Response:
    """The case is mine."""
    return await _step(visit, await visit.fields(), deeds.take, "take")


async def take_over(visit: Visit) -> Response:
    """The case of a colleague is mine."""
    return await _step(visit, await visit.fields(), deeds.take_over, "take_over")


async def release(visit: Visit) -> Response:
    """Back to the queue."""
    return await _step(visit, await visit.fields(), deeds.release, "release")


async def reopen(visit: Visit) -> Response:
    """Within the grace period the case goes on."""
    return await _step(visit, await visit.fields(), deeds.reopen, "reopen")


async def transfer(visit: Visit) -> Response:
    """To a colleague."""
    fields = await visit.fields()
    to = fields.number("to")
    if to is None:
        return await case_page(visit, status=422, problem=visit.say("case.choose_colleague"), typed=fields.texts())

    async def deed(turn: Turn, staff: Staff) -> str | None:
        """Hand it over."""
        return None if await deeds.transfer(turn, staff, to) else "transfer_away"

    return await _step(visit, fields, deed, "transfer")


async def finish(visit: Visit) -> Response:
    """Done, unless the person has written something that was not on the screen."""
    fields = await visit.fields()
    summary, seen = fields.lines("summary", LONGEST_TEXT), fields.number("seen") or 0

    async def deed(turn: Turn, staff: Staff) -> str | None:
        """Ask the person whether it is solved; one who cannot be reached is not asked."""
        to_ask = turn.view.state is not State.UNREACHABLE
        await deeds.finish(turn, staff, summary=summary, seen=seen)
        return None if to_ask else "end"

    # A message that arrived meanwhile changes the version as well, and is the better reason to name.
    return await _step(visit, fields, deed, "finish", any_version=True)


async def mute(visit: Visit) -> Response:
    """Not passed on for a while, with a reason."""
    fields = await visit.fields()
    hours, reason = fields.number("hours"), fields.text("reason")
    if hours not in MUTE_HOURS:
        return await case_page(visit, status=422, problem=visit.say("case.choose_time"), typed=fields.texts())

    async def deed(turn: Turn, staff: Staff) -> None:
        """Mute for that long."""
        await deeds.mute(turn, staff, timedelta(hours=hours), reason)

    return await _step(visit, fields, deed, "mute", any_version=True)


async def unmute(visit: Visit) -> Response:
    """Heard again."""
    return await _step(visit, await visit.fields(), deeds.unmute, "unmute", any_version=True)


async def _step(
    visit: Visit, fields: Fields, deed: Deed[str | None], done: str, *, any_version: bool = False
) -> Response:  # fmt: skip
    """Do it, and back to the case; refused, the page says why and keeps what was typed.

    `done`: what is said then, unless the deed names something else.
    """
    version = None if any_version else fields.number("version") or 0
    try:
        instead = await do(visit, deed, version=version)
    except Refusal as refusal:
        return await case_page(visit, status=422, problem=str(refusal), typed=fields.texts())
    return visit.go("case", case_id=visit.number("case_id"), done=f"case.done_{instead or done}")


PAGES = tuple(
    Page(f"/cases/{{case_id:int}}/{name.replace('_', '-')}", f"case_{name}", Role.AGENT, handler, post=True,
         title="case.title")
    for name, handler in (
        ("take", take), ("take_over", take_over), ("release", release), ("transfer", transfer), ("finish", finish),
        ("reopen", reopen), ("mute", mute), ("unmute", unmute),
    )
)  # fmt: skip
