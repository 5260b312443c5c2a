"""A stored call of the Bot API, made through python-telegram-bot.

What goes out and comes in stays JSON: to make typed objects of it and JSON of these costs more than the call itself.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from telegram import Bot, InputFile

from bot.conversation.incoming import Attachment
from bot.documents.stored import from_json


@dataclass(frozen=True)
class Result:
    """What matters of an answer of the Bot API: the messages, topic and file that came of the call."""

    message_id: int | None = None
    thread_id: int | None = None
    message_ids: tuple[int, ...] = ()
    file: Attachment | None = None

    @staticmethod
    def of(answer: object) -> Result:
        """Read an answer, whatever the method."""
        if isinstance(answer, Mapping):
            return Result(answer.get("message_id"), answer.get("message_thread_id"), file=_file(answer.get("document")))
        if isinstance(answer, Sequence) and answer:
            ids = tuple(one["message_id"] for one in answer)
            return Result(ids[0], message_ids=ids)
        return Result()


def _file(document: Mapping[str, Any] | None) -> Attachment | None:
    if document is None:
        return None
    return Attachment(file_id=document["file_id"], name=document.get("file_name"), type=document.get("mime_type"),
                      size=document.get("file_size"))  # fmt: skip


async def _printed(document: dict[str, Any]) -> InputFile:
    """The file of a stored document. A PDF is made beside the event loop: it takes a good part of a second."""
    if "content" in document:
        written = json.dumps(document["content"], ensure_ascii=False, indent=2)
        return InputFile(written.encode(), filename=document["name"])
    return InputFile(await asyncio.to_thread(_pdf, document["pages"]), filename=document["name"])


def _pdf(pages: Any) -> bytes:
    # Loading what draws takes half a second, too; most processes never draw.
    from bot.documents.pdf import render

    return render(from_json(pages))


async def call(bot: Bot, method: str, payload: dict[str, Any]) -> object:
    """Call `method` (Bot API name, e.g. `sendMessage`) with its JSON parameters. Raises `TelegramError`."""
    if isinstance(document := payload.get("document"), dict):
        payload = {**payload, "document": await _printed(document)}
    # The library warns of names that it has a typed method for, and Telegram takes them in capitals, too.
    return await bot.do_api_request(f"{method[0].upper()}{method[1:]}", payload)
