"""The path of a message, in two halves.

`think` asks others (language, crisis words, Rasa) and writes nothing; `respond` decides inside one transaction.
Between them a human may have taken over: `respond` looks at the mode again, so a bot answer that came too late
is never sent.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversation import cases
from bot.conversation.commands import RIGHTS
from bot.conversation.flows import asking
from bot.conversation.flows.asking import Query
from bot.conversation.flows.runs import ACTIVE
from bot.conversation.incoming import FromPerson, FromPrivateChat, PersonMessage, PersonPress, PersonReach
from bot.conversation.language import LanguageDetector, supported
from bot.conversation.pace import OK, Kind, Pace, Verdict
from bot.conversation.presses import ALWAYS, COSTLY, press
from bot.conversation.replies import Phrase, Toast
from bot.conversation.speaking import follow_telegram
from bot.conversation.steps import STEPS, Thought, ThoughtTooOldError
from bot.conversation.turn import Parts, Turn
from bot.handoff.states import SHARED, WITH_HUMAN, State
from bot.insight.ideas import read_ahead
from bot.rasa import Rasa, RasaDown
from bot.storage import cases as stored
from bot.storage import flows as stored_flows
from bot.storage.database import Database
from bot.storage.models import Person
from bot.storage.situation import Known, known_by_chat, situation_of

log = logging.getLogger(__name__)

LONGEST_TEXT = 1000
"""Characters of a message that Rasa is asked about; a question does not need more, and 4096 are possible."""
NO_FLOW = Query()
LATE = timedelta(minutes=15)
"""After so long an answer comes with an apology."""


class Conversation:
    """Decides what a person gets to see."""

    def __init__(self, parts: Parts, rasa: Rasa, detector: LanguageDetector) -> None:
        self.parts = parts
        self._rasa = rasa
        self.detector = detector
        self.pace = Pace(parts.messages_per_minute, parts.messages_per_minute_all, parts.newcomers_per_minute)
        self._rasa_is_up = True

    async def think(
        self, database: Database, incoming: FromPrivateChat, *, begins: Callable[[], None] = lambda: None
    ) -> Thought:
        """Look for words of crisis in any text; ask Rasa about a question, unless a human is talking.

        `begins` is called when an answer of the bot is on its way.
        """
        if isinstance(incoming, PersonPress):
            return await self._think_about_press(database, incoming)
        if not isinstance(incoming, PersonMessage):
            return Thought()
        known = await situation_of(database, incoming.sender.chat_id)
        danger = self._crisis_in(incoming.text) if incoming.text and not incoming.command else None
        verdict = OK if danger else self._pace_of(incoming, is_new=known is None)
        if verdict is not OK or incoming.command or not incoming.text:
            return Thought(pace=verdict)
        language = known.language if known else self._language_for(incoming.sender)
        mode = State(known.case) if known and known.case else None
        if incoming.media:
            # It is not answered; but before consent it has to be known whether it is sensitive.
            return danger or (Thought() if mode in SHARED else await self._make_out(incoming.text, language))
        if mode in WITH_HUMAN:
            # The bot is silent; the office sees what it would have answered.
            return danger or replace(await self._make_out(incoming.text, language), for_office=True)
        begins()
        run = known.run if known and not incoming.edited else None
        query = asking.for_text(run, self.parts.locales, language, incoming.text)
        return replace(danger, query=query) if danger else await self._make_out(incoming.text, language, query)

    async def _think_about_press(self, database: Database, press: PersonPress) -> Thought:
        """Most buttons mean one thing; those of a guided flow go to Rasa."""
        known = await situation_of(database, press.sender.chat_id)
        verdict = self._pace_of_press(press, is_new=known is None)
        query = None if verdict is not OK else await asking.for_press(database, known, press.action)
        if query is None:
            return Thought(pace=verdict)
        language = known.language if known else self._language_for(press.sender)
        return await self._ask("", language, Thought(query=query))

    async def understand(self, text: str, chat_language: str) -> Thought:
        """Crisis words, language, glossary, Rasa: what `make predict` measures is what a person gets."""
        return self._crisis_in(text) or await self._make_out(text, chat_language)

    async def _make_out(self, text: str, chat_language: str, query: Query = NO_FLOW) -> Thought:
        """What a text means that holds no words of crisis."""
        found = self.detector.detect(text, chat_language)
        foreign = None if found else self.detector.foreign(text)
        term = None if query.pressed else self.parts.library.glossary.asked_about(text, found or chat_language)
        thought = Thought(language=found, foreign=foreign, term=term, query=query)
        asked = await self._ask(text, found or chat_language, thought)
        if asked.understanding is not None and asked.understanding.decision != "answer":
            # It may be kept as unanswered. Not in the transaction: others would wait for it.
            await read_ahead(found or chat_language)
        return asked

    async def _ask(self, text: str, language: str, thought: Thought) -> Thought:
        """The thought with what Rasa makes of the text, or with the note that it does not answer."""
        query, now = thought.query, self.parts.clock().astimezone(self.parts.locales.zone)
        try:
            # Rasa gets no id of the person: each message brings along all that it needs to know.
            understanding = await self._rasa.ask(text[:LONGEST_TEXT], language, secrets.token_hex(8), now=now,
                                                 form=query.form, pressed=query.pressed)  # fmt: skip
        except RasaDown as error:
            self._note_rasa(up=False, reason=str(error))
            return replace(thought, degraded=True)
        self._note_rasa(up=True)
        return replace(thought, understanding=understanding)

    def _note_rasa(self, *, up: bool, reason: str = "") -> None:
        """Tell the operator when Rasa goes and when it is back, not at every message in between."""
        if up is not self._rasa_is_up:
            log.warning("Rasa is back" if up else f"Rasa does not answer ({reason}); the bot goes on without it")
        self._rasa_is_up = up

    def _crisis_in(self, text: str) -> Thought | None:
        found = self.parts.content.crisis.found_in(text)
        return Thought(crisis=True, language=self.detector.detect(text)) if found else None

    async def respond(self, session: AsyncSession, incoming: FromPrivateChat, thought: Thought) -> Turn:
        """Decide on the reply inside the transaction; returns the turn with everything to send."""
        now = self.parts.clock()
        (person, has_cases, has_runs), seen_before = await self._person(session, incoming.sender, now)
        case, ended, newest = await stored.cases_at_hand(session, person) if has_cases else stored.NONE_AT_HAND
        if thought.for_office and (case is None or State(case.state) not in WITH_HUMAN):
            raise ThoughtTooOldError
        runs = await stored_flows.runs_of(session, person) if has_runs else ()
        run = next((one for one in runs if one.state == ACTIVE), None)
        query = thought.query
        if query.form is not None and (run is None or (run.id, run.version) != (query.run, query.version)):
            raise ThoughtTooOldError
        # Not before: each query above would first write it down.
        person.seen_at = now
        turn = Turn(parts=self.parts, session=session, person=person, case=case, now=now, language=person.language,
                    run=run, latest=next(iter(runs), None), understanding=thought.understanding,
                    degraded=thought.degraded, ended=ended, newcomer=seen_before is None)  # fmt: skip
        follow_telegram(turn, incoming.sender)
        if turn.newcomer:
            await turn.count("new_person")
        if isinstance(incoming, PersonReach):
            await (cases.welcome_back(turn, newest) if incoming.reachable else cases.lose(turn))
            return turn
        await cases.welcome_back(turn, newest)
        if isinstance(incoming, PersonPress):
            turn.pressed = incoming.message_id
            if thought.pace is OK:
                await press(turn, incoming.action)
            else:
                turn.toast = Toast(Phrase(thought.pace.text), alert=True)
            return turn
        for step in STEPS:
            if await step(turn, incoming, thought):
                break
        if _is_late(incoming, now, seen_before):
            _apologise_first(turn)
        return turn

    async def _person(
        self, session: AsyncSession, sender: FromPerson, now: datetime
    ) -> tuple[Known, datetime | None]:
        """The person, and when they were here before; None if never."""
        known = await known_by_chat(session, sender.chat_id)
        if known is None:
            person = Person(chat_id=sender.chat_id, language=self._language_for(sender), created_at=now, seen_at=now,
                            misses=0, reachable=True, language_chosen=False, told_degraded=False,
                            erase_when_done=False)  # fmt: skip
            session.add(person)
            await session.flush()
            return Known(person, has_cases=False, has_runs=False), None
        return known, known.person.seen_at

    def _language_for(self, sender: FromPerson) -> str:
        languages = self.parts.locales.languages
        return supported(sender.language_code, languages) or ("en" if "en" in languages else languages[0])

    def _pace_of(self, message: PersonMessage, *, is_new: bool) -> Verdict:
        """Rights get through whatever the limits say, as words of crisis do."""
        if message.command in RIGHTS and message.command != "mydata":
            return OK
        kinds = [Kind.MESSAGE] + [Kind.FILE] * bool(message.media) + [Kind.COPY] * (message.command == "mydata")
        return self._verdict(message.sender, kinds, is_new=is_new)

    def _pace_of_press(self, press: PersonPress, *, is_new: bool) -> Verdict:
        if press.action.name in ALWAYS:
            return OK
        kind = Kind.COPY if press.action.name in COSTLY else Kind.PRESS
        return self._verdict(press.sender, [kind], is_new=is_new)

    def _verdict(self, sender: FromPerson, kinds: list[Kind], *, is_new: bool) -> Verdict:
        now = self.parts.clock()
        verdicts = (self.pace.verdict(sender.chat_id, now, kind, is_new=is_new) for kind in kinds)
        return next((verdict for verdict in verdicts if verdict is not OK), OK)


def _is_late(message: PersonMessage, now: datetime, seen_before: datetime | None) -> bool:
    """E26: the message was sent while the bot could not be reached, and is the first of those to be answered."""
    sent = message.sent_at
    if sent is None or message.edited or now - sent <= LATE:
        return False
    return seen_before is None or seen_before < sent


def _apologise_first(turn: Turn) -> None:
    turn.say("error.late", kind="system")
    turn.items.insert(0, turn.items.pop())
