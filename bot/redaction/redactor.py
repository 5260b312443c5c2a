"""Takes personal data out of a text. Pure: nothing is read, written or remembered."""

from __future__ import annotations

from dataclasses import dataclass

from bot.redaction.addresses import ADDRESSES
from bot.redaction.contacts import CONTACTS
from bot.redaction.marks import SIGNS, Kind, hide, show
from bot.redaction.names import NAMES
from bot.redaction.numbers import ACCOUNTS, TELEPHONES
from bot.redaction.rules import KindOfRule, Passage
from bot.redaction.spelling import clean, fold

RULES: tuple[KindOfRule, ...] = (*CONTACTS, *ACCOUNTS, *ADDRESSES, *TELEPHONES, *NAMES)
"""In this order: what has a mark of its own comes first, so that a number in an address is no telephone."""
_KINDS = {sign: kind for kind, sign in SIGNS.items()}


@dataclass(frozen=True)
class Found:
    """Personal data of one kind from `start` to `end`."""

    kind: Kind
    start: int
    end: int


def redact(text: str, language: str) -> str:
    """`text` with a placeholder such as `[e-mail]` or `[name]` for each piece of personal data.

    `language` (ISO 639-1) is the one it is written in, as far as known: doubtful leads to a name are those of that
    language only. Redacting again changes nothing; any text will do; takes time in proportion to its length.
    """
    text = clean(text)
    while (redacted := show(_mark(hide(text), language))) != text:  # one place may show another: twice as a rule
        text = redacted
    return text


def find(text: str, language: str) -> list[Found]:
    """Where personal data stands in `text`, which has been cleaned (`bot.redaction.spelling.clean`)."""
    marked, found, at = _mark(text, language), list[Found](), 0
    while at < len(marked):
        end = at + 1
        if marked[at] in _KINDS:
            while end < len(marked) and marked[end] == marked[at]:
                end += 1
            found.append(Found(_KINDS[marked[at]], at, end))
        at = end
    return found


def _mark(text: str, language: str) -> str:
    """`text` with a sign in the place of each character that is personal, so that its length does not change."""
    passage = Passage(text, fold(text), language)
    for kind, rule in RULES:
        spans = list(rule(passage))
        if spans:
            passage = Passage(_replaced(passage.text, spans, kind), _replaced(passage.folded, spans, kind), language)
    return passage.text


def _replaced(text: str, spans: list[tuple[int, int]], kind: Kind) -> str:
    parts, at = [], 0
    for start, end in spans:
        parts += [text[at : max(at, start)], SIGNS[kind] * (end - max(at, start))]
        at = max(at, end)
    return "".join((*parts, text[at:]))
