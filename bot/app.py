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
from bot.storage.schema import upgrade
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

CONTENT_SECONDS = 2
"""How often the files of content are looked at; a change is live after two looks that see the same."""


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
        with contextlib.ExitStack() as opened:
            actions = opened.enter_context(listen_for_actions(settings.actions_port, settings.actions_host))
            desk, web = (
                opened.enter_context(listen(host, port, name)) if port else None
                for host, port, name in ((settings.desk_host, settings.desk_port, "DESK_PORT"),
                                         (settings.web_host, settings.web_port, "WEB_PORT"))
            )  # fmt: skip
            opened.pop_all()
        return Sockets(actions, desk, web)

    def close(self) -> None:
        """Give the ports back."""
        for opened in (self.actions, self.desk, self.web):
            if opened is not None:
                opened.close()


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
                 self.upkeep.pulse(), self._keep_content(), self._introduce(),
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
            await asyncio.sleep(CONTENT_SECONDS)
            try:
                await self.parts.content.refresh()
            except Exception:
                log.exception("the content could not be looked at; the next look tries again")


def _bad_token() -> SettingsError:
    return SettingsError("setting TELEGRAM_TOKEN: Telegram does not know this token; ask @BotFather for it")


def _desk(
    settings: Settings, parts: Parts, database: Database, changes: Changes, delivery: Delivery, outbox: Outbox, bot: Bot
) -> Starlette:
    return make_desk(Desk(
        database=database, locales=desk_texts(settings.zone), parts=parts, changes=changes, deliver=delivery.deliver,
        wake=outbox.wake, render=make_renderer(parts).body, file_of=partial(bytes_of, bot),
        secure_cookies=settings.desk_url.startswith("https://"),
    ))  # fmt: skip


def _webhook(settings: Settings, receiver: Receiver) -> Webhook | None:
    secret = settings.webhook_secret.get_secret_value()
    return Webhook(settings.webhook_url, secret, receiver.keep) if settings.webhook_url else None


def _web(webhook: Webhook | None, upkeep: Upkeep) -> Starlette:
    health = upkeep.health()
    web = Starlette(routes=[*health.routes(), *([webhook.route()] if webhook else [])])
    web.state.health = health
    return web


@contextlib.asynccontextmanager
async def _connected(bot: Bot) -> AsyncIterator[None]:
    """The bot with its name known, unless Telegram cannot be reached: then that comes later."""
    try:
        await bot.initialize()
    except InvalidToken:
        raise
    except TelegramError as error:
        log.warning("Telegram cannot be reached yet: %s", type(error).__name__)
    try:
        yield
    finally:
        await bot.shutdown()


def _workplace(
    database: Database, changes: Changes, processor: Processor, inbox: Inbox, outbox: Outbox
) -> Workplace:
    """What of other workers concerns which part."""
    workplace = Workplace(database)
    workplace.hears("case", changes.publish)
    workplace.hears("member", processor.forget_member)
    workplace.finds(inbox.wake)
    workplace.finds(outbox.wake)
    return workplace


@contextlib.asynccontextmanager
async def assemble(
    settings: Settings, clock: Callable[[], datetime] = now, content: Content | None = None
) -> AsyncIterator[App]:
    """Build everything, the database schema included; close it all at the end. `content`: if it was read already.

    Raises `DatabaseUnreachable`, `LocaleError` or `SettingsError`, each with a line for the operator.
    """
    parts = make_parts(settings, clock, content)
    database = Database(settings.database_url)
    await database.check()
    await upgrade(database)
    rasa = Rasa(settings.rasa_url, settings.rasa_timeout, settings.rasa_token.get_secret_value())
    bot = connect(settings.telegram_token.get_secret_value(), settings.telegram_api_url)
    renderer = make_renderer(parts, lambda: name_of(bot))
    staff_chat = await StaffChat.load(database, settings.staff_chat_id)
    room = StaffRoom(renderer, parts.locales, settings.office_language, staff_chat, clock)
    delivery = Delivery(parts, renderer, room)
    access = GroupAccess(database, clock, room.call_admins)
    sender = TelegramSender(bot, database, clock, staff_chat=staff_chat, access=access, topic_name=room.topic_name,
                            has_version=parts.content.has_version, on_lost=delivery.lost)  # fmt: skip
    outbox = Outbox(database, sender, clock)
    conversation = make_conversation(settings, parts, rasa)
    processor = Processor(bot, database, conversation, delivery,
                          staff_chat=staff_chat, access=access, wake=outbox.wake, retry=outbox.retry)  # fmt: skip
    inbox = Inbox(database, processor.process)
    stopgap = Stopgap(bot, renderer, parts.content, staff_chat, settings.office_language)
    processor.excuse = stopgap.excuse
    receiver = Receiver(database, clock, inbox.wake, stopgap.excuse)
    poller = Poller(bot, database, receiver.keep)
    changes = Changes()
    database.changed = changes.publish
    workplace = _workplace(database, changes, processor, inbox, outbox)
    webhook = _webhook(settings, receiver)
    upkeep = Upkeep(clock=clock, settings=settings, database=database,
                    rounds=Rounds(database, parts, delivery.deliver), inbox=inbox,
                    outbox=outbox, poller=poller, polls=lambda: webhook is None and workplace.leads,
                    rasa=rasa, stopgap=stopgap,
                    telegram=(sender.line.outage, poller.outage))  # fmt: skip
    translator = make_translator(settings, clock)
    translating = Translating(database, parts, translator, conversation.detector, delivery.deliver, outbox.wake)
    desk = _desk(settings, parts, database, changes, delivery, outbox, bot)
    sockets = None
    try:
        sockets = Sockets.open(settings)
        async with _connected(bot):
            yield App(settings=settings, database=database, bot=bot, staff_chat=staff_chat, parts=parts,
                      poller=poller, inbox=inbox, outbox=outbox, delivery=delivery, desk=desk,
                      web=_web(webhook, upkeep), upkeep=upkeep, translating=translating,
                      sockets=sockets, workplace=workplace, webhook=webhook)  # fmt: skip
    except InvalidToken as error:
        raise _bad_token() from error
    finally:
        if sockets is not None:
            sockets.close()
        await translator.close()
        await rasa.close()
        await database.close()
