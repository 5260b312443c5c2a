"""Messages as they look on the other side: rendered as they are for Telegram, so that nothing differs."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from bot.conversation.relayed import parts_of
from bot.conversation.replies import Answer, Part
from bot.desk.visit import Visit
from bot.storage.models import CaseMessage


class Shown:
    """Renders for one page."""

    def __init__(self, visit: Visit) -> None:
        self._render = visit.desk.render
        self._library = visit.desk.parts.library

    def parts(self, parts: Sequence[Part], language: str) -> Markup:
        """Parts as the reader of a language gets them. Raises `KeyError` for what is no longer in the knowledge."""
        return Markup(self._render(parts, language).replace("<blockquote expandable>", "<blockquote>"))

    def message(self, message: CaseMessage, language: str) -> Markup | None:
        """What staff picked, in a language; None if it is a text of their own, or gone from the knowledge."""
        if message.kind == "text":
            return None
        try:
            return self.parts(parts_of(message), language)
        except (KeyError, ValueError):
            return None

    def entry(self, entry_id: str, language: str) -> Markup | None:
        """An entry, None if it is gone."""
        return self.parts((Answer(entry_id),), language) if self._library.has(entry_id) else None
