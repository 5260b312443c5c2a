"""The steps of a message inside the transaction, in the order of `STEPS`; a step that returns True ends the path."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from bot.conversation import answers, cases, consent, glossary, menus, speaking
from bot.conversation.commands import COMMANDS, unknown
from bot.conversation.flows import play, questions
from bot.conversation.flows.asking import Query
from bot.conversation.hold import say_muted
from bot.conversation.incoming import PersonMessage
from bot.conversation.language import supported
from bot.conversation.pace import OK, Verdict
from bot.conversation.replies import Phrase
from bot.conversation.turn import Turn
from bot.handoff.states import SHARED, WAITING, WITH_HUMAN, State
from bot.rasa import Understanding
from flows.guide.form import SENSITIVE
from knowledge.model import Term


@dataclass(frozen=True, kw_only=True)
class Thought:
    """What was found out about a message before the transaction."""

    crisis: bool = False
    language: str | None = None
    """The message's own language, if it is clear."""
    foreign: str | None = None
    """The message is surely in this language (ISO 639), which the bot does not speak."""
    term: Term | None = None
    """The word whose meaning the message asks for."""
    understanding: Understanding | None = None
    degraded: bool = False
    """Rasa was asked and did not answer."""
    for_office: bool = False
    """A human being was talking: nothing of this is an answer to the person."""
    query: Query = field(default_factory=Query)
    """What Rasa was asked about: the guided flow that was running then."""
    pace: Verdict = OK
    """Whether that is too much for a minute."""

    @property
    def entry(self) -> str | None:
        """The entry that the bot would answer with; None where it would ask, or talk of something else."""
        understanding = self.understanding
        if understanding is None or understanding.decision != "answer" or not understanding.ranking:
            return None
        return understanding.best.id if "." in understanding.best.id else None


class ThoughtTooOldError(Exception):
    """Since the thinking a human came or went, or a flow moved on: the text has to be thought about again."""


SMALL_TALK = frozenset({"thank", "goodbye", "greet", "affirm", "deny"})
SMALL_TALK_MEDIA = frozenset({"sticker", "animation", "dice"})

Step = Callable[[Turn, PersonMessage, Thought], Awaitable[bool]]


async def _slow_down(turn: Turn, message: PersonMessage, thought: Thought) -> bool:
    """More than is done in a minute gets one request to wait; then nothing, until the minute is over."""
    if thought.pace is OK:
        return False
    if thought.pace.tell:
        turn.say(thought.pace.text, kind="system")
    return True


async def _command(turn: Turn, message: PersonMessage, thought: Thought) -> bool:
    if message.command is None:
        return False
    turn.argument = message.argument
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
    await cases.mark_urgent(turn)
    if turn.view.state in SHARED:
        await _write(turn, message, thought)
    return True


async def _write(turn: Turn, message: PersonMessage, thought: Thought) -> None:
    await cases.write(turn, message, language=thought.language, entry=thought.entry)


async def _muted(turn: Turn, message: PersonMessage, thought: Thought) -> bool:
    """What somebody on hold writes to the office is not passed on; they know."""
    return turn.case is not None and turn.view.state in SHARED and say_muted(turn)


async def _relay(turn: Turn, message: PersonMessage, thought: Thought) -> bool:
    """With a human, or with the question "solved?" open, the message goes to the office and the bot is silent."""
    if turn.view.state not in WITH_HUMAN | {State.RETURN_OFFERED}:
        return False
    if turn.view.state is State.RETURN_OFFERED and await _nothing_new(turn, message, thought):
        return True
    speaking.offer(turn, thought.language)
    await _write(turn, message, thought)
    return True


async def _nothing_new(turn: Turn, message: PersonMessage, thought: Thought) -> bool:
    """T11: an answer to "solved?", a sign or a corrected slip do not take up again what the office has ended."""
    if message.edited:
        await cases.correct(turn, message)
    elif not message.media and await _short_answer(turn, thought):
        return True
    elif not _small_talk(message, thought):
        return False
    await cases.say_status(turn)
    return True


async def _short_answer(turn: Turn, thought: Thought) -> bool:
    """Yes, no or thanks, typed instead of pressed: an answer to the question that is open."""
    if thought.understanding is None or thought.understanding.decision != "answer":
        return False
    said = thought.understanding.best.id
    if turn.view.state is State.INTAKE and said in {"affirm", "deny"}:
        await cases.consent(turn, "yes" if said == "affirm" else "no")
    elif turn.view.state is State.RETURN_OFFERED and said in {"affirm", "thank", "goodbye"}:
        await cases.solved(turn, "yes")
    elif turn.view.state is State.RETURN_OFFERED and said == "deny":
        await cases.solved(turn, "no")
    else:
        return False
    return True


async def _sign_of_thanks(turn: Turn, message: PersonMessage, thought: Thought) -> bool:
    """E15: a sticker or a thumb after the end gets the answer that thanks get."""
    if turn.ended is None or turn.run is not None or not _is_sign(message):
        return False
    await answers.small_talk(turn, "thank")
    return True


async def _media(turn: Turn, message: PersonMessage, thought: Thought) -> bool:
    """The bot reads text only: it says so, and passes the rest on if the office waits for it."""
    if not message.media and message.text:
        return False
    if turn.view.state in WAITING:
        await _write(turn, message, thought)
        if not message.album_follows:
            turn.say("handoff.added", kind="system")
    elif not message.album_follows:
        rows = menus.topics(turn, human_first=True)
        turn.say("media.text_only", rows=rows, kind="system", what=Phrase(f"media.{message.media or 'message'}"))
    if turn.view.state not in WAITING:
        await _keep(turn, message, thought)
    if not _is_sign(message):
        await cases.ask_same_matter(turn, message)
    return True


