"""A stored call of the Bot API, made through python-telegram-bot's own methods and types."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from telegram import (
    Bot,
    Document,
    ForceReply,
    ForumTopic,
    InlineKeyboardMarkup,
    InputFile,
    LinkPreviewOptions,
    Message,
    MessageId,
    ReactionType,
    ReplyParameters,
)

from bot.conversation.incoming import Attachment
from bot.documents.stored import from_json


def _markup(value: dict[str, Any], bot: Bot) -> InlineKeyboardMarkup | ForceReply:
    if "inline_keyboard" in value:
        return InlineKeyboardMarkup.de_json(value, bot)
    return ForceReply(selective=True, input_field_placeholder=value.get("input_field_placeholder"))


_TYPES: dict[str, Callable[[Any, Bot], Any]] = {
    "reply_markup": _markup,
    "link_preview_options": LinkPreviewOptions.de_json,
    "reply_parameters": ReplyParameters.de_json,
    "reaction": lambda value, bot: [ReactionType.de_json(item, bot) for item in value],
}
"""Parameters that are objects: how the stored JSON becomes one."""


@dataclass(frozen=True)
class Result:
    """What matters of an answer of the Bot API: the messages, topic and file that came of the call."""

    message_id: int | None = None
    thread_id: int | None = None
    message_ids: tuple[int, ...] = ()
    file: Attachment | None = None

    @staticmethod
    def of(answer: object) -> Result:
        """Read python-telegram-bot's answer, whatever the method."""
        if isinstance(answer, Message):
            return Result(answer.message_id, answer.message_thread_id, file=_file(answer.document))
        if isinstance(answer, MessageId):
            return Result(answer.message_id)
        if isinstance(answer, Sequence) and answer and all(isinstance(one, MessageId) for one in answer):
            ids = tuple(one.message_id for one in answer)
            return Result(ids[0], message_ids=ids)
        return Result(thread_id=answer.message_thread_id) if isinstance(answer, ForumTopic) else Result()


def _file(document: Document | None) -> Attachment | None:
    if document is None:
        return None
    return Attachment(file_id=document.file_id, name=document.file_name, type=document.mime_type,
                      size=document.file_size)  # fmt: skip


async def _printed(document: dict[str, Any]) -> InputFile:
    """The PDF of a stored document, made beside the event loop: it takes a good part of a second."""
    return InputFile(await asyncio.to_thread(_pdf, document["pages"]), filename=document["name"])


def _pdf(pages: Any) -> bytes:
    # Loading what draws takes half a second, too; most processes never draw.
    from bot.documents.pdf import render

    return render(from_json(pages))


async def call(bot: Bot, method: str, payload: dict[str, Any]) -> object:
    """Call `method` (Bot API name, e.g. `sendMessage`) with its JSON parameters. Raises `TelegramError`."""
    if isinstance(document := payload.get("document"), dict):
        payload = {**payload, "document": await _printed(document)}
    arguments = {name: _TYPES[name](value, bot) if name in _TYPES else value for name, value in payload.items()}
    return await getattr(bot, re.sub(r"(?<!^)([A-Z])", r"_\1", method).lower())(**arguments)
