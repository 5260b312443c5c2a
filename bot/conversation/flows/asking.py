"""What Rasa is told about a message or a press while a flow runs, or to begin one."""

from __future__ import annotations

from dataclasses import dataclass

from bot.conversation.actions import Action
from bot.conversation.flows import questions, widgets
from bot.conversation.flows.runs import AGAIN, form_state
from bot.locales import Locales
from bot.rasa import FormState, Pressed
from bot.storage import flows as stored
from bot.storage.database import Database
from bot.storage.models import FlowRun
from bot.storage.situation import Situation
from flows.guide.form import FLOWS


@dataclass(frozen=True, kw_only=True)
class Query:
    """What goes to Rasa beside the text. `run` and `version`: what it was asked about, compared before it is stored."""

    run: int | None = None
    version: int = 0
    form: FormState | None = None
    pressed: Pressed | None = None


def for_text(run: FlowRun | None, locales: Locales, language: str, text: str) -> Query:
    """A message: an answer to the open question of `run`, if one is; a typed label counts as the button."""
    if run is None:
        return Query()
    meant = questions.typed(locales, language, run, text)
    return _about(run, None if meant is None else Pressed("inform", meant))


async def for_press(database: Database, known: Situation | None, action: Action) -> Query | None:
    """A press that Rasa decides about; None for all others, also for those that are out of date."""
    if action.name == "begin":
        return await _for_begin(database, known, action.args)
    run = known.run if known else None
    if run is None or action.name not in MEANT or action.args[:1] != (str(run.id),):
        return None
    pressed = _meant(run, action)
    return _about(run, pressed) if pressed else None


async def _for_begin(database: Database, known: Situation | None, args: tuple[str, ...]) -> Query | None:
    flow = args[0] if args else ""
    if flow not in FLOWS or (known and AGAIN not in args and await stored.is_begun(database, known.person, flow)):
        return None
    return Query(pressed=Pressed(flow))


def _meant(run: FlowRun, action: Action) -> Pressed | None:
    _, slot, *more = (*action.args, "", "")
    if action.name == "correct":
        return Pressed("inform", {"correct": slot}) if slot in form_state(run).slots else None
    if slot != run.requested:
        return None
    if action.name == "answer":
        return Pressed("inform", {"value": more[0]})
    if action.name == "picked":
        value = widgets.picked(questions.open_question(run), run.draft or {}, more[0])
        return None if value is None else Pressed("inform", {"value": value})
    return Pressed("inform", {action.name: True})


def _about(run: FlowRun, pressed: Pressed | None) -> Query:
    return Query(run=run.id, version=run.version, form=form_state(run), pressed=pressed)


MEANT = frozenset({"answer", "picked", "back", "skip", "correct"})
"""Buttons of a running flow that Rasa decides about."""
