"""Messages of a case on their way to the other side: passed on, corrected, taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from html import escape
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversation.actions import case_action
from bot.conversation.relayed import parts_of
from bot.conversation.replies import Answer, Button, Phrase, Rows
from bot.locales import Locales
from bot.storage.models import Case, CaseMessage, Person, Staff, Upload
from bot.telegram.markup import split
from bot.telegram.outbox import enqueue
from bot.telegram.render import Renderer

BY_PERSON = frozenset({"person", "shared", "asked"})


class Relayer:
    """Writes rows of the outbox for messages. `language`: the office's; `group`: id of the staff group."""

    def __init__(
        self, renderer: Renderer, locales: Locales, language: str, clock: Callable[[], datetime]
    ) -> None:
        self._renderer = renderer
        self._locales = locales
        self._language = language
        self._clock = clock

    async def pass_on(self, session: AsyncSession, case: Case, message_id: int, person: Person) -> None:
        """Send a stored message to whoever did not write it; what came from the desk is shown in the topic as well."""
        kept = await session.get(CaseMessage, message_id)
        if kept is None:
            return
        if kept.author in BY_PERSON:
            await self._to_topic(session, case, kept)
        elif kept.author == "staff":
            await self._to_person(session, case, kept, person)
        if kept.author in {"staff", "note"} and not kept.source_message_id:
            await self._mirror(session, case, kept)

    async def _to_person(self, session: AsyncSession, case: Case, kept: CaseMessage, person: Person) -> None:
        html = await self._for_person(session, kept, person)
        if await session.get(Upload, kept.id) is not None:
            payload: dict[str, Any] = {"document": {"upload": kept.id, "name": kept.file_name}, "caption": html,
                                       "parse_mode": "HTML"}  # fmt: skip
            self._enqueue(session, case, kept, "sendDocument", payload, chat_id=person.chat_id)
        elif kept.media:
            self._copy(session, case, kept, chat_id=person.chat_id)
        else:
            for payload in _pieces(html):
                self._enqueue(session, case, kept, "sendMessage", payload, chat_id=person.chat_id)

    async def _to_topic(self, session: AsyncSession, case: Case, kept: CaseMessage) -> None:
        if kept.media and not kept.edited_at:
            self._copy(session, case, kept, chat_id=None)
            return
        payloads = _pieces(self._for_staff(case, kept))
        payloads[-1] |= self._suggestion_button(case, kept)
        for payload in payloads:
            self._enqueue(session, case, kept, "sendMessage", payload, chat_id=None)

    def _copy(self, session: AsyncSession, case: Case, kept: CaseMessage, *, chat_id: int | None) -> None:
        payload = {"from_chat_id": kept.source_chat_id, "message_id": kept.source_message_id}
        self._enqueue(session, case, kept, "copyMessage", payload, chat_id=chat_id)

    def _enqueue(
        self, session: AsyncSession, case: Case, kept: CaseMessage, method: str, payload: dict[str, Any], *,
        chat_id: int | None, kind: str = "relay",
    ) -> None:  # fmt: skip
        enqueue(session, self._clock(), kind=kind, method=method, payload=payload, chat_id=chat_id, case=case,
                case_message_id=kept.id)  # fmt: skip

    async def _for_person(self, session: AsyncSession, kept: CaseMessage, person: Person) -> str:
        staff = await session.get(Staff, kept.staff_id)
        head = self._renderer.say(Phrase("handoff.staff_wrote", {"staff": staff.name if staff else ""}),
                                  person.language)  # fmt: skip
        blocks = [f"{head}\n{self._renderer.body(parts_of(kept), person.language)}"]
        blocks += self._translated(kept, person.language)
        return "\n\n".join(blocks)

    def _for_staff(self, case: Case, kept: CaseMessage) -> str:
        """The original with its language named, what it was before an edit, and what the bot would have answered."""
        text = escape(kept.text or "", quote=False)
        if kept.edited_at:
            was = f"<s>{escape(kept.was, quote=False)}</s>\n" if kept.was else ""
            blocks = [f"{self._say('desk.person_edited')}\n{was}{text}"]
        else:
            language = self._locales.name_of(kept.language or case.language, self._language)
            blocks = [f"{self._say('desk.person_wrote', language=language)}\n{text}"]
        blocks += self._translated(kept, self._language)
        if kept.ref and not kept.edited_at:
            answer = self._renderer.body((Answer(kept.ref),), self._language)
            blocks.append(f"<blockquote expandable>{self._say('desk.bot_would_say')}\n{answer}</blockquote>")
        return "\n\n".join(blocks)

    def _translated(self, kept: CaseMessage, language: str) -> list[str]:
        """A translation is marked as a machine's, and as doubtful where facts differ; that there is none is said."""
        if kept.translation_state in {"late", "failed"}:
            return [self._renderer.say(Phrase("translation.failed"), language)]
        if not kept.translation:
            return []
        mark = self._renderer.say(Phrase("translation.machine"), language)
        lines = [mark, escape(kept.translation, quote=False)]
        if kept.translation_state == "doubtful":
            facts = kept.facts or ""
            lines.append(self._renderer.say(Phrase("translation.doubtful", {"facts": facts}), language))
        return ["\n".join(lines)]

    def _suggestion_button(self, case: Case, kept: CaseMessage) -> dict[str, Any]:
        if not kept.ref or kept.edited_at:
            return {}
        rows: Rows = ((Button(Phrase("desk.button_send_entry"),
                              case_action("answer", case.id, case.version, kept.ref)),),)  # fmt: skip
        return {"reply_markup": self._renderer.keyboard(rows, self._language)}

    async def _mirror(self, session: AsyncSession, case: Case, kept: CaseMessage) -> None:
        """What was written at the desk, in the topic, so that the group sees the whole conversation."""
        staff = await session.get(Staff, kept.staff_id)
        key = "desk.noted_at_desk" if kept.author == "note" else "desk.sent_at_desk"
        head = self._say(key, staff=staff.name if staff else "")
        text = self._renderer.body(parts_of(kept), self._language)
        for payload in _pieces(f"{head}\n{text}"):
            enqueue(session, self._clock(), kind="staff", method="sendMessage",
                    payload={**payload, "disable_notification": True}, case=case)  # fmt: skip

    async def correct(self, session: AsyncSession, case: Case, message_id: int, person: Person) -> None:
        """Put the present text of a message, with its translation, in the place of the copy that was sent."""
        kept = await session.get(CaseMessage, message_id)
        if kept is None:
            return
        by_person = kept.author in BY_PERSON
        html = self._for_staff(case, kept) if by_person else await self._for_person(session, kept, person)
        pieces = split(html)
        if len(pieces) > 1:
            await self.pass_on(session, case, kept.id, person)
            return
        method, payload = "editMessageText", {"text": pieces[0], "parse_mode": "HTML"}
        if kept.media:
            method, payload = "editMessageCaption", {"caption": kept.text or ""}
        self._enqueue(session, case, kept, method, payload, chat_id=None if by_person else person.chat_id, kind="edit")

    async def take_back(self, session: AsyncSession, case: Case, message_id: int, person: Person) -> None:
        """Delete the copy that was sent, and the original where it stands in the group."""
        kept = await session.get(CaseMessage, message_id)
        if kept is None:
            return
        chat_id = None if kept.author in BY_PERSON else person.chat_id
        self._enqueue(session, case, kept, "deleteMessage", {}, chat_id=chat_id, kind="edit")

    def _say(self, key: str, **params: Any) -> str:
        return self._renderer.say(Phrase(key, params), self._language)


def _pieces(html: str) -> list[dict[str, Any]]:
    # With its writer's name above it, the longest message Telegram takes is too long for one.
    return [{"text": piece, "parse_mode": "HTML"} for piece in split(html)]
