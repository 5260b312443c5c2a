"""Every gap of the office phrases that reading alone does not show: too long, or something that grows old."""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowledge.loader import Shelf
from knowledge.model import SOURCE_LANGUAGE, Problem, Severity
from knowledge.numbers import LINK
from knowledge.phrases import PhraseFile

LONGEST = 600
"""Letters of a sentence without what fills its blanks; what staff add has to fit into a message as well."""
LONGEST_ID = 40
"""Telegram takes 64 characters as button data; what the button does stands before the id."""
_ID = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")
_DIGIT = re.compile(r"\d")
_BLANKS = re.compile(r"\{[^{}]*\}")
_FULL_STOP = re.compile(r"(\{date[^{}]*\})\.")


def check_phrases(shelf: Shelf) -> Iterator[Problem]:
    """All problems of all files, language by language."""
    for file in shelf.phrase_files.values():
        for id, text in file.texts.items():
            yield from _sentence(file, id, text)
    if SOURCE_LANGUAGE in shelf.phrase_files:
        yield from _names(shelf.phrase_files[SOURCE_LANGUAGE])


def _sentence(file: PhraseFile, id: str, text: str) -> Iterator[Problem]:
    if len(text) > LONGEST:
        yield file.problem(id, f"has {len(text)} letters, {LONGEST} is the most: make it shorter")
    plain = _BLANKS.sub("", text)
    if _DIGIT.search(plain) or LINK.search(plain):
        what = "contains a number or a link, which no fact keeps up to date: take it out, or make it a blank"
        yield file.problem(id, what, Severity.WARNING)
    stopped = _FULL_STOP.search(text)
    if stopped:
        what = f"a full stop follows {stopped[1]}, and a date may end with one: take it out"
        yield file.problem(id, what, Severity.WARNING)


def _names(german: PhraseFile) -> Iterator[Problem]:
    for id in german.texts:
        if not _ID.fullmatch(id) or len(id) > LONGEST_ID:
            what = f"name it with small English letters, digits and _, at most {LONGEST_ID} with its group"
            yield german.problem(id, what)
