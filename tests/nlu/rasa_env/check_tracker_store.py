"""Run with Rasa's Python from the root: `.venv-rasa/bin/python -m tests.nlu.rasa_env.check_tracker_store`."""

from __future__ import annotations

import asyncio
import sys

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActiveLoop, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from flows.tracker_store import ForgetfulTrackerStore

DOMAIN = Domain.from_dict(
    {"slots": {"people": {"type": "any", "mappings": [{"type": "custom"}]}}, "forms": {"room": {"required_slots": []}}}
)


async def main() -> None:
    """Nothing stays of small talk; a running form and a set slot stay until they are done."""
    store = ForgetfulTrackerStore(DOMAIN)
    for kept, event in (
        (False, UserUttered("hello", {"name": "greet"})),
        (True, ActiveLoop("room")),
        (False, ActiveLoop(None)),
        (True, SlotSet("people", 40)),
        (False, SlotSet("people", None)),
        (False, SlotSet("session_started_metadata", {"language": "de"})),
    ):
        tracker = DialogueStateTracker.from_events("someone", [event], DOMAIN.slots)
        await store.save(tracker)
        if bool(store.store) is not kept:
            sys.exit(f"failed: {event} {'is' if kept else 'is not'} kept")


if __name__ == "__main__":
    asyncio.run(main())
