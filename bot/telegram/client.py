"""The connection to the Bot API, and what the bot says of itself there."""

from __future__ import annotations

import json
import logging
import re
from urllib.parse import quote, quote_plus

from telegram import Bot, BotCommand, BotCommandScopeChat
from telegram.error import BadRequest, Forbidden

from bot.conversation.commands import LISTED
from bot.conversation.office import commands
from bot.locales import Locales
from bot.operations.logs import told
from bot.telegram.request import Request

log = logging.getLogger(__name__)

SHORTEST_SECRET = 4
"""What is shorter cannot be hidden: it would be found in every other word."""
CONNECTIONS = 64
POLL_SECONDS, READ_SECONDS = 25, 20
"""How long Telegram waits for something to tell; how long the bot waits for an answer to anything else."""
UPDATES = ["message", "edited_message", "callback_query", "my_chat_member", "chat_member", "inline_query"]
"""The kinds of update that the bot wants (Bot API, getUpdates, allowed_updates)."""


class SilentBot(Bot):
    """A bot that does not tell its token to whoever prints it."""

    __slots__ = ()

    def __repr__(self) -> str:
        """Without the token, which the library would show."""
        return f"{type(self).__name__}[<token>]"

    async def shutdown(self) -> None:
        """Close all connections; the library leaves those of a bot open that never came to know its name."""
        await super().shutdown()
        for request in self._request:
            await request.shutdown()


def connect(token: str, api_url: str) -> Bot:
    """A bot for this token; it talks to nobody yet."""
    base = api_url.rstrip("/")
    return SilentBot(
        token,
        base_url=f"{base}/bot",
        base_file_url=f"{base}/file/bot",
        request=Request(CONNECTIONS, READ_SECONDS),
        get_updates_request=Request(1, POLL_SECONDS + 10),
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
    """Replaces secrets wherever they would reach a log: message, arguments, traceback or stack, also as they look in a
    URL, in `repr` or in JSON."""

    def __init__(self, *secrets: str) -> None:
        super().__init__()
        forms = {form for secret in secrets if len(secret) >= SHORTEST_SECRET for form in _forms(secret)}
        # The longest first: a secret may be a part of another.
        self._forms = sorted(forms, key=len, reverse=True)

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record in place; every record passes."""
        if record.exc_info and not record.exc_text:
            record.exc_text = told(record.exc_info[1])
        if record.exc_text:
            record.exc_text = self.hidden(record.exc_text)
        if record.stack_info:
            record.stack_info = self.hidden(record.stack_info)
        message = record.getMessage()
        if any(form in message for form in self._forms):
            record.msg, record.args = self.hidden(message), ()
        return True

    def hidden(self, text: str) -> str:
        """The text without secrets."""
        for form in self._forms:
            text = text.replace(form, "<token>")
        return text


def _forms(secret: str) -> set[str]:
    """The secret as it may be written."""
    encoded = {quote(secret, safe=""), quote(secret), quote_plus(secret)}
    lower = {re.sub("%[0-9A-F]{2}", lambda found: found[0].lower(), one) for one in encoded}
    return {secret, repr(secret)[1:-1], json.dumps(secret)[1:-1]} | encoded | lower
