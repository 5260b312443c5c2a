"""The picker in Telegram's terms (Bot API, answerInlineQuery)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from telegram import InlineQueryResultArticle, InlineQueryResultsButton, InputTextMessageContent

from bot.conversation.office.finding import Find
from bot.telegram.markup import plain, to_html
from knowledge.library import Library
from knowledge.model import SOURCE_LANGUAGE

KEPT_SECONDS = 5
"""So long Telegram may show an answer again to the one who got it."""
FIRST_LINE = 120


def answer(library: Library, found: Sequence[Find] | None, only_office: str) -> dict[str, Any]:
    """Parameters of the answer; `found` None: nothing but the line that this is for the office."""
    given: dict[str, Any] = {"cache_time": KEPT_SECONDS, "is_personal": True}
    if found is None:
        return {**given, "results": [], "button": InlineQueryResultsButton(only_office, start_parameter="start")}
    return {**given, "results": [_article(library, one) for one in found]}


def _article(library: Library, one: Find) -> InlineQueryResultArticle:
    """Choosing it posts the command that sends it: whoever could type that may choose it, and nobody else."""
    return InlineQueryResultArticle(
        id=f"{one.kind}:{_short(library, one)}", title=_title(one), description=_first_line(one.text),
        input_message_content=InputTextMessageContent(one.command),
    )  # fmt: skip


def _short(library: Library, one: Find) -> str:
    """At most 64 bytes may name a result."""
    return library.glossary.term(one.ref, SOURCE_LANGUAGE).slug if one.kind == "term" else one.ref


def _title(one: Find) -> str:
    return one.title.replace("\n", " ")


def _first_line(markdown: str) -> str:
    text = plain(to_html(markdown)).split("\n", 1)[0]
    return text if len(text) <= FIRST_LINE else f"{text[:FIRST_LINE]} …"
