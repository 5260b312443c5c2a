"""When the translation service is asked, and what is said about its answer."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.translation.client import LibreTranslate, TranslationDown, TranslationRefused
from bot.translation.facts import Fact, changed_facts

FAULTS_IN_A_ROW = 3
"""Faults after which the service is left alone, so that nobody waits for it."""
PAUSE = timedelta(seconds=60)
"""How long it is left alone; then one fault is enough to leave it alone again."""


@dataclass(frozen=True)
class Translated:
    """A translation and the facts it changed; `text` is None if there was nothing to translate or nobody to ask."""

    text: str | None
    source: str
    target: str
    changed: tuple[Fact, ...] = ()


class Translator:
    """Translation between people and the office; without a client it is off."""

    def __init__(
        self, client: LibreTranslate | None, office_language: str, *, now: Callable[[], datetime],
        names: Collection[str] = (),
    ) -> None:  # fmt: skip
        """`names`: of staff and places, which a translation must keep; `now`: an aware clock."""
        self.office_language = office_language
        self._client = client
        self._names = names
        self._now = now
        self._faults = 0
        self._paused_until: datetime | None = None

    @property
    def available(self) -> bool:
        """Whether a service is configured and not being left alone after faults."""
        return self._client is not None and not self._paused

    async def translate(self, text: str, source: str, target: str, *, names: Collection[str] = ()) -> Translated:
        """`text` translated, and what that changed; `names`: further names this text must keep.

        Raises:
            TranslationDown: the service fails, or failed so often that it is not asked now.
            TranslationRefused: it does not take this text or these languages.
            LookupError: the facts of a language that is none of the bot's own eight cannot be compared.
        """
        if self._client is None or source == target or not _has_letters(text):
            return Translated(None, source, target)
        if self._paused:
            raise TranslationDown("left alone after faults")
        translation = await self._ask(self._client, text, source, target)
        changed = changed_facts(text, translation, source, target, (*self._names, *names))
        return Translated(translation, source, target, tuple(changed))

    async def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await self._client.close()

    @property
    def _paused(self) -> bool:
        return self._paused_until is not None and self._now() < self._paused_until

    async def _ask(self, client: LibreTranslate, text: str, source: str, target: str) -> str:
        try:
            translation = await client.translate(text, source, target)
        except TranslationRefused:
            # Other texts and other languages may well do.
            self._faults, self._paused_until = 0, None
            raise
        except TranslationDown:
            self._faults += 1
            if self._faults >= FAULTS_IN_A_ROW:
                self._paused_until = self._now() + PAUSE
            raise
        self._faults, self._paused_until = 0, None
        return translation


def _has_letters(text: str) -> bool:
    return any(character.isalpha() for character in text)
