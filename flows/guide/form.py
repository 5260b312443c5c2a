"""The questions of a guided flow, as its domain.yml lists them: order, kinds, choices and conditions.

The one description of a flow: Rasa runs the form, the actions read answers by it, the bot draws buttons by it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent.parent
FLOWS = {
    "founding_checklist": "founding",
    "funding_finder": "funding",
    "room_request": "rooms",
    "discrimination_support": "discrimination",
}
"""The flows, each with its topic. A flow is a folder here, an intent, and (with `_form` behind it) a Rasa form."""
SENSITIVE = ("discrimination_support",)
"""Flows of which nothing may remain when they end, and only little time may pass until they count as ended."""
SUFFIX = "_form"
SKIPPED = "-"
"""The value of a question that was passed over: for Rasa an unanswered slot has none."""
CONFIRM = "confirm"
"""The last question of a flow that shows what was answered, by kind."""

Slots = Mapping[str, Any]


class FlowFileError(Exception):
    """A flow's domain.yml cannot be used; the text names file and place."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """A slot of a form, and what may fill it.

    `kind`: choice (str), many (list of str), number (int), amount (a choice of `up_to_<euro>`, or a sum), date (ISO
    day), weekdays (list of 0 = Monday), time ("15:00" or "15:00-18:00"), text or contact (str), confirm ("yes").
    `own`: intents that are no change of subject here. `exact`: a yes or no counts only if it is said in so many words.
    `only_if`: asked if each of these slots has one of these values.
    """

    slot: str
    kind: str
    flow: str = ""
    choose: tuple[str, ...] = ()
    skip: bool = False
    past: bool = False
    least: int = 1
    most: int = 100_000
    exact: bool = False
    own: tuple[str, ...] = ()
    only_if: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def needed(self, slots: Slots) -> bool:
        """Whether the question is asked, given the answers so far."""
        return all(slots.get(slot) in values for slot, values in self.only_if.items())


@dataclass(frozen=True)
class Form:
    """A flow's questions in order."""

    flow: str
    questions: tuple[Question, ...]

    @property
    def name(self) -> str:
        """The name that Rasa knows it by."""
        return self.flow + SUFFIX

    def question(self, slot: str) -> Question:
        """The question that fills `slot`. Raises `KeyError` if there is none."""
        return {question.slot: question for question in self.questions}[slot]

    def needed(self, slots: Slots) -> list[Question]:
        """The questions that are asked, given the answers so far."""
        return [question for question in self.questions if question.needed(slots)]

    def missing(self, slots: Slots) -> str | None:
        """The slot to ask for next; None if all is answered."""
        return next((one.slot for one in self.needed(slots) if slots.get(one.slot) is None), None)

    def before(self, slot: str, slots: Slots) -> str | None:
        """The slot that was asked before `slot`; None at the first."""
        asked = [one.slot for one in self.needed(slots)]
        place = asked.index(slot) if slot in asked else 0
        return asked[place - 1] if place else None

    def position(self, slot: str, slots: Slots) -> tuple[int, int]:
        """The place of `slot`, from 1, and how many questions there are, the confirmation left out."""
        asked = [one.slot for one in self.needed(self._foreseen(slots)) if one.kind != CONFIRM]
        return asked.index(slot) + 1 if slot in asked else len(asked), len(asked)

    def _foreseen(self, slots: Slots) -> Slots:
        """The answers so far; where others depend on an open one, that which leads to the most questions."""
        foreseen = dict(slots)
        for deciding in self.questions:
            if slots.get(deciding.slot) is None:
                conditions = [one.only_if[deciding.slot] for one in self.questions if deciding.slot in one.only_if]
                longest = max(deciding.choose, key=lambda value: sum(value in one for one in conditions), default=None)
                foreseen[deciding.slot] = longest if conditions else None
        return foreseen


@cache
def form_of(flow: str) -> Form:
    """The form of a flow. Raises `KeyError` for an unknown flow, `FlowFileError` if its file cannot be used."""
    if flow not in FLOWS:
        raise KeyError(flow)
    path = FOLDER / flow / "domain.yml"
    try:
        return _read(flow, yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, LookupError, TypeError, ValueError, AttributeError, yaml.YAMLError) as error:
        why = " ".join(str(error).split())  # YAML says where in several lines
        raise FlowFileError(f"flows/{flow}/domain.yml cannot be used: {type(error).__name__} {why}") from error


def form_named(name: str) -> Form:
    """The form that Rasa calls `name`. Raises `KeyError` for an unknown one."""
    return form_of(name.removesuffix(SUFFIX))


def _read(flow: str, domain: Mapping[str, Any]) -> Form:
    slots = domain["forms"][flow + SUFFIX]["required_slots"]
    asked = {slot: domain["responses"][f"utter_ask_{flow}{SUFFIX}_{slot}"][0]["custom"] for slot in slots}
    return Form(flow, tuple(_question(flow, slot, dict(custom)) for slot, custom in asked.items()))


def _question(flow: str, slot: str, custom: dict[str, Any]) -> Question:
    if custom.pop("ask") != slot:
        raise KeyError(f"the response for {slot} asks for another slot")
    only_if = {name: tuple(values) for name, values in custom.pop("only_if", {}).items()}
    choose, own = (tuple(custom.pop(name, ())) for name in ("choose", "own"))
    return Question(flow=flow, slot=slot, only_if=only_if, choose=choose, own=own, **custom)
