"""Cases in the office's group: one topic each, with header, shared exchange, relayed messages and buttons."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from html import escape
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversation.actions import case_action
from bot.conversation.consent import public_subject
from bot.conversation.menus import INTERPRETER
from bot.conversation.replies import Button, Phrase, Rows, StaffNote
from bot.handoff.effects import (
    AlertCoordinator,
    CloseTopic,
    DeleteRelayed,
    DropBotAnswers,
    EditRelayed,
    Effect,
    EraseCase,
    OpenTopic,
    RefreshHeader,
    Relay,
    ReopenTopic,
    TellStaff,
)
from bot.handoff.states import OPEN, WAITING, WITH_HUMAN, State, case_number
from bot.locales import Locales
from bot.storage.models import Case, OutboxMessage, Person, Staff
from bot.storage.office import NOBODY_CALLED, admins, record
from bot.telegram.lists import SHARED, Lists
from bot.telegram.markup import plain, split
from bot.telegram.outbox import (
    delete_topic,
    drop_bot_answers,
    drop_older_headers,
    enqueue,
    has_reached_another,
    hinted,
    put_behind,
)
from bot.telegram.relay import Relayer
from bot.telegram.render import NO_BUTTONS, Renderer
from bot.telegram.staffchat import StaffChat

log = logging.getLogger(__name__)

LONGEST_TITLE = 128
"""Characters of a topic's name (Bot API, createForumTopic)."""
LONGEST_NOTE = 4000
HINT_HOLDS = timedelta(hours=1)
HOLDS_SHARED = "desk.handed_in"
"""What is told with words of the person in it, which they may want to have erased."""


