"""How hard the German answers are to read: LIX (Björnsson 1968), words a sentence plus per cent of long words.

Counting is done by the library `readability`, which wants one sentence a line; how a text falls into sentences is ours.
The steps of the scale are those that German schools use (Rosebrock and Nix, Leseflüssigkeit fördern, 2017, p. 71):
to 30 very easy, to 40 easy, to 50 medium, to 60 hard, above very hard.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from statistics import median

from knowledge.library import Library
from knowledge.model import SOURCE_LANGUAGE, Entry, Problem, Severity
from knowledge.plain import MARKDOWN

EASY, MEDIUM = 40, 50
_ABBREVIATED = r"(?<!\b\w)(?<!\d)(?<!\bNr)(?<!\bAbs)(?<!\bca)(?<!\bbzw)(?<!\busw)(?<!\bStr)"
_END = re.compile(rf"(?:{_ABBREVIATED}\.|[!?:;])[\"“”»«)]*\s+|\n")
"""A colon ends a sentence, as Björnsson has it; the dot of an abbreviation, of a letter or of a number does not."""
_WORD = re.compile(r"\w+(?:[-–./’'@]\w+)*")


def lix(markdown: str) -> float:
    """The figure of a text; 0 for one without words."""
    lines = list(sentences(markdown))
    if not lines:
        return 0.0
    with warnings.catch_warnings():
        # Only `check` needs it, and its source makes newer Pythons warn when they compile it.
        warnings.simplefilter("ignore")
        from readability import getmeasures
    return float(getmeasures("\n".join(lines), lang=SOURCE_LANGUAGE)["readability grades"]["LIX"])


def sentences(markdown: str) -> Iterator[str]:
    """The sentences of a text as words with blanks between; every item of a list and every paragraph ends one."""
    for token in MARKDOWN.parse(markdown):
        parts = token.children or [] if token.type == "inline" else []
        text = "".join({"softbreak": " ", "hardbreak": "\n"}.get(part.type, part.content) for part in parts)
        for sentence in _END.split(text):
            words = _WORD.findall(sentence)
            if words:
                yield " ".join(words)


def hard_answers(library: Library) -> list[Problem]:
    """A warning for each German answer that is harder than medium."""
    return [
        library.shelf.problem(id, SOURCE_LANGUAGE, library.shelf.pages[id, SOURCE_LANGUAGE].text_line,
                              f"hard to read: LIX {figure:.0f}, {MEDIUM} is the most; shorten sentences and words",
                              Severity.WARNING)
        for id, figure in _figures(library).items() if figure > MEDIUM
    ]  # fmt: skip


def summary(library: Library) -> str:
    """One line about all German answers; empty if there are none."""
    figures = sorted(_figures(library).values())
    if not figures:
        return ""
    easy, medium = (sum(figure <= limit for figure in figures) / len(figures) for limit in (EASY, MEDIUM))
    return (
        f"readability of the German answers (LIX, Björnsson 1968): median {median(figures):.0f}; "
        f"easy (up to {EASY}) {easy:.0%}, easy to medium (up to {MEDIUM}) {medium:.0%} of {len(figures)}"
    )


def _figures(library: Library) -> dict[str, float]:
    return {id: lix(_whole(entry)) for (id, language), entry in library.shelf.entries.items()
            if language == SOURCE_LANGUAGE}  # fmt: skip


def _whole(entry: Entry) -> str:
    return f"{entry.text}\n\n{entry.steps or ''}"
