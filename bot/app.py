"""The composition root: builds the parts, starts and stops them. The only module that knows all others."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from starlette.applications import Starlette
from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from bot.actions import listen_for_actions, serve_actions
from bot.changes import Changes
from bot.conversation.content import Content
from bot.conversation.language import LanguageDetector
from bot.conversation.path import Conversation
from bot.conversation.timers import Rounds
from bot.conversation.translating import Translating
from bot.conversation.turn import Parts
from bot.desk.app import Desk, desk_texts, make_desk
from bot.locales import Locales
from bot.operations.outages import Pauses
from bot.rasa import Rasa
from bot.settings import Settings, SettingsError
from bot.storage.database import Database
from bot.storage.retention import Cleaning
from bot.storage.schema import opened
from bot.storage.workers import Workplace
from bot.telegram.access import GroupAccess
from bot.telegram.client import connect, introduce, name_of
from bot.telegram.delivery import Delivery
from bot.telegram.files import bytes_of
from bot.telegram.inbox import Inbox
from bot.telegram.outbox import Outbox
from bot.telegram.poller import Poller
from bot.telegram.processor import Processor
from bot.telegram.receiver import Receiver
from bot.telegram.render import Renderer
from bot.telegram.sender import TelegramSender
from bot.telegram.staffchat import StaffChat
from bot.telegram.staffroom import StaffRoom
from bot.telegram.stopgap import Stopgap
from bot.telegram.webhook import Webhook
from bot.translation.client import LibreTranslate
from bot.translation.translator import Translator
from bot.upkeep import Upkeep
from bot.web import listen, serve

log = logging.getLogger(__name__)


def now() -> datetime:
    """The time, aware, in UTC."""
    return datetime.now(UTC)


def make_parts(
    settings: Settings, clock: Callable[[], datetime] = now, content: Content | None = None
) -> Parts:  # fmt: skip
    """What the conversation needs to know, from the settings and the files. `content`: if it has been read already."""
    if content is None:
        # A language without texts is one line for the operator; looked for first, or every missing entry is another.
        content = Content(settings.knowledge_folder, Locales(settings.language_codes, settings.zone))
    return Parts(
        content=content, locales=content.locales,
        calendar=settings.calendar, limits=settings.limits, clock=clock, office_language=settings.office_language,
        messages_per_minute=settings.messages_per_minute, messages_per_minute_all=settings.messages_per_minute_all,
        newcomers_per_minute=settings.newcomers_per_minute, retention=settings.retention,
        translates=bool(settings.translation_url),
    )  # fmt: skip


def make_renderer(parts: Parts, bot_name: Callable[[], str | None] = lambda: None) -> Renderer:
    """What makes texts of replies. Without the bot's name German words are no links into the chat."""
    return Renderer(parts.locales, parts.content, lambda: parts.clock().astimezone(parts.locales.zone).date(), bot_name)


def make_conversation(settings: Settings, parts: Parts, rasa: Rasa) -> Conversation:
    """The conversation, which `make predict` uses as well, without Telegram and database."""
    return Conversation(parts, rasa, LanguageDetector(settings.language_codes))


@dataclass(frozen=True)
class Sockets:
    """Where this process listens: Rasa finds the actions of the flows at one, staff their desk at the other."""

    actions: socket.socket
    desk: socket.socket | None
    web: socket.socket | None

    @staticmethod
    def open(settings: Settings) -> Sockets:
        """Raises `SettingsError` if a port is taken."""
        with contextlib.ExitStack() as stack:
            actions = stack.enter_context(listen_for_actions(settings.actions_port, settings.actions_host))
            desk, web = (
                stack.enter_context(listen(host, port, name)) if port else None
                for host, port, name in ((settings.desk_host, settings.desk_port, "DESK_PORT"),
                                         (settings.web_host, settings.web_port, "WEB_PORT"))
            )  # fmt: skip
            stack.pop_all()
        return Sockets(actions, desk, web)

    def close(self) -> None:
        """Give the ports back."""
        for listening in (self.actions, self.desk, self.web):
            if listening is not None:
                listening.close()


def make_translator(settings: Settings, clock: Callable[[], datetime] = now) -> Translator:
    """The plug for a translation service; without an address it does nothing."""
    key = settings.translation_api_key.get_secret_value() or None
    client = LibreTranslate(settings.translation_url, key, settings.translation_timeout)
    return Translator(client if settings.translation_url else None, settings.office_language, now=clock)


