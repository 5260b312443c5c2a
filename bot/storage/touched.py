"""What a transaction changed that others wait for: cases that somebody watches, and calls that are to be made."""

from __future__ import annotations

from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from bot.storage.models import Audit, Case, CaseMessage, OutboxMessage, Referral

_CASES, _CALLS = "touched cases", "new calls"


@event.listens_for(Session, "after_flush")
def _note(session: Session, context: Any) -> None:
    session.info.setdefault(_CALLS, []).extend(row for row in session.new if isinstance(row, OutboxMessage))
    for row in (*session.new, *session.dirty, *session.deleted):
        if isinstance(row, Case):
            session.info.setdefault(_CASES, set()).add(row.id)
        # Some of what is done to a case changes only the person; the record of it names the case.
        elif isinstance(row, CaseMessage | Referral | Audit) and row.case_id is not None:
            session.info.setdefault(_CASES, set()).add(row.case_id)


def touched(session: Session) -> set[int]:
    """Ids of the cases that were changed through this session."""
    found: set[int] = session.info.get(_CASES, set())
    return found


def new_calls(session: Session) -> list[OutboxMessage]:
    """Rows that were put into the outbox through this session, in the order in which they are to go out."""
    found: list[OutboxMessage] = session.info.get(_CALLS, [])
    return sorted(found, key=lambda row: row.id)
