"""Latin words and numbers inside right-to-left text, kept readable with Unicode isolates (UAX #9)."""

from __future__ import annotations

import re
from html import escape, unescape

from bot.locales import RIGHT_TO_LEFT

LRI, PDI, LRM, RLM = "\u2066", "\u2069", "\u200e", "\u200f"
_RTL = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff"
_SYMBOLS = "\u2100-\u2bff"
_RUN = re.compile(
    # From the first Latin letter or digit to the last one before the script changes again; a dot belongs to the run
    # if it ends an abbreviation such as "e.V." or "Frau A.".
    rf"[/@+#§]?[^\W{_RTL}{_SYMBOLS}](?:[^{_RTL}\n<>{LRI}{PDI}{RLM}]*[^\W{_RTL}{_SYMBOLS}](?:(?<=[. ][^\W\d_])\.)?)?"
)
_TAG = re.compile(r"(<[^>]*>)")


def is_rtl(language: str) -> bool:
    """Whether the language is written from right to left."""
    return language in RIGHT_TO_LEFT


def line_mark(language: str) -> str:
    """What begins a line that may start with a word of any script, so that it runs as the language does."""
    return RLM if is_rtl(language) else LRM


def isolate(text: str) -> str:
    """Wrap every left-to-right run of a plain text in an isolate, so that neighbours do not reorder it."""
    parts, end = [], 0
    for run in _RUN.finditer(text):
        start, stop = run.span()
        if text[start:stop].count("(") > text[start:stop].count(")") and text[stop : stop + 1] == ")":
            stop += 1
        parts += [text[end:start], LRI, text[start:stop], PDI]
        end = stop
    return "".join([*parts, text[end:]])


def _isolate_html(text: str) -> str:
    """The same for a text without tags; `&amp;` is one sign there and no Latin word."""
    return escape(isolate(unescape(text)), quote=False)


def arrange(html: str, language: str) -> str:
    """Make an HTML message readable in its language: nothing to do from left to right.

    In right-to-left languages every line starts with a mark that sets its direction, and left-to-right runs between
    tags are isolated. Tags and their attributes are left alone.
    """
    if not is_rtl(language):
        return html
    lines = []
    for line in html.split("\n"):
        pieces = _TAG.split(line)
        done = "".join(piece if index % 2 else _isolate_html(piece) for index, piece in enumerate(pieces))
        lines.append(RLM + done if done.strip() else done)
    return "\n".join(lines)
