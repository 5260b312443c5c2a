"""While nothing can be stored: what can be said from memory, to each person once, and to those who can mend it."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from telegram import Bot
from telegram.error import TelegramError

from bot.conversation.content import Content
from bot.conversation.language import supported
from bot.conversation.replies import Answer, Part, Phrase, Reply
from bot.storage.database import Database
from bot.storage.office import admins
from bot.telegram.calls import call
from bot.telegram.render import Renderer
from bot.telegram.staffchat import StaffChat
from bot.telegram.updates import sender_of, words_of

log = logging.getLogger(__name__)

SECONDS = 10.0
CALLING = ("message", "edited_message", "callback_query")
"""Updates whose sender waits for an answer."""


class Stopgap:
    """Speaks without the database. Nothing of it is recorded; whom it told it forgets when the outage is over."""

    def __init__(
        self, bot: Bot, renderer: Renderer, content: Content, staff_chat: StaffChat, office_language: str
    ) -> None:  # fmt: skip
        self._bot = bot
        self._renderer = renderer
        self._content = content
        self._staff_chat = staff_chat
        self._office_language = office_language
        self._admins: list[int] = []
        self._told: set[tuple[int, str]] = set()

    async def remember(self, database: Database) -> None:
        """Whom to call, as long as that can be looked up."""
        async with database.read() as session:
            self._admins = [one.telegram_id for one in await admins(session) if one.telegram_id is not None]

    async def excuse(self, payloads: list[dict[str, Any]]) -> None:
        """Tell whoever wrote that they are answered later. Words of danger get the fixed text, as always."""
        await asyncio.gather(*(self._answer(payload) for payload in payloads if any(map(payload.get, CALLING))))

    async def _answer(self, payload: dict[str, Any]) -> None:
        sender = sender_of(payload)
        if sender is None:
            return
        languages = self._content.locales.languages
        language = supported(sender.language_code, languages) or ("en" if "en" in languages else languages[0])
        danger = self._content.crisis.found_in(words_of(payload))
        part: Part = Answer("smalltalk.crisis") if danger else Phrase("error.no_storage")
        key = (sender.chat_id, "danger" if danger else "sorry")
        if key not in self._told:
            self._told.add(key)
            if not await self._say(sender.chat_id, part, language):
                self._told.discard(key)

    async def alert(self, key: str) -> None:
        """Tell the office: its admins in private, and everybody in the group."""
        chats = [*self._admins, self._staff_chat.id]
        await asyncio.gather(*(self._say(chat, Phrase(key), self._office_language) for chat in chats))

    def over(self) -> None:
        """The database is back; the next outage is said again."""
        self._told.clear()

    async def _say(self, chat_id: int, part: Part, language: str) -> bool:
        reply = Reply(parts=(part,), language=language, kind="system")
        try:
            async with asyncio.timeout(SECONDS):
                for method, payload in self._renderer.calls(reply):
                    await call(self._bot, method, {**payload, "chat_id": chat_id})
        except (TelegramError, TimeoutError) as error:
            log.info("that nothing can be stored could not be said: %s", type(error).__name__)
            return False
        return True
