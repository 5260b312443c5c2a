"""The queue of updates for the bot, with Telegram's rules for offsets, allowed kinds and competing readers."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass

from bot.simulator.errors import ApiError
from bot.simulator.state import Json

FIRST_UPDATE_ID = 100_000_001
REMEMBERED = 20_000
NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
TAKEN_OVER = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"


@dataclass(slots=True)
class Pending:
    """An update not yet confirmed; `again` protects a redelivery from being confirmed before it was seen."""

    update: Json
    again: bool = False


class UpdateQueue:
    """Updates in order of their id; the ids rise by one and survive a reset of the world."""

    def __init__(self) -> None:
        self._next_id = FIRST_UPDATE_ID
        self._pending: list[Pending] = []
        self._past: OrderedDict[int, Json] = OrderedDict()
        self._allowed: frozenset[str] | None = None
        self._changed = asyncio.Event()
        self._reader = 0

    def __len__(self) -> int:
        return len(self._pending)

    @property
    def allowed(self) -> list[str] | None:
        """The kinds the bot asked for, or None while Telegram's default set applies."""
        return None if self._allowed is None else sorted(self._allowed)

    def allow(self, kinds: list[str] | None) -> None:
        """Set the kinds to queue from now on; None keeps the last choice, an empty list means the default."""
        if kinds is not None:
            self._allowed = frozenset(kinds) if kinds else None

    def push(self, kind: str, content: Json) -> int | None:
        """Queue an update and return its id, or None when the bot does not want this kind."""
        wanted = kind not in NOT_BY_DEFAULT if self._allowed is None else kind in self._allowed
        if not wanted:
            return None
        update_id = self._next_id
        self._next_id += 1
        update: Json = {"update_id": update_id, kind: content}
        self._past[update_id] = update
        if len(self._past) > REMEMBERED:
            self._past.popitem(last=False)
        self._pending.append(Pending(update))
        self._wake()
        return update_id

    def redeliver(self, update_id: int) -> bool:
        """Queue an update once more under its old id; False when it is unknown (or too long ago)."""
        update = self._past.get(update_id)
        if update is None:
            return False
        if any(pending.update["update_id"] == update_id for pending in self._pending):
            return True
        self._pending.append(Pending(update, again=True))
        self._pending.sort(key=lambda pending: int(pending.update["update_id"]))
        self._wake()
        return True

    def clear(self) -> None:
        """Drop everything pending (Telegram's drop_pending_updates)."""
        self._pending.clear()

    def confirm(self, update_id: int) -> None:
        """Forget all updates up to this id, except redeliveries nobody has seen yet."""
        self._pending = [
            pending for pending in self._pending if pending.update["update_id"] > update_id or pending.again
        ]

    def remove(self, update: Json) -> None:
        """Forget one delivered update (webhooks confirm one by one)."""
        self._pending = [pending for pending in self._pending if pending.update is not update]

    def interrupt(self) -> None:
        """End a waiting reader with 409, as a new reader or a webhook does."""
        self._reader += 1
        self._wake()

    async def read(self, offset: int, limit: int, timeout_s: float) -> list[Json]:
        """Wait up to `timeout_s` for updates; raises `ApiError` 409 when another reader comes meanwhile."""
        self.interrupt()
        me = self._reader
        if offset < 0:
            self._pending = self._pending[offset:]
        elif offset:
            self.confirm(offset - 1)
        await self.wait(timeout_s, reader=me)
        if me != self._reader:
            raise ApiError(409, TAKEN_OVER)
        return self.peek(limit)

    async def wait(self, timeout_s: float | None, reader: int | None = None) -> None:
        """Return as soon as something is pending, the reader was interrupted or the time is over."""

        try:
            async with asyncio.timeout(timeout_s):
                while not self._pending and (reader is None or reader == self._reader):
                    await self._changed.wait()
        except TimeoutError:
            return

    def peek(self, limit: int) -> list[Json]:
        """The first updates, now counted as seen but still unconfirmed."""
        batch = self._pending[:limit]
        for pending in batch:
            pending.again = False
        return [pending.update for pending in batch]

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()
