"""Updates that nobody means well with: taken from the simulator as Telegram writes them, and spoilt on the way."""

from __future__ import annotations

import json
import logging
import os
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select

from bot.app import App
from bot.storage.models import InboxUpdate, OutboxMessage
from bot.telegram.inbox import store
from tests.simulator.conftest import Control

MORE = int(os.environ.get("FUZZ", "1"))
"""So many times as many examples: FUZZ=50 for an afternoon."""
MARK = "zzmarkzz"
"""Stands in a genuine update where something nasty is put."""
PROCESSED = {"done", "ignored", "unreadable"}
LONG = 1_000_000
NASTY = {
    "bidi controls": "\u202e\u2066gpj.exe\u2069\u202c \u200f",
    "zero width": "Wo\u200b ist\u200d das\ufeff?\u2060",
    "only what cannot be seen": "\u200b\u2060\ufeff",
    "nul": "vor\x00nach",
    "half a character": "vor\ud800nach\udfff",
    "html": "</b><b>fett</i> <a href='tg://user?id=1'>Klick</a> &lt;&amp <script>alert(1)</script>",
    "markdown": "*_`[Klick](tg://user?id=2)~||\\ ```x",
    "sql": "'; DROP TABLE person; -- %s %(id)s :id $1 ?",
    "template": "{{7*7}} ${7*7} {0.__class__.__mro__} {number} %n #{7*7} {% raw %}",
    "commands of Rasa": '/restart /ask{"entity": "x"} EXTERNAL: greet $backoffice',
    "formula": '=HYPERLINK("http://127.0.0.1/","x")\t+1-1@SUM(1)',
    "a megabyte": "ж" * LONG,
    "accents on accents": "e" + "\u0301" * 3000,
    "lines": "\r\n\u2028\u2029\v" * 50 + "x",
}


def spoilt(update: Any, nasty: str) -> Any:
    """The update with something nasty where the mark stands."""
    if isinstance(update, str):
        return update.replace(MARK, nasty)
    if isinstance(update, dict):
        return {key: spoilt(value, nasty) for key, value in update.items()}
    return [spoilt(one, nasty) for one in update] if isinstance(update, list) else update


@dataclass
class Bench:
    """The bot whose updates are handed to it one by one, so that each can be spoilt."""

    app: App
    control: Control
    offset: int = 0
    fed: list[int] = field(default_factory=list)
    forged: list[dict[str, Any]] = field(default_factory=list)
    """What comes with the next look, though the simulator knows nothing of it."""

    async def genuine(self) -> list[dict[str, Any]]:
        """What has happened in the simulator since the last look, as Telegram tells it."""
        question = {"offset": self.offset, "timeout": 0,
                    "allowed_updates": ["message", "edited_message", "callback_query", "inline_query"]}  # fmt: skip
        updates = list(await self.app.bot.do_api_request("getUpdates", question))
        self.offset = max((one["update_id"] + 1 for one in updates), default=self.offset)
        forged, self.forged = self.forged, []
        return updates + forged

    async def feed(self, *updates: Any, nasty: str = MARK) -> None:
        """Process updates as if they had come like this, spoilt; without any: what waits in the simulator."""
        for update in updates or await self.genuine():
            # As over the wire: what JSON cannot say cannot come in.
            arrived = json.loads(json.dumps(spoilt(update, nasty)))
            await store(self.app.database, [arrived], self.app.parts.clock())
            for number in await self._undone():
                assert await self.app.inbox._process_one(number) is None, f"update {number} is to be tried again"
                self.fed.append(number)

    async def _undone(self) -> list[int]:
        async with self.app.database.read() as session:
            return list(await session.scalars(select(InboxUpdate.update_id).where(InboxUpdate.done_at.is_(None))))

    async def does(self, action: str, /, **fields: Any) -> dict[str, Any]:
        """Somebody does something in the simulator; the bot hears of it with the next `feed`."""
        return dict(await self.control.post(action, **fields))

    async def outcomes(self) -> dict[int, str | None]:
        """What became of each update."""
        async with self.app.database.read() as session:
            return {row.update_id: row.outcome for row in await session.scalars(select(InboxUpdate))}

    async def count(self) -> int:
        """How much there was to be sent up to now."""
        async with self.app.database.read() as session:
            return await session.scalar(select(func.count()).select_from(OutboxMessage)) or 0

    async def waiting(self) -> list[OutboxMessage]:
        """What is to be sent, was sent or could not be."""
        async with self.app.database.read() as session:
            return list(await session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))


def complaints(records: list[logging.LogRecord], *texts: str) -> list[str]:
    """Lines of a log that show a fault, or hold any of these texts."""
    said = [(record, record.getMessage() + str(record.exc_text or "")) for record in records]
    return [f"{record.name}: {line[:300]}" for record, line in said if record.exc_info
            or record.levelno >= logging.ERROR or any(text in line for text in texts)]  # fmt: skip


