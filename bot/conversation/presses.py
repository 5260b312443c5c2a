"""What each button does. A button that no longer fits says so, and shows how things stand."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.conversation import answers, cases, glossary, menus, privacy, referrals
from bot.conversation.actions import Action
from bot.conversation.flows import questions
from bot.conversation.flows.presses import FLOW_PRESSES, Handler
from bot.conversation.hold import is_muted
from bot.conversation.replies import Buttons, Phrase, Toast
from bot.conversation.speaking import speak
from bot.conversation.turn import Turn
from bot.handoff.states import SHARED, WITH_HUMAN, Mode, case_number
from bot.handoff.transition import Refused
from bot.storage.unanswered import forget_offered

LONGEST_PAGE = 4
"""Digits of a page's number."""
Press = Callable[[Turn, tuple[str, ...]], Awaitable[None]]


async def press(turn: Turn, action: Action) -> None:
    """Do what the button means; the same press again, or one out of date, changes nothing and says so."""
    handler = PRESSES.get(action.name)
    if handler is None:
        await stale(turn)
        return
    if turn.view.state in WITH_HUMAN and action.name in BOT_ONLY:
        turn.toast = Toast(Phrase("handoff.bot_is_silent"), alert=True)
        return
    try:
        await handler(turn, action.args)
    except Refused:
        await stale(turn)


async def stale(turn: Turn) -> None:
    """An old button: say so, and show the present state."""
    turn.toast = Toast(Phrase("button.stale"))
    if turn.case is not None and turn.view.state in SHARED:
        await cases.say_status(turn)
    else:
        turn.say("menu.head", rows=menus.topics(turn), kind="system")


async def _menu(turn: Turn, args: tuple[str, ...]) -> None:
    turn.say("menu.head", rows=menus.topics(turn), edit=True)


async def _new_menu(turn: Turn, args: tuple[str, ...]) -> None:
    turn.say("menu.head", rows=menus.topics(turn))


async def _topic(turn: Turn, args: tuple[str, ...]) -> None:
    if not args or args[0] not in turn.parts.library.topics:
        await stale(turn)
        return
    turn.say(f"topic.{args[0]}_head", rows=menus.questions(turn, args[0]), edit=True)


async def _ask(turn: Turn, args: tuple[str, ...]) -> None:
    if not args or not turn.parts.library.has(args[0]):
        await stale(turn)
        return
    await forget_offered(turn.session, turn.person, turn.local_now.date(), args[0])
    await answers.answer_entry(turn, args[0])


async def _glossary(turn: Turn, args: tuple[str, ...]) -> None:
    glossary.show(turn)


async def _words(turn: Turn, args: tuple[str, ...]) -> None:
    """A page of the glossary, or the way back to its letters."""
    number = int(args[0]) if args and args[0].isdecimal() and len(args[0]) <= LONGEST_PAGE else -1
    if not args:
        glossary.show(turn, edit=True)
    elif not glossary.show_page(turn, number):
        await stale(turn)


async def _term(turn: Turn, args: tuple[str, ...]) -> None:
    known = turn.parts.library.glossary
    id = known.by_slug(args[0]) if args else None
    if id is None:
        await stale(turn)
        return
    await glossary.explain(turn, known.term(id, turn.language))


async def _steps(turn: Turn, args: tuple[str, ...]) -> None:
    if not args or not turn.parts.library.has(args[0]):
        await stale(turn)
        return
    await answers.show_steps(turn, args[0])


async def _rate(turn: Turn, args: tuple[str, ...]) -> None:
    if len(args) != 2 or args[0] not in {"yes", "no"} or not turn.parts.library.has(args[1]):
        await stale(turn)
        return
    verdict, entry_id = args
    await turn.count(f"helped_{verdict}", entry_id)
    entry = turn.parts.library.entry(entry_id, turn.language)
    if turn.pressed is not None:
        rows = menus.after_answer(turn, entry, rated=True)
        turn.items.append(Buttons(message_id=turn.pressed, rows=rows, language=turn.language))
    turn.toast = Toast(Phrase("feedback.thanks"))
    if verdict == "no" and turn.mode is not Mode.HUMAN:
        turn.say("feedback.sorry", rows=menus.topics(turn, human_first=True))


async def _languages(turn: Turn, args: tuple[str, ...]) -> None:
    await answers.choose_language(turn)


