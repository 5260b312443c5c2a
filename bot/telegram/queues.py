"""What the loops of both queues ask of the database, put together once: that takes longer than to run it.

Several workers take rows from one another with a lease (`leased_by`, see `bot.storage.workers`); one that works alone
has the number 0, and nobody to take from.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Select,
    Table,
    TextClause,
    and_,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.sql.dml import ReturningUpdate

from bot.storage.models import InboxUpdate, OutboxMessage, Worker

INBOX, OUTBOX = (cast(Table, model.__table__) for model in (InboxUpdate, OutboxMessage))
"""Past the ORM, which costs more than what is asked of these."""
WAITING_STATES = ("pending", "sending")
_IS_WAITING = text("outbox.state IN ('pending', 'sending')")
"""In the words of the index `outbox_waiting`: with parameters in their place no database knows that it fits."""
_ROW: BindParameter[int] = bindparam("row")
_NOW: BindParameter[datetime] = bindparam("now")
_ME = bindparam("me", type_=Integer)
"""The number of the worker that asks."""
_IS_ALIVE = exists().where(Worker.id == _ME, Worker.leased_until > func.now())
"""Whether its own lease lasts: a worker that stood still for too long takes nothing until it has renewed it."""
_NEED_NOT_LAST = func.set_config("synchronous_commit", "off", True) == "off"
"""As a condition of a statement: its transaction does not wait for the disk."""
_I_WAS_CUT_OFF = and_(OUTBOX.c.state == "sending", OUTBOX.c.leased_by == _ME)
_TO_SEND = (OUTBOX.c.id == _ROW, or_(OUTBOX.c.state == "pending", _I_WAS_CUT_OFF))


def _look(id: ColumnElement[int], waits: ColumnElement[bool] | TextClause, taken: ColumnElement[bool]) -> Select[Any]:
    """The lanes with work, each with what `bot.telegram.lanes.Waiting` says of it."""
    queue = id.table
    elsewhere = func.count(case((and_(taken, queue.c.leased_by.is_distinct_from(_ME)), 1))) > 0
    looking = select(queue.c.lane, func.min(id).label("oldest"), func.count() > 1, elsewhere)
    return looking.where(waits).group_by(queue.c.lane).order_by("oldest")


def _next_update() -> tuple[ColumnElement[bool], ...]:
    """The update is not done yet, and all before it in its lane are."""
    older = INBOX.alias("older")
    waits = older.c.done_at.is_(None)
    behind = exists().where(older.c.lane == INBOX.c.lane, older.c.update_id < INBOX.c.update_id, waits)
    return INBOX.c.update_id == _ROW, INBOX.c.done_at.is_(None), ~behind


def _lease() -> ReturningUpdate[Any]:
    """Take such an update, unless another worker has it."""
    free = (*_next_update(), or_(INBOX.c.leased_by.is_(None), INBOX.c.leased_by == _ME))
    mine = select(INBOX.c.update_id).where(*free).with_for_update(skip_locked=True, of=INBOX).correlate(None)
    # A lease need not survive a crash of the database, which ends all leases.
    taking = update(INBOX).where(INBOX.c.update_id.in_(mine), _IS_ALIVE, _NEED_NOT_LAST).values(leased_by=_ME)
    return taking.returning(*INBOX.c)


def _send(*free: ColumnElement[bool]) -> ReturningUpdate[Any]:
    """Mark a row that is due as being sent; one that was marked before may have arrived."""
    taking = update(OUTBOX).where(*free, OUTBOX.c.due_at <= _NOW).values(
        state="sending", attempts=OUTBOX.c.attempts + 1, leased_by=_ME,
        uncertain=or_(OUTBOX.c.uncertain, OUTBOX.c.state == "sending"))  # fmt: skip
    return taking.returning(*OUTBOX.c)


def _next_row() -> tuple[ColumnElement[bool], ...]:
    """The row waits, and none waits before it in its lane."""
    older = OUTBOX.alias("older")
    waits = text("older.state IN ('pending', 'sending')")
    return *_TO_SEND, ~exists().where(older.c.lane == OUTBOX.c.lane, older.c.id < OUTBOX.c.id, waits)


def _nobody_elses() -> tuple[ColumnElement[bool], ...]:
    """No other worker is just taking the row, either."""
    mine = select(OUTBOX.c.id).where(*_next_row()).with_for_update(skip_locked=True, of=OUTBOX)
    return OUTBOX.c.id.in_(mine.correlate(None)), _IS_ALIVE


INBOX_LOOK = _look(INBOX.c.update_id, INBOX.c.done_at.is_(None), INBOX.c.leased_by.is_not(None))
"""Parameter: `me`."""
INBOX_TAKE, INBOX_TAKE_AMONG_OTHERS = select(INBOX).where(*_next_update()), _lease()
"""Parameters: `row`, `me`. Returns the update, or nothing."""
OUTBOX_LOOK = _look(OUTBOX.c.id, _IS_WAITING, OUTBOX.c.state == "sending")
"""Parameter: `me`."""
OUTBOX_TAKE, OUTBOX_TAKE_AMONG_OTHERS = _send(*_next_row()), _send(*_nobody_elses())
"""Parameters: `row`, `me`, `now`. Returns the row, or nothing."""
OUTBOX_DUE = select(OUTBOX.c.due_at).where(*_TO_SEND)
"""Parameters: `row`, `me`. When a row is to go out, if it still is."""
