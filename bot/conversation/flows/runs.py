"""A person's way through a flow: begun, carried on with what Rasa says, set aside, taken up again, ended."""

from __future__ import annotations

from typing import Any

from bot.conversation.actions import Action
from bot.conversation.flows import questions
from bot.conversation.flows.wording import title
from bot.conversation.replies import Button, Buttons, Phrase, Rows
from bot.conversation.turn import Turn, button
from bot.rasa import FormState, Understanding
from bot.storage import flows as stored
from bot.storage.models import FlowRun
from flows.guide.form import SENSITIVE, SUFFIX, form_of

AGAIN = "again"
"""Behind a flow's name: start over, whatever there is from before."""
ACTIVE, ASIDE, HANDED, DONE = "active", "suspended", "handed", "done"
"""States of a run. handed: set aside because a person at the office was asked for; offered again after that."""


def form_state(run: FlowRun) -> FormState:
    """The run as Rasa knows a form."""
    asked = {question.slot for question in form_of(run.flow).questions}
    return FormState(run.flow + SUFFIX, {k: v for k, v in run.slots.items() if k in asked}, run.requested)


def beside(run: FlowRun | None) -> dict[str, Any]:
    """What a run holds beside the answers to its questions: the steps ticked so far."""
    asked = {question.slot for question in form_of(run.flow).questions} if run else set()
    return {slot: value for slot, value in run.slots.items() if slot not in asked} if run else {}


async def carry_on(turn: Turn, understanding: Understanding) -> bool:
    """Store what Rasa made of the form; True if something was answered, so that the open question has changed."""
    form = understanding.form
    if form is None:
        return False
    flow = form.name.removesuffix(SUFFIX)
    if turn.run is None or turn.run.flow != flow:
        await _begin(turn, flow)
    run = turn.run
    if run is None:
        return False
    slots = {**beside(run), **form.slots}
    moved = (run.slots, run.requested) != (slots, form.requested)
    if moved:
        run.slots, run.requested, run.draft, run.misses = slots, form.requested, None, 0
        _touch(turn, run)
    return moved


async def _begin(turn: Turn, flow: str) -> None:
    """A fresh run in the place of an older one of the same flow; another one that was open is set aside."""
    set_aside(turn)
    older = await stored.run_of(turn.session, turn.person, flow)
    if older is not None:
        await erase(turn, older)
    await turn.session.flush()
    turn.run = FlowRun(person_id=turn.person.id, flow=flow, state=ACTIVE, slots=beside(older), created_at=turn.now,
                       changed_at=turn.now, version=0, misses=0, kept=older is not None and older.kept)  # fmt: skip
    turn.session.add(turn.run)
    await turn.session.flush()
    await turn.count("flow_started", flow)


def _touch(turn: Turn, run: FlowRun) -> None:
    run.version += 1
    run.changed_at = turn.now


async def resume(turn: Turn, run: FlowRun) -> None:
    """Go on where the person was, also after days and in another language."""
    if turn.run is not None and turn.run.id != run.id:
        set_aside(turn)
    run.state, run.draft = ACTIVE, None
    _touch(turn, run)
    await turn.session.flush()
    turn.run = run
    questions.show(turn, run)


def set_aside(turn: Turn, *, handed: bool = False) -> None:
    """Keep the answers, close the question: its buttons go, since others speak now."""
    run = turn.run
    if run is None:
        return
    take_buttons(turn, run)
    run.state, run.draft, run.message_id = HANDED if handed else ASIDE, None, None
    _touch(turn, run)
    turn.run = None


def take_buttons(turn: Turn, run: FlowRun) -> None:
    """An older question stays readable but cannot be pressed any more."""
    if run.message_id is not None:
        turn.items.append(Buttons(message_id=run.message_id, rows=(), language=turn.language))
        run.message_id = None


async def end(turn: Turn, run: FlowRun) -> None:
    """The flow is complete: nothing of it stays here."""
    await erase(turn, run)
    await turn.count("flow_done", run.flow)


async def erase(turn: Turn, run: FlowRun) -> None:
    """Delete a run with its answers."""
    if turn.run is not None and turn.run.id == run.id:
        turn.run = None
    if turn.latest is not None and turn.latest.id == run.id:
        turn.latest = None
    await turn.session.delete(run)
    await turn.session.flush()


async def stop(turn: Turn) -> None:
    """The person wants out: answers are kept for a while, unless they are nobody's business."""
    run = turn.run
    if run is None:
        return
    await turn.count("flow_stopped", run.flow)
    if run.flow in SENSITIVE:
        if turn.pressed is None:
            take_buttons(turn, run)
        await erase(turn, run)
        turn.say("flow.stopped_erased", rows=_out(), edit=True, kind="system")
        return
    if turn.pressed is not None:
        run.message_id = None
    set_aside(turn)
    key, lasts = ("flow.stopped_kept", {}) if run.kept else ("flow.stopped", {"count": turn.parts.retention.flow_days})
    turn.say(key, rows=(*ways_on(run), *_out()), edit=True, kind="system", flow=title(run.flow), **lasts)


def _out() -> Rows:
    return ((button("button.menu", "newmenu"), button("button.human", "human")),)


def ways_on(run: FlowRun) -> Rows:
    """Go on with a run that was set aside, or delete it."""
    return ((resume_button(run),), (Button(Phrase("flow.erase"), Action("erase", (str(run.id),))),))


def resume_button(run: FlowRun) -> Button:
    """Takes the run up where it was left."""
    return Button(Phrase("flow.resume", {"flow": title(run.flow)}), Action("resume", (str(run.id),)))


def begin_button(flow: str) -> Button:
    """Starts a flow."""
    return Button(Phrase(f"{flow}.begin"), Action("begin", (flow,)))


async def offer_again(turn: Turn) -> None:
    """After the office: what was interrupted can go on."""
    for run in await stored.runs_of(turn.session, turn.person):
        if run.state == HANDED:
            run.state = ASIDE
            turn.say("flow.continue_offer", rows=(*ways_on(run),), kind="system", flow=title(run.flow))


def greet_again(turn: Turn, run: FlowRun) -> None:
    """Somebody begins what they had begun before: go on or start over?"""
    step, count = form_of(run.flow).position(run.requested or "", run.slots)
    rows = ((resume_button(run),), (Button(Phrase("flow.restart"), Action("begin", (run.flow, AGAIN))),), *_out())
    turn.say("flow.begun_before", rows=rows, kind="system", flow=title(run.flow), step=step, of=count,
             since=run.created_at.date())  # fmt: skip
