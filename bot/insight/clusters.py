"""The groups of unanswered questions that may be shown: those that enough people asked."""

from __future__ import annotations

import asyncio

from sqlalchemy.ext.asyncio import AsyncSession

from bot.insight.periods import Period
from bot.insight.unanswered import Cluster, Question, clusters
from bot.storage.unanswered import unanswered_between


async def unanswered(session: AsyncSession, period: Period, language: str) -> list[Cluster]:
    """What was asked without an answer: the largest first, examples in `language` where there are some."""
    rows = await unanswered_between(session, period.first, period.last)
    questions = [
        Question(row.person_id, row.language, row.text, tuple((entry, float(sure)) for entry, sure in row.nearest))
        for row in rows
    ]
    # It takes a second with hundreds of questions: people who write meanwhile do not wait.
    return await asyncio.to_thread(clusters, questions, language)
