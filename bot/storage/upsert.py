"""An INSERT that says what becomes of rows that are there already: each database's dialect has one of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Insert
from sqlalchemy.dialects import postgresql, sqlite


def by_dialect(statement: Callable[[Any], Insert]) -> Mapping[str, Insert]:
    """`statement` put together once, by the name of the dialect; it is called with the dialect's own `insert`."""
    return {"sqlite": statement(sqlite.insert), "postgresql": statement(postgresql.insert)}
