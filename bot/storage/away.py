"""When the database is to blame: what failed now may succeed later, with the same words."""

from __future__ import annotations

import errno
import sqlite3

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

_SQLITE = {
    sqlite3.SQLITE_FULL: "disk full", sqlite3.SQLITE_IOERR: "disk error", sqlite3.SQLITE_CANTOPEN: "cannot be opened",
    sqlite3.SQLITE_BUSY: "locked", sqlite3.SQLITE_READONLY: "read only",
}  # fmt: skip
_DISK = {errno.ENOSPC: "disk full", errno.EDQUOT: "disk full", errno.EIO: "disk error", errno.EROFS: "read only"}
_POSTGRESQL = {"08": "connection", "53100": "disk full", "53": "resources", "57P": "shut down", "58": "disk error",
               "25006": "read only"}  # fmt: skip
"""Beginnings of SQLSTATE (PostgreSQL, appendix A), the more exact one first."""


class DatabaseAway(Exception):
    """The database cannot be used at present; nothing of the transaction was kept."""


def kind_of(error: Exception) -> str | None:
    """In what way the database is away; None if the fault is another."""
    if isinstance(error, DBAPIError):
        return _of_driver(error)
    if isinstance(error, (TimeoutError, PoolTimeoutError)):
        return "timeout"
    if isinstance(error, OSError):
        return "connection" if isinstance(error, ConnectionError) else _DISK.get(error.errno or 0)
    return None


def _of_driver(error: DBAPIError) -> str | None:
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        # The upper bits tell more about the same error.
        return _SQLITE.get(code & 0xFF)
    state = str(getattr(error.orig, "sqlstate", None) or "")
    known = next((kind for start, kind in _POSTGRESQL.items() if state.startswith(start)), None)
    return known or ("connection" if error.connection_invalidated else None)
