"""The action behind every guided form: reads the answer, goes back, passes over, takes up a correction."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.forms import REQUESTED_SLOT, FormValidationAction
from rasa_sdk.types import DomainDict

from flows.guide.answers import CRISIS, Back, Elsewhere, Reading, Said, Value, Wrong, read
from flows.guide.form import SKIPPED, Form, Slots, form_of

TIME = "time"
SURE = 0.5
"""Confidence below which an intent does not change the subject: outside a flow a wish to stop wins with far less."""


class GuidedForm(FormValidationAction):
    """Validation of the form `<flow>_form`. Subclasses name their `flow`."""

    flow: str

    def name(self) -> str:
        """The name that Rasa calls for."""
        return f"validate_{self.form.name}"

    @property
    def form(self) -> Form:
        """The questions, from the flow's domain.yml."""
        return form_of(self.flow)

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Set the slots that the message fills, and the one to ask for next. No event: the message is no answer."""
        slots = {question.slot: tracker.get_slot(question.slot) for question in self.form.questions}
        requested = tracker.get_slot(REQUESTED_SLOT)
        if requested is None or _has_been_read(tracker, self.form.name):
            return [self._next(slots)]
        given = _given(tracker)
        if given.get("skip") or given.get("back") or given.get("correct"):
            return self._moved(requested, slots, given)
        reading = read(self.form.question(requested), _said(tracker, given))
        if isinstance(reading, Wrong):
            dispatcher.utter_message(json_message={"wrong": requested, "why": reading.why})
        return self._after(reading, requested, slots)

    def _after(self, reading: Reading, requested: str, slots: dict[str, Any]) -> list[EventType]:
        if isinstance(reading, Elsewhere):
            return []
        if isinstance(reading, Back):
            return self._moved(requested, slots, {"back": True})
        if isinstance(reading, Wrong):
            return [SlotSet(requested, None), SlotSet(REQUESTED_SLOT, requested)]
        return self._answered(requested, slots, reading)

    def _answered(self, requested: str, slots: dict[str, Any], value: Value) -> list[EventType]:
        changed = {requested: value.value}
        if value.time and TIME in slots and slots[TIME] is None:
            changed[TIME] = value.time
        return self._changed(slots, changed)

    def _moved(self, requested: str, slots: dict[str, Any], given: dict[str, Any]) -> list[EventType]:
        """Pass over the question if that is allowed, else open an earlier one again."""
        if given.get("skip"):
            return self._changed(slots, {requested: SKIPPED if self.form.question(requested).skip else None})
        again = given.get("correct") if given.get("correct") in slots else self.form.before(requested, slots)
        return self._changed(slots, {again or requested: None})

    def _changed(self, slots: dict[str, Any], changed: dict[str, Any]) -> list[EventType]:
        return [*(SlotSet(slot, value) for slot, value in changed.items()), self._next(slots | changed)]

    def _next(self, slots: Slots) -> EventType:
        return SlotSet(REQUESTED_SLOT, self.form.missing(slots))


def _given(tracker: Tracker) -> dict[str, Any]:
    """What a button means, by name; empty for a message that was written."""
    if _intent(tracker) != "inform":
        return {}
    return {entity["entity"]: entity["value"] for entity in tracker.latest_message.get("entities", [])}


def _intent(tracker: Tracker) -> str | None:
    """What was decided for. rasa-sdk's own method names the likeliest guess instead, however unsure it is."""
    name: str | None = (tracker.latest_message.get("intent") or {}).get("name")
    return name


def _sure_intent(tracker: Tracker) -> str | None:
    """The intent if it is sure enough to change the subject; danger always is."""
    intent, confidence = _intent(tracker), (tracker.latest_message.get("intent") or {}).get("confidence") or 0.0
    sure = intent == CRISIS or confidence >= SURE
    return intent if sure and intent != "nlu_fallback" else None


def _said(tracker: Tracker, given: dict[str, Any]) -> Said:
    message = tracker.latest_message
    metadata = message.get("metadata") or {}
    return Said(
        text=message.get("text") or "", given=given, language=metadata.get("language", "de"),
        now=datetime.fromisoformat(metadata["now"]), intent=_sure_intent(tracker),
    )  # fmt: skip


def _has_been_read(tracker: Tracker, form: str) -> bool:
    """Whether the message has been dealt with already: something else was said to it, and the form is back."""
    for event in reversed(tracker.events):
        if event["event"] == "user":
            return False
        if event["event"] == "action" and event["name"] != form:
            return bool(event["name"] != "action_listen")
    return False
