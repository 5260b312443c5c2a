"""What a person is shown before they agree: exactly what the office is going to see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from bot.conversation.attached import attach
from bot.conversation.incoming import Attachment, PersonMessage
from bot.conversation.replies import Lines, Part, Phrase
from bot.conversation.turn import Parts, Turn
from bot.storage import cases, persons
from bot.storage.models import Case, CaseMessage, Exchange

FIRST_STRONG_ISOLATE, POP_ISOLATE = "\u2068", "\u2069"
NAMED_TOPICS = frozenset({"founding", "funding", "rooms", "office"})


def public_subject(topic: str | None) -> str:
    """What may stand in a title: of a discrimination case nothing but that it is personal."""
    if topic in NAMED_TOPICS:
        return topic or ""
    return "personal" if topic == "discrimination" else "general"


async def preview(turn: Turn, case: Case) -> tuple[Part, ...]:
    """Exactly what would be shared, so that consent is given to something a person can see."""
    shared = await cases.exchanges_of(turn.session, turn.person)
    case.last_exchange_id = shared[-1].id if shared else 0
    subject = Phrase(f"desk.subject_{public_subject(case.topic)}")
    below = (*((Phrase("handoff.urgent"),) if case.urgent else ()), Phrase("handoff.consent_others"))
    if not shared:
        return (Phrase("handoff.shared_nothing", {"subject": subject}), *below)
    texts = (text for text, _ in _once(turn.parts, turn.language, shared))
    return (Lines((Phrase("handoff.shared_head", {"subject": subject}), *map(line, texts))), *below)


def _once(parts: Parts, language: str, shared: Sequence[Exchange]) -> list[tuple[str, Exchange]]:
    """Asked twice is shared once; each picture or the like is one of its own."""
    once = {(describe(parts, language, item), item.message_id): item for item in shared}
    return [(text, item) for (text, _), item in once.items()]


def line(text: str) -> Phrase:
    """A text as an item of a list."""
    return Phrase("handoff.shared_line", {"text": text})


def with_caption(kind: str, caption: str | None) -> str:
    """What is no text in one line: the name of its kind, and the words below it."""
    return f"{kind} · {FIRST_STRONG_ISOLATE}{caption}{POP_ISOLATE}" if caption else kind


def describe(parts: Parts, language: str, item: Exchange) -> str:
    """An exchange in one line: the person's words if they were kept, and the title of what was answered."""
    if item.media:
        return with_caption(parts.locales.say(language, f"sent.{item.media}"), item.question)
    title = parts.library.entry(item.entry_id, language).question if item.entry_id else None
    if title and item.question:
        # The two may be written in different directions.
        return f"{FIRST_STRONG_ISOLATE}{item.question}{POP_ISOLATE} · {title}"
    return title or item.question or parts.locales.say(language, "handoff.text_not_kept")


def own_words(text: str) -> str:
    """The person's own words in a text made by `describe`; any other text as it is."""
    if not text.startswith(FIRST_STRONG_ISOLATE):
        return text
    return text.removeprefix(FIRST_STRONG_ISOLATE).rpartition(f"{POP_ISOLATE} · ")[0] or text


async def keep(turn: Turn, message: PersonMessage, *, may_be_kept: bool) -> None:
    """E40: remember what is no text, for the hours in which a hand-off may include it. An edit changes what is kept.

    `may_be_kept`: the words below it are surely not sensitive; else only that something was asked is remembered.
    """
    kept = await persons.exchange_of(turn.session, turn.person, message.message_id) if message.edited else None
    if kept is None:
        kept = Exchange(person_id=turn.person.id, at=turn.now, language=turn.language)
        turn.session.add(kept)
    kept.media = kept.message_id = kept.album = kept.file = kept.question = None
    if may_be_kept:
        kept.media, kept.message_id, kept.album = message.media, message.message_id, message.album
        kept.file, kept.question = asdict(message.file) if message.file else None, message.text


async def share(turn: Turn) -> list[CaseMessage]:
    """Move what the person was shown, and nothing newer, from the short memory into the case; what is to be copied."""
    case = turn.case
    if case is None or case.last_exchange_id == 0:
        return []
    shared = await cases.exchanges_of(turn.session, turn.person, until_id=case.last_exchange_id)
    messages = [_shared(turn, case, text, item)
                for text, item in _once(turn.parts, turn.parts.office_language, shared)]  # fmt: skip
    turn.session.add_all(messages)
    await turn.session.flush()
    return [message for message in messages if message.media]


def _shared(turn: Turn, case: Case, text: str, item: Exchange) -> CaseMessage:
    office = turn.parts.office_language
    language = (item.language or turn.person.language) if item.question else office
    message = CaseMessage(case_id=case.id, author="shared", at=item.at, text=text, language=language,
                          source_chat_id=0, source_message_id=0)  # fmt: skip
    if item.media:
        message.text, message.media, message.album = item.question, item.media, item.album
        message.source_chat_id, message.source_message_id = turn.person.chat_id, item.message_id or 0
        attach(message, Attachment(**item.file) if item.file else None)
    message.translation_state = "wanted" if turn.parts.translates and language != office and message.text else None
    return message
