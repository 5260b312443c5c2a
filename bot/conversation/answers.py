"""From what Rasa decided (symbols) to replies: answer, choose, give up, small talk, or something to do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.conversation import cases, menus, unanswered
from bot.conversation.flows import runs
from bot.conversation.replies import Answer, Lines, Phrase
from bot.conversation.turn import Turn
from bot.rasa import Understanding
from bot.storage import persons
from bot.storage.retention import Retention
from bot.storage.unanswered import DID_YOU_MEAN, LOST

MAY_BE_SENSITIVE = 3
"""A text is not kept if one of this many likeliest intents is sensitive: it may be about that after all."""

CHOICES = 3
PRIVACY = "office.privacy"
"""The entry below which stands how long everything is kept."""
MISSES_UNTIL_HUMAN_FIRST = 2


async def answer_entry(
    turn: Turn, entry_id: str, *, question: str | None = None, sensitive: bool = False, count_as: str = "opened"
) -> None:  # fmt: skip
    """Show a curated entry; the question is remembered for hours unless it is, or may be, sensitive."""
    entry = turn.parts.library.entry(entry_id, turn.language)
    more = kept_for(turn.parts.retention) if entry_id == PRIVACY else ()
    turn.send(Answer(entry_id), *more, rows=menus.after_answer(turn, entry))
    turn.person.misses = 0
    private = sensitive or _is_sensitive(turn, entry_id)
    turn.person.last_entry = None if private else entry_id
    await persons.remember(
        turn.session, turn.person, turn.now,
        question=None if private else question,
        entry_id=None if private else entry_id, language=turn.language,
    )  # fmt: skip
    await turn.count_question(count_as, entry_id, topic="" if private else entry_id.split(".")[0])


def kept_for(retention: Retention) -> tuple[Lines, ...]:
    """How long each kind of data about people is kept, from what the job that erases it goes by."""
    lines = [Phrase("privacy.lasts", {"what": Phrase(f"privacy.lasts_{rule.name}"),
                                      "period": Phrase(f"privacy.lasts_{rule.unit}", {"count": rule.count})})
             for rule in retention.rules if rule.for_people]  # fmt: skip
    return (Lines((Phrase("privacy.lasts_head"), *lines)),)


async def show_steps(turn: Turn, entry_id: str) -> None:
    """The further steps of an entry, as a message of their own."""
    if turn.parts.library.has(entry_id):
        entry = turn.parts.library.entry(entry_id, turn.language)
        turn.send(Answer(entry_id, "steps"), rows=menus.after_answer(turn, entry, rated=True))


async def offer_choice(turn: Turn, ids: list[str], *, question: str | None) -> None:
    """ "Did you mean ...?" with up to three questions."""
    known = [id for id in ids if turn.parts.library.has(id)][:CHOICES]
    if not known:
        await give_up(turn, question=question)
        return
    turn.say("understanding.did_you_mean", rows=menus.candidates(turn, known))
    await persons.remember(turn.session, turn.person, turn.now, question=question, entry_id=None,
                           language=turn.language)  # fmt: skip
    await unanswered.keep(turn, question, DID_YOU_MEAN)
    await turn.count_question("did_you_mean")


async def give_up(turn: Turn, *, question: str | None) -> None:
    """Say that it was not understood; after the second time in a row a person is offered first."""
    turn.person.misses += 1
    human_first = turn.person.misses >= MISSES_UNTIL_HUMAN_FIRST
    key = "understanding.lost_again" if human_first else "understanding.lost"
    turn.say(key, rows=menus.topics(turn, human_first=human_first))
    await persons.remember(turn.session, turn.person, turn.now, question=question, entry_id=None,
                           language=turn.language)  # fmt: skip
    await unanswered.keep(turn, question, LOST)
    await turn.count_question("lost")


async def crisis(turn: Turn) -> None:
    """The fixed text with local numbers, at once; a person can be asked, but is no emergency service."""
    turn.send(Answer("smalltalk.crisis"), rows=menus.topics(turn, human_first=True, urgent=True),
              kind="system")  # fmt: skip
    await turn.count("crisis")


async def follow(
    turn: Turn, reply: Mapping[str, Any], understanding: Understanding, text: str | None, *, sensitive: bool
) -> None:
    """Carry out one thing that Rasa decided about `text`, which is None if it must not be kept."""
    match reply:
        case {"answer": str(entry_id)} if turn.parts.library.has(entry_id):
            await answer_entry(turn, entry_id, question=text, sensitive=sensitive, count_as="answered")
        case {"choose": _}:
            await offer_choice(turn, [guess.id for guess in understanding.ranking], question=text)
        case {"say": str(kind)}:
            await small_talk(turn, kind)
        case {"do": str(deed)} if deed in DEEDS:
            await DEEDS[deed](turn)
        case _:
            await give_up(turn, question=text)


def looks_sensitive(turn: Turn, understanding: Understanding) -> bool:
    """Whether the text may be about discrimination, violence or crisis: then it is not kept."""
    likeliest = understanding.ranking[:MAY_BE_SENSITIVE]
    return any(_is_sensitive(turn, guess.id) for guess in likeliest if guess.confidence >= BARELY_POSSIBLE)


def _is_sensitive(turn: Turn, intent: str) -> bool:
    """A whole topic is: even that somebody asked about evidence or a time limit tells too much."""
    if intent == "crisis" or intent.startswith("discrimination."):
        return True
    return turn.parts.library.has(intent) and turn.parts.library.entry(intent, turn.language).sensitive


async def small_talk(turn: Turn, kind: str) -> None:
    """One of the bot's own sentences, with the topics below it where that helps."""
    # Not our topic, or not understood: for the person both are a miss.
    turn.person.misses = turn.person.misses + 1 if kind == "out_of_scope" else 0
    human_first = turn.person.misses >= MISSES_UNTIL_HUMAN_FIRST or kind == "abuse"
    quiet = kind in {"thank", "goodbye", "affirm"}
    turn.say(f"smalltalk.{kind}",
             rows=menus.for_case(turn, "menu", 0, 0) if quiet else menus.topics(turn, human_first=human_first))
    if kind == "out_of_scope":
        await turn.count_question(kind)
    else:
        await turn.count("smalltalk", kind)


