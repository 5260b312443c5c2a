"""Whether a name is still there, also in another script."""

from __future__ import annotations

import re
import unicodedata

from rapidfuzz import fuzz

from knowledge.spelling import bare

SCRIPTS = {"ar": "ARABIC", "fa": "ARABIC", "ru": "CYRILLIC", "uk": "CYRILLIC"}
"""Scripts of the languages that are not written in Latin letters."""
INFLECTING = frozenset({"pl", "ru", "uk"})
"""Languages that change the last vowel of a name."""
ENOUGH_CONSONANTS = 3
"""Below it nearly every sentence has a word that sounds alike, and nothing can be said."""
ALIKE = 75
"""Share (in percent) of consonants in common from which a word may be the name in another script."""
_SOUNDS = [
    ("S", "sch|sh|cz|sz|ch|[szcžšçşßčż]|[сзцшщжч]|[سصثزضظذشژجچ]"), ("B", "ph|[bpvfw]|[бпвф]|[بپفوڤ]"),
    ("K", "[kgqxh]|[кгґхһ]|[كکگقغخحه]"), ("T", "th|[td]|[тд]|[تطدة]"), ("L", "[lł]|л|ل"), ("M", "m|м|م"),
    ("N", "n|н|ن"), ("R", "r|р|ر"),
]  # fmt: skip
_SOUND = re.compile("|".join(f"(?P<{sound}>{letters})" for sound, letters in _SOUNDS))
_WORD = re.compile(r"\w+")


def has_name(text: str, name: str, language: str) -> bool | None:
    """Whether `text` in `language` holds `name`; None if the script differs and the name is too short to tell."""
    if _literally(text, name, language):
        return True
    if SCRIPTS.get(language, "LATIN") == _script(name):
        return False
    sounds = _sounds(name)
    return any(_alike(sounds, part) for part in _parts(text, name)) if len(sounds) >= ENOUGH_CONSONANTS else None


def _literally(text: str, name: str, language: str) -> bool:
    stem = re.escape(bare(name))
    if language in INFLECTING and bare(name)[-1:] in "aeiouyаеиоуыяії":
        stem = re.escape(bare(name)[:-1])
    return re.search(rf"(?<!\w){stem}", bare(text)) is not None


def _script(name: str) -> str:
    return next((unicodedata.name(letter, "").split()[0] for letter in name if letter.isalpha()), "LATIN")


def _parts(text: str, name: str) -> list[str]:
    """Every run of as many words as the name has."""
    words, length = _WORD.findall(text), max(1, len(_WORD.findall(name)))
    return [" ".join(words[start : start + length]) for start in range(max(1, len(words) - length + 1))]


def _sounds(text: str) -> str:
    """The consonants, one letter for all that sound alike, no two alike in a row."""
    found = "".join(str(match.lastgroup) for match in _SOUND.finditer(bare(text)))
    return re.sub(r"(.)\1+", r"\1", found)


def _alike(sounds: str, part: str) -> bool:
    other = _sounds(part)
    # a case ending comes on top, and Arabic writes an article in front
    return len(other) >= ENOUGH_CONSONANTS - 1 and max(
        fuzz.ratio(sounds, other), fuzz.ratio(sounds, other[: len(sounds)]), fuzz.ratio(sounds, other[1:])
    ) >= ALIKE  # fmt: skip
