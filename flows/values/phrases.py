"""Short answers such as yes, no and "no idea", as people type them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

import yaml
from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge.asking import mistakes_forgiven
from knowledge.spelling import plain_words

FILE = Path(__file__).with_name("phrases.yml")
Meaning = Literal["yes", "no", "dont_know", "skip", "back"]
MEANINGS: tuple[Meaning, ...] = get_args(Meaning)
_NO_LANGUAGES = {"any", "negations"}
_LONGEST = 60
"""Letters of a message beyond which it is none of the phrases."""
_STRETCHED = re.compile(r"(\w)\1{2,}")
_TONE = re.compile("[\ufe0f\U0001f3fb-\U0001f3ff]")
"""What gives an emoji a colour."""


def meaning(text: str, language: str) -> Meaning | None:
    """What a short answer means if the whole message is one of the known phrases; None if it is not.

    Raises:
        LookupError: the language has no phrases.
    """
    if len(text) > _LONGEST:
        return None
    said, phrases = _key(text), _phrases(language)
    found = phrases.get(said) or _nearly(said, phrases)
    return next((known for known in MEANINGS if known == found), None)


def _nearly(said: str, known: Mapping[str, str]) -> str | None:
    """The meaning of the phrase that differs by one letter (or two swapped); None if phrases of two meanings do."""
    near = process.extract(said, known.keys(), scorer=OSA.distance, score_cutoff=1, limit=None)
    meanings = {known[phrase] for phrase, _, _ in near if mistakes_forgiven(len(phrase.replace(" ", "")))}
    return meanings.pop() if len(meanings) == 1 else None


@cache
def _phrases(language: str) -> dict[str, str]:
    content: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    if language in _NO_LANGUAGES or language not in content:
        raise LookupError(f"no phrases for language {language!r} in {FILE}")
    rows = [(phrase, named) for of in ("any", language) for named, texts in content[of].items() for phrase in texts]
    negations: dict[str, str] = content["negations"].get(language, {})
    affirmed = [phrase.replace(no, yes) for phrase, _ in rows for no, yes in negations.items() if no in phrase]
    return {_key(phrase): named for phrase, named in (*((phrase, "other") for phrase in affirmed), *rows)}


def _key(text: str) -> str:
    """The words in the one spelling, letters drawn out ("jaaaa") once; an emoji, which has no words, as it is."""
    joined = "".join(" " if letter in "\u200c_" else letter for letter in text.replace("'", "").replace("’", ""))
    return _STRETCHED.sub(r"\1", " ".join(plain_words(joined))) or _TONE.sub("", text.strip())
