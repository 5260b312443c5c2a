"""The path of a message, in two halves.

`think` asks others (language, crisis words, Rasa) and writes nothing; `respond` decides inside one transaction.
Between them a human may have taken over: `respond` looks at the mode again, so a bot answer that came too late
is never sent.
"""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversation import answers, cases, menus
from bot.conversation.commands import COMMANDS, unknown
from bot.conversation.crisis import CrisisWords
from bot.conversation.incoming import FromPerson, FromPrivateChat, PersonMessage, PersonPress, PersonReach
from bot.conversation.language import LanguageDetector, supported
from bot.conversation.presses import press
from bot.conversation.replies import Phrase
from bot.conversation.turn import Parts, Turn
from bot.handoff.states import WAITING, WITH_HUMAN, State
from bot.rasa import Rasa, RasaDown, Understanding
from bot.storage import cases as stored
from bot.storage.database import Database
from bot.storage.models import Person
from bot.storage.persons import person_by_chat

LONGEST_TEXT = 1000
"""Characters of a message that Rasa is asked about; a question does not need more, and 4096 are possible."""


@dataclass(frozen=True, kw_only=True)
class Thought:
    """What was found out about a message before the transaction."""

    crisis: bool = False
    language: str | None = None
    """The message's own language, if it is clear."""
    understanding: Understanding | None = None
    degraded: bool = False
    """Rasa was asked and did not answer."""


class ThoughtTooOldError(Exception):
    """Since the thinking a human gave the person back to the bot: the text has to be understood after all."""


class Conversation:
    """Decides what a person gets to see."""

    def __init__(self, parts: Parts, rasa: Rasa, words: CrisisWords, detector: LanguageDetector) -> None:
        self.parts = parts
        self._rasa = rasa
        self._words = words
        self._detector = detector
        self._limits = Pace(parts.messages_per_minute)

    async def think(self, database: Database, incoming: FromPrivateChat) -> Thought:
        """Ask Rasa about a free text, unless a human is talking or a command or button needs no asking."""
        if not isinstance(incoming, PersonMessage) or incoming.command or not incoming.text or incoming.media:
            return Thought()
        if self._words.found_in(incoming.text):
            return Thought(crisis=True, language=self._detector.detect(incoming.text))
        async with database.read() as session:
            person = await person_by_chat(session, incoming.sender.chat_id)
            case = await stored.open_case(session, person) if person else None
        if case is not None and State(case.state) in WITH_HUMAN:
            return Thought()
        chat_language = person.language if person else self._language_for(incoming.sender)
        return await self.understand(incoming.text, chat_language)

    async def understand(self, text: str, chat_language: str) -> Thought:
        """Crisis words, language, Rasa: what `make predict` measures is what a person gets."""
        if self._words.found_in(text):
            return Thought(crisis=True, language=self._detector.detect(text))
        found = self._detector.detect(text)
        try:
            # Rasa gets no id of the person: without a running flow each message stands for itself.
            understanding = await self._rasa.ask(text[:LONGEST_TEXT], found or chat_language, secrets.token_hex(8))
        except RasaDown:
            return Thought(language=found, degraded=True)
        return Thought(language=found, understanding=understanding)

    async def respond(self, session: AsyncSession, incoming: FromPrivateChat, thought: Thought) -> Turn:
        """Decide on the reply inside the transaction; returns the turn with everything to send."""
        now = self.parts.clock()
        person = await self._person(session, incoming.sender, now)
        case = await stored.open_case(session, person, lock=True)
        turn = Turn(parts=self.parts, session=session, person=person, case=case, now=now, language=person.language)
        if isinstance(incoming, PersonReach):
            await (cases.welcome_back(turn) if incoming.reachable else cases.lose(turn))
            return turn
        await cases.welcome_back(turn)
        if isinstance(incoming, PersonPress):
            turn.pressed = incoming.message_id
            await press(turn, incoming.action)
            return turn
        for step in (self._slow_down, _command, _crisis, _relay, _media, _speak_their_language, _decide):
            if await step(turn, incoming, thought):
                break
        return turn

    async def _person(self, session: AsyncSession, sender: FromPerson, now: datetime) -> Person:
        person = await person_by_chat(session, sender.chat_id)
        if person is None:
            person = Person(chat_id=sender.chat_id, language=self._language_for(sender), created_at=now, seen_at=now,
                            misses=0, reachable=True, language_chosen=False, told_degraded=False)  # fmt: skip
            session.add(person)
            await session.flush()
        elif not person.language_chosen:
            # Telegram's setting may be changed later; a choice made here holds.
            person.language = supported(sender.language_code, self.parts.locales.languages) or person.language
        person.seen_at = now
        return person

    def _language_for(self, sender: FromPerson) -> str:
        languages = self.parts.locales.languages
        return supported(sender.language_code, languages) or ("en" if "en" in languages else languages[0])

    async def _slow_down(self, turn: Turn, message: PersonMessage, thought: Thought) -> bool:
        """More messages a minute than anybody types get one request to wait; a case's messages are all passed on."""
        verdict = self._limits.verdict(turn.person.chat_id, turn.now)
        if verdict == "ok" or turn.case is not None or thought.crisis:
            return False
        if verdict == "first_too_many":
            turn.say("limits.slow_down", kind="system")
        return True


