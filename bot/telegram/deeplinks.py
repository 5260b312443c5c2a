"""Links in a text that open the glossary in this chat (Bot API, "Deep linking")."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from html import escape

from bot.conversation.glossary import PAYLOAD
from bot.locales.bidi import PDI
from knowledge.model import Term

_TAG = re.compile(r"(<[^>]*>)")


def address(bot_name: str, term: Term) -> str:
    """Where a tap on the term leads: Telegram then sends the bot `/start term-...`."""
    return f"https://t.me/{bot_name}?start={PAYLOAD}{term.slug}"


def link(html: str, spellings: Mapping[str, Iterable[str]]) -> str:
    """Make a link of the first place where each address's word stands, in one of its spellings; not inside links."""
    owners = {variant: target for target, words in spellings.items() for word in words for variant in _variants(word)}
    if not owners:
        return html
    longest_first = sorted(owners, key=len, reverse=True)
    pattern = re.compile(rf"(?<![\w-])(?:{'|'.join(map(_pattern, longest_first))})(?!\w|-\w)")
    done: set[str] = set()

    def linked(match: re.Match[str]) -> str:
        target = owners[match.group().replace(PDI, "")]
        if target in done:
            return match.group()
        done.add(target)
        return f'<a href="{escape(target)}">{match.group()}</a>'

    pieces, inside = [], False
    for piece in _TAG.split(html):
        if piece.startswith("<"):
            inside = piece.startswith("<a ") or (inside and piece != "</a>")
        pieces.append(piece if inside or piece.startswith("<") else pattern.sub(linked, piece))
    return "".join(pieces)


def _variants(word: str) -> tuple[str, str]:
    """As it is written, and at the beginning of a sentence."""
    shown = escape(word, quote=False)
    return shown, shown[:1].upper() + shown[1:]


def _pattern(word: str) -> str:
    """The dot that ends an abbreviation may stand outside of the isolate around its letters."""
    return f"{re.escape(word[:-1])}{PDI}?\\." if word.endswith(".") else re.escape(word)
