"""Failures of the Bot API: of which kind they are, and in which words it refuses."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from typing import Any

from telegram.error import BadRequest, Conflict, Forbidden, NetworkError, RetryAfter, TelegramError, TimedOut

log = logging.getLogger(__name__)

NOTHING_TO_DO = ("message is not modified", "topic_not_modified", "message to delete not found")
CANNOT_EDIT = ("message to edit not found", "message can't be edited", "message_id_invalid")
TOPIC_LOST = ("message thread not found", "topic_deleted", "topic_id_invalid")
TOPIC_CLOSED = ("topic_closed",)
BAD_MARKUP = ("can't parse entities",)
NO_RIGHTS = ("not enough rights", "need administrator rights", "have no rights", "chat_admin_required",
             "chat_write_forbidden", "chat not found", "chat is not a forum")  # fmt: skip
"""In the group: somebody has to give the bot its rights back."""

_KINDS: tuple[tuple[type[TelegramError], str], ...] = (
    (BadRequest, "refused"), (TimedOut, "timeout"), (NetworkError, "network"), (RetryAfter, "too_many"),
    (Forbidden, "forbidden"), (Conflict, "conflict"),
)  # fmt: skip


def kind_of(error: TelegramError) -> str:
    """One of `metrics.TELEGRAM_ERRORS`."""
    return next((kind for sort, kind in _KINDS if isinstance(error, sort)), "other")


def is_outage(error: TelegramError) -> bool:
    """Whether Telegram did not answer at all, or not as itself."""
    return isinstance(error, NetworkError) and not isinstance(error, BadRequest)


async def quietly(call: Awaitable[Any], what: str) -> None:
    """Make a call that is worth trying and not worth storing: a typing sign, the answer to a press."""
    try:
        await asyncio.wait_for(call, timeout=10)
    except (TelegramError, TimeoutError) as error:
        log.info("%s did not arrive: %s", what, type(error).__name__)
