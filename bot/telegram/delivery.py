"""From what a turn decided to rows of the outbox, all in the turn's transaction; and the way back for what got lost."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversation import cases
from bot.conversation.office.turn import OfficeTurn
from bot.conversation.replies import Buttons, CaseStep, Data, File, Phrase, Reply, StaffNote, Toast
from bot.conversation.turn import Parts, Turn
from bot.storage import cases as stored
from bot.storage.models import NOT_DELETED, Case, CaseMessage, OutboxMessage, Person
from bot.storage.persons import person_by_chat
from bot.telegram.copies import BY_PERSON
from bot.telegram.outbox import enqueue
from bot.telegram.render import Renderer
from bot.telegram.sender import OUTDATED, OVERTAKEN
from bot.telegram.staffroom import StaffRoom

TOAST_LIMIT = 200
"""Characters of the answer to a press (Bot API, answerCallbackQuery)."""


class Delivery:
    """Writes rows; sends nothing itself."""

    def __init__(self, parts: Parts, renderer: Renderer, room: StaffRoom) -> None:
        self._parts = parts
        self._renderer = renderer
        self._room = room

    async def deliver(self, session: AsyncSession, turn: Turn) -> None:
        """Write the rows for everything a turn decided."""
        for item in turn.items:
            if isinstance(item, Reply):
                self.reply(session, item, turn.person.chat_id)
            elif isinstance(item, File | Data):
                method, payload = self._renderer.file_call(item)
                enqueue(session, self._parts.clock(), kind="system", method=method, payload=payload,
                        chat_id=turn.person.chat_id)  # fmt: skip
            elif isinstance(item, Buttons):
                method, payload = self._renderer.buttons_call(item)
                enqueue(session, self._parts.clock(), kind="system", method=method, payload=payload,
                        chat_id=turn.person.chat_id)  # fmt: skip
            elif isinstance(item, CaseStep):
                await self._room.carry_out(session, item.case, item.effects, turn.person)
            else:
                await self._room.note(session, item)

    def reply(self, session: AsyncSession, reply: Reply, chat_id: int) -> None:
        """Write the rows of one reply to a person."""
        shown = self._renderer.entries(reply.parts)
        for method, payload in self._renderer.calls(reply):
            enqueue(session, self._parts.clock(), kind=reply.kind, method=method, payload=payload | shown,
                    chat_id=chat_id)  # fmt: skip

    async def note(self, session: AsyncSession, note: StaffNote) -> None:
        """Write the row of an answer to staff."""
        await self._room.note(session, note)

    async def answer_office(self, session: AsyncSession, office: OfficeTurn) -> None:
        """Write the rows for everything that somebody of the office brought about."""
        if office.turn is not None:
            await self.deliver(session, office.turn)
        for note in office.notes:
            await self._room.note(session, note, office.turn.case if office.turn is not None else None)
        self._room.tidy(session, removed=office.removed, cleared=office.cleared)

    def toast_text(self, toast: Toast, language: str) -> str:
        """The short answer to a press."""
        return self._parts.locales.say(language, toast.text.key, toast.text.params)[:TOAST_LIMIT]

    async def lost(self, session: AsyncSession, row: OutboxMessage, reason: str) -> None:
        """Something could not be delivered: the other side is told, in the same transaction."""
        if reason == "blocked" and row.chat_id is not None:
            await self._person_lost(session, row.chat_id)
        case = await stored.case_by_id(session, row.case_id) if row.case_id is not None else None
        kept = await session.get(CaseMessage, row.case_message_id) if row.case_message_id else None
        if row.kind == "alert":
            await self._room.alert_lost(session, row, case)
        elif case is not None and reason == "topic":
            await self._room.open_again(session, case)
        elif case is not None and kept is not None:
            await self._part_lost(session, row, case, kept, reason)
        elif reason == OUTDATED and row.chat_id is not None:
            await self._ask_again(session, row.chat_id)
        elif reason == OVERTAKEN and row.chat_id is not None:
            await self._say_dropped(session, row.chat_id)

    async def _ask_again(self, session: AsyncSession, chat_id: int) -> None:
        person = await person_by_chat(session, chat_id)
        if person is not None:
            parts = (Phrase("answer.changed_meanwhile"),)
            self.reply(session, Reply(parts=parts, language=person.language, kind="system"), chat_id)

    async def _say_dropped(self, session: AsyncSession, chat_id: int) -> None:
        person = await person_by_chat(session, chat_id)
        case = await stored.open_case(session, person) if person is not None else None
        if case is not None:
            self._room.say_dropped(session, case)

    async def _part_lost(
        self, session: AsyncSession, row: OutboxMessage, case: Case, kept: CaseMessage, reason: str
    ) -> None:
        """A message itself, or only what was to be done to the copy that is there."""
        if row.method == "deleteMessage" and (kept.deleted_at is not None or kept.author == "note"):
            self._still_there(session, row, case, kept)
        elif row.kind == "edit" or row.method.startswith("edit"):
            key = "desk.not_shown" if row.chat_id is None else "desk.not_corrected"
            self._room.warn(session, case, key, reply_to=_original(kept))
        elif row.kind == "relay" and kept.deleted_at is None:
            await self._message_lost(session, case, kept, reason)

    def _still_there(self, session: AsyncSession, row: OutboxMessage, case: Case, kept: CaseMessage) -> None:
        """E37, E59: Telegram deletes nothing old; said once of the phone, and in the topic of each piece."""
        if row.chat_id is None:
            self._room.warn(session, case, "desk.not_erased", reply_to=(row.payload or {}).get("message_id"))
        elif kept.failed != NOT_DELETED:
            self._room.warn(session, case, "desk.not_taken_back", time=kept.at)
        if (row.chat_id is None) == (kept.author in BY_PERSON):
            kept.failed = NOT_DELETED

    async def _message_lost(self, session: AsyncSession, case: Case, kept: CaseMessage, reason: str) -> None:
        """E28, E41: kept as undelivered, and no silence: staff are told, and the person if it was theirs."""
        kept.failed = reason
        by_staff = kept.author == "staff"
        self._room.warn(session, case, "desk.not_delivered", reply_to=_original(kept))
        person = await session.get(Person, case.person_id) if case.person_id is not None else None
        if not by_staff and person is not None:
            parts = (Phrase("handoff.not_passed_on"),)
            self.reply(session, Reply(parts=parts, language=person.language, kind="system"), person.chat_id)

    async def _person_lost(self, session: AsyncSession, chat_id: int) -> None:
        person = await person_by_chat(session, chat_id)
        if person is None:
            return
        case = await stored.open_case(session, person, lock=True)
        turn = Turn(parts=self._parts, session=session, person=person, case=case, now=self._parts.clock(),
                    language=person.language)  # fmt: skip
        await cases.lose(turn)
        await self.deliver(session, turn)


def _original(kept: CaseMessage) -> int | None:
    """Where staff wrote it, if they wrote it in the group."""
    return kept.source_message_id or None if kept.author == "staff" else None
