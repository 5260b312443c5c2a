"""Telegram's HTML, whatever it holds: nothing of a text is lost and entities lie where they belong."""

from __future__ import annotations

from contextlib import suppress
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.simulator.entities import CLUES, PATTERNS
from bot.simulator.errors import ApiError
from bot.simulator.html import TAGS, parse_html
from bot.simulator.state import Json

Tree = str | tuple[str, "list[Tree]"]
PLAIN_TAGS = sorted(TAGS.keys() - {"a", "span", "pre", "code", "tg-emoji"})
TREES = st.lists(
    st.recursive(
        st.text("aé م😀\n<&;\"'"),
        lambda inner: st.tuples(st.sampled_from(PLAIN_TAGS), st.lists(inner, max_size=3)),
        max_leaves=12,
    ),
    max_size=4,
)
SIGNS = ["<", ">", "</", "=", '"', "'", " ", "&", ";", "&lt;", "&#", "a", "😀", "<b>", "</b>", "<pre>", "</pre>",
         "<code>", "</code>", "<a href=", "</a>", "<span class=", "tg-spoiler", "w.de"]  # fmt: skip
ADDRESSES = ["/start", "@", "a", "ab@w", ".de", ".", "://", "http", "s", "#", "+49 611 ", "31 5000", " ", "ü", "/", "1"]


@given(st.text())
def test_an_escaped_text_comes_back_as_it_was_without_entities(text: str) -> None:
    assert parse_html(escape(text)) == (text, [])


@given(TREES)
def test_an_entity_covers_what_stands_between_its_tags(trees: list[Tree]) -> None:
    shown, entities = parse_html("".join(map(_written, trees)))
    assert shown == "".join(map(_shown, trees))
    assert sorted(map(_span, entities)) == sorted(span for span in _spans(trees, 0) if span[1])


def _written(tree: Tree) -> str:
    if isinstance(tree, str):
        return escape(tree)
    return f"<{tree[0]}>{''.join(map(_written, tree[1]))}</{tree[0]}>"


def _shown(tree: Tree) -> str:
    return tree if isinstance(tree, str) else "".join(map(_shown, tree[1]))


def _spans(trees: list[Tree], start: int) -> list[tuple[int, int, str]]:
    """Offset, length and type of all that is tagged, counted as Telegram does."""
    found = []
    for tree in trees:
        length = len(_shown(tree).encode("utf-16-le")) // 2
        if not isinstance(tree, str):
            found += [(start, length, TAGS[tree[0]]), *_spans(tree[1], start)]
        start += length
    return found


def _span(entity: Json) -> tuple[int, int, str]:
    return entity["offset"], entity["length"], entity["type"]


@given(st.lists(st.sampled_from(SIGNS), max_size=12).map("".join))
def test_no_entity_of_awkward_markup_leaves_its_text(source: str) -> None:
    with suppress(ApiError):
        text, entities = parse_html(source)
        size = len(text.encode("utf-16-le")) // 2
        assert all(0 <= e["offset"] < e["offset"] + e["length"] <= size for e in entities)


@pytest.mark.parametrize("kind", PATTERNS)
@given(text=st.lists(st.sampled_from(ADDRESSES), max_size=12).map("".join))
def test_no_entity_is_without_its_clue(kind: str, text: str) -> None:
    assert CLUES[kind].search(text) or not PATTERNS[kind].search(text)
