"""Who is logged in: a random cookie, of which the database holds the hash."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from bot.storage.database import Database
from bot.storage.models import DeskSession, Staff

IDLE = timedelta(hours=8)
ABSOLUTE = timedelta(hours=24)
_SEEN_EVERY = timedelta(minutes=1)
"""How exactly the last sign of life is known: not every click is worth a write."""


class Login(NamedTuple):
    """Somebody who is logged in, and their session."""

    staff: Staff
    session: DeskSession


def hashed(token: str) -> str:
    """What the database holds of a cookie's value."""
    return hashlib.sha256(token.encode()).hexdigest()


async def begin(session: AsyncSession, staff_id: int, now: datetime) -> str:
    """A new session, and the cookie's value for it. Sessions that have run out, of anybody, are removed by the way."""
    await session.execute(
        delete(DeskSession).where(or_(DeskSession.seen_at <= now - IDLE, DeskSession.created_at <= now - ABSOLUTE))
    )
    token = secrets.token_urlsafe(32)
    session.add(DeskSession(token_hash=hashed(token), staff_id=staff_id, csrf=secrets.token_urlsafe(32),
                            created_at=now, seen_at=now))  # fmt: skip
    return token


async def find(database: Database, token: str | None, now: datetime) -> Login | None:
    """Who holds the token, if the session still runs and they may still log in."""
    if not token:
        return None
    query = (
        select(Staff, DeskSession)
        .join(DeskSession, DeskSession.staff_id == Staff.id)
        .where(DeskSession.token_hash == hashed(token), Staff.active, Staff.password_hash.is_not(None))
    )
    async with database.read() as session:
        row = (await session.execute(query)).one_or_none()
    return Login(*row) if row and _runs(row[1], now) else None


def _runs(session: DeskSession, now: datetime) -> bool:
    return now - session.seen_at < IDLE and now - session.created_at < ABSOLUTE


async def touch(database: Database, found: DeskSession, now: datetime) -> None:
    """Note a sign of life."""
    if now - found.seen_at < _SEEN_EVERY:
        return
    async with database.write() as session:
        await session.execute(update(DeskSession).where(DeskSession.token_hash == found.token_hash).values(seen_at=now))


async def end(session: AsyncSession, token: str | None) -> None:
    """End the session of this cookie, if there is one."""
    if token:
        await session.execute(delete(DeskSession).where(DeskSession.token_hash == hashed(token)))


async def end_all(session: AsyncSession, staff_id: int) -> None:
    """End every session of one member of staff."""
    await session.execute(delete(DeskSession).where(DeskSession.staff_id == staff_id))


def cookie_name(name: str, *, secure: bool) -> str:
    """The cookie's name; with the prefix a browser takes it from this host only, over HTTPS, for `/`."""
    return f"__Host-{name}" if secure else name


def set_cookie(response: Response, name: str, value: str, *, secure: bool) -> None:
    """Give the browser a cookie that scripts cannot read and forms of other sites do not send, until it is closed.

    Lax, not strict: a link from the staff group to a case must find whoever is logged in.
    """
    response.set_cookie(cookie_name(name, secure=secure), value, path="/", secure=secure, httponly=True, samesite="lax")


def drop_cookie(response: Response, name: str, *, secure: bool) -> None:
    """Take a cookie back."""
    response.delete_cookie(cookie_name(name, secure=secure), path="/", secure=secure, httponly=True, samesite="lax")
