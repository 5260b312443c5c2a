"""What stays unanswered: kept without personal data, for as long as the office may learn from it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.storage.models import Person, Unanswered

LOST, DID_YOU_MEAN = "lost", "did_you_mean"


def keep(
    session: AsyncSession, person: Person, day: date, *, language: str, text: str, outcome: str,
    nearest: Sequence[tuple[str, float]],
) -> None:  # fmt: skip
    """Keep a question; `text` must be free of personal data, `nearest` are entries with their confidences."""
    session.add(Unanswered(person_id=person.id, asked_on=day, language=language, text=text, outcome=outcome,
                           nearest=[[entry, confidence] for entry, confidence in nearest]))  # fmt: skip


async def forget_offered(session: AsyncSession, person: Person, day: date, entry_id: str) -> None:
    """The person chose `entry_id`, offered today or last night: that question did not stay unanswered."""
    query = select(Unanswered).where(Unanswered.person_id == person.id, Unanswered.outcome == DID_YOU_MEAN,
                                     Unanswered.asked_on.between(day - timedelta(days=1), day))  # fmt: skip
    for row in await session.scalars(query):
        if any(near == entry_id for near, _ in row.nearest):
            await session.delete(row)


async def unanswered_between(session: AsyncSession, first: date, last: date) -> Sequence[Unanswered]:
    """What was asked from `first` to `last`, both included, oldest first."""
    query = select(Unanswered).where(Unanswered.asked_on.between(first, last)).order_by(Unanswered.id)
    return (await session.scalars(query)).all()
