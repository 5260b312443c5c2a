"""Whether a sentence says no: a lost "not" turns help into harm, and no reader of the translation can see it."""

from __future__ import annotations

import re
import unicodedata

from knowledge.numbers import western

_SURE = {
    "de": r"nicht|nichts|kein\w*|nie|niemals|niemand\w*|nirgend\w*|weder|ohne|nein",
    "en": r"not|\w+n['’]t|cannot|no(?!\.?\s*\d)|never|nobody|none|nothing|nowhere|neither|nor|without",
    "tr": r"değil\w*|yok\w*|hayır|asla|hiçbir\w*|kimse",
    "ar": r"[وفأ]?(?:لا|لم|لن|ليس\w*|لست\w*)|(?:ب)?دون|بلا|عدم",
    "ru": r"не|нет|нельзя|никогда|ник(?:то|ого|ому|ем)|ничего|ничто|нигде|никуда|никак\w*|без|ни",
    "uk": r"не|ні|немає|нема|ніколи|ніхто|нікого|нікому|нічого|ніщо|ніде|нікуди|жодн\w+|без",
    "pl": r"nie|nikt|nikogo|nikomu|nic|niczego|nigdy|nigdzie|żad\w+|bez|ani",
    "fa": r"نیست\w*|نمی\w+|ندار\w+|نخواه\w+|نباید|نباش\w+|نشو\w+|نکن\w+|نکرد\w*|نشد\w*|نیاور\w+|نیای\w+|نده\w+"
          r"|نبود\w*|نتوان\w+|بدون|هیچ\w*|هرگز",
}  # fmt: skip
"""Words that are negations and nothing else."""
_PERHAPS = {
    "de": r"un(?!ter|ser|s\b|d\b|gef|i)\w{3,}|\w+los\w{0,2}|\w+frei\w{0,2}|verboten\w*|erst|statt|kaum|fehl\w*|nur"
          r"|außer",
    "en": r"un\w{4,}|im?possib\w+|in\w{2,}(?:able|ible|valid|correct)|free|forbidden|prohibited|until|unless|only"
          r"|hardly|fails?|failed|lacks?|missing|instead|\w+less|non\w*|otherwise|except|before",
    "tr": r"\w{2,}m[ae]\w*|\w{2,}m[ıiuü]yor\w*|\w{2,}s[ıiuü]z\w*|ne|hiç|yasak\w*|sadece|olmadan|ücretsiz|eksik",
    "ar": r"\w?غير\w*|ما|ألا|إلا|ممنوع\w*|يمنع|كلا|سوى|فقط|مجان\w*|يحظر|محظور\w*|لولا|ألم|أليس|قبل|لئلا|خال\w*"
          r"|كيلا|بغير",
    "ru": r"не(?!дел|скольк|мец|мк|мног|го\b|му\b|й\b|е\b|ё\b|м\b)\w+|бе[зс]\w{3,}|запрещ\w+|ничь\w+|никем|только"
          r"|отсутств\w+|лишь|кроме|пока|до",
    "uk": r"не(?!діл|щодавн|ї\b|ю\b)\w+|бе[зс]\w{3,}|заборон\w+|лише|тільки|відсутн\w+|ніяк\w+|окрім|крім|поки|до",
    "pl": r"nie(?!dziel|mc|miec|go\b|j\b|mu\b|ch\b)\w+|brak\w*|bez\w{4,}|zabron\w+|zakaz\w+|tylko|dopiero|oprócz|zanim"
          r"|póki",
    "fa": r"نه|ن\w*(?:ید|یم|ند|م|د)|نا\w{3,}|بی\w*|ممنوع\w*|غیر\w*|فقط|تنها|مگر|رایگان|قبل",
}  # fmt: skip
"""Words that say no only sometimes, or that another language says with a "not"; with one of them we say nothing.

Turkish and Persian negate inside the verb ("gelmeyin", "نیایید"), where it looks like other endings: there we are
unsure more often than not.
"""
_IDIOMS = {
    "de": r"nicht (?:nur|zuletzt|wahr)|kein(?:e)? (?:Problem|Ursache|Sorge)|ohne Weiteres",
    "en": r"not (?:only|just|later than|before|until)|no (?:matter|problem|later|worries|longer)",
    "tr": r"değil mi|hiç değilse|yok canım|sorun değil|yalnızca|en geç",
    "ar": r"لا (?:بأس|بد|مانع|يقل|شك|يزال|تزال)\w*|لا يتجاوز",
    "ru": r"пока[^.]*? не|не (?:только|менее|более|меньше|больше|дольше|позднее|позже|раньше|ранее)"
          r"|ни в ч[её]м|без проблем|не за что",
    "uk": r"(?:поки|доки)[^.]*? не|не (?:тільки|лише|менше|більше|пізніше|раніше)|без проблем|нема за що",
    "pl": r"(?:dopóki|póki|zanim|aż)[^.]*? nie|nie (?:tylko|mniej|więcej|później|wcześniej|ma za co|ma sprawy)",
    "fa": r"فرقی نمی\w+|نه تنها|حداکثر تا",
}  # fmt: skip
"""Negations that another language says without one: "не позднее" is "at the latest"."""
_SENTENCE = re.compile(r"(?<=[^\W\d_]{2})(?<!\b[DNSM][rtos])\.(?=\s)|[!?؟\n]+")
"""A dot after two letters and more ends a sentence, but not in Dr., Nr., No., St., Mr. and Ms."""


def negation(sentence: str, language: str) -> str | None:
    """The first sure negation of a sentence as it is written; None if there is none."""
    found = _pattern(_SURE[language]).search(_pattern(_IDIOMS[language]).sub(" ", _plain(sentence)))
    return found[0] if found else None


def surely_none(sentence: str, language: str) -> bool:
    """Whether nothing in a sentence could be a negation."""
    plain = _plain(sentence)
    return not any(_pattern(words[language]).search(plain) for words in (_SURE, _PERHAPS, _IDIOMS))


def changed_negations(original: str, translation: str, source: str, target: str) -> list[tuple[str | None, str | None]]:
    """Negations that are surely lost (word, None) or surely added (None, word), sentence by sentence."""
    pairs = _aligned(original, translation)
    lost = [(negation(said, source), None) for said, became in pairs if surely_none(became, target)]
    added = [(None, negation(became, target)) for said, became in pairs if surely_none(said, source)]
    return [pair for pair in (*lost, *added) if pair != (None, None)]


def _aligned(original: str, translation: str) -> list[tuple[str, str]]:
    first, second = _sentences(original), _sentences(translation)
    return list(zip(first, second, strict=True)) if len(first) == len(second) else [(original, translation)]


def _sentences(text: str) -> list[str]:
    return [part for part in _SENTENCE.split(text) if part.strip()]


def _plain(text: str) -> str:
    """Without the vowel signs of Arabic and with accents composed."""
    marks = (letter for letter in unicodedata.normalize("NFC", western(text)) if unicodedata.category(letter) != "Mn")
    return "".join(marks)


def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)