class Pace:
    """Counts the messages of each chat over the last minute; forgets chats that fell silent."""

    def __init__(self, per_minute: int) -> None:
        self._per_minute = per_minute
        self._seen: dict[int, deque[datetime]] = {}
        self._told: dict[int, datetime] = {}

    def verdict(self, chat_id: int, now: datetime) -> str:
        """`ok`, `first_too_many` (say so once a minute), or `too_many`."""
        minute_ago = now - timedelta(minutes=1)
        for known in [key for key, times in self._seen.items() if times[-1] < minute_ago]:
            del self._seen[known]
        times = self._seen.setdefault(chat_id, deque())
        times.append(now)
        while times[0] < minute_ago:
            times.popleft()
        if len(times) <= self._per_minute:
            return "ok"
        if self._told.get(chat_id, minute_ago) > minute_ago:
            return "too_many"
        self._told = {key: at for key, at in self._told.items() if at > minute_ago} | {chat_id: now}
        return "first_too_many"


Step = Callable[[Turn, PersonMessage, Thought], Awaitable[bool]]


async def _command(turn: Turn, message: PersonMessage, thought: Thought) -> bool:
    if message.command is None:
        return False
    await COMMANDS.get(message.command, unknown)(turn)
    return True


async def _crisis(turn: Turn, message: PersonMessage, thought: Thought) -> bool:
    """The fixed text comes first in every mode; with a case the message reaches the office as well."""
    rasa_sees_crisis = thought.understanding is not None and any(
        reply.get("do") == "crisis" for reply in thought.understanding.replies
    )
    if not thought.crisis and not rasa_sees_crisis:
        return False
    turn.language = thought.language or turn.language
    await answers.crisis(turn)
    if turn.case is not None and turn.view.state in WAITING | WITH_HUMAN:
        turn.case.urgent = True
        await cases.write(turn, message)
    return True


async def _relay(turn: Turn, message: PersonMessage, thought: Thought) -> bool:
    """With a human, or with the question "solved?" open, the message goes to the office and the bot is silent."""
    if turn.view.state not in WITH_HUMAN | {State.RETURN_OFFERED}:
        return False
    await cases.write(turn, message)
    return True


async def _media(turn: Turn, message: PersonMessage, thought: Thought) -> bool:
    """The bot reads text only: it says so, and passes the rest on if the office waits for it."""
    if not message.media and message.text:
        return False
    if turn.view.state in WAITING:
        await cases.write(turn, message)
        if not message.album_follows:
            turn.say("handoff.added", kind="system")
    elif not message.album_follows:
        rows = menus.topics(turn, human_first=True)
        turn.say("media.text_only", rows=rows, kind="system", what=Phrase(f"media.{message.media or 'message'}"))
    return True


async def _speak_their_language(turn: Turn, message: PersonMessage, thought: Thought) -> bool:
    """A message clearly in another language is answered in it, and the bot offers to stay there."""
    if thought.language and thought.language != turn.person.language:
        turn.language = thought.language
        turn.say("language.offer", rows=menus.switch(turn, thought.language), kind="system")
    return False


async def _decide(turn: Turn, message: PersonMessage, thought: Thought) -> bool:
    text = message.text or ""
    offer = turn.items[:]
    turn.items = []
    if turn.view.state in WAITING:
        await _both_speak(turn, message, thought)
    elif thought.understanding is not None:
        turn.person.told_degraded = False
        await answers.follow(turn, thought.understanding, text)
    elif thought.degraded:
        await _without_rasa(turn, text)
    else:
        raise ThoughtTooOldError
    turn.items += offer
    return True


async def _both_speak(turn: Turn, message: PersonMessage, thought: Thought) -> None:
    """While the office is awaited everything written goes there; what the bot surely knows it answers at once."""
    await cases.write(turn, message)
    understanding = thought.understanding
    if understanding is not None and understanding.decision == "answer":
        await answers.follow(turn, understanding, message.text or "")
        if turn.parts.library.has(understanding.best.id):
            turn.say("handoff.added_too", kind="system")
    else:
        turn.say("handoff.added", kind="system")


async def _without_rasa(turn: Turn, text: str) -> None:
    """Rasa is down: say so once, and offer what a search by words finds."""
    if not turn.person.told_degraded:
        turn.say("understanding.degraded", kind="system")
        turn.person.told_degraded = True
    found = turn.parts.library.search(text, turn.language)
    # Without Rasa nothing tells whether the text is sensitive, so it is not kept.
    await answers.offer_choice(turn, found, question=None)
