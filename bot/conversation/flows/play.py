"""From what Rasa decided to what a person sees, with or without a guided flow running."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.conversation import answers
from bot.conversation.flows import founding_checklist, questions, runs
from bot.conversation.flows.discrimination_support import help_next
from bot.conversation.flows.funding_finder import show_matches
from bot.conversation.flows.room_request import send_request
from bot.conversation.turn import Turn
from bot.rasa import Understanding
from bot.storage import flows as stored
from bot.storage.models import FlowRun
from flows.guide.form import FLOWS, SENSITIVE

End = Callable[[Turn, FlowRun, Mapping[str, Any]], Awaitable[None]]


async def follow(turn: Turn, understanding: Understanding, text: str = "") -> None:
    """Carry out Rasa's replies to `text`, or to a press; the open question comes back after another answer."""
    if not turn.starts_over and await _was_begun_before(turn, understanding):
        return
    before = turn.run
    slot = before.requested if before else None
    moved = await runs.carry_on(turn, understanding)
    if moved and before is not None and before is turn.run and not turn.flow_pressed:
        questions.receipt(turn, before, slot or "")
    await _say(turn, understanding, text)


async def _say(turn: Turn, understanding: Understanding, text: str) -> None:
    """The replies in order; an unfit answer is explained within the question that comes back."""
    wrong = next((str(reply["why"]) for reply in understanding.replies if "wrong" in reply), None)
    if wrong is not None and turn.run is not None:
        turn.run.misses += 1
        turn.run.changed_at = turn.now
    in_confidence = turn.run is not None and turn.run.flow in SENSITIVE
    sensitive = in_confidence or answers.looks_sensitive(turn, understanding)
    again = False
    for reply in understanding.replies or ({"do": "give_up"},):
        if "ask" in reply and turn.run is not None:
            questions.show(turn, turn.run, wrong=wrong, again=again)
        elif "wrong" not in reply and not await _ended(turn, reply):
            again = True
            await answers.follow(turn, reply, understanding, None if sensitive else text, sensitive=sensitive)
        if reply.get("do") in CLOSING:
            break


async def _ended(turn: Turn, reply: Mapping[str, Any]) -> bool:
    """Whether the reply was the end of the flow, which has come then."""
    end = ENDS.get(_kind(reply))
    if end is None or turn.run is None:
        return False
    await end(turn, turn.run, reply)
    return True


def _kind(reply: Mapping[str, Any]) -> str:
    """What ends a flow is named by a key of its own, or as a deed."""
    return str(reply["do"]) if "do" in reply else next(iter(reply))


async def _was_begun_before(turn: Turn, understanding: Understanding) -> bool:
    """Whoever asks for a flow that they are in, or once were, is asked whether to go on."""
    flow = understanding.intent
    if flow not in FLOWS:
        return False
    run = await stored.run_of(turn.session, turn.person, flow)
    if run is None:
        return False
    await meet_again(turn, run)
    return True


async def meet_again(turn: Turn, run: FlowRun) -> None:
    """A flow that was begun before: the checklist as it stands, or the choice to go on or start over."""
    if run.state == runs.DONE:
        founding_checklist.show(turn, run)
    elif run.state == runs.ACTIVE and turn.pressed is None:
        questions.show(turn, run, again=True)
    else:
        runs.greet_again(turn, run)


ENDS: dict[str, End] = {
    "send_room_request": send_request,
    "show_checklist": founding_checklist.begin,
    "funding": show_matches,
    "help": help_next,
}
CLOSING = frozenset({"stop", "hand_off", "crisis"})
"""Deeds after which the open question does not come back by itself."""
