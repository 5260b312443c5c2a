"""The message with the open question: where one is, what is asked, the buttons, the way back and out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from rapidfuzz import fuzz

from bot.conversation.actions import Action
from bot.conversation.flows import widgets
from bot.conversation.flows.widgets import picked
from bot.conversation.flows.wording import answered, label_text, short, title, value_text
from bot.conversation.replies import Button, Buttons, Lines, Part, Phrase, Reply, Rows
from bot.conversation.turn import Turn
from bot.locales import Locales
from bot.storage.models import FlowRun
from flows.guide.form import CONFIRM, Form, Question, form_of
from knowledge.spelling import plain_words

SHORTEST_WITH_A_SLIP = 6
LIKENESS = 85.0
"""Share of letters in place, in percent (rapidfuzz), from which a word counts as a label with a slip."""
_SEVERAL = re.compile(r"(\s*[,;/+&،؛]\s*|\s+(?:und|and|ve|و|и|та|й|i|oraz)\s+)")
MISSES_UNTIL_PERSON = 3
"""Answers that could not be taken after which a person is offered (issue: "after the third")."""


def open_question(run: FlowRun) -> Question:
    """The question that the run waits for."""
    form = form_of(run.flow)
    return form.question(run.requested or form.missing(run.slots) or form.questions[-1].slot)


def show(turn: Turn, run: FlowRun, *, wrong: str | None = None, again: bool = False) -> None:
    """The open question: in the place of the message that was pressed, else as a new one at the bottom.

    `wrong`: why the last answer could not be taken. `again`: something else was said in between.
    """
    form, question = form_of(run.flow), open_question(run)
    parts: list[Part] = [_head(form, question, run)]
    if wrong is not None:
        parts.append(_explanation(form, question, run, wrong))
    parts += _summary(turn, form, run) if question.kind == CONFIRM else [Phrase(f"{form.flow}.{question.slot}")]
    place = turn.pressed if turn.flow_pressed and not again else None
    if run.message_id not in (None, place):
        turn.items.append(Buttons(message_id=run.message_id or 0, rows=(), language=turn.language))
    run.message_id = place
    turn.items.append(Reply(parts=tuple(parts), language=turn.language, rows=_rows(turn, form, question, run),
                            replace=place, kind="flow"))  # fmt: skip


def _head(form: Form, question: Question, run: FlowRun) -> Phrase:
    if question.kind == CONFIRM:
        return Phrase("flow.head_check", {"flow": title(form.flow)})
    step, count = form.position(question.slot, run.slots)
    return Phrase("flow.head", {"flow": title(form.flow), "step": step, "of": count})


def _explanation(form: Form, question: Question, run: FlowRun, why: str) -> Phrase:
    """Once with an example; then shorter; after the third time a person is the better help."""
    if run.misses >= MISSES_UNTIL_PERSON:
        return Phrase("flow.wrong_person")
    if run.misses > 1:
        return Phrase("flow.wrong_again")
    return Phrase(f"flow.wrong_{why}", {"example": Phrase(f"{form.flow}.{question.slot}_example")})


def _summary(turn: Turn, form: Form, run: FlowRun) -> list[Part]:
    return [Lines(summary_lines(turn, form, run, turn.language)), Phrase(f"{form.flow}.check")]


def summary_lines(turn: Turn, form: Form, run: FlowRun, language: str) -> tuple[Phrase, ...]:
    """What was answered, a line each, in a language; the person's own words as they are."""
    locales = turn.parts.locales
    return tuple(
        Phrase("flow.line", {"what": short(form, one.slot),
                             "value": value_text(locales, language, form, one, run.slots[one.slot])})
        for one in answered(form, run.slots)
    )  # fmt: skip


