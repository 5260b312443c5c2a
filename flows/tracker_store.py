"""Where Rasa keeps conversations: nowhere. A tracker lives as long as one message is being handled."""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

logger = logging.getLogger(__name__)

LONGEST_MESSAGE_SECONDS = 60
"""Nothing takes so long to answer: what is older was left behind by a server that was killed."""

PLACE = ("dialect", "port", "db", "username", "password")
TABLE_LOCK = 0x57570001
"""Any number that nobody else takes."""


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


class SharedTrackerStore(SQLTrackerStore):
    """The same in a database of several servers: handing a tracker out deletes it there.

    If the database fails, the tracker stays in this process until it is asked for; Rasa would put it into a store of
    its own then, and keep it.
    """

    def __init__(self, domain: Domain, host: str | None = None, **given: Any) -> None:
        self._here: dict[str, DialogueStateTracker] = {}
        self._make_table(host, given)
        super().__init__(domain, host=host, **given)
        self._forget("")

    def _make_table(self, host: str | None, given: dict[str, Any]) -> None:
        """Servers that start at the same moment wait for one another here; Rasa would stumble over that."""
        place = {name: value for name, value in given.items() if name in PLACE}
        engine = sa.create_engine(self.get_db_url(host=host, **place))
        with contextlib.suppress(sa.exc.OperationalError), engine.begin() as connection:
            # A database that is not there yet Rasa waits for.
            connection.execute(sa.text(f"SELECT pg_advisory_xact_lock({TABLE_LOCK})"))
            self.Base.metadata.create_all(connection)
        engine.dispose()

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep `tracker` until it is asked for."""
        try:
            await super().save(tracker)
        except sa.exc.SQLAlchemyError as error:
            # The kind only: its words hold what was to be stored.
            logger.error("a tracker could not be stored: %s", type(error).__name__)
            self._here[tracker.sender_id] = tracker

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The tracker of a conversation, which is gone from here with that; None if there is none."""
        if sender_id in self._here:
            return self._here.pop(sender_id)
        try:
            tracker: DialogueStateTracker | None = await self.retrieve_full_tracker(sender_id)
            self._forget(sender_id)
        except sa.exc.SQLAlchemyError as error:
            logger.error("a tracker could not be read: %s", type(error).__name__)
            return None
        return tracker

    def _forget(self, sender_id: str) -> None:
        """Delete a conversation, and whatever servers that were killed have left behind."""
        left = self.SQLEvent.timestamp < time.time() - LONGEST_MESSAGE_SECONDS
        with self.session_scope() as session:
            session.query(self.SQLEvent).filter(sa.or_(self.SQLEvent.sender_id == sender_id, left)).delete(
                synchronize_session=False
            )
            session.commit()