class StaffRoom:
    """Turns what a transition asks for into rows of the outbox."""

    def __init__(
        self, renderer: Renderer, locales: Locales, language: str, staff_chat: StaffChat, clock: Callable[[], datetime]
    ) -> None:
        self._renderer = renderer
        self._relayer = Relayer(renderer, locales, language, clock)
        self._lists = Lists(renderer, language, clock)
        self._locales = locales
        self._language = language
        self._staff_chat = staff_chat
        self._clock = clock

    def topic_name(self, case: Case) -> str:
        """Number, language and subject: never a name, never what somebody suffered."""
        return " · ".join((case_number(case.id), self._language_of(case), self._subject(case)))[:LONGEST_TITLE]

    def _language_of(self, case: Case) -> str:
        return self._locales.name_of(case.language, self._language)

    def _subject(self, case: Case) -> str:
        return self._locales.say(self._language, f"desk.subject_{public_subject(case.topic)}")

    async def carry_out(
        self, session: AsyncSession, work: Case, effects: tuple[Effect, ...], person: Person
    ) -> None:
        """Write the rows that the effects ask for."""
        for effect in effects:
            match effect:
                case Relay(int(message_id)):
                    await self._relayer.pass_on(session, work, message_id, person)
                case EditRelayed(message_id, at_desk):
                    await self._relayer.correct(session, work, message_id, person, at_desk=at_desk)
                case DeleteRelayed(message_id):
                    await self._relayer.take_back(session, work, message_id, person)
                    await self._lists.leave_out(session, work, message_id)
                case OpenTopic(alert):
                    await self._open(session, work, alert=alert)
                case RefreshHeader():
                    await self._refresh(session, work)
                case TellStaff():
                    await self._tell(session, work, effect)
                case AlertCoordinator():
                    await self.call_admins(session, effect.text, case=work, **effect.params)
                case CloseTopic():
                    self._call(session, work, "closeForumTopic")
                case ReopenTopic():
                    self._call(session, work, "reopenForumTopic")
                case DropBotAnswers():
                    if await drop_bot_answers(session, person.chat_id):
                        self.say_dropped(session, work)
                case EraseCase():
                    self._delete_topic(session, work)

    def _call(self, session: AsyncSession, case: Case, method: str) -> None:
        """A call about the topic itself; nothing to do where there is none yet."""
        if case.thread_id is not None:
            enqueue(session, self._clock(), kind="topic", method=method, payload={}, case=case)

    async def call_admins(self, session: AsyncSession, key: str, *, case: Case | None = None, **params: Any) -> None:
        """A private message to every admin who has a Telegram id; `case`: what it is about."""
        text, now = self._say(key, **params), self._clock()
        ids = [admin.telegram_id for admin in await admins(session) if admin.telegram_id is not None]
        for telegram_id in ids:
            enqueue(session, now, kind="alert", method="sendMessage", chat_id=telegram_id, case=case,
                    payload={"text": text, "parse_mode": "HTML"})  # fmt: skip
        if not ids:
            self._say_nobody_called(session, text, case)

    async def alert_lost(self, session: AsyncSession, row: OutboxMessage, case: Case | None) -> None:
        """An admin could not be told; if no other was told either, it is said where staff look."""
        if row.chat_id == self._staff_chat.id:
            return
        log.warning("an admin could not be told something in private: they have to open the chat with the bot "
                    "in Telegram and press Start")  # fmt: skip
        if not await has_reached_another(session, row):
            self._say_nobody_called(session, (row.payload or {})["text"], case)

    def _say_nobody_called(self, session: AsyncSession, text: str, case: Case | None) -> None:
        """Aloud in the case's topic (without a case in General), at the desk, and to the operator."""
        log.error("no admin could be told something urgent in Telegram: enter an admin's Telegram id at the desk "
                  "(Staff), and let them open the chat with the bot and press Start")  # fmt: skip
        record(session, self._clock(), NOBODY_CALLED, staff_id=None, case_id=case.id if case else None)
        html = f"{self._say('desk.nobody_called')}\n{text}"
        if case is not None:
            self._post(session, case, html, kind="staff", silent=False)
            return
        # What cannot be said now is not worth saying when the bot is back in the group.
        enqueue(session, self._clock(), kind="alert", method="sendMessage", chat_id=self._staff_chat.id,
                payload={"text": html, "parse_mode": "HTML"}, lane="alert")  # fmt: skip

    def say_dropped(self, session: AsyncSession, case: Case) -> None:
        """E2: staff see that the bot was about to say something."""
        self._post(session, case, self._say("desk.answer_dropped"), kind="staff", silent=True)

    def _delete_topic(self, session: AsyncSession, case: Case) -> None:
        if case.thread_id is not None:
            delete_topic(session, self._clock(), self._staff_chat.id, case.thread_id)

    async def _open(self, session: AsyncSession, case: Case, *, alert: bool) -> None:
        await self.post_header(session, case, alert=alert)
        await self._lists.post_shared(session, case)

    async def post_header(self, session: AsyncSession, case: Case, *, alert: bool) -> None:
        """Show the case at the top of its (new) topic."""
        self._post(session, case, await self._header(session, case), kind="new_header", silent=not alert,
                   markup=self._buttons(case))  # fmt: skip

    async def _refresh(self, session: AsyncSession, case: Case) -> None:
        await drop_older_headers(session, case)
        payload = {"text": await self._header(session, case), "parse_mode": "HTML",
                   "reply_markup": self._buttons(case)}  # fmt: skip
        enqueue(session, self._clock(), kind="header", method="editMessageText", payload=payload, case=case)

    async def _header(self, session: AsyncSession, case: Case) -> str:
        owner = await session.get(Staff, case.owner_id) if case.owner_id else None
        lines = [
            f"<b>{escape(self.topic_name(case), quote=False)}</b>",
            *([self._say("desk.urgent")] if case.urgent else []),
            *([self._say("desk.promise_missed")] if case.escalated_at else []),
            *([self._say("desk.interpreter")] if case.reason == INTERPRETER else []),
            self._say(f"desk.state_{case.state.lower()}", staff=owner.name if owner else ""),
            self._say("desk.asked_at", time=case.opened_at),
            *([self._say("desk.promised", time=case.promised_at)] if case.promised_at else []),
            *([self._say("desk.how_to")] if State(case.state) in OPEN else []),
        ]
        return "\n".join(lines)

    async def _tell(self, session: AsyncSession, case: Case, effect: TellStaff) -> None:
        params = dict(effect.params)
        for name in {"staff", "to"} & params.keys():
            staff = await session.get(Staff, params[name]) if params[name] else None
            params[name] = staff.name if staff else "–"
        kind = SHARED if effect.text == HOLDS_SHARED else "staff"
        self._post(session, case, self._say(effect.text, **params), kind=kind, silent=not effect.alert)

    def _buttons(self, case: Case) -> dict[str, Any]:
        markup = self._renderer.keyboard(header_buttons(case), self._language)
        if State(case.state) in WITH_HUMAN:
            markup["inline_keyboard"].insert(1, [self._picker()])
        return markup

    def _picker(self) -> dict[str, Any]:
        return {"text": plain(self._say("desk.button_pick")), "switch_inline_query_current_chat": ""}

    async def note(self, session: AsyncSession, note: StaffNote, case: Case | None = None) -> None:
        """Answer staff where they wrote. `case`: what it is about."""
        method, payload = "sendMessage", self._note_payload(note)
        if note.replace is not None:
            method, payload = "editMessageText", payload | {"message_id": note.replace}
        elif note.reply_to is not None:
            payload["reply_parameters"] = {"message_id": note.reply_to, "allow_sending_without_reply": True}
        if note.thread_id is not None and note.replace is None:
            payload["message_thread_id"] = note.thread_id
        lane = f"hint:{note.hint_for}" if note.hint_for is not None else ""
        if lane and await hinted(session, lane, self._clock() - HINT_HOLDS):
            return
        kind = "hint" if lane else "staff" if note.asks_for is None else "ask"
        enqueue(session, self._clock(), kind=kind, method=method, payload=payload, chat_id=self._staff_chat.id,
                case=case, case_message_id=note.asks_for, lane=lane)  # fmt: skip

    def _note_payload(self, note: StaffNote) -> dict[str, Any]:
        text = self._renderer.say(note.text, self._language)
        if note.parts:
            text = f"{text}\n\n{self._renderer.body(note.parts, self._language)}"
        markup = self._renderer.keyboard(note.rows, self._language)
        if note.picker:
            markup["inline_keyboard"].append([self._picker()])
        if note.asks_for is not None:
            markup = {"force_reply": True, "selective": True}
        return {"text": text[:LONGEST_NOTE], "parse_mode": "HTML", "reply_markup": markup}

    def tidy(self, session: AsyncSession, *, removed: Sequence[int], cleared: Sequence[int]) -> None:
        """Take away messages in the group, and buttons, that have done their work."""
        for message_id in removed:
            self._in_group(session, "deleteMessage", {"message_id": message_id})
        for message_id in cleared:
            self._in_group(session, "editMessageReplyMarkup", {"message_id": message_id, "reply_markup": NO_BUTTONS})

    def _in_group(self, session: AsyncSession, method: str, payload: dict[str, Any]) -> None:
        enqueue(session, self._clock(), kind="bin", method=method, payload=payload, chat_id=self._staff_chat.id)

    async def open_again(self, session: AsyncSession, case: Case) -> None:
        """E29: the topic was deleted; the new one begins with what was said up to now, then comes what waited."""
        query = select(OutboxMessage).where(OutboxMessage.lane == f"case:{case.id}", OutboxMessage.state == "pending")
        waiting = (await session.scalars(query.order_by(OutboxMessage.id))).all()
        await self._open(session, case, alert=True)
        await self._lists.post_history(session, case, self._clock())
        await session.flush()
        for row in waiting:
            await put_behind(session, row)

    def warn(self, session: AsyncSession, case: Case, key: str, *, reply_to: int | None = None, **params: Any) -> None:
        """Tell staff, aloud, what became of a message."""
        text = self._say(key, number=case_number(case.id), **params)
        self._post(session, case, text, kind="staff", silent=False, reply_to=reply_to)

    def _post(
        self, session: AsyncSession, case: Case, html: str, *, kind: str, silent: bool,
        markup: dict[str, Any] | None = None, reply_to: int | None = None,
    ) -> None:  # fmt: skip
        payloads: list[dict[str, Any]] = [
            {"text": piece, "parse_mode": "HTML", "disable_notification": silent} for piece in split(html)
        ]
        if markup is not None:
            payloads[-1]["reply_markup"] = markup
        if reply_to is not None:
            payloads[0]["reply_parameters"] = {"message_id": reply_to, "allow_sending_without_reply": True}
        for payload in payloads:
            enqueue(session, self._clock(), kind=kind, method="sendMessage", payload=payload, case=case)

    def _say(self, key: str, **params: Any) -> str:
        return self._renderer.say(Phrase(key, params), self._language)


def header_buttons(case: Case) -> Rows:
    """What staff can do with the case as it stands; each button is bound to its version."""

    def bound(name: str) -> Button:
        return Button(Phrase(f"desk.button_{name}"), case_action(name, case.id, case.version))

    state = State(case.state)
    if state in WAITING:
        return ((bound("take"),),)
    if state is State.UNREACHABLE:
        return ((bound("done"),),)
    return ((bound("done"), bound("release")), (bound("give"), bound("help"))) if state in WITH_HUMAN else ()