@dataclass(frozen=True, kw_only=True)
class App:
    """The running parts of the bot."""

    settings: Settings
    database: Database
    bot: Bot
    staff_chat: StaffChat
    parts: Parts
    poller: Poller
    inbox: Inbox
    outbox: Outbox
    delivery: Delivery
    upkeep: Upkeep
    desk: Starlette
    web: Starlette
    """What other machines ask: Telegram's webhook, whether the bot is well."""
    translating: Translating
    sockets: Sockets
    workplace: Workplace
    webhook: Webhook | None
    """None: the bot asks for updates."""

    async def run(self) -> None:
        """Work until cancelled. Raises `SettingsError` if Telegram refuses the token."""
        async with self.workplace.at_work():
            await self._run()

    async def _run(self) -> None:
        resent = await self.outbox.recover()
        if resent:
            log.warning("%s messages were being sent when the process ended; they are sent again", resent)
        log.info("the bot is ready")
        try:
            async with asyncio.TaskGroup() as group:
                for work in self._works():
                    group.create_task(work)
        except* InvalidToken as refused:
            raise _bad_token() from refused

    def _works(self) -> list[Coroutine[Any, Any, None]]:
        lead = self.workplace.lead
        works = [self.outbox.run(), self.inbox.run(), lead(self._receive), lead(self.upkeep.keep_time),
                 lead(self.upkeep.keep_little), self.upkeep.pulse(), self._keep_content(), self._introduce(),
                 serve_actions(self.sockets.actions, self.settings.rasa_token.get_secret_value())]  # fmt: skip
        if self.sockets.desk is not None:
            works.append(serve(self.desk, self.sockets.desk))
        if self.sockets.web is not None:
            works.append(serve(self.web, self.sockets.web))
        if self.settings.translation_url:
            works.append(lead(self.translating.run))
        return works

    async def _receive(self) -> None:
        """Ask Telegram for updates, or see to it that Telegram brings them."""
        await (self.poller.run() if self.webhook is None else self.webhook.announce(self.bot))

    async def _introduce(self) -> None:
        """Learn the bot's name and register its commands, as soon as Telegram can be reached."""
        pauses = Pauses(1.0, 60.0)
        while True:
            try:
                await self.bot.initialize()
                break
            except InvalidToken:
                raise
            except TelegramError:
                await asyncio.sleep(pauses.next())
        try:
            await introduce(self.bot, self.parts.locales, staff_chat_id=self.staff_chat.id,
                            office_language=self.settings.office_language)  # fmt: skip
        except InvalidToken:
            raise
        except TelegramError as error:
            log.warning("the list of commands could not be registered: %s", type(error).__name__)

    async def _keep_content(self) -> None:
        while True:
            await asyncio.sleep(self.parts.content.pause)
            try:
                await self.parts.content.refresh()
            except Exception:
                log.exception("the content could not be looked at; the next look tries again")


def _bad_token() -> SettingsError:
    return SettingsError("setting TELEGRAM_TOKEN: Telegram does not know this token; ask @BotFather for it")


@dataclass(frozen=True, kw_only=True)
class _Ground:
    """What everything else is built on, and what is closed at the end."""

    settings: Settings
    clock: Callable[[], datetime]
    parts: Parts
    database: Database
    bot: Bot
    rasa: Rasa
    translator: Translator


@dataclass(frozen=True, kw_only=True)
class _Out:
    """What goes out: replies become rows, rows become calls of the Bot API."""

    renderer: Renderer
    staff_chat: StaffChat
    access: GroupAccess
    delivery: Delivery
    sender: TelegramSender
    outbox: Outbox


@dataclass(frozen=True, kw_only=True)
class _In:
    """What comes in: updates are stored, then processed."""

    conversation: Conversation
    processor: Processor
    inbox: Inbox
    stopgap: Stopgap
    poller: Poller
    webhook: Webhook | None


@contextlib.asynccontextmanager
async def _ground(settings: Settings, clock: Callable[[], datetime], content: Content | None) -> AsyncIterator[_Ground]:
    parts = make_parts(settings, clock, content)
    async with opened(settings.database_url) as database:
        rasa = Rasa(settings.rasa_url, settings.rasa_timeout, settings.rasa_token.get_secret_value())
        bot = connect(settings.telegram_token.get_secret_value(), settings.telegram_api_url)
        translator = make_translator(settings, clock)
        try:
            yield _Ground(settings=settings, clock=clock, parts=parts, database=database, bot=bot, rasa=rasa,
                          translator=translator)  # fmt: skip
        finally:
            await translator.close()
            await rasa.close()


def _out(ground: _Ground, staff_chat: StaffChat) -> _Out:
    parts, database, clock = ground.parts, ground.database, ground.clock
    renderer = make_renderer(parts, lambda: name_of(ground.bot))
    room = StaffRoom(renderer, parts.locales, ground.settings.office_language, staff_chat, clock)
    delivery = Delivery(parts, renderer, room)
    access = GroupAccess(database, clock, room.call_admins)
    sender = TelegramSender(ground.bot, database, clock, staff_chat=staff_chat, access=access,
                            topic_name=room.topic_name, has_version=parts.content.has_version,
                            on_lost=delivery.lost)  # fmt: skip
    return _Out(renderer=renderer, staff_chat=staff_chat, access=access, delivery=delivery, sender=sender,
                outbox=Outbox(database, sender, clock))  # fmt: skip


