"""The commands: the same in every state and every language."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.conversation import answers, cases, glossary, menus, privacy
from bot.conversation.turn import Turn
from bot.handoff.states import SHARED


async def start(turn: Turn) -> None:
    """Greet, say that this is automatic, link privacy, show the topics; an open case is kept and named.

    A link to the glossary comes as this command too, with the word behind it.
    """
    shared = turn.view.state in SHARED
    if shared:
        await cases.say_status(turn)
    if await glossary.follow_link(turn, turn.argument) or shared:
        return
    turn.say("start.greeting", rows=menus.topics(turn), kind="system")
    turn.person.misses = 0


async def unknown(turn: Turn) -> None:
    """A command that does not exist: name those that do."""
    turn.say("help.unknown_command", rows=menus.topics(turn), kind="system")


COMMANDS: dict[str, Callable[[Turn], Awaitable[None]]] = {
    "start": start,
    "help": answers.explain,
    "glossary": glossary.look_up,
    "language": answers.choose_language,
    "human": answers.hand_off,
    "privacy": privacy.explain,
    "forget": privacy.ask_forget,
    "mydata": privacy.my_data,
    "stop": answers.stop,
    "cancel": answers.stop,
    "menu": start,
}
RIGHTS = frozenset({"human", "language", "privacy", "mydata", "forget", "stop", "cancel"})
"""What a person can do always, however much they wrote before (design, rule 6)."""
LISTED = ("start", "help", "glossary", "language", "human", "privacy", "mydata", "forget", "stop")
"""The commands that Telegram shows, in this order; their descriptions are `command.<name>` in the locales."""
