"""Sending somebody on to another place, and asking later, with their consent, whether it worked."""

from __future__ import annotations

from bot.conversation.actions import Action
from bot.conversation.replies import Button, Buttons, Phrase, Rows
from bot.conversation.turn import Turn
from bot.storage.models import Case, Referral

LONGEST_ID = 18
"""Digits of an id that every database can look up."""
ANSWERS = frozenset({"yes", "no", "waiting"})


def ask_consent(turn: Turn, referral: Referral) -> None:
    """May the bot ask later whether it worked?"""
    turn.say("referral.may_i_ask", rows=_rows(referral, "may_yes", "may_no"), kind="system",
             days=turn.parts.limits.referral.days)  # fmt: skip


def ask_outcome(turn: Turn, referral: Referral) -> None:
    """Did it work? Asked once; without the place's name if that is no longer in the knowledge."""
    referral.ask_at, referral.asked_at = None, turn.now
    contact = turn.parts.library.contacts.get(referral.contact)
    turn.say("referral.did_it_work" if contact else "referral.did_that_work",
             rows=_rows(referral, "yes", "no", "waiting"), kind="system",
             contact=contact.name if contact else "")  # fmt: skip


def _rows(referral: Referral, *answers: str) -> Rows:
    return tuple(
        (Button(Phrase(f"button.referral_{answer}"), Action("referral", (str(referral.id), answer))),)
        for answer in answers
    )


async def answer(turn: Turn, args: tuple[str, ...]) -> bool:
    """A press under one of the two questions; False if it fits no referral of this person, or comes too late."""
    id, said = args if len(args) == 2 else ("", "")
    referral = await _mine(turn, id)
    if referral is None:
        return False
    if said in {"may_yes", "may_no"} and referral.asked_at is None:
        referral.ask_at = turn.now + turn.parts.limits.referral if said == "may_yes" else None
        turn.say(f"referral.{said}", kind="system", days=turn.parts.limits.referral.days)
    elif said in ANSWERS and referral.asked_at is not None:
        referral.worked = said
        await turn.count("referral_worked", said)
        turn.say(f"referral.worked_{said}", kind="system")
    else:
        return False
    if turn.pressed is not None:
        turn.items.append(Buttons(message_id=turn.pressed, rows=(), language=turn.language))
    return True


async def _mine(turn: Turn, id: str) -> Referral | None:
    if not id.isdecimal() or len(id) > LONGEST_ID:
        return None
    referral = await turn.session.get(Referral, int(id))
    if referral is None:
        return None
    case = await turn.session.get(Case, referral.case_id)
    return referral if case is not None and case.person_id == turn.person.id else None
