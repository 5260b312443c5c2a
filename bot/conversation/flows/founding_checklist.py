"""The founding checklist after its questions: ticked off over weeks, exported, reminded of, changed, deleted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.conversation.actions import Action
from bot.conversation.flows import documents, runs, widgets
from bot.conversation.replies import Button, Part, Phrase, Reply, Rows
from bot.conversation.turn import Turn, button
from bot.documents.document import State
from bot.storage import flows as stored
from bot.storage.models import FlowRun
from flows.guide.form import Form, Question
from knowledge.checklist import Step

FLOW = "founding_checklist"
Listed = Sequence[tuple[Step, State]]
"""Every step in order, and how it stands."""
TICKED = "ticked"
"""Slot of the run: step -> ISO day on which it was done."""
MARKS = {"done": "✅", "open": "⬜", "not_needed": "➖"}
DAYS = (1, 3, 7, 14, 30)
HOURS = (9, 12, 18)
"""Days until a reminder, and hours of the day, that are offered."""


async def begin(turn: Turn, run: FlowRun, reply: Mapping[str, Any]) -> None:
    """The questions are answered: from now on the list is what remains of the flow."""
    ticked = run.slots.get(TICKED, {})
    run.slots = {**{slot: value for slot, value in run.slots.items() if slot != "check"}, TICKED: ticked}
    run.state, run.requested, run.kept = runs.DONE, None, run.slots.get("keep") == "yes"
    if not turn.flow_pressed:
        runs.take_buttons(turn, run)
    run.message_id = None
    turn.run = None
    await turn.count("flow_done", run.flow)
    show(turn, run)


def ticked_lines(turn: Turn, run: FlowRun) -> tuple[Phrase, ...]:
    """The steps that were ticked, with their days."""
    days = run.slots.get(TICKED, {})
    return tuple(
        Phrase("flow.line", {"what": step.title(turn.language), "value": date.fromisoformat(days[step.id])})
        for step in turn.parts.library.checklist.all_steps if step.id in days
    )  # fmt: skip


def state_of(run: FlowRun, step: Step, *, needed: bool) -> State:
    """How the step stands."""
    return "done" if step.id in run.slots[TICKED] else "open" if needed else "not_needed"


def states(turn: Turn, run: FlowRun) -> Listed:
    """Every step with its state, in order."""
    steps = turn.parts.library.checklist.steps(run.slots)
    return [(step, state_of(run, step, needed=needed)) for step, needed in steps]


def show(turn: Turn, run: FlowRun) -> None:
    """The list as it stands: what is next, how, until when; every step a button."""
    listed = states(turn, run)
    parts = [_head(listed), *_next(turn, listed), *_deadlines(turn, run, listed)]
    if not run.kept:
        parts.append(Phrase("founding_checklist.not_kept", {"count": turn.parts.retention.flow_days}))
    place = turn.pressed if turn.flow_pressed else None
    turn.items.append(Reply(parts=tuple(parts), language=turn.language, rows=_rows(turn, run, listed), replace=place,
                            kind="system"))  # fmt: skip


def _head(listed: Listed) -> Phrase:
    needed = [state for _, state in listed if state != "not_needed"]
    return Phrase("founding_checklist.head", {"done": needed.count("done"), "of": len(needed)})


def next_step(listed: Listed) -> Step | None:
    """The first step that is open."""
    return next((step for step, state in listed if state == "open"), None)


def _next(turn: Turn, listed: Listed) -> list[Part]:
    step = next_step(listed)
    if step is None:
        return [Phrase("founding_checklist.all_done")]
    return [Phrase("founding_checklist.next", {"step": step.title(turn.language), "hint": step.hint(turn.language)})]


def _deadlines(turn: Turn, run: FlowRun, listed: Listed) -> list[Part]:
    """Legal deadlines of open steps, counted from the day on which the step before was done."""
    parts: list[Part] = []
    for step, state in listed:
        begun = run.slots[TICKED].get(step.deadline.after) if step.deadline else None
        if step.deadline is not None and begun is not None and state == "open":
            until = date.fromisoformat(begun) + timedelta(days=step.deadline.days)
            key = "deadline_over" if until < turn.local_now.date() else "deadline"
            parts.append(Phrase(f"founding_checklist.{key}", {"step": step.title(turn.language), "day": until}))
    return parts


def _rows(turn: Turn, run: FlowRun, listed: Listed) -> Rows:
    number = str(run.id)
    rows = [(Button(f"{MARKS[state]} {step.title(turn.language)}", Action("tick", (number, step.id))),)
            for step, state in listed if state != "not_needed"]  # fmt: skip
    step = next_step(listed)
    if step is not None:
        rows.append((button("founding_checklist.explain", "ask", step.entry),))
    export = (button("founding_checklist.pdf", "export", number, "pdf"),
              button("founding_checklist.message", "export", number, "message"))  # fmt: skip
    change = (Button(Phrase("founding_checklist.remind"), Action("remind", ("checklist",))),
              Button(Phrase("founding_checklist.change"), Action("begin", (run.flow, runs.AGAIN))))  # fmt: skip
    last = (Button(Phrase("flow.erase"), Action("erase", (number,))), button("button.menu", "newmenu"))
    return (*rows, export, change, last)


def tick(turn: Turn, run: FlowRun, step_id: str, day: str | None) -> bool:
    """Tick a step, or take the tick back; one that a deadline counts from is asked for its day. False: no such step."""
    listed = {step.id: step for step in turn.parts.library.checklist.all_steps}
    if step_id not in listed:
        return False
    ticked = dict(run.slots[TICKED])
    if step_id in ticked and day is None:
        del ticked[step_id]
    elif day is None and any(one.deadline and one.deadline.after == step_id for one in listed.values()):
        ask_day(turn, run, listed[step_id], turn.local_now.date().replace(day=1))
        return True
    else:
        ticked[step_id] = day or turn.local_now.date().isoformat()
    run.slots = {**run.slots, TICKED: ticked}
    run.changed_at = turn.now
    show(turn, run)
    return True


def ask_day(turn: Turn, run: FlowRun, step: Step, first: date) -> None:
    """A month in which to press the day on which the step was done."""
    question = Question(slot=step.id, kind="date", past=True)
    asked = widgets.Asked(
        run_id=run.id, form=Form(run.flow, (question,)), question=question, draft={"month": first.isoformat()},
        locales=turn.parts.locales, language=turn.language, today=turn.local_now.date(), press=("ticked", "turn"),
    )  # fmt: skip
    turn.say("founding_checklist.which_day", rows=widgets.rows(asked), edit=True, kind="system",
             step=step.title(turn.language))  # fmt: skip


def export(turn: Turn, run: FlowRun, shape: str) -> None:
    """The whole list, to keep, print or pass on."""
    listed = states(turn, run)
    if shape == "pdf":
        turn.items.append(documents.checklist(turn, listed))
        return
    lines = [Phrase("founding_checklist.line", {"mark": MARKS[state], "step": step.title(turn.language),
                                                "hint": step.hint(turn.language)})
             for step, state in listed if state != "not_needed"]  # fmt: skip
    turn.send(_head(listed), *lines, kind="system")


def ask_reminder(turn: Turn, days: int | None = None) -> None:
    """In how many days, then at which hour."""
    if days is None:
        buttons = [Button(Phrase("flow.in_days", {"count": one}), Action("remind", ("checklist", str(one))))
                   for one in DAYS]  # fmt: skip
        turn.say("founding_checklist.remind_when", rows=widgets.in_rows(buttons, 2), kind="system")
        return
    hours = [Button(f"{hour}:00", Action("remind", ("checklist", str(days), str(hour)))) for hour in HOURS]
    turn.say("founding_checklist.remind_hour", rows=(tuple(hours),), edit=True, kind="system")


async def remind(turn: Turn, days: int, hour: int) -> None:
    """Set the one reminder of the checklist."""
    day = turn.local_now.date() + timedelta(days=days)
    due = datetime.combine(day, time(hour), turn.local_now.tzinfo)
    await stored.remind(turn.session, turn.person, "checklist", "", due)
    turn.say("founding_checklist.will_remind", edit=True, kind="system", when=due)


async def say_next(turn: Turn) -> None:
    """The reminder itself: the list with its next step, or the way back to it while its answers are being changed."""
    run = await stored.run_of(turn.session, turn.person, FLOW)
    if run is None:
        return
    run.changed_at = turn.now  # a list that is not kept lasts on from here
    turn.say("founding_checklist.reminder", kind="system")
    if run.state == runs.DONE:
        show(turn, run)
    else:
        runs.greet_again(turn, run)
