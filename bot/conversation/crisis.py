"""Words that stand for acute danger, looked for before anything else and without Rasa.

The phrases are content (`knowledge/crisis.yml`): per language, plain words, matched as whole words after
lower-casing and dropping diacritics, so that "öldürmek" is found in "oldurmek". A phrase of one long word is also found
with a slip of the finger in it ("intihr" for "intihar"), but not with another letter ("iftihar" is pride).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

import yaml
from rapidfuzz.distance import OSA

from knowledge.spelling import plain_words

LONG = 6
"""Letters from which on a word is recognisable with a slip in it."""


class CrisisFileError(Exception):
    """The list of crisis phrases cannot be read; without it the bot does not start."""


def read_phrases(path: Path) -> dict[str, list[str]]:
    """Language -> phrases. Raises `CrisisFileError` with a line for the editor."""
    try:
        phrases = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise CrisisFileError(f"{path.name} in knowledge/ cannot be read: {error}") from error
    if not isinstance(phrases, dict) or not all(
        isinstance(group, list) and group and all(isinstance(phrase, str) and plain(phrase) for phrase in group)
        for group in phrases.values()
    ):
        raise CrisisFileError(f"{path.name} in knowledge/ has to name, per language, a list of phrases")
    return phrases


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """`text` in lower case, without diacritics, punctuation or repeated blanks; Arabic letters in one spelling."""
    return " ".join(plain_words(text))


class CrisisWords:
    """Finds crisis phrases of any language in a message."""

    def __init__(self, phrases: Mapping[str, Iterable[str]]) -> None:
        known = sorted({plain(phrase) for group in phrases.values() for phrase in group}, key=len, reverse=True)
        self._pattern = re.compile(r"\b(?:" + "|".join(map(re.escape, known)) + r")\b") if known else None
        long = [phrase for phrase in known if " " not in phrase and len(phrase) >= LONG]
        lengths = {len(phrase) + more for phrase in long for more in (-1, 0, 1)}
        self._near = {length: [phrase for phrase in long if abs(len(phrase) - length) <= 1] for length in lengths}
        """By the length of a written word the words it may be a slip of: most need not be compared with most."""

    def found_in(self, text: str) -> bool:
        """Whether the text holds one of the phrases."""
        words = plain(text)
        return bool(self._pattern and self._pattern.search(words)) or any(map(self._slipped, words.split()))

    def _slipped(self, word: str) -> bool:
        return any(is_slip(word, known) for known in self._near.get(len(word), ()))


def is_slip(written: str, meant: str) -> bool:
    """Whether one letter is missing, too many, or in its neighbour's place. Another letter may be another word."""
    if OSA.distance(written, meant, score_cutoff=1) != 1:
        return False
    return len(written) != len(meant) or sorted(written) == sorted(meant)
