"""Makes spellings alike that mean the same: case, diacritics, letter variants, stretched words, digits.

Pure functions on text; knows neither Rasa nor scikit-learn.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

ARABIC_SCRIPT = frozenset({"ar", "fa"})
DEFAULT_LANGUAGE = "en"

# Letters that NFKD does not take apart. Both Turkish i fold into one: many keyboards and people have only one.
_EVERYWHERE = {"ß": "ss", "ı": "i", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "’": "'", "`": "'"}
# Arabic letters that people use for one another, and the Persian forms of the same letters.
_ARABIC = {"ى": "ي", "ی": "ي", "ئ": "ي", "ة": "ه", "ۀ": "ه", "ؤ": "و", "ک": "ك", "گ": "ك", "پ": "ب", "ء": "", "ٱ": "ا"}
# German keyboards elsewhere: "fuer" is "für", which loses its dots to "fur" below. "neue", "Quelle" are left alone.
_GERMAN_DIGRAPH = re.compile(r"(?<![aeuq])(a|o|u)e(?!u)")

_LETTERS: Mapping[str, dict[int, str]] = {"": str.maketrans(_EVERYWHERE), "arabic": str.maketrans(_ARABIC)}
_LETTER = re.compile(r"[^\W\d_]")
_ARABIC_LETTER = re.compile(r"(?=[^\W\d_])[\u0600-\u06ff]")
_STRETCHED = re.compile(r"(\D)\1{2,}")
_SILENT = "\u0640\u200c\u200d"  # tatweel, and the joiners with or without which Persian words are written


@lru_cache(maxsize=1 << 18)
def normalise(text: str, language: str) -> str:
    """`text` in the spelling that the classifier sees. Idempotent; never raises; may be empty."""
    before = None
    while before != text:  # one step may make room for another, rarely more than once
        before, text = text, _fold(text, language)
    return text


def language_of(text: str, given: object) -> str:
    """The language to read `text` in: the one `given` by the message's metadata unless its script says otherwise."""
    language = given if isinstance(given, str) and given else ""
    arabic = _is_arabic(text)
    if arabic and language not in ARABIC_SCRIPT:
        return "ar"
    if language and (arabic or language not in ARABIC_SCRIPT or not _has_latin(text)):
        return language
    return "tr" if re.search("[ğışİĞŞ]", text) else DEFAULT_LANGUAGE


@lru_cache(maxsize=1 << 18)
def is_word(token: str) -> bool:
    """Whether `token` says something: a letter, a digit or a picture (👍), not mere punctuation."""
    return any(letter.isalnum() or unicodedata.category(letter) == "So" for letter in token)


def _fold(text: str, language: str) -> str:
    text = unicodedata.normalize("NFKD", text.casefold())
    text = "".join(_digit(letter) for letter in text if not unicodedata.combining(letter) and letter not in _SILENT)
    text = text.translate(_LETTERS[""]).translate(_LETTERS["arabic"])
    if language == "de":
        text = _GERMAN_DIGRAPH.sub(r"\1", text)
    return _STRETCHED.sub(r"\1", text)


def _digit(letter: str) -> str:
    value = unicodedata.decimal(letter, None)
    return letter if value is None else str(value)


def _is_arabic(text: str) -> bool:
    letters = len(_LETTER.findall(text))
    return 2 * len(_ARABIC_LETTER.findall(text)) > letters


def _has_latin(text: str) -> bool:
    return bool(re.search("[a-zA-Z]", text))
