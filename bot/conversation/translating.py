"""Translations for messages of cases, after the originals have gone out: no fault of the service holds anything up.

Works only if a service is configured. What staff write in the person's own language is not translated (E55).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversation.casework import turn_for_case
from bot.conversation.consent import own_words
from bot.conversation.language import LanguageDetector
from bot.conversation.replies import CaseStep
from bot.conversation.turn import Parts, Turn
from bot.handoff.effects import EditRelayed
from bot.storage.away import DatabaseAway
from bot.storage.database import Database
from bot.storage.models import Case, CaseMessage, Person, Staff
from bot.translation.client import TranslationDown
from bot.translation.translator import Translated, Translator

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
TRIED_FOR = timedelta(hours=1)
"""How long a translation is tried for; then the note that there is none stays."""
REST = timedelta(minutes=1)
"""Between two attempts at the same message."""
AT_ONCE = 20
OPEN = ("wanted", "late")
"""States in which a translation is still to come."""
NEVER = (False, datetime.min.replace(tzinfo=UTC))

Deliver = Callable[[AsyncSession, Turn], Awaitable[None]]


@dataclass(frozen=True)
class Job:
    """A message to be translated from one language into another; `names` must come through unchanged."""

    id: int
    text: str
    source: str
    target: str
    names: tuple[str, ...]


class Translating:
    """Looks for messages that want a translation, and adds it to what was sent by editing it."""

    def __init__(
        self, database: Database, parts: Parts, translator: Translator, detector: LanguageDetector, deliver: Deliver,
    ) -> None:  # fmt: skip
        self._database = database
        self._parts = parts
        self._translator = translator
        self._detector = detector
        self._deliver = deliver
        self._tried: dict[int, tuple[bool, datetime]] = {}
        """For each message that waits: whether the service was asked, and when that was last thought of."""

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            try:
                await self.look()
            except DatabaseAway:
                pass  # said already; the next look tries again
            except Exception as error:
                log.error("translations could not be looked at: %s", type(error).__name__)
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """Translate what waits, one after the other; a message that fails keeps no other waiting."""
        async with self._database.read() as session:
            jobs = [await self._job(session, message) for message in await self._due(session)]
        for job in jobs:
            self._tried[job.id] = (self._translator.available, self._parts.clock())
            try:
                await self._do(job)
            except Exception as error:
                log.error("a translation could not be kept: %s", type(error).__name__)

    async def _due(self, session: AsyncSession) -> list[CaseMessage]:
        """First those that the service was never asked for, then those it was asked for longest ago."""
        ids, now = await _waiting(session), self._parts.clock()
        self._tried = {id: tried for id, tried in self._tried.items() if id in ids}
        if not ids:
            return []
        order = sorted((self._tried.get(id, NEVER), id) for id in ids)
        due = [id for tried, id in order if tried is NEVER or now - tried[1] >= REST][:AT_ONCE]
        found = {one.id: one for one in await session.scalars(select(CaseMessage).where(CaseMessage.id.in_(due)))}
        return [found[id] for id in due if id in found]

    async def _job(self, session: AsyncSession, message: CaseMessage) -> Job:
        case = await session.get(Case, message.case_id)
        person = await session.get(Person, case.person_id) if case is not None and case.person_id else None
        theirs, ours = person.language if person else self._parts.office_language, self._parts.office_language
        text = _words(message)
        if message.author == "staff":
            source = self._detector.detect(text, ours) or ours
            # What a colleague wrote in the person's language needs none.
            target = source if source == theirs else theirs
        else:
            source, target = self._detector.detect(text, theirs) or message.language or theirs, ours
        names = tuple(await session.scalars(select(Staff.name).where(Staff.active)))
        return Job(message.id, text, source, target, names)

    async def _do(self, job: Job) -> None:
        try:
            made = await self._translator.translate(job.text, job.source, job.target, names=job.names)
        except (TranslationDown, LookupError) as error:
            log.info("no translation from %s to %s: %s", job.source, job.target, error)
            made = None
        await self._store(job, made)

    async def _store(self, job: Job, made: Translated | None) -> None:
        async with self._database.write() as session:
            message = await session.get(CaseMessage, job.id, with_for_update=True)
            if message is None or message.translation_state not in OPEN or _words(message) != job.text:
                self._tried.pop(job.id, None)
                return  # erased or edited meanwhile: looked at again
            case = await session.get_one(Case, message.case_id)
            before = message.translation_state
            self._note(message, job, made, since=max(message.edited_at or message.at, case.opened_at))
            if message.translation_state in {before, None} or message.copy_message_id is None:
                return  # what was shared before the case has no copy of its own to correct; the desk shows it
            turn = await turn_for_case(session, self._parts, case, self._parts.clock())
            if turn is not None:
                turn.items.append(CaseStep(case, (EditRelayed(message.id),)))
                await self._deliver(session, turn)

    def _note(self, message: CaseMessage, job: Job, made: Translated | None, *, since: datetime) -> None:
        if made is None:
            gave_up = self._parts.clock() - since > TRIED_FOR
            message.translation_state = "failed" if gave_up else "late"
            return
        message.language, message.translation = job.source, made.text
        facts = [f"{fact.original or '–'} → {fact.translation or '–'}" for fact in made.changed]
        message.facts = "\n".join(facts) or None
        message.translation_state = None if made.text is None else "doubtful" if made.changed else "made"


def _words(message: CaseMessage) -> str:
    """What is to be translated: of what was shared, not the title of the answer, which is the office's own."""
    text = message.text or ""
    return own_words(text) if message.author == "shared" else text


async def _waiting(session: AsyncSession) -> set[int]:
    """Messages that still say something and that somebody has got to read, or that came with the person's consent."""
    sent = or_(CaseMessage.copy_message_id.is_not(None), CaseMessage.author == "shared")
    query = select(CaseMessage.id).where(CaseMessage.translation_state.in_(OPEN), sent)
    return set(await session.scalars(query.where(CaseMessage.text.is_not(None), CaseMessage.deleted_at.is_(None))))
