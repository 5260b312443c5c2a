"""What a message of staff says, free of any language: German for staff and Persian for the person come of the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, time
from decimal import Decimal

from bot.conversation.replies import Answer, ContactCard, Explanation, Filled, Part, Phrase, Quote
from bot.locales.values import Value, read_value
from bot.storage.models import CaseMessage
from knowledge.phrases import BlankKind
from knowledge.phrases import Phrase as OfficePhrase


def parts_of(message: CaseMessage) -> tuple[Part, ...]:
    """The parts of a stored message."""
    ref = message.ref or ""
    match message.kind:
        case "entry":
            return (Answer(ref),)
        case "phrase":
            return (Filled(ref, message.blanks or {}),)
        case "term":
            return (Explanation(ref),)
        case "referral":
            return (Phrase("referral.go_to"), ContactCard(ref))
        case _:
            return (Quote(message.text or ""),)


def read_typed(phrase: OfficePhrase, typed: Mapping[str, str], today: date) -> dict[str, str]:
    """What staff typed into the blanks, as it is stored. Raises `UnreadableValue`, which names the message."""
    return {blank.name: str(read_value(blank.kind, typed.get(blank.name, ""), today=today))
            for blank in phrase.blanks}  # fmt: skip


def read_stored(phrase: OfficePhrase, stored: Mapping[str, str]) -> dict[str, Value]:
    """Back from the stored form."""
    return {blank.name: _READ.get(blank.kind, str)(stored[blank.name]) for blank in phrase.blanks}


_READ: dict[BlankKind, Callable[[str], Value]] = {
    BlankKind.DATE: date.fromisoformat,
    BlankKind.TIME: time.fromisoformat,
    BlankKind.NUMBER: Decimal,
    BlankKind.AMOUNT: Decimal,
}
