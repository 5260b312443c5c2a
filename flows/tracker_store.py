"""Where Rasa keeps conversations: nowhere. A tracker lives as long as one message is being handled."""

from __future__ import annotations

from collections.abc import Iterable

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig


class ForgetfulTrackerStore(TrackerStore):
    """Hands each tracker out once and has forgotten it then. The bot's database owns whatever lasts.

    The channel puts in what the bot sent along, Rasa takes it out, puts it back changed, and the channel takes that.
    """

    def __init__(self, domain: Domain, host: object = None, event_broker: object = None, **_: EndpointConfig) -> None:
        super().__init__(domain, None)
        self.store: dict[str, DialogueStateTracker] = {}

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep `tracker` until it is asked for."""
        self.store[tracker.sender_id] = tracker

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The tracker of a conversation, which is gone from here with that; None if there is none."""
        return self.store.pop(sender_id, None)

    async def keys(self) -> Iterable[str]:
        """The conversations that are being handled right now."""
        return self.store.keys()
