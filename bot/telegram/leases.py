"""What both queues ask of a row that workers take from one another (see `bot.storage.workers`)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, false, func
from sqlalchemy.orm import InstrumentedAttribute

from bot.storage.models import Worker

REST_AFTER_DEFEAT = timedelta(seconds=0.05)
"""Another worker was quicker; it may be done soon."""


def is_elsewhere(
    taken: ColumnElement[bool], leased_by: InstrumentedAttribute[int | None], worker: int
) -> ColumnElement[Any]:
    """Of a group of rows: whether one that is `taken` is leased to somebody else."""
    if not worker:
        return false()
    return func.count(case((and_(taken, leased_by.is_distinct_from(worker)), 1))) > 0


def is_alive(worker: int) -> ColumnElement[bool]:
    """Whether this worker's lease lasts: one that stood still for too long takes nothing until it has renewed it."""
    return exists().where(Worker.id == worker, Worker.leased_until > func.now())