def _rows(turn: Turn, form: Form, question: Question, run: FlowRun) -> Rows:
    asked = widgets.Asked(
        run_id=run.id, form=form, question=question, draft=run.draft or {}, locales=turn.parts.locales,
        language=turn.language, today=turn.local_now.date(),
    )  # fmt: skip
    rows = widgets.rows(asked)
    if question.kind == CONFIRM:
        rows = (*rows, *_corrections(form, run))
    if run.misses >= MISSES_UNTIL_PERSON:
        rows = ((Button(Phrase("button.human"), Action("human", ())),), *rows)
    return (*rows, _ways(form, question, run))


def _corrections(form: Form, run: FlowRun) -> Rows:
    """A button for each answer that opens its question again."""
    buttons = [
        Button(Phrase("flow.correct", {"what": short(form, one.slot)}), Action("correct", (str(run.id), one.slot)))
        for one in answered(form, run.slots)
    ]
    return widgets.in_rows(buttons, 2)


def _ways(form: Form, question: Question, run: FlowRun) -> tuple[Button, ...]:
    """Back, skip where allowed, stop."""
    number, slot = str(run.id), question.slot
    back = [Button(Phrase("flow.back"), Action("back", (number, slot)))] if form.before(slot, run.slots) else []
    skip = [Button(Phrase("flow.skip"), Action("skip", (number, slot)))] if question.skip else []
    return (*back, *skip, Button(Phrase("flow.stop"), Action("quit", (number,))))


def receipt(turn: Turn, run: FlowRun, slot: str) -> None:
    """After a written answer the question turns into what was understood; the next one comes below the answer."""
    form = form_of(run.flow)
    value = run.slots.get(slot)
    if run.message_id is None or value is None:
        return
    words = value_text(turn.parts.locales, turn.language, form, form.question(slot), value)
    turn.items.append(Reply(parts=(Phrase("flow.received", {"what": short(form, slot), "value": words}),),
                            language=turn.language, replace=run.message_id, kind="system"))  # fmt: skip
    run.message_id = None


def typed(locales: Locales, language: str, run: FlowRun, text: str) -> Mapping[str, Any] | None:
    """What typing the label of a button stands for, as if it had been pressed; None if no label was typed.

    Only the whole label counts, one slip allowed: "once a week" is not "once".
    """
    form, question, said = form_of(run.flow), open_question(run), _plain(text)
    for meaning in ("back", "skip") if question.skip else ("back",):
        if said == _plain(locales.say(language, f"flow.{meaning}")):
            return {meaning: True}
    if run.draft and said == _plain(locales.say(language, "flow.picked")):
        return {"value": picked(question, run.draft, "")}
    if question.kind == CONFIRM:
        return {"value": "yes"} if said == _plain(locales.say(language, f"{form.flow}.{question.slot}_yes")) else None
    labels = {one: _plain(label_text(locales, language, form, question, one)) for one in question.choose}
    if question.kind == "many":
        chosen = _listed(labels, text)
        return {"value": chosen} if all(chosen) else None
    choice = _nearest(labels, said)
    return None if choice is None else {"value": choice}


def _listed(labels: Mapping[str, str], text: str) -> list[str | None]:
    """The choices that were listed, None for what is none; a label may be a list itself ("tables, chairs")."""
    parts, found, place = _SEVERAL.split(text), list[str | None](), 0
    while place < len(parts):
        tried = [(width, _nearest(labels, _plain("".join(parts[place : place + width])))) for width in (5, 3, 1)]
        width, choice = next((one for one in tried if one[1]), (1, None))
        found.append(choice)
        place += width + 1  # what stands between two parts is a part, too
    return found


def _plain(text: str) -> str:
    return " ".join(plain_words(text))


def _nearest(labels: Mapping[str, str], said: str) -> str | None:
    """The choice that was typed: exactly, or with a slip in a word long enough to bear one."""
    exact = next((choice for choice, label in labels.items() if label and label == said), None)
    if exact is not None or len(said) < SHORTEST_WITH_A_SLIP:
        return exact
    near = {choice: fuzz.ratio(label, said) for choice, label in labels.items() if len(label) >= SHORTEST_WITH_A_SLIP}
    best = max(near, key=near.__getitem__, default=None)
    return best if best is not None and near[best] >= LIKENESS else None
