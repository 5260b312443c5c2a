"""Whether the bot can work in the office's group; if it cannot, those who can mend it are called, once (E33)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from bot.storage.database import Database, Lock
from bot.storage.office import GROUP_BACK, GROUP_LOST, group_is_lost, record


class CallAdmins(Protocol):
    """Tells those who answer for the office."""

    async def __call__(self, session: AsyncSession, key: str, **params: Any) -> None:
        """Write the rows that tell them the text `key`."""


class GroupAccess:
    """Remembers in the record of the office whether the group is lost: no restart, and no other worker, calls again."""

    def __init__(
        self, database: Database, clock: Callable[[], datetime], call: CallAdmins
    ) -> None:
        self._database = database
        self._clock = clock
        self._call = call

    async def lose(self) -> None:
        """The bot was refused in the group, or has lost a right that it needs there."""
        await self._change(GROUP_LOST)

    async def regain(self) -> None:
        """The bot got its rights back, or could do what it was refused before."""
        await self._change(GROUP_BACK)

    async def miss_deletion(self) -> None:
        """The bot may work, but not delete: topics of erased cases would stay."""
        async with self._database.write() as session:
            await self._call(session, "desk.may_not_delete")

    async def topic_stays(self, session: AsyncSession, link: str) -> None:
        """The bot was refused the deletion of a topic. That is no reason to stop working in the group."""
        await self._call(session, "desk.topic_not_deleted", link=link)

    async def _change(self, to: str) -> None:
        """Write it down, and call, if it is news. That all is well is none as long as nothing was ever lost."""
        async with self._database.read() as session:
            if await group_is_lost(session) is (to == GROUP_LOST):
                return
        async with self._database.write() as session:
            await self._database.enter_alone(session, Lock.GROUP)
            if await group_is_lost(session) is (to == GROUP_LOST):
                return
            record(session, self._clock(), to, staff_id=None)
            if to == GROUP_LOST:
                await self._call(session, "desk.group_lost")
