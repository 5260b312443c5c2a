"""How people say the choices of a flow in their own words. `python -m flows.guide.synonyms` checks the files.

`synonyms/<language>.yml` lists them by flow, slot and choice; `negations.yml` the words that turn them round.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from rapidfuzz import process
from rapidfuzz.distance import OSA

from flows.guide.form import CONFIRM, FLOWS, form_of
from knowledge.asking import mistakes_forgiven
from knowledge.spelling import plain_words

FOLDER = Path(__file__).with_name("synonyms")
NEGATIONS = Path(__file__).with_name("negations.yml")
NEGATION = "-"
LONGEST = 14
"""Words of a message beyond which it is told, not answered."""

Words = tuple[str, ...]


def choices_said(flow: str, slot: str, text: str, language: str, *, whole: bool = False) -> list[str]:
    """The choices that a message names, each once; empty if it names none, or says what it is not.

    The longest expression counts: "once a week" is not "once". In a long word one slip of the finger is forgiven.
    `whole`: only if the message says nothing else.
    """
    known, said = _expressions(flow, slot, language), tuple(plain_words(text))
    if said in known:
        return [known[said]]
    slip = _nearly(said, known, language)
    if slip is not None or whole or len(said) > LONGEST:
        return [slip] if slip is not None else []
    found = _within(said, known | _negations(language))
    choices = list(dict.fromkeys(choice for _, _, choice in found))
    if NEGATION in choices and set(choices) != {NEGATION, "no"}:
        return []
    return [choice for choice in choices if choice != NEGATION]


def _within(said: Words, known: Mapping[Words, str]) -> list[tuple[int, int, str]]:
    """Where expressions stand in a message: first word, number of words, meaning; longer ones hide those inside."""
    spans = [(start, length) for length in range(len(said), 0, -1) for start in range(len(said) - length + 1)]
    found: list[tuple[int, int, str]] = []
    for start, length in spans:
        choice = known.get(said[start : start + length])
        if choice is not None and all(start + length <= first or first + many <= start for first, many, _ in found):
            found.append((start, length, choice))
    return found


def negated(text: str, language: str) -> bool:
    """Whether a message has a word that may turn it round."""
    return bool(_turning(tuple(plain_words(text)), language))


def _turning(said: Words, language: str) -> set[Words]:
    """The negations in a message."""
    return {said[start : start + length] for start, length, _ in _within(said, _negations(language))}


def _nearly(said: Words, known: Mapping[Words, str], language: str) -> str | None:
    """The choice of the expression that differs by one slip, but in no "not": "нет" and "не" are one letter apart."""
    turned = _turning(said, language)
    whole = {" ".join(one): choice for one, choice in known.items() if _turning(one, language) == turned}
    near = process.extract(" ".join(said), whole.keys(), scorer=OSA.distance, score_cutoff=1, limit=None)
    choices = {whole[one] for one, _, _ in near if mistakes_forgiven(len(one.replace(" ", "")))}
    return choices.pop() if len(choices) == 1 else None


@cache
def _expressions(flow: str, slot: str, language: str) -> dict[Words, str]:
    choices = _content(language).get(flow, {}).get(slot, {})
    return {tuple(plain_words(str(one))): choice for choice, texts in choices.items() for one in texts}


@cache
def _content(language: str) -> Mapping[str, Any]:
    path = FOLDER / f"{language}.yml"
    return yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else {}


@cache
def _negations(language: str) -> dict[Words, str]:
    content: dict[str, list[str]] = yaml.safe_load(NEGATIONS.read_text(encoding="utf-8"))
    return {tuple(plain_words(text)): NEGATION for text in content.get(language, ())}


def mistakes(languages: Sequence[str]) -> Iterator[str]:
    """What is wrong in the files, a line each."""
    for language in languages:
        for flow, slots in _content(language).items():
            for slot, choices in slots.items():
                yield from (f"{language}.yml: {flow}.{slot}: {line}" for line in _wrong(flow, slot, choices))


def _wrong(flow: str, slot: str, choices: Mapping[str, Sequence[str]]) -> Iterator[str]:
    known = {one.slot: one for one in form_of(flow).questions} if flow in FLOWS else {}
    if slot not in known:
        yield "no such question"
        return
    allowed = ("yes",) if known[slot].kind == CONFIRM else known[slot].choose
    owner: dict[Words, str] = {}
    for choice, texts in choices.items():
        if choice not in allowed:
            yield f"{choice} is no choice"
        for text in texts:
            other = owner.setdefault(tuple(plain_words(str(text))), choice)
            if other != choice:
                yield f"{text!r} stands for {other} and {choice}"


if __name__ == "__main__":
    found = list(mistakes(sorted(path.stem for path in FOLDER.glob("*.yml"))))
    sys.stdout.write("\n".join(found or ["nothing is wrong"]) + "\n")
    sys.exit(bool(found))
