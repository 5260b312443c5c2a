"""One spelling for what means the same, so that a pattern needs to be written once."""

from __future__ import annotations

import re
import unicodedata

_REMOVED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u034f\u061c\u0640\u064b-\u0652\u0670\u115f\u1160\u17b4\u17b5\u180b-\u180e"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u20e3\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb"
    "\U000e0000-\U000e0fff]"
)
"""What nobody sees, and Arabic vowel signs: "1<zero-width>2" must not hide a number."""
_FOREIGN = re.compile("[\ud800-\udfff\ue000-\uf8ff\U000f0000-\U0010ffff]")
"""Halves of characters, which no database takes, and the private area, which is ours."""


def clean(text: str) -> str:
    """`text` as it is read, not as it is stored: composed, without anything invisible. Idempotent."""
    text = _FOREIGN.sub("\ufffd", text.replace("\r", "\n"))
    return unicodedata.normalize("NFC", _REMOVED.sub("", unicodedata.normalize("NFC", text)))


class _Fold(dict[int, str]):
    """From a character to exactly one: lower case, no dots and strokes, ASCII digits, one kind of blank and dash."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _fold(chr(code))
        return folded


_ALIKE = {
    "ı": "i", "İ": "i", "ł": "l", "Ł": "l", "đ": "d", "Đ": "d", "ø": "o", "Ø": "o",
    "ى": "ي", "ی": "ي", "ې": "ي", "ے": "ي", "ة": "ه", "ۀ": "ه", "ە": "ه", "ک": "ك", "گ": "ك", "ٱ": "ا", "پ": "ب",
    "’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "ʻ": "'", "′": "'", "″": '"', "“": '"', "”": '"', "„": '"',
    "٫": ".", "٬": ",", "،": ",", "؛": ";", "∕": "/", "⁄": "/", "−": "-", "\n": "\n", "\u2028": "\n", "\u2029": "\n",
}  # fmt: skip


def _fold(letter: str) -> str:
    if letter in _ALIKE:
        return _ALIKE[letter]
    digit = unicodedata.decimal(letter, None)
    if digit is not None:
        return str(digit)
    category = unicodedata.category(letter)
    if category == "Zs" or letter == "\t":
        return " "
    if category == "Pd":
        return "-"
    base = unicodedata.normalize("NFKD", letter)
    simple = base[0] if len(base) == 1 or all(map(unicodedata.combining, base[1:])) else letter
    simple = _ALIKE.get(simple, simple)
    return simple.lower() if len(simple.lower()) == 1 else simple


_TABLE = _Fold()


def fold(text: str) -> str:
    """`text` in the spelling that patterns are written in; as long as `text`, character by character."""
    return text.translate(_TABLE)


def pattern(source: str) -> re.Pattern[str]:
    """A pattern for folded text. Its words may be written as people write them, its ASCII letters in lower case."""
    folded = "".join(letter if letter.isascii() or letter in _OURS else fold(letter) for letter in source)
    return re.compile(folded)


_OURS = frozenset(map(chr, range(0xE000, 0xE100)))
