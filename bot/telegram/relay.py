"""Messages of a case on their way to the other side: passed on, corrected, taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from html import escape
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversation.actions import case_action
from bot.conversation.relayed import parts_of
from bot.conversation.replies import Answer, Button, Phrase, Rows
from bot.locales import Locales
from bot.storage.models import Case, CaseMessage, Person, Staff, Upload
from bot.telegram.albums import copy_with_album, drop_waiting
from bot.telegram.copies import BY_PERSON, PIECE, copies_of, count_pieces
from bot.telegram.markup import plain, split
from bot.telegram.outbox import enqueue
from bot.telegram.render import Renderer

LONGEST_CAPTION = 1024
"""Characters under a file, without tags (Bot API, sendDocument)."""
BURST = timedelta(seconds=10)
"""Between two messages of one burst."""


class Relayer:
    """Writes rows of the outbox for messages. `language`: the office's."""

    def __init__(self, renderer: Renderer, locales: Locales, language: str, clock: Callable[[], datetime]) -> None:
        self._renderer = renderer
        self._locales = locales
        self._language = language
        self._clock = clock

    async def pass_on(self, session: AsyncSession, case: Case, message_id: int, person: Person) -> None:
        """Send a stored message to whoever did not write it; what nobody wrote in the topic is shown there as well."""
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
        html, shown = await self._for_person(session, kept, person), self._renderer.entries(parts_of(kept))
        if await session.get(Upload, kept.id) is not None:
            caption, below = _caption(html)
            payload = {**_file(kept), **caption, "mirror": await self._shown(session, kept)}
            self._enqueue(session, case, kept, "sendDocument", payload, chat_id=person.chat_id)
            self._say_below(session, case, kept, below, chat_id=person.chat_id)
        elif kept.media:
            await self._copy(session, case, kept, chat_id=person.chat_id)
        else:
            for payload in _pieces(html):
                self._enqueue(session, case, kept, "sendMessage", payload | shown, chat_id=person.chat_id)

    async def _to_topic(self, session: AsyncSession, case: Case, kept: CaseMessage) -> None:
        silent = await _in_a_burst(session, kept)
        if kept.media and not kept.edited_at:
            await self._copy(session, case, kept, chat_id=None, silent=silent)
            return
        payloads = [{**payload, "disable_notification": silent} for payload in self._pieces_for_staff(case, kept)]
        if kept.edited_at:
            payloads[0][PIECE] = 0
        if kept.media and kept.copy_message_id is not None:
            # The file stands above, as it was sent; only its words are others now.
            payloads[0]["reply_parameters"] = {"message_id": kept.copy_message_id,
                                               "allow_sending_without_reply": True}  # fmt: skip
        for payload in payloads:
            self._enqueue(session, case, kept, "sendMessage", payload, chat_id=None)

    def _pieces_for_staff(self, case: Case, kept: CaseMessage) -> list[dict[str, Any]]:
        payloads = _pieces(self._for_staff(case, kept))
        payloads[-1] |= self._suggestion_button(case, kept)
        return payloads

    async def _copy(
        self, session: AsyncSession, case: Case, kept: CaseMessage, *, chat_id: int | None, silent: bool = False
    ) -> None:
        await copy_with_album(session, self._clock(), kept, case, chat_id=chat_id, silent=silent)

    def _say_below(
        self, session: AsyncSession, case: Case, kept: CaseMessage, html: str, *, chat_id: int | None
    ) -> None:
        """What did not fit under a file."""
        for payload in _pieces(html) if html else ():
            self._enqueue(session, case, kept, "sendMessage", payload, chat_id=chat_id)

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
        """What was picked, or written at the desk, in the topic: the group sees the whole conversation."""
        uploaded = await session.get(Upload, kept.id) is not None
        if uploaded and kept.author == "staff":
            return  # shown when Telegram has the file
        shown = await self._shown(session, kept, as_file=uploaded)
        method = "sendDocument" if uploaded else "sendMessage"
        for number, payload in enumerate(shown):
            payload = {**_file(kept), **payload} if uploaded and not number else payload
            self._enqueue(session, case, kept, method if not number else "sendMessage", payload, chat_id=None,
                          kind="mirror")  # fmt: skip

    async def _shown(self, session: AsyncSession, kept: CaseMessage, *, as_file: bool = True) -> list[dict[str, Any]]:
        """What the topic shows of a message that nobody typed there, as captions or texts."""
        staff = await session.get(Staff, kept.staff_id)
        head = self._say(_head_of(kept), staff=staff.name if staff else "")
        html = f"{head}\n{self._renderer.body(parts_of(kept), self._language)}"
        if not as_file:
            return [{**payload, "disable_notification": True} for payload in _pieces(html)]
        caption, below = _caption(html)
        return [{**payload, "disable_notification": True} for payload in (caption, *(_pieces(below) if below else ()))]

    async def correct(
        self, session: AsyncSession, case: Case, message_id: int, person: Person, *, at_desk: bool = False
    ) -> None:
        """Put the present text of a message, with its translation, in the place of the copy that was sent.

        `at_desk`: it was changed there, and the topic is to show that too.
        """
        kept = await session.get(CaseMessage, message_id)
        if kept is None:
            return
        chat_id = None if kept.author in BY_PERSON else person.chat_id
        payloads = await self._corrected(session, case, kept, person)
        await self._replace(session, case, kept, payloads, chat_id=chat_id, kind="edit")
        if at_desk:
            await self._correct_in_topic(session, case, kept)

    async def _corrected(
        self, session: AsyncSession, case: Case, kept: CaseMessage, person: Person
    ) -> list[dict[str, Any]]:
        if kept.author in BY_PERSON:
            # What a person changed of a file's words stands below it, in a message of its own.
            in_caption = kept.media and not kept.edited_at
            return self._under_file(kept, self._language) if in_caption else self._pieces_for_staff(case, kept)
        if kept.media:
            return self._under_file(kept, person.language)
        return _pieces(await self._for_person(session, kept, person))

    def _under_file(self, kept: CaseMessage, language: str) -> list[dict[str, Any]]:
        """The words under a copied file; a translation that does not fit there stands below it."""
        own, translated = escape(kept.text or "", quote=False), "\n\n".join(self._translated(kept, language))
        caption, below = _caption("\n\n".join(filter(None, (own, translated))), alone=own, rest=translated)
        return [caption, *(_pieces(below) if below else ())]

    async def _replace(
        self, session: AsyncSession, case: Case, kept: CaseMessage, payloads: list[dict[str, Any]], *,
        chat_id: int | None, kind: str,
    ) -> None:  # fmt: skip
        """Each piece in the place of the one that was sent; where there is none, the sender makes a message of it."""
        before = await count_pieces(session, kept, chat_id)
        for number, payload in enumerate(payloads):
            method = "editMessageCaption" if "caption" in payload else "editMessageText"
            self._enqueue(session, case, kept, method, payload | {PIECE: number}, chat_id=chat_id, kind=kind)
        for number in range(len(payloads), before):
            self._enqueue(session, case, kept, "deleteMessage", {PIECE: number}, chat_id=chat_id, kind="edit")

    async def _correct_in_topic(self, session: AsyncSession, case: Case, kept: CaseMessage) -> None:
        """What the bot posted there is changed; below what somebody typed there it is said anew."""
        typed = bool(kept.source_message_id) and (None, kept.source_message_id) not in await copies_of(session, kept)
        shown = await self._shown(session, kept, as_file=bool(kept.media) and not typed)
        if not typed or await count_pieces(session, kept, None):
            changed = [{name: payload[name] for name in payload if name != "disable_notification"} for payload in shown]
            await self._replace(session, case, kept, changed, chat_id=None, kind="mirror")
            return
        shown[0]["reply_parameters"] = {"message_id": kept.source_message_id, "allow_sending_without_reply": True}
        for payload in shown:
            self._enqueue(session, case, kept, "sendMessage", payload, chat_id=None, kind="mirror")

    async def take_back(self, session: AsyncSession, case: Case, message_id: int, person: Person) -> None:
        """Delete all that shows it on either side; the original in the group as well, if its writer deletes it."""
        kept = await session.get(CaseMessage, message_id)
        if kept is None:
            return
        await drop_waiting(session, kept)
        copies = await copies_of(session, kept)
        for chat_id, copy_id in copies:
            self._enqueue(session, case, kept, "deleteMessage", {"message_id": copy_id}, chat_id=chat_id, kind="edit")
        if kept.author == "staff" and kept.source_message_id and (None, kept.source_message_id) not in copies:
            enqueue(session, self._clock(), kind="bin", method="deleteMessage", chat_id=kept.source_chat_id,
                    payload={"message_id": kept.source_message_id})  # fmt: skip

    def _say(self, key: str, **params: Any) -> str:
        return self._renderer.say(Phrase(key, params), self._language)


