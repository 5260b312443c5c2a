"""What follows from the few answers: help at once, or the last day for a claim and the wish."""

from __future__ import annotations

from datetime import date
from typing import Any

from dateutil.relativedelta import relativedelta
from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from flows.guide.actions import GuidedForm
from flows.guide.form import SKIPPED

LIMIT = relativedelta(months=2)
"""Claims have to be made in writing within two months (AGG § 15 (4) for work, § 21 (5) for goods and housing)."""


def last_day(since: date) -> date:
    """The last day of the limit for something that was learnt of on `since`.

    It ends on the day with the same number, or on the last of a month that has none (BGB § 187 (1), § 188 (2), (3)).
    That a Saturday, Sunday or holiday moves it to the next working day (§ 193) is left out: earlier is safe.
    """
    until: date = since + LIMIT
    return until


class DiscriminationSupport(GuidedForm):
    """Reads the answers of the form."""

    flow = "discrimination_support"


class NextHelp(Action):
    """Ends the flow in symbols: `{"help": wish, "area": ..., "last_day": ISO day or null}`; "danger" is a wish."""

    def name(self) -> str:
        """The name in the domain."""
        return "action_next_help"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Say what help is next."""
        answers: dict[str, Any] = {slot: tracker.get_slot(slot) for slot in ("danger", "area", "since", "wish")}
        if answers["danger"] == "yes":
            dispatcher.utter_message(json_message={"help": "danger"})
            return []
        since = answers["since"]
        until = None if since in (None, SKIPPED) else last_day(date.fromisoformat(since)).isoformat()
        dispatcher.utter_message(json_message={"help": answers["wish"], "area": answers["area"], "last_day": until})
        return []
