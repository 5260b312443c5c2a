"""The ideas in a text, whatever its language: concepts of the classifier's lexicon (`nlu/lexicon/`)."""

from __future__ import annotations

import asyncio
import re

from nlu.concepts import concepts
from nlu.text import normalise

_read: set[str] = set()
WORD = re.compile(r"[^\W_]+")

SENSITIVE = frozenset({
    "ANTIDISCRIM_OFFICE", "ATTACKED_NOW", "BULLYING", "DANGER_EMERGENCY", "DEATH_WISH", "DEPORTATION_FEAR",
    "DISCRIMINATION", "ETHNIC_ORIGIN", "FAREWELL_WORDS", "HARASSMENT_SEXUAL", "HEADSCARF", "HELPLESS_HOPELESS",
    "INSULT_HURT", "ONLINE_HATE", "POLICE_CHECK", "RACISM", "REFUSED_ENTRY", "SELF_HARM", "SEXUAL_IDENTITY",
    "SKIN_COLOUR", "THREAT", "VANDALISM", "VIOLENCE", "WEAPON",
})  # fmt: skip
"""What people name when they tell of discrimination, violence or crisis."""


async def read_ahead(language: str) -> None:
    """Read the lexicon in a thread if it has not been: that takes a tenth of a second, and 4 MB for good."""
    if language not in _read:
        await asyncio.to_thread(ideas_in, "", language)
        _read.add(language)


def words_of(text: str, language: str) -> list[str]:
    """The words of `text` in the one spelling that the lexicon knows."""
    return [word for found in WORD.findall(text) if (word := normalise(found, language))]


def ideas_in(text: str, language: str) -> list[str]:
    """The concepts that words of `text` stand for, each once."""
    return concepts(" ".join(words_of(text, language)), language)


def sounds_sensitive(text: str, language: str) -> bool:
    """Whether a word of `text` speaks of discrimination, violence or crisis, whatever it was taken for."""
    return not SENSITIVE.isdisjoint(ideas_in(text, language))
