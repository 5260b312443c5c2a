"""The connection to the Bot API, and what the bot says of itself there."""

from __future__ import annotations

import logging

from telegram import Bot, BotCommand, BotCommandScopeChat
from telegram.error import BadRequest, Forbidden
from telegram.request import HTTPXRequest

from bot.conversation.commands import LISTED
from bot.conversation.office import commands
from bot.locales import Locales

log = logging.getLogger(__name__)

POLL_SECONDS = 25
UPDATES = ["message", "edited_message", "callback_query", "my_chat_member", "chat_member", "inline_query"]
"""The kinds of update that the bot wants (Bot API, getUpdates, allowed_updates)."""


def connect(token: str, api_url: str) -> Bot:
    """A bot for this token; it talks to nobody yet."""
    base = api_url.rstrip("/")
    return Bot(
        token,
        base_url=f"{base}/bot",
        base_file_url=f"{base}/file/bot",
        request=HTTPXRequest(connection_pool_size=64, read_timeout=20, connect_timeout=10, pool_timeout=20),
        get_updates_request=HTTPXRequest(connection_pool_size=2, read_timeout=POLL_SECONDS + 10),
    )


def name_of(bot: Bot) -> str | None:
    """The bot's user name, which Telegram told when the connection was made (getMe); None before that."""
    try:
        return bot.username
    except RuntimeError:
        return None


async def introduce(bot: Bot, locales: Locales, *, staff_chat_id: int, office_language: str) -> None:
    """Register the commands in every language, and in English for everybody else; for the group, those of staff.

    Repeating it changes nothing.
    """
    fallback = "en" if "en" in locales.languages else locales.languages[0]
    await bot.set_my_commands(_commands(locales, fallback))
    for language in locales.languages:
        await bot.set_my_commands(_commands(locales, language), language_code=language)
    of_staff = [BotCommand(name, locales.say(office_language, f"desk.command_{key}"))
                for key, name in commands.listed(office_language)]  # fmt: skip
    try:
        await bot.set_my_commands(of_staff, scope=BotCommandScopeChat(staff_chat_id))
    except (BadRequest, Forbidden) as error:
        # The group may come later; the commands work without being listed.
        log.warning("the commands of staff could not be listed in the group: %s", error.message)


def _commands(locales: Locales, language: str) -> list[BotCommand]:
    return [BotCommand(name, locales.say(language, f"command.{name}")) for name in LISTED]


class HideToken(logging.Filter):
    """Replaces the token wherever it would reach a log: message, arguments or traceback."""

    def __init__(self, token: str) -> None:
        super().__init__()
        self._token = token

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record in place; every record passes."""
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = record.exc_text.replace(self._token, "<token>")
        message = record.getMessage()
        if self._token in message:
            record.msg, record.args = message.replace(self._token, "<token>"), ()
        return True
