"""Questions without a sure answer, kept for the office to learn from: without personal data, and not all of them."""

from __future__ import annotations

from bot.conversation.turn import Turn
from bot.handoff.states import SHARED
from bot.insight.ideas import sounds_sensitive
from bot.redaction import redact
from bot.storage import unanswered

NEAREST = 3
LONGEST_READ = 4096
"""Characters of a message of Telegram's."""
LONGEST = 500
"""Characters that are kept: whoever tells more tells of themselves."""


async def keep(turn: Turn, question: str | None, outcome: str) -> None:
    """Keep the question with what it came nearest to, unless something speaks against it.

    `question` is None where it must not be kept at all: it may be about discrimination, violence or crisis, or it
    belongs to a flow told in confidence.
    """
    if not question or not _may_be_kept(turn):
        return
    text = redact(question[:LONGEST_READ], turn.language)
    # Rules 3 and 5: it is kept for months, so in doubt it is not.
    if not sounds_sensitive(text, turn.language):
        unanswered.keep(turn.session, turn.person, turn.local_now.date(), language=turn.language,
                        text=text[:LONGEST], outcome=outcome, nearest=_nearest(turn))  # fmt: skip


def _may_be_kept(turn: Turn) -> bool:
    person, told_a_human = turn.person, turn.view.state in SHARED
    in_a_flow = turn.run is not None
    return not (in_a_flow or told_a_human or person.erase_when_done or person.danger_at is not None)


def _nearest(turn: Turn) -> list[tuple[str, float]]:
    ranking = turn.understanding.ranking if turn.understanding else ()
    entries = [guess for guess in ranking if turn.parts.library.has(guess.id)]
    return [(guess.id, round(guess.confidence, 2)) for guess in entries[:NEAREST]]
