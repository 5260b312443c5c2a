"""Compares the answers with the funding lines on file."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from flows.guide.actions import GuidedForm
from flows.guide.form import form_of


class FundingFinder(GuidedForm):
    """Reads the answers of the form."""

    flow = "funding_finder"


class MatchFunding(Action):
    """Ends the flow with `{"funding": {slot: choice}}`: the answers as the matcher in `knowledge` takes them."""

    def name(self) -> str:
        """The name in the domain."""
        return "action_match_funding"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Hand the answers on."""
        slots = {question.slot: tracker.get_slot(question.slot) for question in form_of("funding_finder").questions}
        dispatcher.utter_message(json_message={"funding": slots})
        return []
