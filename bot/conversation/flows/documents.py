"""What can be printed: the founding checklist, and an empty record of what happened."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from bot.conversation.replies import File, Phrase
from bot.conversation.turn import Turn
from bot.documents.document import Block, CheckItem, Document, Lines, Paragraph, State
from knowledge.checklist import Step

RECORD = {"when": 1, "where": 1, "what": 8, "words": 4, "who": 2, "witnesses": 2, "evidence": 3, "effects": 3,
          "told": 2}  # fmt: skip
"""What a memory record asks for, and how many lines each needs (entry discrimination.evidence)."""


def checklist(turn: Turn, listed: Sequence[tuple[Step, State]]) -> File:
    """Every step with its box, the German words beside it."""
    items = tuple(
        CheckItem(step.title(turn.language), ", ".join(step.german), state, step.hint(turn.language))
        for step, state in listed
    )
    text = _Text(turn, "founding_checklist")
    document = Document(turn.language, text("title"), text("pdf_intro"), items, text("pdf_footer"))
    return File(document=document, name="Checkliste-Vereinsgruendung", caption=Phrase("founding_checklist.pdf_caption"),
                language=turn.language)  # fmt: skip


def memory_record(turn: Turn) -> File:
    """Empty lines to write on by hand, at home: nothing of it passes through Telegram."""
    text = _Text(turn, "discrimination_support")
    asked: list[Block] = [Lines(text(f"record_{what}"), count) for what, count in RECORD.items()]
    blocks = (Paragraph(text("record_advice")), *asked)
    document = Document(turn.language, text("record_title"), text("record_intro"), blocks, text("record_footer"))
    return File(document=document, name="Gedaechtnisprotokoll", caption=Phrase("discrimination_support.record_caption"),
                language=turn.language)  # fmt: skip


class _Text:
    """The texts of one flow in the language of the turn, with the day filled in."""

    def __init__(self, turn: Turn, flow: str) -> None:
        self._locales, self._language, self._flow = turn.parts.locales, turn.language, flow
        self._day: date = turn.local_now.date()

    def __call__(self, name: str, **params: Any) -> str:
        return self._locales.say(self._language, f"{self._flow}.{name}", {"day": self._day, **params})
