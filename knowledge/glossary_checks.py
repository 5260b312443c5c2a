"""Every gap of the glossary that reading alone does not show: too few, too long, one name for two terms."""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowledge.asking import Fillers, Frame, names_of
from knowledge.loader import Shelf
from knowledge.model import SOURCE_LANGUAGE, Problem, Severity
from knowledge.numbers import LINK
from knowledge.wordlist import ASK, WordList

FEWEST = 120
LONGEST_EXPLANATION = 160
LONGEST_SOURCE_EXPLANATION = 110
LONGEST_SLUG = 58
"""Telegram takes 64 characters behind `?start=` and as button data; `term-` and `term:` stand before the slug."""
_DIGIT = re.compile(r"\d")


def check_glossary(shelf: Shelf) -> Iterator[Problem]:
    """All problems of all lists, language by language."""
    fillers = Fillers(shelf.asking.fillers)
    for words in shelf.word_lists.values():
        yield from _explanations(words)
        yield from _names(words)
        yield from _frames(words, fillers)
    if SOURCE_LANGUAGE in shelf.word_lists:
        yield from _source(shelf, shelf.word_lists[SOURCE_LANGUAGE])


def _explanations(words: WordList) -> Iterator[Problem]:
    longest = LONGEST_SOURCE_EXPLANATION if words.language == SOURCE_LANGUAGE else LONGEST_EXPLANATION
    for id, term in words.terms.items():
        if len(term.explanation) > longest:
            yield words.problem(id, f"explanation has {len(term.explanation)} letters, {longest} is the most")
        if _DIGIT.search(term.explanation) or LINK.search(term.explanation):
            what = "explanation contains a number or a link, which no fact keeps up to date"
            yield words.problem(id, what, Severity.WARNING)


def _names(words: WordList) -> Iterator[Problem]:
    owners: dict[str, str] = {}
    for id, term in words.terms.items():
        for name in dict.fromkeys(names_of(term)):
            owner = owners.setdefault(name, id)
            if owner != id:
                yield words.problem(id, f"{name} is also a name of {owner}")


def _frames(words: WordList, fillers: Fillers) -> Iterator[Problem]:
    for text in words.frames:
        if Frame.read(text, words.language, fillers).says_nothing:
            yield words.problem(ASK, f"`{text}` would fit any message")


def _source(shelf: Shelf, words: WordList) -> Iterator[Problem]:
    if len(words.terms) < FEWEST:
        yield words.problem("", f"the glossary has {len(words.terms)} terms, {FEWEST} is the least")
    slugs: dict[str, str] = {}
    for id, term in words.terms.items():
        owner = slugs.setdefault(term.slug, id)
        if owner != id:
            yield words.problem(id, f"is too like {owner}: links to both would be {term.slug}")
        if not 1 <= len(term.slug) <= LONGEST_SLUG:
            yield words.problem(id, f"is too long for a link: {LONGEST_SLUG} letters are the most")
        if term.entry is not None and (term.entry, SOURCE_LANGUAGE) not in shelf.entries:
            yield words.problem(id, f"entry names {term.entry}, which does not exist")
