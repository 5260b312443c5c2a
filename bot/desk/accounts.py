"""Accounts of staff: what may be entered, who may not be removed. Also behind `python -m bot desk admin`."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.desk import sessions
from bot.desk.passwords import START, Passwords, weakness
from bot.storage.database import Database
from bot.storage.models import Staff
from bot.storage.office import record

ROLES = ("agent", "editor", "admin")
LONGEST_NAME = 80
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._@-]{1,79}")
LARGEST_TELEGRAM_ID = 2**52
"""The Bot API: at most 52 significant bits."""


class AccountError(Exception):
    """Something entered cannot be: `field` is the form's field, `key` the id of the desk's text that says why."""

    def __init__(self, field: str, key: str) -> None:
        super().__init__(key)
        self.field, self.key = field, key


def clean_login(text: str) -> str:
    """A login in lower case. Raises `AccountError`."""
    login = text.strip().lower()
    if not _LOGIN.fullmatch(login):
        raise AccountError("login", "staff.bad_login")
    return login


def clean_name(text: str) -> str:
    """A name as people will see it. Raises `AccountError`."""
    name = " ".join(text.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise AccountError("name", "staff.bad_name")
    return name


def clean_role(text: str) -> str:
    """A role. Raises `AccountError`."""
    if text not in ROLES:
        raise AccountError("role", "staff.bad_role")
    return text


def clean_telegram_id(text: str) -> int | None:
    """A Telegram user id, None for an empty text. Raises `AccountError`."""
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,16}", text) or not 0 < int(text) < LARGEST_TELEGRAM_ID:
        raise AccountError("telegram_id", "staff.bad_telegram_id")
    return int(text)


async def by_login(session: AsyncSession, login: str) -> Staff | None:
    """Who logs in by that name."""
    return await session.scalar(select(Staff).where(Staff.login == login))


async def save(session: AsyncSession, member: Staff) -> None:
    """Write somebody down. Raises `AccountError` if another has the login or the Telegram id."""
    with session.no_autoflush:
        for field, column in (("login", Staff.login), ("telegram_id", Staff.telegram_id)):
            value = getattr(member, field)
            others = select(Staff.id).where(column == value, Staff.id != (member.id or 0))
            if value and await session.scalar(others):
                raise AccountError(field, f"staff.taken_{field}")
    session.add(member)
    try:
        await session.flush()
    except IntegrityError as error:  # somebody was quicker by a moment
        raise AccountError("login", "staff.taken_login") from error


async def keep_an_admin(session: AsyncSession, without: int) -> None:
    """Raise `AccountError` if nobody who can log in as admin would be left without the given one."""
    # Both of two admins who remove each other at the same moment wait here; SQLite has one writer anyway.
    query = select(Staff).where(Staff.role == "admin", Staff.active, Staff.password_hash.is_not(None))
    admins = (await session.scalars(query.order_by(Staff.id).with_for_update())).all()
    if all(admin.id == without for admin in admins):
        raise AccountError("role", "staff.last_admin")


async def change_role(session: AsyncSession, member: Staff, role: str, *, by: Staff) -> None:
    """Give a role. Raises `AccountError` for the own one and for the last admin."""
    role = clean_role(role)
    if role == member.role:
        return
    if member.id == by.id:
        raise AccountError("role", "staff.not_yourself")
    if member.role == "admin":
        await keep_an_admin(session, member.id)
    member.role = role


async def deactivate(session: AsyncSession, member: Staff, *, by: Staff) -> None:
    """Take every right away and end all sessions. Raises `AccountError` for oneself and for the last admin."""
    if member.id == by.id:
        raise AccountError("active", "staff.not_yourself")
    if member.role == "admin" and member.active:
        await keep_an_admin(session, member.id)
    member.active = False
    await sessions.end_all(session, member.id)


async def set_start_password(session: AsyncSession, member: Staff, hashed: str) -> None:
    """Give a password that the member has to replace at once; ends all sessions."""
    member.password_hash = START + hashed
    await sessions.end_all(session, member.id)


async def add_admin(database: Database, login: str, name: str, password: str) -> None:
    """Register an admin of the desk, or give somebody with that login the role, name and password.

    Raises `AccountError` for a login, name or password that cannot be.
    """
    login, name = clean_login(login), clean_name(name)
    weak = weakness(password, login, name)
    if weak:
        raise AccountError("password", weak)
    hashed = await Passwords().hash(password)
    async with database.write() as session:
        member = await by_login(session, login) or Staff(login=login)
        member.name, member.role, member.active, member.password_hash = name, "admin", True, hashed
        await save(session, member)
        await sessions.end_all(session, member.id)
        record(session, datetime.now(UTC), "admin_by_command", staff_id=None, detail=f"staff {member.id}")
    await database.settle()
