"""Who was erased: a list without names, so that a restored backup does not bring anybody back.

It stands in the database and in a file beside it, since a database that has to be restored may be lost.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.storage.models import Erasure

OWNER_ONLY = 0o600


class Erased(NamedTuple):
    """One entry: when, and how to tell whether it was the person whom one has before oneself."""

    at: datetime
    salt: str
    digest: str

    def is_about(self, chat_id: int) -> bool:
        """Whether this chat was erased."""
        return secrets.compare_digest(self.digest, _digest(self.salt, chat_id))


def note(session: AsyncSession, chat_id: int, now: datetime) -> None:
    """Somebody is erased at their wish."""
    salt = secrets.token_hex(16)
    session.add(Erasure(at=now, salt=salt, digest=_digest(salt, chat_id)))


async def listed(session: AsyncSession) -> Sequence[Erased]:
    """Everybody on the list, oldest first."""
    rows = await session.execute(select(Erasure.at, Erasure.salt, Erasure.digest).order_by(Erasure.id))
    return [Erased(*row) for row in rows]


def write(file: Path, entries: Iterable[Erased]) -> None:
    """Put the list into the file, at once or not at all; readable by its owner only."""
    lines = "".join(json.dumps([one.at.isoformat(), one.salt, one.digest]) + "\n" for one in entries)
    if file.exists() and file.read_text(encoding="ascii") == lines:
        return
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    new = file.with_name(f"{file.name}.{os.getpid()}.new")
    new.unlink(missing_ok=True)
    with open(new, "x", encoding="ascii", opener=lambda path, flags: os.open(path, flags, OWNER_ONLY)) as out:
        out.write(lines)
        out.flush()
        os.fsync(out.fileno())
    new.replace(file)


def read(file: Path) -> list[Erased]:
    """The list in the file; empty if there is none. Raises `ValueError` if it cannot be read."""
    if not file.exists():
        return []
    entries = [json.loads(line) for line in file.read_text(encoding="ascii").splitlines()]
    return [Erased(datetime.fromisoformat(at), salt, digest) for at, salt, digest in entries]


def _digest(salt: str, chat_id: int) -> str:
    return sha256(f"{salt}:{chat_id}".encode()).hexdigest()
