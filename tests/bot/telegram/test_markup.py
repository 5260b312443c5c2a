"""From the content's Markdown to Telegram's HTML, and long messages in several pieces."""

from __future__ import annotations

from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.simulator.html import parse_html
from bot.telegram.markup import plain, split, to_html

TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]) | st.just("\n"), max_size=200)
SIGNS = ["a", "<", "&", ">", '"', "'", "*", "_", "[x](y)", "`", "\n", "\n\n", "- ", "1. ", "ß", "م", "👍", "# ", "> ",
         "|", "\\", "<b>", "&amp;", "~"]  # fmt: skip
AWKWARD = st.lists(st.sampled_from(SIGNS), max_size=30).map("".join)
LIMIT = 12


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("One **bold** and *soft* word.", "One <b>bold</b> and <i>soft</i> word."),
        ("First.\n\nSecond.", "First.\n\nSecond."),
        ("- one\n- two", "• one\n• two"),
        ("Do:\n\n1. one\n2. two\n\nDone.", "Do:\n\n1. one\n2. two\n\nDone."),
        ("3. three\n4. four", "3. three\n4. four"),
        ("- one\n  - inner\n- two", "• one\n  • inner\n• two"),
        ("[the city](https://w.de/a?b=1&c=2)", '<a href="https://w.de/a?b=1&amp;c=2">the city</a>'),
        ("5 < 7 & <b>no tag</b>", "5 &lt; 7 &amp; &lt;b&gt;no tag&lt;/b&gt;"),
        ("`code` and # no head", "code and # no head"),
        ("", ""),
    ],
)
def test_markdown_becomes_what_telegram_shows(markdown: str, html: str) -> None:
    assert to_html(markdown) == html


@given(AWKWARD | TEXT)
def test_any_markdown_becomes_html_that_telegram_reads(markdown: str) -> None:
    html = to_html(markdown)
    text, _ = parse_html(html)
    assert text.strip() == plain(html).strip()


@given(AWKWARD | TEXT)
def test_plain_is_what_telegram_would_have_shown(text: str) -> None:
    assert plain(f"<b>{escape(text, quote=False)}</b> {escape(text)}") == f"{text} {text}"


def squeezed(text: str) -> str:
    """Without what a cut may swallow."""
    return "".join(text.split())


@given(st.lists(st.text("ab &<م", max_size=3 * LIMIT), max_size=8).map("\n".join))
def test_no_letter_of_a_long_message_is_lost_and_no_piece_is_too_long_or_empty(text: str) -> None:
    pieces = split(escape(text, quote=False), LIMIT)
    assert all(len(piece) <= LIMIT for piece in pieces)
    assert squeezed("".join(parse_html(piece)[0] for piece in pieces)) == squeezed(text)
    assert all(piece.strip() for piece in pieces) or pieces == [""]


def test_a_message_that_fits_is_not_cut() -> None:
    text = "\n\n".join(["word " * 20] * 30)
    assert len(text) < 4000
    assert split(text) == [text]


def test_a_long_message_is_cut_between_paragraphs() -> None:
    paragraph = "word " * 300
    pieces = split("\n\n".join([paragraph] * 5))
    assert len(pieces) == 3
    assert all(piece.strip().endswith("word") for piece in pieces)


def test_a_single_endless_line_is_cut_through() -> None:
    assert [len(piece) for piece in split("x" * 9000)] == [4000, 4000, 1000]
