"""Whether the bot can work in the office's group; if it cannot, those who can mend it are called, once (E33)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.storage.database import Database
from bot.storage.models import Audit
from bot.storage.office import record

LOST, BACK = "group_lost", "group_back"


class GroupAccess:
    """Remembers in the record of the office whether the group is lost, so that a restart calls nobody again."""

    def __init__(
        self, database: Database, clock: Callable[[], datetime], call: Callable[[AsyncSession], Awaitable[None]]
    ) -> None:
        self._database = database
        self._clock = clock
        self._call = call
        self._lost: bool | None = None

    async def lose(self) -> None:
        """The bot was refused in the group."""
        if self._lost is not True:
            await self._change(LOST, self._call)
        self._lost = True

    async def regain(self) -> None:
        """The bot could do something in the group."""
        if self._lost is not False:
            await self._change(BACK, None)
        self._lost = False

    async def _change(self, to: str, call: Callable[[AsyncSession], Awaitable[None]] | None) -> None:
        """Write it down, and call, if it is news. That all is well is none as long as nothing was ever lost."""
        async with self._database.write() as session:
            query = select(Audit.action).where(Audit.action.in_((LOST, BACK))).order_by(Audit.id.desc()).limit(1)
            if (await session.scalar(query) or BACK) == to:
                return
            record(session, self._clock(), to, staff_id=None)
            if call is not None:
                await call(session)
