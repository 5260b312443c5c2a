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
EVENTS = [UserUttered("hello", {"name": "greet"}), ActiveLoop("room"), SlotSet("people", 40)]


async def main() -> None:
    """What is put in comes out once, whole and to its own sender only, and is gone then."""
    store = ForgetfulTrackerStore(DOMAIN)
    expect("a stranger has no conversation", await store.retrieve("someone") is None)
    for sender in ("someone", "another"):
        await store.save(DialogueStateTracker.from_events(sender, EVENTS, DOMAIN.slots))
    tracker = await store.retrieve("someone")
    expect("it comes back whole", tracker is not None and list(tracker.events) == EVENTS)
    expect("it is its own sender's", tracker is not None and tracker.sender_id == "someone")
    expect("it is forgotten then", await store.retrieve("someone") is None)
    expect("others are not", list(await store.keys()) == ["another"])
    await store.retrieve("another")
    expect("nothing is left in the end", list(await store.keys()) == [] and not store.store)


def expect(what: str, holds: object) -> None:
    """Exit with 1 and `what` unless it `holds`."""
    if not holds:
        sys.exit(f"failed: {what}")


if __name__ == "__main__":
    asyncio.run(main())