async def repeat(turn: Turn) -> None:
    """The last answer once more."""
    last = turn.person.last_entry
    if last and turn.parts.library.has(last):
        entry = turn.parts.library.entry(last, turn.language)
        turn.send(Answer(last), rows=menus.after_answer(turn, entry))
    else:
        turn.say("smalltalk.nothing_to_repeat", rows=menus.topics(turn))


async def choose_language(turn: Turn) -> None:
    """The languages by their own names."""
    turn.say("language.choose", rows=menus.languages(turn), kind="system")


async def explain(turn: Turn) -> None:
    """What the bot can do, and the commands that work everywhere."""
    turn.say("help.text", rows=menus.topics(turn), kind="system")


async def stop(turn: Turn) -> None:
    """Stop: the flow that runs, else a hand-off being prepared; a case at the office is named with its way out."""
    if turn.run is not None:
        await runs.stop(turn)
    elif turn.case is None:
        turn.say("stop.done", rows=menus.for_case(turn, "menu", 0, 0), kind="system")
    elif turn.view.state == "INTAKE":
        await cases.consent(turn, "no")
    else:
        await cases.say_status(turn)


async def hand_off(turn: Turn) -> None:
    """The person wants a human being."""
    await cases.request_human(turn, "asked")


DEEDS: dict[str, Callable[[Turn], Awaitable[None]]] = {
    "hand_off": hand_off,
    "change_language": choose_language,
    "stop": stop,
    "help": explain,
    "repeat": repeat,
    "crisis": crisis,
}

BARELY_POSSIBLE = 0.03
"""Confidence from which one of them counts: with 16 entries on discrimination some stand behind every sure question."""