def _in(ground: _Ground, out: _Out) -> _In:
    settings, parts, database, bot = ground.settings, ground.parts, ground.database, ground.bot
    conversation = make_conversation(settings, parts, ground.rasa)
    processor = Processor(bot, database, conversation, out.delivery, staff_chat=out.staff_chat, access=out.access,
                          retry=out.outbox.retry)  # fmt: skip
    inbox = Inbox(database, processor.process)
    stopgap = Stopgap(bot, out.renderer, parts.content, out.staff_chat, settings.office_language)
    processor.excuse = stopgap.excuse
    receiver = Receiver(database, ground.clock, inbox.offer, stopgap.excuse)
    secret = settings.webhook_secret.get_secret_value()
    webhook = Webhook(settings.webhook_url, secret, receiver.keep) if settings.webhook_url else None
    return _In(conversation=conversation, processor=processor, inbox=inbox, stopgap=stopgap,
               poller=Poller(bot, database, receiver.keep, inbox.at_work), webhook=webhook)  # fmt: skip


def _upkeep(ground: _Ground, out: _Out, into: _In, workplace: Workplace) -> Upkeep:
    return Upkeep(
        clock=ground.clock, settings=ground.settings, database=ground.database,
        rounds=Rounds(ground.database, ground.parts, out.delivery.deliver),
        cleaning=Cleaning(ground.database, ground.parts.retention), inbox=into.inbox, outbox=out.outbox,
        poller=into.poller, polls=lambda: into.webhook is None and workplace.leads, rasa=ground.rasa,
        stopgap=into.stopgap, telegram=(out.sender.line.outage, into.poller.outage),
    )  # fmt: skip


def _desk(ground: _Ground, out: _Out, changes: Changes) -> Starlette:
    settings, parts = ground.settings, ground.parts
    return make_desk(Desk(
        database=ground.database, locales=desk_texts(settings.zone), parts=parts, changes=changes,
        deliver=out.delivery.deliver, render=make_renderer(parts).body,
        file_of=partial(bytes_of, ground.bot), secure_cookies=settings.desk_url.startswith("https://"),
    ))  # fmt: skip


def _web(webhook: Webhook | None, upkeep: Upkeep) -> Starlette:
    health = upkeep.health()
    web = Starlette(routes=[*health.routes(), *([webhook.route()] if webhook else [])])
    web.state.health = health
    return web


@contextlib.asynccontextmanager
async def _connected(bot: Bot) -> AsyncIterator[None]:
    """The bot with its name known, unless Telegram cannot be reached: then that comes later."""
    try:
        try:
            await bot.initialize()
        except InvalidToken:
            raise
        except TelegramError as error:
            log.warning("Telegram cannot be reached yet: %s", type(error).__name__)
        yield
    finally:
        await bot.shutdown()


def _workplace(ground: _Ground, changes: Changes, out: _Out, into: _In) -> Workplace:
    """What of other workers concerns which part."""
    workplace = Workplace(ground.database)
    workplace.hears("case", changes.publish)
    workplace.hears("member", into.processor.forget_member)
    workplace.finds(into.inbox.wake)
    workplace.finds(out.outbox.wake)
    return workplace


def _app(ground: _Ground, out: _Out, into: _In, sockets: Sockets) -> App:
    changes = Changes()
    ground.database.changed = changes.publish
    workplace = _workplace(ground, changes, out, into)
    upkeep = _upkeep(ground, out, into, workplace)
    translating = Translating(ground.database, ground.parts, ground.translator, into.conversation.detector,
                              out.delivery.deliver)  # fmt: skip
    return App(
        settings=ground.settings, database=ground.database, bot=ground.bot, staff_chat=out.staff_chat,
        parts=ground.parts, poller=into.poller, inbox=into.inbox, outbox=out.outbox, delivery=out.delivery,
        desk=_desk(ground, out, changes), web=_web(into.webhook, upkeep), upkeep=upkeep, translating=translating,
        sockets=sockets, workplace=workplace, webhook=into.webhook,
    )  # fmt: skip


@contextlib.asynccontextmanager
async def assemble(
    settings: Settings, clock: Callable[[], datetime] = now, content: Content | None = None
) -> AsyncIterator[App]:
    """Build everything, the database schema included; close it all at the end. `content`: if it was read already.

    Raises `DatabaseUnreachable`, `LocaleError` or `SettingsError`, each with a line for the operator.
    """
    async with _ground(settings, clock, content) as ground:
        out = _out(ground, await StaffChat.load(ground.database, settings.staff_chat_id))
        into = _in(ground, out)
        with contextlib.closing(Sockets.open(settings)) as sockets:
            app = _app(ground, out, into, sockets)
            try:
                async with _connected(ground.bot):
                    yield app
            except InvalidToken as error:
                raise _bad_token() from error
