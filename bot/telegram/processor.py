"""One stored update from beginning to end: think, then decide and write the replies in one transaction."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from dataclasses import replace
from typing import Any

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncSession
from telegram import Bot, Update
from telegram.constants import ChatAction, ChatType
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
from bot.conversation.pace import OK, Kind
from bot.conversation.path import Conversation
from bot.conversation.replies import Phrase, Reply, StaffNote, Toast
from bot.conversation.steps import ThoughtTooOldError
from bot.operations import metrics, trace
from bot.storage.away import DatabaseAway
from bot.storage.database import Database
from bot.storage.models import InboxUpdate
from bot.storage.persons import person_by_chat
from bot.telegram import inline
from bot.telegram.access import GroupAccess
from bot.telegram.delivery import Delivery
from bot.telegram.errors import quietly
from bot.telegram.inbox import finish, is_later_part
from bot.telegram.members import Members
from bot.telegram.receiver import Excuse, say_nothing
from bot.telegram.staffchat import StaffChat
from bot.telegram.updates import Unreadable, sender_of, understand

log = logging.getLogger(__name__)

ATTEMPTS = 3
TYPING_AFTER = 1.0
"""Seconds after which it is shown that an answer is being made; the Bot API asks to do so only where it takes long."""


class Processor:
    """Knows how an update becomes replies; owns no loop."""

    def __init__(
        self, bot: Bot, database: Database, conversation: Conversation, delivery: Delivery, *, staff_chat: StaffChat,
        access: GroupAccess, retry: Callable[[int], Awaitable[None]],
    ) -> None:  # fmt: skip
        self._bot = bot
        self._database = database
        self._conversation = conversation
        self._delivery = delivery
        self._staff_chat = staff_chat
        self._access = access
        self._members = Members(bot, staff_chat, conversation.parts.clock)
        self._retry = retry
        self._background: set[asyncio.Task[None]] = set()
        self.excuse: Excuse = say_nothing
        """Called with an update that has to wait because nothing can be stored."""

    async def process(self, row: Row[Any]) -> bool:
        """Process a row of the inbox. False: it failed, stays stored, and is worth another attempt."""
        update_id = row.update_id
        trace.begin(trace.of_update(update_id), row.received_at)
        if self._database.outage.lasts:
            await self.excuse([row.payload])
            return False
        try:
            update, incoming = understand(row.payload, self._bot, self._staff_chat.id)
        except Unreadable as error:
            log.warning("update %s cannot be read: %s", update_id, error)
            await self._set_aside(update_id, row.payload)
            return True
        try:
            if incoming is None and await self._group_has_moved(update):
                return await self.process(row)
            if isinstance(incoming, PersonMessage) and not incoming.edited and await is_later_part(self._database, row):
                incoming = replace(incoming, album_follows=True)
            await self._handle(update, incoming)
        except ThoughtTooOldError:
            return await self.process(row)
        except DatabaseAway:
            # No fault of the update: it waits, and this counts as no attempt.
            await self.excuse([row.payload])
            return False
        except Exception as error:
            # The outermost net: nobody is left without an answer, and the update is not lost.
            log.exception("update %s failed: %s", update_id, type(error).__name__)
            return await self._after_failure(update_id, incoming)
        return True

    def forget_member(self, user_id: int) -> None:
        """Another worker has seen that something about this member changed; `MISSED`: it may be any of them."""
        self._members.forget(user_id or None)

    async def _handle(self, update: Update, incoming: Incoming | None) -> None:
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

    async def _group_has_moved(self, update: Update) -> bool:
        """Whether this comes from the office's group, which another worker has seen move."""
        chat = update.effective_chat
        elsewhere = chat is not None and chat.type != ChatType.PRIVATE and chat.id != self._staff_chat.id
        return elsewhere and await self._staff_chat.follow(self._database)

    async def _from_person(self, incoming: FromPrivateChat, update_id: int) -> tuple[Toast | None, str]:
        chat_id = incoming.sender.chat_id
        with self._typing(chat_id) as begins:
            thought = await self._conversation.think(self._database, incoming, begins=begins)
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
                await self._database.tell(session, "member", incoming.user_id)
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
        user = query.sender.user_id
        if self._conversation.pace.verdict(user, parts.clock(), Kind.PICKER) is not OK:
            return  # the picker stays empty
        present = query.in_group and await self._is_member(user)
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
        finished = await finish(session, update_id, outcome, self._conversation.parts.clock())
        if finished:
            metrics.PROCESSED[outcome].inc()
            log.info("update processed: %s", outcome)
        return finished

    async def _answer_press(self, query_id: str, toast: Toast | None, language: str) -> None:
        text = self._delivery.toast_text(toast, language) if toast else None
        alert = bool(toast and toast.alert)
        await quietly(self._bot.answer_callback_query(query_id, text=text, show_alert=alert), "the answer to a press")

    @contextlib.contextmanager
    def _typing(self, chat_id: int) -> Iterator[Callable[[], None]]:
        """Yields what an answer begins with: from then on somebody who waits long sees that there is one to come."""
        timers: list[asyncio.TimerHandle] = []

        def begins() -> None:
            timers.append(asyncio.get_running_loop().call_later(TYPING_AFTER, self._show_typing, chat_id))

        try:
            yield begins
        finally:
            for timer in timers:
                timer.cancel()

    def _show_typing(self, chat_id: int) -> None:
        self._later(quietly(self._bot.send_chat_action(chat_id, ChatAction.TYPING), "typing"))

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def _set_aside(self, update_id: int, payload: dict[str, Any]) -> None:
        """What cannot be read is not kept; whoever wrote it is told, if that can be told."""
        sender = sender_of(payload)
        async with self._database.write() as session:
            if await self._finish(session, update_id, "unreadable") and sender is not None:
                await self._apologise(session, PersonMessage(sender=sender, message_id=0))

    async def _after_failure(self, update_id: int, incoming: Incoming | None) -> bool:
        """Count the attempt; after the last one whoever wrote is told, and the update is set aside."""
        async with self._database.write() as session:
            row = await session.get(InboxUpdate, update_id, with_for_update=True)
            if row is None or row.done_at is not None:
                return True
            row.attempts += 1
            if row.attempts < ATTEMPTS:
                return False
            await self._finish(session, update_id, "failed")
            await self._apologise(session, incoming)
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
