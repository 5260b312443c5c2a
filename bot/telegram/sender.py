"""One row of the outbox becomes one call of the Bot API; every outcome is stored, none is dropped silently."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession
from telegram import Bot
from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter, TelegramError

from bot.operations import metrics
from bot.operations.outages import Line, Outage, Pauses
from bot.storage.away import DatabaseAway
from bot.storage.database import Database
from bot.storage.models import Case, CaseMessage, OutboxMessage
from bot.telegram.access import GroupAccess
from bot.telegram.arrivals import Arrivals
from bot.telegram.calls import Result, call
from bot.telegram.copies import PIECE, piece_of
from bot.telegram.errors import (
    BAD_MARKUP,
    CANNOT_EDIT,
    NO_RIGHTS,
    NOTHING_TO_DO,
    TOPIC_CLOSED,
    TOPIC_LOST,
    is_outage,
    kind_of,
)
from bot.telegram.files import with_upload
from bot.telegram.markup import plain
from bot.telegram.outbox import BOT_ANSWERS, ENTRIES, PARTS, is_overtaken
from bot.telegram.request import NEVER_SENT
from bot.telegram.staffchat import StaffChat, link_to

log = logging.getLogger(__name__)

ATTEMPTS_AFTER_FAULT = 6
LONGEST_PAUSE = timedelta(minutes=2)
FAILURES, LONGEST_OUTAGE_PAUSE, LONGEST_TRY = 3, 8.0, 45.0
"""Calls in a row that miss Telegram before only one is made at a time; the pauses then; how long a call may take."""
STORE_AGAIN = 1.0
"""Seconds between attempts to store what has happened already."""
MORE_TO_SEND = timedelta(0)
"""No rest: the row is to be tried again."""
NO_RIGHT = "rights"
"""Why a row waits: the bot was refused in the group. It stands in the row's `error` until something else does."""
DELETION_RETRIED = timedelta(days=1)
"""A deletion that was refused is tried again when the bot's rights change, and so often."""
QUIET = frozenset({"bin", "confirm"})
"""Kinds of rows whose failure is nobody's loss."""
OURS = frozenset({PARTS, ENTRIES, PIECE, "mirror"})
"""What stands in a payload for us and not for Telegram."""

OUTDATED = "outdated"
"""Why a row was not sent: an entry that it shows has been changed or withdrawn since it was written (E56)."""
OVERTAKEN = "overtaken"
"""Why an answer of the bot was not sent: while it was under way, a human being took over (E2)."""

Outcome = Callable[[], Awaitable[timedelta | None]]
"""Stores what came of an attempt; the lane rests for the time returned."""
OnLost = Callable[[AsyncSession, OutboxMessage, str], Awaitable[None]]


class TopicLostError(Exception):
    """The case's topic does not exist any more, or Telegram ignored it and posted elsewhere."""