async def _keep(turn: Turn, message: PersonMessage, thought: Thought) -> None:
    """E40: what was sent can go along with a hand-off, as a question can. In a flow in confidence nothing is kept."""
    if message.media is None or (turn.run is not None and turn.run.flow in SENSITIVE):
        return
    understanding = thought.understanding
    harmless = understanding is not None and not answers.looks_sensitive(turn, understanding)
    await consent.keep(turn, message, may_be_kept=harmless or not message.text)


async def _speak_their_language(turn: Turn, message: PersonMessage, thought: Thought) -> bool:
    """A message clearly in another language is answered in it, and the bot offers to stay there.

    Nothing needs offering where neither the person nor Telegram has named a language that the bot speaks, unless the
    office has been told of the one that the bot assumed.
    """
    language = thought.language
    if not language or language == turn.person.language:
        return False
    named = supported(message.sender.language_code, turn.parts.locales.languages)
    if named is None and not turn.person.language_chosen and turn.view.state not in SHARED:
        speaking.speak(turn, language)
        return False
    speaking.offer(turn, language)
    turn.language = language
    return False


@contextmanager
def _before_the_offer(turn: Turn) -> Iterator[None]:
    """The reply comes first, then the offer to switch languages."""
    offer, turn.items = turn.items, []
    yield
    turn.items += offer


async def _explain(turn: Turn, message: PersonMessage, thought: Thought) -> bool:
    """Whoever asks what a word means is told by the glossary; it needs no Rasa. A waiting office gets it as well."""
    if thought.term is None:
        return False
    with _before_the_offer(turn):
        waiting = turn.view.state in WAITING
        if waiting:
            await _write(turn, message, thought)
        await glossary.explain(turn, thought.term)
        if waiting:
            turn.say("handoff.added_too", kind="system")
        if turn.run is not None:
            questions.show(turn, turn.run, again=True)
    return True


async def _foreign(turn: Turn, message: PersonMessage, thought: Thought) -> bool:
    """E52: in a language that the bot does not speak nothing is guessed; languages and a human being are offered."""
    sure = thought.understanding is not None and thought.understanding.decision == "answer" and thought.entry
    if not thought.foreign or sure or turn.run is not None or turn.view.state in WAITING:
        return False
    name = turn.parts.locales.name_of(thought.foreign)
    turn.say("language.not_spoken", rows=menus.foreign(turn), kind="system", language=name)
    return True


async def _decide(turn: Turn, message: PersonMessage, thought: Thought) -> bool:
    with _before_the_offer(turn):
        await _reply(turn, message, thought)
    if turn.run is None and not _small_talk(message, thought):
        await cases.ask_same_matter(turn, message)
    return True


def _small_talk(message: PersonMessage, thought: Thought) -> bool:
    """E15: thanks, a greeting or a sign are no new matter."""
    understanding = thought.understanding
    if message.media or understanding is None or understanding.decision != "answer":
        return _is_sign(message)
    return _is_sign(message) or understanding.best.id in SMALL_TALK


def _is_sign(message: PersonMessage) -> bool:
    """A sticker or the like; a text without any letter or number, such as a thumb."""
    if message.media:
        return message.media in SMALL_TALK_MEDIA
    return not any(letter.isalnum() for letter in message.text or "")


async def _edited(turn: Turn, message: PersonMessage, thought: Thought) -> bool:
    return await cases.edited_after_end(turn, message)


async def _reply(turn: Turn, message: PersonMessage, thought: Thought) -> None:
    text = message.text or ""
    if turn.run is not None and message.edited:
        # It may have been an answer to any question; which one is corrected from the summary.
        questions.show(turn, turn.run, again=True)
    elif turn.run is not None and thought.understanding is not None:
        # What answers a flow is no message to the office, also while a case waits there.
        await play.follow(turn, thought.understanding, text)
    elif turn.view.state in WAITING:
        await _both_speak(turn, message, thought)
    elif turn.view.state is State.INTAKE and await _short_answer(turn, thought):
        pass
    elif thought.understanding is not None:
        turn.person.told_degraded = False
        await play.follow(turn, thought.understanding, text)
    elif thought.degraded:
        await _without_rasa(turn, text)
    else:
        raise ThoughtTooOldError


async def _both_speak(turn: Turn, message: PersonMessage, thought: Thought) -> None:
    """While the office is awaited everything written goes there; what the bot surely knows it answers at once."""
    await _write(turn, message, thought)
    understanding = thought.understanding
    if understanding is not None and understanding.decision == "answer":
        await play.follow(turn, understanding, message.text or "")
        if turn.parts.library.has(understanding.best.id):
            turn.say("handoff.added_too", kind="system")
    else:
        turn.say("handoff.added", kind="system")


async def _without_rasa(turn: Turn, text: str) -> None:
    """Rasa is down: say so once, and offer what a search by words finds."""
    if not turn.person.told_degraded:
        turn.say("understanding.degraded", kind="system")
        turn.person.told_degraded = True
    if turn.run is not None:
        turn.say("flow.resting", rows=menus.topics(turn), kind="system")
        return
    found = turn.parts.library.search(text, turn.language)
    # Without Rasa nothing tells whether the text is sensitive, so it is not kept.
    await answers.offer_choice(turn, found, question=None)


STEPS: tuple[Step, ...] = (
    _slow_down, _command, _crisis, _edited, _muted, _relay, _sign_of_thanks, _media, _speak_their_language, _explain,
    _foreign, _decide,
)  # fmt: skip
