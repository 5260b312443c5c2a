"""What the buttons of the guided flows do. Those that Rasa decides about come with its understanding."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, timedelta

from bot.conversation.flows import discrimination_support, founding_checklist, funding_finder, play, questions, runs
from bot.conversation.flows.widgets import pick
from bot.conversation.menus import topics
from bot.conversation.replies import Phrase, Toast
from bot.conversation.turn import Turn
from bot.storage import flows as stored
from bot.storage.models import FlowRun
from flows.guide.form import FLOWS

Handler = Callable[[Turn, tuple[str, ...]], Awaitable[bool]]
"""False: the button is out of date."""
TWICE_WITHIN = timedelta(seconds=3)
"""A flow that is begun again so soon was begun with a double press; its first question is on its way."""


async def _decided(turn: Turn, args: tuple[str, ...]) -> bool:
    """An answer, back, skip or a correction: Rasa has decided. Pressed twice: the question as it stands."""
    if turn.degraded:
        turn.say("flow.resting", kind="system", rows=topics(turn))
        return True
    turn.flow_pressed = True
    if turn.understanding is not None:
        await play.follow(turn, turn.understanding)
    elif turn.run is not None:
        _show_open(turn, turn.run)
    return turn.understanding is not None or turn.run is not None


def _show_open(turn: Turn, run: FlowRun) -> None:
    """The question as it stands; above it, what was answered before stays readable."""
    turn.flow_pressed = turn.pressed == run.message_id
    if not turn.flow_pressed:
        turn.toast = Toast(Phrase("button.stale"))
    questions.show(turn, run)


async def _begin(turn: Turn, args: tuple[str, ...]) -> bool:
    if not args or args[0] not in FLOWS:
        return False
    turn.starts_over = runs.AGAIN in args
    run = await stored.run_of(turn.session, turn.person, args[0])
    if turn.degraded or turn.understanding is not None:
        return await _decided_anew(turn, args)
    if run is not None and not _was_begun_just_now(turn, run):
        await play.meet_again(turn, run)
    return run is not None


def _was_begun_just_now(turn: Turn, run: FlowRun) -> bool:
    answered = bool(runs.form_state(run).slots)
    return run.state == runs.ACTIVE and not answered and turn.now - run.created_at < TWICE_WITHIN


async def _decided_anew(turn: Turn, args: tuple[str, ...]) -> bool:
    """The flow's first question, as a message of its own: the answer above stays readable."""
    if turn.degraded or turn.understanding is None:
        turn.say("flow.resting", kind="system", rows=topics(turn))
    else:
        await play.follow(turn, turn.understanding)
    return True


async def _pick(turn: Turn, args: tuple[str, ...]) -> bool:
    run = turn.run
    if run is None or len(args) != 3 or args[:2] != (str(run.id), run.requested):
        return await _decided(turn, args)
    draft = pick(questions.open_question(run), run.draft or {}, args[2], turn.local_now.date())
    if draft is not None:
        run.draft, turn.flow_pressed = draft, True
        run.changed_at = turn.now
        questions.show(turn, run)
    return True


async def _own(turn: Turn, args: tuple[str, ...]) -> FlowRun | None:
    """The person's run that a button names."""
    number = args[0] if args else ""
    known = number.isdecimal() and len(number) < 19
    return await stored.run_by_id(turn.session, turn.person, int(number)) if known else None


async def _resume(turn: Turn, args: tuple[str, ...]) -> bool:
    run = await _own(turn, args)
    if run is None:
        return False
    if run.state == runs.DONE:
        founding_checklist.show(turn, run)
    else:
        await runs.resume(turn, run)
    return True


async def _quit(turn: Turn, args: tuple[str, ...]) -> bool:
    run = turn.run
    if run is None or args != (str(run.id),):
        return False
    await runs.stop(turn)
    return True


async def _erase(turn: Turn, args: tuple[str, ...]) -> bool:
    run = await _own(turn, args)
    if run is None:
        return False
    if run.flow == founding_checklist.FLOW:
        await stored.forget_reminder(turn.session, turn.person, "checklist")
    await runs.erase(turn, run)
    turn.say("flow.erased", rows=topics(turn), edit=True, kind="system")
    return True


async def _tick(turn: Turn, args: tuple[str, ...]) -> bool:
    return await _with_list(turn, args, lambda run, step: founding_checklist.tick(turn, run, step, None))


async def _ticked(turn: Turn, args: tuple[str, ...]) -> bool:
    """The day on which a step was done."""
    day = _day(args[2]) if len(args) == 3 else None
    if day is None or day > turn.local_now.date():
        return False
    return await _with_list(turn, args, lambda run, step: founding_checklist.tick(turn, run, step, day.isoformat()))


async def _turn(turn: Turn, args: tuple[str, ...]) -> bool:
    """Another month for that day."""
    first = _day(args[2]) if len(args) == 3 else None
    if first is None:
        return True
    steps = {step.id: step for step in turn.parts.library.checklist.all_steps}

    def show(run: FlowRun, step: str) -> bool:
        if step in steps:
            founding_checklist.ask_day(turn, run, steps[step], first.replace(day=1))
        return step in steps

    return await _with_list(turn, args, show)


async def _with_list(turn: Turn, args: tuple[str, ...], do: Callable[[FlowRun, str], bool]) -> bool:
    run = await _own(turn, args)
    if run is None or run.state != runs.DONE or len(args) < 2:
        return False
    turn.flow_pressed = True
    return do(run, args[1])


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


async def _export(turn: Turn, args: tuple[str, ...]) -> bool:
    run = await _own(turn, args)
    if run is None or run.state != runs.DONE:
        return False
    founding_checklist.export(turn, run, args[-1])
    return True


async def _remind(turn: Turn, args: tuple[str, ...]) -> bool:
    kind, *more = (*args, "")
    if kind == "deadline" and len(args) == 2:
        return await funding_finder.remind(turn, more[0])
    numbers = [int(one) for one in more if one.isdecimal() and len(one) < 3]
    if kind != "checklist" or (numbers and numbers[0] not in founding_checklist.DAYS):
        return False
    if await stored.run_of(turn.session, turn.person, founding_checklist.FLOW) is None:
        return False
    if len(numbers) < 2:
        founding_checklist.ask_reminder(turn, *numbers)
    elif numbers[1] in founding_checklist.HOURS:
        await founding_checklist.remind(turn, numbers[0], numbers[1])
    return True


async def _record(turn: Turn, args: tuple[str, ...]) -> bool:
    discrimination_support.send_record(turn)
    turn.toast = Toast(Phrase("discrimination_support.record_comes"))
    return True


FLOW_PRESSES: dict[str, Handler] = {
    "begin": _begin,
    "answer": _decided,
    "picked": _decided,
    "back": _decided,
    "skip": _decided,
    "correct": _decided,
    "pick": _pick,
    "resume": _resume,
    "quit": _quit,
    "erase": _erase,
    "tick": _tick,
    "ticked": _ticked,
    "turn": _turn,
    "export": _export,
    "remind": _remind,
    "record": _record,
}
