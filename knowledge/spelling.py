"""One spelling for what people type: capitals, accents, Arabic letter variants and the Arabic article do not count."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

ARTICLES = ("وال", "بال", "فال", "كال", "لل", "ال")
_ONE_SHAPE = str.maketrans("أإآةىیک", "اااهييك")

_WITHOUT_PARTS = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ـ": None, "’": "'", "‘": "'", "`": "'",
                                "´": "'", "ʼ": "'"})  # fmt: skip
"""Letters and signs that Unicode does not take apart."""
_WORD = re.compile(r"[^\W\d_]{2,}")
_PLAIN = re.compile(r"\w+")
_SPOKEN = re.compile(r"\w+(?:'\w+)*")
_INNER_DOT = re.compile(r"(?<=\b\w)\.(?=\w)")
_LETTERS_AFTER = {"ґ": "г", "є": "е", "і": "и", "پ": "ب", "چ": "ج", "ژ": "ز", "گ": "ك"}
"""Letters whose place in the alphabet is behind another one, and not where Unicode has them."""
_IN_ORDER = str.maketrans({letter: f"{before}\uffff" for letter, before in _LETTERS_AFTER.items()})


class ByLetter(dict[int, str | None]):
    """For `str.translate`: what `change` makes of each letter (None: nothing), asked when the letter is first seen."""

    def __init__(self, change: Callable[[str], str | None]) -> None:
        super().__init__()
        self._change = change

    def __missing__(self, number: int) -> str | None:
        self[number] = self._change(chr(number))
        return self[number]


_WITHOUT_MARKS = ByLetter(lambda letter: None if unicodedata.combining(letter) else letter)


def bare(text: str) -> str:
    """Without accents, vowel signs and capitals, so that hurried typing finds the same word."""
    return unicodedata.normalize("NFKD", text.casefold().translate(_WITHOUT_PARTS)).translate(_WITHOUT_MARKS)


def folded(word: str) -> str:
    """Arabic and Persian words without article and with one shape per letter; other words unchanged."""
    word = word.translate(_ONE_SHAPE)
    for article in ARTICLES:
        if word.startswith(article) and len(word) > len(article) + 2:
            return word.removeprefix(article)
    return word


def words(text: str) -> list[str]:
    """The words of two letters and more, in order, in the one spelling."""
    return [folded(word) for word in _WORD.findall(bare(text))]


def plain_words(text: str) -> list[str]:
    """Everything between blanks and punctuation, in order, Arabic letters in one shape but with their article."""
    return _PLAIN.findall(bare(text).translate(_ONE_SHAPE))


def spoken(text: str) -> list[str]:
    """Everything that is said, in order, short words and numbers too; `e.V.` is one word, so is `Satzung'un`."""
    return [folded(word) for word in _SPOKEN.findall(_INNER_DOT.sub("", bare(text)))]


def alphabetical(text: str) -> str:
    """What to sort by, so that words stand where readers of their language look for them."""
    return " ".join(_SPOKEN.findall(bare(text).translate(_ONE_SHAPE))).translate(_IN_ORDER)
