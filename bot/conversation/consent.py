"""What a person is shown before they agree: exactly what the office is going to see."""

from __future__ import annotations

from bot.conversation.replies import Lines, Part, Phrase
from bot.conversation.turn import Parts, Turn
from bot.storage import cases
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
    others = Phrase("handoff.consent_others")
    if not shared:
        return (Phrase("handoff.shared_nothing", {"subject": subject}), others)
    # Asked twice is shared once.
    texts = dict.fromkeys(describe(turn.parts, turn.language, item) for item in shared)
    return (Lines((Phrase("handoff.shared_head", {"subject": subject}), *map(line, texts))), others)


def line(text: str) -> Phrase:
    """A text as an item of a list."""
    return Phrase("handoff.shared_line", {"text": text})


def describe(parts: Parts, language: str, item: Exchange) -> str:
    """An exchange in one line: the person's words if they were kept, and the title of what was answered."""
    title = parts.library.entry(item.entry_id, language).question if item.entry_id else None
    if title and item.question:
        # The two may be written in different directions.
        return f"{FIRST_STRONG_ISOLATE}{item.question}{POP_ISOLATE} · {title}"
    return title or item.question or parts.locales.say(language, "handoff.text_not_kept")


async def share(turn: Turn) -> None:
    """Move what the person was shown, and nothing newer, from the short memory into the case."""
    case = turn.case
    if case is None or case.last_exchange_id == 0:
        return
    shared = await cases.exchanges_of(turn.session, turn.person, until_id=case.last_exchange_id)
    texts = {describe(turn.parts, turn.parts.office_language, item): item.at for item in reversed(shared)}
    for text, at in reversed(texts.items()):
        turn.session.add(CaseMessage(case_id=case.id, author="shared", at=at, text=text,
                                     source_chat_id=0, source_message_id=0))  # fmt: skip
