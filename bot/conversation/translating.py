"""Translations for messages of cases, after the originals have gone out: no fault of the service holds anything up.

Works only if a service is configured. What staff write in the person's own language is not translated (E55).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversation.casework import turn_for_case
from bot.conversation.language import LanguageDetector
from bot.conversation.replies import CaseStep
from bot.conversation.turn import Parts, Turn
from bot.handoff.effects import EditRelayed
from bot.storage.database import Database
from bot.storage.models import Case, CaseMessage, Person, Staff
from bot.translation.client import TranslationDown
from bot.translation.translator import Translated, Translator

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
TRIED_FOR = timedelta(hours=1)
"""How long a translation is tried for; then the note that there is none stays."""
AT_ONCE = 20

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
        wake: Callable[[], None],
    ) -> None:  # fmt: skip
        self._database = database
        self._parts = parts
        self._translator = translator
        self._detector = detector
        self._deliver = deliver
        self._wake = wake

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            try:
                await self.look()
            except Exception as error:
                log.error("translations could not be looked at: %s", type(error).__name__)
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """Translate what waits, one after the other."""
        async with self._database.read() as session:
            jobs = [await self._job(session, message) for message in await _waiting(session)]
        for job in jobs:
            await self._do(job)

    async def _job(self, session: AsyncSession, message: CaseMessage) -> Job:
        case = await session.get(Case, message.case_id)
        person = await session.get(Person, case.person_id) if case is not None and case.person_id else None
        theirs, ours = person.language if person else self._parts.office_language, self._parts.office_language
        text = message.text or ""
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
        except TranslationDown:
            await self._store(job, None)
            return
        await self._store(job, made)

    async def _store(self, job: Job, made: Translated | None) -> None:
        async with self._database.write() as session:
            message = await session.get(CaseMessage, job.id, with_for_update=True)
            if message is None or message.text != job.text or message.copy_message_id is None:
                return  # erased, edited or not sent yet: looked at again
            case = await session.get(Case, message.case_id)
            before = message.translation_state
            self._note(message, job, made)
            if case is None or message.translation_state == before or message.translation_state is None:
                return
            turn = await turn_for_case(session, self._parts, case, self._parts.clock())
            if turn is not None:
                turn.items.append(CaseStep(case, (EditRelayed(message.id),)))
                await self._deliver(session, turn)
        self._wake()

    def _note(self, message: CaseMessage, job: Job, made: Translated | None) -> None:
        if made is None:
            gave_up = self._parts.clock() - message.at > TRIED_FOR
            message.translation_state = "failed" if gave_up else "late"
            return
        message.language, message.translation = job.source, made.text
        facts = [f"{fact.original or '–'} → {fact.translation or '–'}" for fact in made.changed]
        message.facts = "\n".join(facts) or None
        message.translation_state = None if made.text is None else "doubtful" if made.changed else "made"


async def _waiting(session: AsyncSession) -> list[CaseMessage]:
    query = select(CaseMessage).where(CaseMessage.translation_state.in_(("wanted", "late")))
    sent = CaseMessage.copy_message_id.is_not(None)
    return list(await session.scalars(query.where(sent).order_by(CaseMessage.id).limit(AT_ONCE)))
