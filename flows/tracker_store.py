"""Where Rasa keeps conversations: nowhere, except while one of its forms is running."""

from __future__ import annotations

from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig


class ForgetfulTrackerStore(InMemoryTrackerStore):
    """Keeps a tracker only while a form is running or a slot is set. The bot's database owns everything else."""

    def __init__(self, domain: Domain, host: object = None, event_broker: object = None, **_: EndpointConfig) -> None:
        super().__init__(domain, event_broker)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep `tracker` if something in it is still needed, otherwise drop all that was kept of it."""
        if _in_progress(tracker):
            await super().save(tracker)
        else:
            self.store.pop(tracker.sender_id, None)


def _in_progress(tracker: DialogueStateTracker) -> bool:
    return bool(tracker.active_loop_name) or any(_is_set(slot) for slot in tracker.slots.values())


def _is_set(slot: Slot) -> bool:
    # Rasa fills some slots of its own (session_started_metadata) with the message's metadata.
    return slot.name != "session_started_metadata" and slot.value not in (None, slot.initial_value)
