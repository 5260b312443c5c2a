"""Ideas in a text, and that nobody who writes waits for a lexicon to be read."""

from __future__ import annotations

import pytest

from bot.insight import ideas
from bot.insight.ideas import ideas_in, read_ahead, sounds_sensitive
from nlu.concepts import lexicon


@pytest.fixture(autouse=True)
def nothing_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """As when the process has just begun."""
    monkeypatch.setattr(ideas, "_read", set())
    lexicon.cache_clear()


async def test_what_was_read_ahead_is_not_read_again() -> None:
    await read_ahead("fa")
    before = lexicon.cache_info().misses
    sounds_sensitive("hallo", "fa")
    assert lexicon.cache_info().misses == before > 0


@pytest.mark.parametrize("language", ["xx", ""])
def test_a_language_without_lexicon_has_the_german_words(language: str) -> None:
    assert ideas_in("Satzung", language) == ideas_in("Satzung", "de") != []