def _pieces(html: str) -> list[dict[str, Any]]:
    # With its writer's name above it, the longest message Telegram takes is too long for one.
    return [{"text": piece, "parse_mode": "HTML"} for piece in split(html)]


def _caption(html: str, *, alone: str = "", rest: str | None = None) -> tuple[dict[str, Any], str]:
    """What stands under a file, and what has to stand below it in a message of its own."""
    if len(plain(html)) <= LONGEST_CAPTION:
        return {"caption": html, "parse_mode": "HTML"}, ""
    fits = len(plain(alone)) <= LONGEST_CAPTION
    return {"caption": alone if fits else "", "parse_mode": "HTML"}, html if rest is None or not fits else rest


def _head_of(kept: CaseMessage) -> str:
    """What stands above it in the topic."""
    if kept.edited_at:
        return "desk.corrected_at_desk"
    if kept.source_chat_id:
        return "desk.sent_here"
    return "desk.noted_at_desk" if kept.author == "note" else "desk.sent_at_desk"


def _file(kept: CaseMessage) -> dict[str, Any]:
    return {"document": {"upload": kept.id, "name": kept.file_name or "datei"}}


async def _in_a_burst(session: AsyncSession, kept: CaseMessage) -> bool:
    """E38, E39: of what a person sends in one breath, only the first thing rings; what opens a case has rung."""
    if kept.author == "shared":
        return True
    query = select(CaseMessage).where(CaseMessage.case_id == kept.case_id, CaseMessage.id < kept.id)
    before = await session.scalar(query.order_by(CaseMessage.id.desc()).limit(1))
    return before is not None and before.author == "person" and kept.at - before.at < BURST
