"""What people write, language by language, and what has to be understood."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from hypothesis import strategies as st

from flows.values.lexicon import lexicon

LANGUAGES = ("de", "en", "tr", "ar", "ru", "uk", "pl", "fa")


def messages(language: str) -> st.SearchStrategy[str]:
    """Any text, and any heap of the language's own words, figures and signs, which is where a grammar trips."""
    words = sorted(" ".join(phrase) for phrase in lexicon(language).phrases)
    figures = st.from_regex(r"[0-9٠-٩۰-۹ .,:/+'h-]{1,12}", fullmatch=True)
    heap = st.lists(st.sampled_from(words) | figures | st.text(max_size=3), max_size=7)
    return st.text() | heap.map(" ".join) | heap.map("".join)


ANY_MESSAGE = st.sampled_from(LANGUAGES).flatmap(lambda code: st.tuples(st.just(code), messages(code)))


def phrasings(name: str) -> list[tuple[str, str, Any]]:
    """The rows of a table: language, text, what is expected of it."""
    table = yaml.load((Path(__file__).parent / f"{name}.yml").read_text(encoding="utf-8"), yaml.BaseLoader)
    return [(language, text, expected) for language, rows in table.items() for text, expected in rows.items()]
