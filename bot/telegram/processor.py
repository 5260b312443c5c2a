"""One stored update from beginning to end: think, then decide and write the replies in one transaction."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from functools import partial
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession
from telegram import Bot, Update
from telegram.constants import ChatAction
from telegram.error import ChatMigrated

from bot.conversation.incoming import (
    AboutGroup,
    FromGroup,
    FromPrivateChat,
    GroupMoved,
    GroupRights,
    Incoming,
    InlineQuery,
    PersonMessage,
    PersonReach,
    StaffPresence,
    TopicClosed,
)
from bot.conversation.language import supported
from bot.conversation.office import group
from bot.conversation.office.inline import look
from bot.conversation.office.members import presence_changed
from bot.conversation.path import Conversation
from bot.conversation.replies import Phrase, Reply, StaffNote, Toast
from bot.conversation.steps import ThoughtTooOldError
from bot.storage.database import Database
from bot.storage.models import InboxUpdate
from bot.storage.persons import person_by_chat
from bot.telegram import inline
from bot.telegram.access import GroupAccess
from bot.telegram.delivery import Delivery
from bot.telegram.inbox import finish
from bot.telegram.members import Members
from bot.telegram.sender import quietly
from bot.telegram.staffchat import StaffChat
from bot.telegram.updates import read

log = logging.getLogger(__name__)

ATTEMPTS = 3
ALBUMS_KNOWN = 1000
"""Of so many albums the first part is remembered; after a restart a late part is answered once more."""


class Processor:
    """Knows how an update becomes replies; owns no loop."""

    def __init__(
        self, bot: Bot, database: Database, conversation: Conversation, delivery: Delivery, *, staff_chat: StaffChat,
        access: GroupAccess, wake: Callable[[], None], retry: Callable[[int], Awaitable[None]],
    ) -> None:  # fmt: skip
        self._bot = bot
        self._database = database
        self._conversation = conversation
        self._delivery = delivery
        self._staff_chat = staff_chat
        self._access = access
        self._members = Members(bot, staff_chat, conversation.parts.clock)
        self._wake = wake
        self._retry = retry
        self._background: set[asyncio.Task[None]] = set()
        self._albums: dict[tuple[int, str], int] = {}

    async def process(self, update_id: int) -> bool:
        """Process a stored update. False: it failed, stays stored, and is worth another attempt."""
        async with self._database.read() as session:
            row = await session.get(InboxUpdate, update_id)
        if row is None or row.done_at is not None or row.payload is None:
            return True
        update = None
        try:
            update = Update.de_json(row.payload, self._bot)
            await self._handle(update)
        except ThoughtTooOldError:
            return await self.process(update_id)
        except Exception as error:
            # The outermost net: nobody is left without an answer, and the update is not lost.
            log.exception("update %s failed: %s", update_id, type(error).__name__)
            return await self._after_failure(update_id, update)
        self._wake()
        return True

    async def _handle(self, update: Update) -> None:
        incoming = self._in_its_album(read(update, self._staff_chat.id))
        toast, language = None, self._conversation.parts.office_language
        if isinstance(incoming, FromGroup):
            toast = await self._from_group(incoming, update.update_id)
        elif isinstance(incoming, AboutGroup):
            await self._about_group(incoming, update.update_id)
        elif incoming is not None:
            toast, language = await self._from_person(incoming, update.update_id)
        else:
            async with self._database.write() as session:
                await self._finish(session, update.update_id, "ignored")
        if update.callback_query is not None:
            self._later(self._answer_press(update.callback_query.id, toast, language))

    def _in_its_album(self, incoming: Incoming | None) -> Incoming | None:
        """Mark the second and later parts of an album; Telegram says which album, but not which part is the first."""
        if not isinstance(incoming, PersonMessage) or incoming.album is None or incoming.edited:
            return incoming
        if len(self._albums) > ALBUMS_KNOWN:
            self._albums.clear()
        first = self._albums.setdefault((incoming.sender.chat_id, incoming.album), incoming.message_id)
        return replace(incoming, album_follows=first != incoming.message_id)

    async def _from_person(self, incoming: FromPrivateChat, update_id: int) -> tuple[Toast | None, str]:
        chat_id = incoming.sender.chat_id
        thought = await self._conversation.think(self._database, incoming, begins=partial(self._show_typing, chat_id))
        async with self._database.write() as session:
            if not await self._finish(session, update_id, "done"):
                return None, self._conversation.parts.office_language
            turn = await self._conversation.respond(session, incoming, thought)
            await self._delivery.deliver(session, turn)
            return turn.toast, turn.language

    async def _from_group(self, incoming: FromGroup, update_id: int) -> Toast | None:
        asked = not isinstance(incoming, TopicClosed) and not incoming.sender.anonymous
        present = not asked or await self._is_member(incoming.sender.user_id)
        async with self._database.write() as session:
            if not await self._finish(session, update_id, "done"):
                return None
            result = await group.respond(session, self._conversation.parts, incoming, is_member=present)
            await self._delivery.answer_office(session, result)
            return result.toast

    async def _about_group(self, incoming: AboutGroup, update_id: int) -> None:
        """What changes the group itself or is asked of it; doing it twice does no harm."""
        if isinstance(incoming, GroupMoved):
            await self._staff_chat.move(self._database, incoming.chat_id)
        elif isinstance(incoming, InlineQuery):
            await self._offer(incoming)
        elif isinstance(incoming, GroupRights):
            await self._rights(incoming)
        async with self._database.write() as session:
            if await self._finish(session, update_id, "done") and isinstance(incoming, StaffPresence):
                self._members.forget(incoming.user_id)
                for turn in await presence_changed(session, self._conversation.parts, incoming):
                    await self._delivery.deliver(session, turn)

    async def _rights(self, incoming: GroupRights) -> None:
        if not incoming.sufficient:
            await self._access.lose()
            return
        await self._access.regain()
        if not incoming.deletes:
            await self._access.miss_deletion()
        await self._retry(self._staff_chat.id)

    async def _offer(self, query: InlineQuery) -> None:
        """What the picker shows; whoever is not of the office gets one line."""
        parts = self._conversation.parts
        present = query.in_group and await self._is_member(query.sender.user_id)
        async with self._database.read() as session:
            found = await look(session, parts, query, is_member=present)
        language = supported(query.language_code, parts.locales.languages) or parts.office_language
        shown = inline.answer(parts.library, found, parts.locales.say(language, "inline.only_office"))
        self._later(quietly(self._bot.answer_inline_query(query.query_id, **shown), "what the picker shows"))

    async def _is_member(self, user_id: int) -> bool:
        try:
            return await self._members.is_present(user_id)
        except ChatMigrated as error:
            await self._staff_chat.move(self._database, error.new_chat_id)
            return await self._members.is_present(user_id)

    async def _finish(self, session: AsyncSession, update_id: int, outcome: str) -> bool:
        return await finish(session, update_id, outcome, self._conversation.parts.clock())

    async def _answer_press(self, query_id: str, toast: Toast | None, language: str) -> None:
        text = self._delivery.toast_text(toast, language) if toast else None
        alert = bool(toast and toast.alert)
        await quietly(self._bot.answer_callback_query(query_id, text=text, show_alert=alert), "the answer to a press")

    def _show_typing(self, chat_id: int) -> None:
        self._later(quietly(self._bot.send_chat_action(chat_id, ChatAction.TYPING), "typing"))

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def _after_failure(self, update_id: int, update: Update | None) -> bool:
        """Count the attempt; after the last one whoever wrote is told, and the update is set aside."""
        async with self._database.write() as session:
            row = await session.get(InboxUpdate, update_id, with_for_update=True)
            if row is None or row.done_at is not None:
                return True
            row.attempts += 1
            if row.attempts < ATTEMPTS:
                return False
            await self._finish(session, update_id, "failed")
            if update is not None:
                await self._apologise(session, read(update, self._staff_chat.id))
        self._wake()
        return True

    async def _apologise(self, session: AsyncSession, incoming: object) -> None:
        if isinstance(incoming, FromGroup):
            sorry = StaffNote(Phrase("desk.failed"), incoming.thread_id, incoming.message_id)
            await self._delivery.note(session, sorry)
        if not isinstance(incoming, FromPrivateChat) or isinstance(incoming, PersonReach):
            return
        person = await person_by_chat(session, incoming.sender.chat_id)
        languages = self._conversation.parts.locales.languages
        language = person.language if person else supported(incoming.sender.language_code, languages) or languages[0]
        reply = Reply(parts=(Phrase("error.sorry"),), language=language, kind="system")
        self._delivery.reply(session, reply, incoming.sender.chat_id)
