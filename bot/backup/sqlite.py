"""Copies of an SQLite database: read while the bot works, written only if nobody does."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from bot.backup.archive import BackupError, owners_only

_PATIENCE = 1.0
"""Seconds to wait for somebody who is at work in the database."""


def dump(database: Path, copy: Path) -> None:
    """A copy as of one moment; the bot goes on writing meanwhile. Raises `BackupError`."""
    if not database.exists():
        raise BackupError(f"there is no database {database}")
    owners_only(copy).close()
    try:
        with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(copy)) as target:
            # In one step: between two, others would write, and SQLite would begin anew each time.
            source.backup(target)
            target.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        raise BackupError(f"cannot copy {database}: {error}") from error


def check_unused(database: Path) -> None:
    """Raises `BackupError` if a bot, or anybody else, has the database open."""
    if database.exists():
        with closing(sqlite3.connect(database, timeout=_PATIENCE)) as connection:
            _seize(connection, database)


def holds_data(database: Path) -> bool:
    """Whether any row stands in it, besides the number of its schema."""
    if not database.exists():
        return False
    with closing(sqlite3.connect(database)) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        ours = [name for name in tables if name != "alembic_version" and not name.startswith("sqlite_")]
        return any(connection.execute(f'SELECT 1 FROM "{name}" LIMIT 1').fetchone() for name in ours)


def load(copy: Path, database: Path) -> None:
    """Put the copy in the database's place, whole or not at all. Raises `BackupError` if somebody has it open."""
    if not database.exists():
        database.parent.mkdir(parents=True, exist_ok=True)
        owners_only(database).close()
    try:
        with (
            closing(sqlite3.connect(database, timeout=_PATIENCE)) as target,
            closing(sqlite3.connect(copy)) as source,
        ):
            _seize(target, database)
            source.backup(target)
    except sqlite3.Error as error:
        raise BackupError(f"cannot write {database}: {error}") from error


def _seize(connection: sqlite3.Connection, database: Path) -> None:
    """A database leaves the mode that the bot works in only while nobody else has it open."""
    try:
        (mode,) = connection.execute("PRAGMA journal_mode=DELETE").fetchone()
    except sqlite3.OperationalError:
        mode = "locked"
    except sqlite3.DatabaseError as error:
        raise BackupError(f"{database}: {error}") from error
    if mode != "delete":
        raise BackupError(f"a bot is at work on {database}; stop it first")
