"""What a reader sees of a Markdown text, and the Markdown that Telegram cannot show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
UNFIT = {
    "heading_open": "a heading",
    "table_open": "a table",
    "image": "an image",
    "html_block": "HTML or a comment",
    "html_inline": "HTML or a comment",
    "hr": "a ruler",
    "fence": "a code block",
    "code_block": "an indented block",
}


@lru_cache(maxsize=8)
def parsed(markdown: str) -> tuple[Token, ...]:
    """The blocks of a text. The rules look at one text after the other, so a few are worth remembering."""
    return tuple(MARKDOWN.parse(markdown))


def plain(markdown: str) -> str:
    """The letters a reader sees; lengths are measured on these."""
    blocks = [token.children or [] for token in parsed(markdown) if token.type == "inline"]
    return "\n".join("".join("\n" if one.type == "softbreak" else one.content for one in block) for block in blocks)


def unfit(markdown: str) -> list[tuple[int, str]]:
    """What an answer may not contain, each with its line counted from 0."""
    found = []
    line = 0
    for token in _all(parsed(markdown)):
        line = token.map[0] if token.map else line
        if token.type in UNFIT:
            found.append((line, UNFIT[token.type]))
    return found


def _all(tokens: Iterable[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _all(token.children or [])
