"""Buttons in the group. Each is bound to a case as it stood; one that is stale says how the case stands now."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.conversation.actions import Action
from bot.conversation.incoming import StaffPress
from bot.conversation.office import commands, deeds, picking, sending
from bot.conversation.office.turn import OfficeTurn, read_id
from bot.conversation.replies import Phrase, Toast
from bot.handoff.states import SHARED, Mode
from bot.handoff.transition import Refused

Args = tuple[str, ...]


async def press(office: OfficeTurn, pressed: StaffPress) -> None:
    """Do what the button says, or say why not."""
    handler = STAFF_PRESSES.get(pressed.action.name)
    if handler is None or office.turn is None or office.turn.case is None:
        office.toast = Toast(Phrase("handoff.refused_over"), alert=True)
    elif _is_stale(office, pressed.action):
        office.toast = await _how_it_stands(office)
    else:
        try:
            await handler(office, pressed.action.args[2:])
        except Refused as refused:
            office.toast = Toast(Phrase(refused.text, await office.names(refused.owner)), alert=True)


def _is_stale(office: OfficeTurn, action: Action) -> bool:
    if action.args[1:2] == (str(office.case.version),):
        return False
    return action.name not in TIMELESS or office.work.view.state not in SHARED


async def _how_it_stands(office: OfficeTurn) -> Toast:
    """What a stale button says: who took the case and when, or that it is over."""
    view = office.work.view
    names = await office.names(view.owner)
    if view.mode is Mode.HUMAN:
        return Toast(Phrase("handoff.refused_taken", names), alert=True)
    key = "handoff.refused_open" if view.state in SHARED else "handoff.refused_over"
    return Toast(Phrase(key, names), alert=True)


async def _take(office: OfficeTurn, args: Args) -> None:
    await deeds.take(office.work, office.actor)


async def _takeover(office: OfficeTurn, args: Args) -> None:
    await deeds.take_over(office.work, office.actor)
    office.cleared.append(office.message_id)


async def _release(office: OfficeTurn, args: Args) -> None:
    await deeds.release(office.work, office.actor)


async def _done(office: OfficeTurn, args: Args) -> None:
    await deeds.finish(office.work, office.actor)


async def _keep(office: OfficeTurn, args: Args) -> None:
    """The topic was closed by mistake; it opens again with the line that says so."""
    office.replace("desk.stays_open")


async def _give(office: OfficeTurn, args: Args) -> None:
    """Under the header: to whom? With a name on it: to them."""
    if not args:
        await commands.give(office, "")
        return
    await deeds.transfer(office.work, office.actor, read_id(args[0]) or 0)
    office.cleared.append(office.message_id)


async def _held(office: OfficeTurn, args: Args) -> None:
    """What to do with a message that waits for its writer's word."""
    way, kept_id = args if len(args) == 2 else ("", "")
    await sending.resolve(office, way, kept_id)


async def _erase(office: OfficeTurn, args: Args) -> None:
    await commands.erase(office, args[0] if args else "")


async def _help(office: OfficeTurn, args: Args) -> None:
    commands.show_help(office)


def _picks(kind: str) -> Callable[[OfficeTurn, Args], Awaitable[None]]:
    async def picks(office: OfficeTurn, args: Args) -> None:
        """Send what the button names; pressed twice, it is sent once."""
        ref = args[0] if args else ""
        if kind == "term":
            ref = office.work.parts.library.glossary.by_slug(ref) or ""
        if await picking.was_just_sent(office, kind, ref):
            office.toast = Toast(Phrase("desk.sent_already"))
        elif not await picking.pick(office, kind, ref):
            office.toast = Toast(Phrase("desk.nothing_found"), alert=True)
        else:
            office.cleared.append(office.message_id)

    return picks


STAFF_PRESSES: dict[str, Callable[[OfficeTurn, Args], Awaitable[None]]] = {
    "take": _take,
    "takeover": _takeover,
    "release": _release,
    "done": _done,
    "keep": _keep,
    "give": _give,
    "held": _held,
    "erase": _erase,
    "help": _help,
    **{name: _picks(kind) for kind, name in picking.ACTIONS.items()},
}
TIMELESS = frozenset({"held", "erase", *picking.ACTIONS.values()})
"""Buttons that mean the same as long as the case is open, however the conversation went on meanwhile."""
