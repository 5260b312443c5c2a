"""From the Markdown of the content to the HTML that Telegram takes (Bot API, "HTML style")."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from html import escape

from markdown_it import MarkdownIt
from markdown_it.token import Token

_PARSER = MarkdownIt("commonmark", {"html": False})
_MARKS = {"strong_open": "<b>", "strong_close": "</b>", "em_open": "<i>", "em_close": "</i>"}
_TAGS = re.compile(r"<[^>]+>")
_LONGEST_SIGN = len("&quot;")
KEPT = 1024
"""So many texts of the content are kept as HTML: more than 70 entries in eight languages have."""


@lru_cache(KEPT)
def to_html(markdown: str) -> str:
    """Paragraphs, bold, italic, links and lists as Telegram HTML; anything else becomes its plain text."""
    blocks: list[str] = []
    numbers: list[int | None] = []
    item_prefix, in_item = "", False
    for token in _PARSER.parse(markdown):
        if token.type in {"ordered_list_open", "bullet_list_open"}:
            start = int(token.attrs.get("start", 1)) if token.type == "ordered_list_open" else None
            numbers.append(start)
        elif token.type in {"ordered_list_close", "bullet_list_close"}:
            numbers.pop()
        elif token.type == "list_item_open":
            number = numbers[-1]
            item_prefix = "  " * (len(numbers) - 1) + ("• " if number is None else f"{number}. ")
            numbers[-1] = None if number is None else number + 1
        elif token.type == "inline":
            joined = "\n" if in_item and item_prefix else "\n\n"
            blocks.append((joined if blocks else "") + item_prefix + _inline(token.children or []))
            in_item, item_prefix = bool(numbers), ""
    return "".join(blocks)


def _inline(tokens: list[Token]) -> str:
    parts = []
    for token in tokens:
        if token.type in _MARKS:
            parts.append(_MARKS[token.type])
        elif token.type == "link_open":
            parts.append(f'<a href="{escape(str(token.attrs.get("href", "")))}">')
        elif token.type == "link_close":
            parts.append("</a>")
        elif token.type in {"softbreak", "hardbreak"}:
            parts.append("\n")
        else:
            parts.append(escape(token.content, quote=False))
    return "".join(parts)


def plain(html: str) -> str:
    """The text of an HTML message without tags, for when Telegram refuses the tags."""
    text = _TAGS.sub("", html)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&#x27;", "'").replace(
        "&amp;", "&"
    )  # fmt: skip


def split(html: str, limit: int = 4000) -> list[str]:
    """Cut a long message at paragraph or line ends into pieces of at most `limit` characters.

    Lines longer than that (a person's own words) are cut through; they hold no tags. Telegram's own limit is 4096
    after the tags are gone, so counting the tags as well is on the safe side.
    """
    pieces: list[str] = [""]
    for line in html.split("\n"):
        for number, part in enumerate(_cut(line, limit)):
            if number or len(pieces[-1]) + len(part) + 1 > limit:
                pieces.append(part)
            else:
                pieces[-1] += ("\n" if pieces[-1] else "") + part
    return [piece for piece in pieces if piece.strip()] or [""]


def _cut(line: str, limit: int) -> Iterator[str]:
    """The line in parts of at most `limit` characters; `&amp;` and its kin stay whole."""
    while len(line) > limit:
        sign = line.rfind("&", limit - _LONGEST_SIGN, limit)
        end = sign if sign > 0 and ";" not in line[sign:limit] else limit
        yield line[:end]
        line = line[end:]
    yield line
