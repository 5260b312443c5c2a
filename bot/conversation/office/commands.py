"""What staff type in a case's topic with a slash in front: in German, or in English under the other name."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

from sqlalchemy import select

from bot.conversation.incoming import StaffMessage
from bot.conversation.office import deeds, picking, sending
from bot.conversation.office.turn import OfficeTurn, read_id
from bot.conversation.replies import Rows
from bot.handoff.states import WITH_HUMAN, State
from bot.handoff.transition import Refused
from bot.storage import cases as stored
from bot.storage import office as storage
from bot.storage.models import CaseMessage, Staff

Handler = Callable[[OfficeTurn, StaffMessage], Awaitable[None]]
LONGEST_HOURS = 4
"""Digits of the hours of `/stumm`; the limit itself is `deeds.LONGEST_MUTE`."""


async def run(office: OfficeTurn, message: StaffMessage) -> None:
    """Carry out a command. Nothing that begins with a slash ever reaches the person. Raises `Refused`."""
    name = NAMES.get(message.command or "")
    if name is None:
        office.note("desk.unknown_command")
    elif message.media and name != "note":
        office.note("desk.command_with_file")
    else:
        await COMMANDS[name](office, message)
    if message.via_bot:
        # The line was typed by the picker; what came of it stands below it.
        office.removed.append(message.message_id)


async def _take(office: OfficeTurn, message: StaffMessage) -> None:
    view = office.work.view
    if view.state is State.RESOLVED:
        await deeds.reopen(office.work, office.actor)
    elif view.state in WITH_HUMAN and view.owner != office.actor.id:
        rows = ((office.button("takeover"),),)
        office.note("handoff.refused_taken", rows=rows, **await office.names(view.owner))
    else:
        await deeds.take(office.work, office.actor)


async def _release(office: OfficeTurn, message: StaffMessage) -> None:
    await deeds.release(office.work, office.actor)


async def _give(office: OfficeTurn, message: StaffMessage) -> None:
    await give(office, message.argument)


async def give(office: OfficeTurn, name: str) -> None:
    """Hand the case to the one colleague whose name has a word that begins so; else show those on duty."""
    colleagues = [one for one in await _colleagues(office) if one.id != office.work.view.owner]
    fitting = [one for one in colleagues if _is_called(one.name, name)]
    if name and len(fitting) == 1:
        await deeds.transfer(office.work, office.actor, fitting[0].id)
        return
    today = office.work.local_now.date()
    on_duty = {one.id for one in await storage.on_duty(office.work.session, today)}
    shown = [one for one in fitting or colleagues if one.id in on_duty]
    office.note("desk.give_to" if shown else "desk.nobody_to_give", rows=_people(office, shown))


def _people(office: OfficeTurn, people: list[Staff]) -> Rows:
    return tuple((office.button("give", str(one.id), label=one.name),) for one in people)


async def _colleagues(office: OfficeTurn) -> list[Staff]:
    return list(await office.work.session.scalars(select(Staff).where(Staff.active).order_by(Staff.name)))


def _is_called(name: str, typed: str) -> bool:
    start = typed.casefold()
    return name.casefold().startswith(start) or any(word.casefold().startswith(start) for word in name.split())


async def _done(office: OfficeTurn, message: StaffMessage) -> None:
    await deeds.finish(office.work, office.actor, summary=message.argument)


async def _note(office: OfficeTurn, message: StaffMessage) -> None:
    if message.argument or message.media:
        await sending.note(office, message, message.argument)
    else:
        office.note("desk.how_note")


async def _answer(office: OfficeTurn, message: StaffMessage) -> None:
    await picking.look_up(office, "entry", message.argument)


async def _phrase(office: OfficeTurn, message: StaffMessage) -> None:
    await picking.phrase_with_values(office, message.argument)


async def _term(office: OfficeTurn, message: StaffMessage) -> None:
    await picking.look_up(office, "term", message.argument)


async def _refer(office: OfficeTurn, message: StaffMessage) -> None:
    await picking.look_up(office, "referral", message.argument)


async def _delete(office: OfficeTurn, message: StaffMessage) -> None:
    """E37, E59: as a reply to an own message it is taken back; to one of the person, it is asked first."""
    kept = await _answered(office, message)
    if kept is None or kept.case_id != office.case.id:
        office.note("desk.how_delete")
    elif kept.author == "staff":
        await deeds.delete(office.work, office.actor, kept)
        office.note("desk.deleted")
    else:
        office.note("desk.erase_question", rows=((office.button("erase", str(kept.id)),),))


async def _answered(office: OfficeTurn, message: StaffMessage) -> CaseMessage | None:
    """The case message that is answered: one of staff or of the person, by anything that shows it."""
    if message.reply_to is None:
        return None
    session = office.work.session
    found = await stored.message_by_source(session, message.chat_id, message.reply_to)
    found = found or await stored.message_by_copy(session, office.case, message.reply_to)
    return found if found is not None and found.author in {"staff", "person", "asked"} else None


async def erase(office: OfficeTurn, kept_id: str) -> None:
    """E59: the answer to the question whether a message of the person is to go. Raises `Refused`."""
    kept = await office.work.session.get(CaseMessage, read_id(kept_id) or 0)
    if kept is None or kept.case_id != office.case.id:
        raise Refused("handoff.refused_over", office.work.view.state)
    await deeds.erase(office.work, office.actor, kept)
    office.replace("desk.erased")


async def _mute(office: OfficeTurn, message: StaffMessage) -> None:
    hours, _, reason = message.argument.partition(" ")
    if not hours.isdecimal() or not 0 < len(hours) <= LONGEST_HOURS or not int(hours):
        office.note("desk.how_mute")
        return
    await deeds.mute(office.work, office.actor, timedelta(hours=int(hours)), reason)
    office.note("desk.muted", time=office.work.person.muted_until)


async def _unmute(office: OfficeTurn, message: StaffMessage) -> None:
    await deeds.unmute(office.work, office.actor)
    office.note("desk.unmuted")


async def _help(office: OfficeTurn, message: StaffMessage) -> None:
    show_help(office)


def show_help(office: OfficeTurn) -> None:
    """All commands, a line each."""
    parts = office.work.parts
    lines = [f"/{name} – {parts.locales.say(parts.office_language, f'desk.command_{key}')}"
             for key, name in listed(parts.office_language)]  # fmt: skip
    office.note("desk.help", lines="\n".join(lines))


COMMANDS: dict[str, Handler] = {
    "take": _take,
    "release": _release,
    "give": _give,
    "done": _done,
    "note": _note,
    "entry": _answer,
    "phrase": _phrase,
    "term": _term,
    "refer": _refer,
    "delete": _delete,
    "mute": _mute,
    "unmute": _unmute,
    "help": _help,
}
"""By their English names, in the order in which they are listed; what each does is `desk.command_<name>`."""
GERMAN = {"take": "nehmen", "release": "frei", "give": "an", "done": "fertig", "note": "notiz", "entry": "antwort",
          "phrase": "satz", "term": "wort", "refer": "verweis", "delete": "loeschen", "mute": "stumm",
          "unmute": "laut", "help": "hilfe"}  # fmt: skip
NAMES: dict[str, str] = {**{german: name for name, german in GERMAN.items()}, "löschen": "delete",
                         **{name: name for name in COMMANDS}}  # fmt: skip
"""Everything that may be typed. Telegram lists no names with umlauts, but they can be typed."""


def listed(language: str) -> list[tuple[str, str]]:
    """Key and name of every command, as staff who read `language` type it."""
    return [(key, GERMAN[key] if language == "de" else key) for key in COMMANDS]
