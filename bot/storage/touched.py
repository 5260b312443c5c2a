"""Which cases a transaction changed: somebody may be watching them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from bot.storage.models import Audit, Case, CaseMessage, Referral

_CASES = "touched cases"


@event.listens_for(Session, "after_flush")
def _note(session: Session, context: Any) -> None:
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