async def _language(turn: Turn, args: tuple[str, ...]) -> None:
    if not args or args[0] not in turn.parts.locales.languages:
        await stale(turn)
        return
    turn.person.language_chosen = True
    speak(turn, args[0])
    turn.say("language.set", rows=menus.topics(turn), edit=True, kind="system")
    if turn.run is not None:
        questions.show(turn, turn.run, again=True)


async def _human(turn: Turn, args: tuple[str, ...]) -> None:
    topic = args[0] if args and args[0] in turn.parts.library.topics else None
    reason = menus.INTERPRETER if args == (menus.INTERPRETER,) else "button"
    await cases.request_human(turn, reason, topic=topic, urgent=args == (menus.URGENT,))


async def _forget(turn: Turn, args: tuple[str, ...]) -> None:
    if not args or not privacy.may_still_answer(turn, args[:-1]):
        await privacy.ask_forget(turn)
    elif args[-1] == "yes":
        await cases.erase_everything(turn)
    elif args[-1] == "later" and turn.case is not None:
        turn.person.erase_when_done = True
        turn.say("privacy.later", rows=menus.for_case(turn, "menu", 0, 0), edit=True, kind="system",
                 number=case_number(turn.case.id))  # fmt: skip
    else:
        turn.person.erase_when_done = False
        turn.say("privacy.kept", rows=menus.for_case(turn, "menu", 0, 0), edit=True, kind="system")


def _of_flow(handler: Handler) -> Press:
    """A button of a guided flow, which may be out of date."""

    async def checked(turn: Turn, args: tuple[str, ...]) -> None:
        """Press it, or say that it is stale."""
        if not await handler(turn, args):
            await stale(turn)

    return checked


def _bound(handler: Callable[[Turn, tuple[str, ...]], Awaitable[None]]) -> Press:
    """Only for the case and version that the button was made for."""

    async def checked(turn: Turn, args: tuple[str, ...]) -> None:
        """Take the button as stale unless it fits the case as it stands."""
        case = turn.case
        if case is None or args[:2] != (str(case.id), str(case.version)):
            await stale(turn)
            return
        await handler(turn, args[2:])
        _take_buttons(turn)

    return checked


def _take_buttons(turn: Turn) -> None:
    """The question is answered. Whoever is on hold may press again when that is over."""
    if turn.pressed is not None and not is_muted(turn):
        turn.items.append(Buttons(message_id=turn.pressed, rows=(), language=turn.language))


async def _consent(turn: Turn, args: tuple[str, ...]) -> None:
    await cases.consent(turn, args[0] if args else "no")


async def _solved(turn: Turn, args: tuple[str, ...]) -> None:
    await cases.solved(turn, args[0] if args else "no")


async def _add_subject(turn: Turn, args: tuple[str, ...]) -> None:
    if args and args[0] in turn.parts.library.topics:
        await cases.add_subject(turn, args[0])


async def _same_matter(turn: Turn, args: tuple[str, ...]) -> None:
    """Bound to the case that is over: with another one open it is too late."""
    ended = turn.ended
    if ended is None or args[:2] != (str(ended.id), str(ended.version)):
        await stale(turn)
        return
    await cases.same_matter(turn, args[2] if len(args) > 2 else "no")
    _take_buttons(turn)


async def _referral(turn: Turn, args: tuple[str, ...]) -> None:
    if not await referrals.answer(turn, args):
        await stale(turn)


async def _withdraw(turn: Turn, args: tuple[str, ...]) -> None:
    await cases.withdraw(turn)


PRESSES: dict[str, Press] = {
    "menu": _menu,
    "newmenu": _new_menu,
    "topic": _topic,
    "ask": _ask,
    "glossary": _glossary,
    "words": _words,
    "term": _term,
    "steps": _steps,
    "rate": _rate,
    "languages": _languages,
    "language": _language,
    "human": _human,
    "forget": _forget,
    **{name: _of_flow(handler) for name, handler in FLOW_PRESSES.items()},
    "consent": _bound(_consent),
    "solved": _bound(_solved),
    "withdraw": _bound(_withdraw),
    "addto": _bound(_add_subject),
    "same": _same_matter,
    "referral": _referral,
}
ALWAYS = frozenset({"human", "consent", "withdraw", "forget", "language", "languages"})
"""Buttons of the rights that everybody has, however much they pressed before (design, rule 6)."""
COSTLY = frozenset({"export"})
"""Buttons that make a paper: that takes longer than any answer."""
BOT_ONLY = frozenset({"menu", "newmenu", "topic", "ask", "steps", "glossary", "words", "term", *FLOW_PRESSES})
"""Buttons to which only the bot would speak: they rest while a human does."""
