"""What the desk is built from."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from sqlalchemy.ext.asyncio import AsyncSession

from bot.changes import Changes
from bot.conversation.replies import Part
from bot.conversation.turn import Parts, Turn
from bot.desk.limits import Limits
from bot.desk.passwords import Passwords
from bot.desk.pending import Pending
from bot.locales import Locales
from bot.storage.database import Database


@dataclass(frozen=True, kw_only=True)
class Desk:
    """The desk's parts; made once where the program is put together. `locales` are the desk's own texts."""

    database: Database
    locales: Locales
    parts: Parts
    changes: Changes
    deliver: Callable[[AsyncSession, Turn], Awaitable[None]]
    """Puts what a turn says into the outbox."""
    render: Callable[[Sequence[Part], str], str]
    """Parts as the reader of a language gets them on the phone, as HTML (Telegram's few tags)."""
    file_of: Callable[[str], Awaitable[bytes]]
    """The bytes of a Telegram file, by its file_id."""
    secure_cookies: bool
    passwords: Passwords = field(default_factory=Passwords)
    limits: Limits = field(default_factory=Limits)
    pending: Pending = field(default_factory=Pending)