class TelegramSender:
    """Sends rows, repairs topics, and reports what could not be delivered to `on_lost`."""

    def __init__(
        self, bot: Bot, database: Database, clock: Callable[[], datetime], *, staff_chat: StaffChat,
        access: GroupAccess, topic_name: Callable[[Case], str], has_version: Callable[[str, int], bool],
        on_lost: OnLost,
    ) -> None:  # fmt: skip
        self._bot = bot
        self._database = database
        self._clock = clock
        self._staff_chat = staff_chat
        self._access = access
        self._arrivals = Arrivals(database, clock, staff_chat)
        self._topic_name = topic_name
        self._has_version = has_version
        self._on_lost = on_lost
        self._group_rests_until = clock()
        self.line = Line(Outage(log, "Telegram takes no messages"), Pauses(0.5, LONGEST_OUTAGE_PAUSE),
                         failures=FAILURES, longest_try=LONGEST_TRY)  # fmt: skip

    async def send(self, row: OutboxMessage) -> timedelta | None:
        """Send one row and store what came of it; the lane rests for the time returned, None if nothing is left."""
        try:
            return await self._stored(await self._attempt(row))
        except DatabaseAway:
            self.line.untried()
            return await self._stored(partial(self._put_off, row, timedelta(seconds=STORE_AGAIN)))
        except Exception:
            # A fault of ours must neither lose the row nor block its lane for ever.
            log.exception("sending %s (%s) failed", row.method, row.kind)
            self.line.untried()
            if row.attempts < ATTEMPTS_AFTER_FAULT:
                return await self._stored(partial(self._put_off, row, _back_off(row.attempts)))
            return await self._stored(partial(self._fail, row, "fault"))

    async def _stored(self, outcome: Outcome) -> timedelta | None:
        """What has happened is noted, however long the database is away: else it would happen again."""
        while True:
            try:
                return await outcome()
            except DatabaseAway:
                await asyncio.sleep(STORE_AGAIN)

    async def _attempt(self, row: OutboxMessage) -> Outcome:
        """Make the call, unless it has to wait or came too late. Returns what is to be stored."""
        if (waits := await self._before(row)) is not None:
            self.line.untried()
            return waits
        try:
            result = await self._call(row)
        except TelegramError as error:
            return self._after(row, error)
        except TopicLostError:
            self.line.worked()
            return partial(self._forget_topic, row)
        self.line.worked()
        return partial(self._arrived, row, result)

    async def _before(self, row: OutboxMessage) -> Outcome | None:
        """Why a row is not sent now; None: it is."""
        rest = self._group_rests_until - self._clock()
        if self._to_group(row) and rest > timedelta(0):
            return partial(self._put_off, row, rest)
        if not all(itertools.starmap(self._has_version, (row.payload or {}).get(ENTRIES, {}).items())):
            return partial(self._fail, row, OUTDATED)
        if row.attempts > 1 and row.kind in BOT_ANSWERS and await self._drop_if_overtaken(row):
            return _nothing_more
        return None

    def _after(self, row: OutboxMessage, error: TelegramError) -> Outcome:
        """What is to be stored after a failure."""
        metrics.TELEGRAM[kind_of(error)].inc()
        if is_outage(error):
            pause = timedelta(seconds=self.line.failed(type(error).__name__)) or _back_off(row.attempts)
            # It may have arrived; nobody can know. A connection that was never made did not carry it.
            reached = not isinstance(error.__cause__, NEVER_SENT)
            return partial(self._put_off, row, pause, uncertain=reached)
        self.line.worked()
        match error:
            case RetryAfter():
                return partial(self._slow_down, row, error)
            case ChatMigrated():
                return partial(self._follow_group, row, error)
            case Forbidden() if row.kind == "erase":
                return partial(self._wait_for_deletion, row, error)
            case Forbidden() if self._to_group(row) and row.kind != "alert":
                return partial(self._wait_for_rights, row, error)
            case Forbidden():
                return partial(self._fail, row, "blocked")
            case BadRequest():
                return partial(self._after_refusal, row, error)
        log.error("Telegram refused %s: %s", row.method, type(error).__name__)
        return partial(self._put_off, row, _back_off(row.attempts))

    async def _follow_group(self, row: OutboxMessage, error: ChatMigrated) -> timedelta:
        await self._staff_chat.move(self._database, error.new_chat_id)
        return await self._put_off(row, MORE_TO_SEND)

    async def _arrived(self, row: OutboxMessage, result: Result) -> timedelta | None:
        if row.error == NO_RIGHT and row.kind != "erase":
            # What was never refused proves nothing: without the right to make topics, old topics go on.
            await self._access.regain()
        return await self._sent(row, result)

    def forget_rests(self) -> None:
        """The clock was set back: what the group rests until by the old one means nothing."""
        self._group_rests_until = self._clock()

    def _to_group(self, row: OutboxMessage) -> bool:
        return row.chat_id is None or row.chat_id == self._staff_chat.id

    async def _slow_down(self, row: OutboxMessage, error: RetryAfter) -> timedelta:
        """E34: too much at once. What holds for one topic of the group holds for all of it."""
        seconds = error.retry_after
        pause = seconds if isinstance(seconds, timedelta) else timedelta(seconds=seconds)
        if self._to_group(row):
            self._group_rests_until = self._clock() + pause
        return await self._put_off(row, pause)

    async def _wait_for_rights(self, row: OutboxMessage, error: TelegramError) -> timedelta:
        """E33: nothing is lost; it is sent when the bot may write again."""
        log.error("the bot may not do its work in the staff group: %s", error.message)
        await self._access.lose()
        return await self._put_off(row, _back_off(row.attempts), error=NO_RIGHT)

    async def _wait_for_deletion(self, row: OutboxMessage, error: TelegramError) -> timedelta:
        """E61: this is another right; without it all other work goes on. Whoever can is asked to delete, once."""
        log.error("a topic in the staff group could not be deleted: %s", error.message)
        async with self._database.write() as session:
            stored = await session.get_one(OutboxMessage, row.id)
            if stored.error is None:
                link = link_to(stored.chat_id or 0, (stored.payload or {})["message_thread_id"])
                await self._access.topic_stays(session, link)
            stored.state, stored.due_at, stored.error = "pending", self._clock() + DELETION_RETRIED, NO_RIGHT
        return MORE_TO_SEND

    async def _call(self, row: OutboxMessage) -> Result:
        payload = {name: value for name, value in (row.payload or {}).items() if name not in OURS}
        payload["chat_id"] = self._staff_chat.id if row.chat_id is None else row.chat_id
        if row.kind == "edit" or (row.kind == "mirror" and row.method.startswith("edit")):
            # Known only now: the copy may have been on its way when its original was edited.
            payload["message_id"] = payload.get("message_id") or await self._copy_of(row)
        elif row.chat_id is None and row.method.startswith("edit"):
            payload["message_id"] = _known((await self._case(row)).header_message_id)
        elif row.chat_id is None and row.method.endswith("ForumTopic"):
            payload["message_thread_id"] = _known((await self._case(row)).thread_id)
        elif row.chat_id is None:
            payload["message_thread_id"] = await self._topic(row, await self._case(row))
        result = await self._request(row.method, await with_upload(self._database, payload))
        await self._check_place(row, payload, result)
        return result

    async def _request(self, method: str, payload: dict[str, Any]) -> Result:
        return Result.of(await call(self._bot, method, payload))

    async def _case(self, row: OutboxMessage) -> Case:
        async with self._database.read() as session:
            case = await session.get(Case, row.case_id)
        if case is None:
            raise BadRequest("case is gone")
        return case

    async def _copy_of(self, row: OutboxMessage) -> int:
        async with self._database.read() as session:
            kept = await session.get(CaseMessage, row.case_message_id)
            piece = (row.payload or {}).get(PIECE, 0)
            found = await piece_of(session, kept, row.chat_id, piece) if kept is not None else None
        if found is None:
            raise BadRequest(f"message to {'delete' if row.method == 'deleteMessage' else 'edit'} not found")
        return found

    async def _topic(self, row: OutboxMessage, case: Case) -> int:
        """The case's topic, made if there is none. Only the case's own lane comes here, so it is made once."""
        if case.thread_id is not None:
            return case.thread_id
        if row.kind != "new_header" and row.attempts <= ATTEMPTS_AFTER_FAULT:
            raise TopicLostError  # first comes its header, which makes it
        topic = await self._request("createForumTopic", {"chat_id": self._staff_chat.id,
                                                         "name": self._topic_name(case)})  # fmt: skip

        async def note() -> None:
            """There is a topic now; without this another one would be made."""
            async with self._database.write() as session:
                await self._arrivals.store_topic(session, case.id, topic.thread_id or 0)
            await self._access.regain()

        await self._stored(note)
        return topic.thread_id or 0

    async def _check_place(self, row: OutboxMessage, payload: dict[str, Any], result: Result) -> None:
        """Telegram may ignore a wrong thread and post in General: take that back and count the topic as lost.

        A limit: of copies (pictures, voice messages, albums) Telegram says only their ids and not where they are.
        """
        if row.chat_id is not None or row.method not in {"sendMessage", "sendDocument"}:
            return
        if result.thread_id == payload["message_thread_id"]:
            return
        with contextlib.suppress(BadRequest):  # without the right to delete it stays; the case gets it anyway
            await self._request("deleteMessage", {"chat_id": self._staff_chat.id, "message_id": result.message_id})
        raise TopicLostError

    async def _after_refusal(self, row: OutboxMessage, error: BadRequest) -> timedelta | None:
        reason = error.message.lower()
        if any(text in reason for text in NOTHING_TO_DO):
            return await self._sent(row, Result())
        if row.kind == "erase":
            is_gone = any(text in reason for text in TOPIC_LOST)
            return await (self._sent(row, Result()) if is_gone else self._wait_for_deletion(row, error))
        if row.case_id is not None and row.chat_id is None and any(text in reason for text in TOPIC_LOST):
            return await self._forget_topic(row)
        if self._to_group(row) and row.kind not in QUIET | {"alert"} and any(text in reason for text in NO_RIGHTS):
            return await self._wait_for_rights(row, error)
        if row.case_id is not None and self._to_group(row) and any(text in reason for text in TOPIC_CLOSED):
            thread_id = (await self._case(row)).thread_id
            payload = {"chat_id": self._staff_chat.id, "message_thread_id": thread_id}
            await self._request("reopenForumTopic", payload)
            return await self._put_off(row, MORE_TO_SEND)
        if row.method == "editMessageText" and any(text in reason for text in CANNOT_EDIT):
            return await self._rewrite(row, "sendMessage", drop="message_id")
        if any(text in reason for text in BAD_MARKUP):
            log.error("Telegram could not read the tags of a message of kind %s; sent as plain text", row.kind)
            return await self._rewrite(row, row.method, drop="parse_mode")
        level = logging.INFO if row.kind in QUIET else logging.ERROR
        log.log(level, "Telegram refused %s (%s): %s", row.method, row.kind, error.message)
        return await self._fail(row, "refused")

    async def _rewrite(self, row: OutboxMessage, method: str, *, drop: str) -> timedelta:
        payload = dict(row.payload or {})
        payload.pop(drop, None)
        if drop == "parse_mode":
            words = "text" if "text" in payload else "caption"
            payload[words] = plain(str(payload.get(words, "")))
        async with self._database.write() as session:
            stored = await session.get(OutboxMessage, row.id)
            if stored is not None:
                stored.method, stored.payload, stored.state = method, payload, "pending"
                if row.kind == "header" and method == "sendMessage":
                    # Staff deleted the header: the new one is the one to keep up to date.
                    stored.kind = "new_header"
                elif row.kind == "edit" and method == "sendMessage":
                    # The copy is gone, or there are more pieces now: the new one is noted when it arrives.
                    stored.kind = "relay"
        return MORE_TO_SEND

    async def _put_off(
        self, row: OutboxMessage, pause: timedelta, *, uncertain: bool = False, error: str | None = None
    ) -> timedelta:
        async with self._database.write() as session:
            stored = await session.get(OutboxMessage, row.id)
            if stored is not None:
                stored.state, stored.due_at = "pending", self._clock() + pause
                stored.uncertain, stored.error = stored.uncertain or uncertain, error or stored.error
        return pause

    async def _drop_if_overtaken(self, row: OutboxMessage) -> bool:
        """Invariant 2, for what was under way when a human took over: what waited was dropped there and then."""
        async with self._database.write() as session:
            if not await is_overtaken(session, row):
                return False
            stored = await session.get(OutboxMessage, row.id)
            if stored is not None:
                stored.state, stored.payload = "dropped", None
                await self._on_lost(session, row, OVERTAKEN)
        return True

    async def _forget_topic(self, row: OutboxMessage) -> timedelta | None:
        """E29: the topic is gone. Header and history go into a new one, which the header makes, then what waits."""
        async with self._database.write() as session:
            stored = await session.get(OutboxMessage, row.id)
            case = await session.get(Case, row.case_id)
            if stored is None or case is None:
                return None
            if row.kind in {"header", "topic"}:
                stored.state, stored.payload = "sent", None
                return None
            case.thread_id, stored.state = None, "pending"
            if row.kind == "new_header":
                # It would be alone in the new topic: a header with all that was said comes instead.
                stored.state, stored.payload = "dropped", None
            await self._on_lost(session, row, "topic")
        return MORE_TO_SEND

    async def _sent(self, row: OutboxMessage, result: Result) -> timedelta | None:
        """Store that it arrived; texts are not kept, ids are."""
        await self._arrivals.store(row, result)
        metrics.MESSAGES["sent"].inc()
        if row.asked_at is not None:
            metrics.REPLY_SECONDS.observe(max((self._clock() - row.asked_at).total_seconds(), 0))
        log.info("sent: %s (%s)", row.method, row.kind)
        return None

    async def _fail(self, row: OutboxMessage, reason: str) -> timedelta | None:
        """Store that it cannot be delivered; the other side may have to be told."""
        async with self._database.write() as session:
            stored = await session.get(OutboxMessage, row.id)
            if stored is not None and row.kind == "farewell":
                # Whoever is erased leaves no row behind, delivered or not.
                await session.delete(stored)
                return None
            if stored is not None:
                stored.state, stored.error, stored.payload = "failed", reason, None
            if row.kind not in QUIET:
                await self._on_lost(session, row, reason)
        metrics.MESSAGES["failed"].inc()
        return None


async def _nothing_more() -> None:
    """It has been dropped."""


def _known(id: int | None) -> int:
    """The id of a header or a topic. Where there is none, it was left behind; the next word to staff makes another."""
    if id is None:
        raise TopicLostError
    return id


def _back_off(attempts: int) -> timedelta:
    return min(timedelta(seconds=0.5 * 2 ** min(attempts, 10)), LONGEST_PAUSE)
