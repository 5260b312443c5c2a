"""In which language the bot speaks with a person, and how that changes."""

from __future__ import annotations

from bot.conversation import menus
from bot.conversation.incoming import FromPerson
from bot.conversation.language import supported
from bot.conversation.replies import CaseStep
from bot.conversation.turn import Turn
from bot.handoff.effects import RefreshHeader
from bot.handoff.states import State


def speak(turn: Turn, language: str) -> None:
    """E50: the only place where the chat's language changes; a case at hand changes too, and its topic says so."""
    turn.person.language = turn.language = language
    case = turn.case or turn.ended
    if case is None or case.language == language:
        return
    case.language = language
    if State(case.state) is not State.INTAKE:
        turn.items.append(CaseStep(case, (RefreshHeader(),)))


def offer(turn: Turn, language: str | None) -> None:
    """E50: to stay in the language of the message; with a case this is asked once."""
    case = turn.case
    if language in (None, turn.person.language) or (case is not None and case.offered_language == language):
        return
    if case is not None:
        case.offered_language = language
    turn.language = language
    turn.say("language.offer", rows=menus.switch(turn, language), kind="system")


def follow_telegram(turn: Turn, sender: FromPerson) -> None:
    """Telegram's setting may be changed later; a choice made here holds."""
    named = supported(sender.language_code, turn.parts.locales.languages)
    if named is not None and named != turn.person.language and not turn.person.language_chosen:
        speak(turn, named)
