"""What the bot says, by message id, as a phone shows it; so that a journey holds for every wording of a text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from string import Formatter
from zoneinfo import ZoneInfo

from bot.locales import Locales
from bot.telegram.markup import plain
from knowledge.library import Library, load
from knowledge.model import Entry

LANGUAGES = ("de", "en", "tr", "ar")
"""Languages of most journeys."""
SPOKEN = (*LANGUAGES, "ru", "uk", "pl", "fa")
"""All that the bot speaks: for journeys in which a language can go wrong by itself."""
LIBRARY: Library = load(SPOKEN)
HOW_MANY_MEMBERS = {
    "de": "Wie viele Mitglieder brauchen wir für einen Verein?",
    "en": "How many members do we need to found an association?",
    "tr": "Dernek kurmak için en az kaç üyeye ihtiyacımız var?",
    "ar": "كم عدد الأعضاء الذين نحتاجهم لتأسيس جمعية؟",
}
"""Asks clearly for `founding.members_needed`."""
_INVISIBLE = re.compile("[\u2066\u2069\u200e\u200f]")
_ANYTHING = "\0"


class _Blanks(dict[str, object]):
    def __missing__(self, name: str) -> str:
        return _ANYTHING


class _Phrasebook(Locales):
    """The bot's texts with blanks that may stay open."""

    def opened(self, language: str, key: str, blanks: dict[str, object]) -> str:
        if key not in self.keys:
            raise KeyError(key)
        return Formatter().vformat(self._texts[language].gettext(key), (), _Blanks(blanks))


PHRASES = _Phrasebook(SPOKEN, ZoneInfo("Europe/Berlin"))


def bare(text: str) -> str:
    """A text without the invisible marks that keep right-to-left text in order."""
    return _INVISIBLE.sub("", text)


def pattern(language: str, key: str, **blanks: object) -> re.Pattern[str]:
    """Finds the bot's text `key` in a bare text; a blank that is not given may hold anything."""
    text = plain(PHRASES.opened(language, key, blanks)).strip()
    return re.compile(".*?".join(re.escape(part) for part in text.split(_ANYTHING)), re.DOTALL)


def label(language: str, name: str) -> str:
    """A button's label: `button.human` by its message id, `founding.steps` by the entry it leads to, else as it is."""
    if name in PHRASES.keys:
        return PHRASES.opened(language, name, {}).split(_ANYTHING)[0]
    return entry(name, language).question if LIBRARY.has(name) else name


def entry(entry_id: str, language: str) -> Entry:
    """The curated entry as somebody who reads `language` gets it."""
    return LIBRARY.entry(entry_id, language)


def vague_texts(language: str) -> Iterator[str]:
    """Pairs of words from different questions: what somebody types who is not sure what to ask."""
    entries = [one for topic in LIBRARY.topics for one in LIBRARY.entries(topic, language)]
    questions = [one.question.rstrip("?؟").split() for one in entries]
    for step in range(1, len(questions)):
        for one, other in zip(questions, questions[step:], strict=False):
            yield f"{one[-1]} {other[-1]}"
            yield f"{one[0]} {other[-1]}"
