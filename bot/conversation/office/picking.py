"""Entries, phrases, terms and contacts that staff send with a command, a button or the picker.

A phrase with blanks is filled by replying to the bot's question; what comes of it is shown before it is sent.
"""

from __future__ import annotations

import re
from datetime import timedelta

from sqlalchemy import delete, select

from bot.conversation.office import sending
from bot.conversation.office.finding import SHOWN, Find, find
from bot.conversation.office.turn import OfficeTurn
from bot.conversation.relayed import read_typed
from bot.conversation.replies import Filled, Rows
from bot.locales.values import UnreadableValue
from bot.storage.models import CaseMessage
from knowledge.model import SOURCE_LANGUAGE
from knowledge.phrases import Phrase as OfficePhrase

ACTIONS = {"entry": "answer", "phrase": "phrase", "term": "term", "referral": "refer"}
"""The name of the button that sends a find, by its kind."""
DRAFT = "draft"
"""Author of a phrase whose blanks are still being asked for; nobody but its writer has anything of it."""
TWICE = timedelta(seconds=30)
"""A second press within this time is the same press."""
_BETWEEN = re.compile(r"\s*[;؛\n]\s*")


async def look_up(office: OfficeTurn, kind: str, words: str) -> None:
    """Send what is named exactly; else show what fits the words."""
    found = find(office.work.parts.library, kind, words) if words else []
    exact = [one for one in found if one.ref == words or kind == "term" and len(found) == 1]
    if exact:
        await pick(office, kind, exact[0].ref)
    elif found:
        office.note("desk.found", rows=_rows(office, found[:SHOWN]), picker=True)
    else:
        office.note("desk.nothing_found" if words else f"desk.how_{ACTIONS[kind]}", picker=True)


def _rows(office: OfficeTurn, found: list[Find]) -> Rows:
    slug = office.work.parts.library.glossary.term

    def ref(one: Find) -> str:
        return slug(one.ref, SOURCE_LANGUAGE).slug if one.kind == "term" else one.ref

    return tuple((office.button(ACTIONS[one.kind], ref(one), label=one.title),) for one in found)


async def pick(office: OfficeTurn, kind: str, ref: str) -> bool:
    """Send what was picked, or ask for its blanks; False if there is no such thing (any more)."""
    library = office.work.parts.library
    known = {"entry": library.has, "phrase": library.phrases.__contains__, "term": library.glossary.__contains__,
             "referral": library.contacts.__contains__}  # fmt: skip
    if not known[kind](ref):
        return False
    if kind == "phrase" and library.phrases.get(ref).blanks:
        await _ask(office, library.phrases.get(ref))
    else:
        await sending.send(office, sending.picked(office, kind, ref))
    return True


async def was_just_sent(office: OfficeTurn, kind: str, ref: str) -> bool:
    """Whether the newest message of staff in the case is this very one, from a moment ago."""
    query = select(CaseMessage).where(CaseMessage.case_id == office.case.id, CaseMessage.author.in_(("staff", "held")))
    newest = await office.work.session.scalar(query.order_by(CaseMessage.id.desc()).limit(1))
    return newest is not None and (newest.kind, newest.ref) == (kind, ref) and newest.at > office.work.now - TWICE


async def phrase_with_values(office: OfficeTurn, words: str) -> None:
    """`/satz id`, `/satz words` or `/satz id value; value`."""
    id, _, values = words.partition(" ")
    if values and id in office.work.parts.library.phrases:
        await _fill(office, office.work.parts.library.phrases.get(id), values)
    else:
        await look_up(office, "phrase", words)


async def _ask(office: OfficeTurn, phrase: OfficePhrase) -> None:
    """Ask for the blanks: a reply to the question brings them. One question at a time for each colleague."""
    session = office.work.session
    mine = (CaseMessage.case_id == office.case.id, CaseMessage.staff_id == office.actor.id)
    await session.execute(delete(CaseMessage).where(*mine, CaseMessage.author == DRAFT))
    draft = sending.picked(office, "text", phrase.id)
    draft.case_id, draft.staff_id, draft.author, draft.at = office.case.id, office.actor.id, DRAFT, office.work.now
    session.add(draft)
    await session.flush()
    office.note("desk.blanks", asks_for=draft.id, text=phrase.text[SOURCE_LANGUAGE], blanks=_named(office, phrase))


def _named(office: OfficeTurn, phrase: OfficePhrase) -> str:
    """What belongs into the blanks, in order, as staff would type it."""
    say, language = office.work.parts.locales.say, office.work.parts.office_language
    return "; ".join(say(language, f"desk.blank_{blank.kind}") for blank in phrase.blanks)


async def answer_question(office: OfficeTurn, asked: CaseMessage, typed: str) -> None:
    """What was replied to the question for the blanks."""
    phrases = office.work.parts.library.phrases
    if asked.ref not in phrases:
        office.note("desk.nothing_found")
    elif await _fill(office, phrases.get(asked.ref or ""), typed):
        await office.work.session.delete(asked)


async def _fill(office: OfficeTurn, phrase: OfficePhrase, typed: str) -> bool:
    """Show the filled phrase with the question whether to send it; False if the values cannot be read."""
    values = [typed.strip()] if len(phrase.blanks) == 1 else [one for one in _BETWEEN.split(typed.strip()) if one]
    if len(values) != len(phrase.blanks):
        office.note("desk.blanks_wrong", text=phrase.text[SOURCE_LANGUAGE], blanks=_named(office, phrase))
        return False
    try:
        named = {blank.name: value for blank, value in zip(phrase.blanks, values, strict=True)}
        stored = read_typed(phrase, named, office.work.local_now.date())
    except UnreadableValue as error:
        office.note(str(error))
        return False
    await _preview(office, sending.picked(office, "phrase", phrase.id, stored))
    return True


async def _preview(office: OfficeTurn, kept: CaseMessage) -> None:
    kept.case_id, kept.staff_id, kept.at, kept.author = office.case.id, office.actor.id, office.work.now, "held"
    office.work.session.add(kept)
    await office.work.session.flush()
    of_colleague = office.work.view.owner not in {None, office.actor.id}
    rows = sending.ways(office, kept, *(("join", "takeover") if of_colleague else ("send",)), "drop")
    office.note("desk.preview", rows=rows, parts=(Filled(kept.ref or "", kept.blanks or {}),))
