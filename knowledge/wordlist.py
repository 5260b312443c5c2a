"""The glossary's files: one list of terms per language, and the words that help to tell which term is meant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from knowledge.directory import read_mapping
from knowledge.front import AskingShape, AskShape, TermShape, WordShape
from knowledge.model import SOURCE_LANGUAGE, Problem, Severity, Term
from knowledge.reader import Unreadable, Yaml, fit

ASK = "ask"
MISSING_TERM = "is not translated yet"


@dataclass(frozen=True)
class WordList:
    """The glossary in one language; `content` keeps the lines, so that checks can name them."""

    language: str
    terms: Mapping[str, Term]
    frames: tuple[str, ...]
    """How people ask for a meaning; `{}` is the term."""
    content: Yaml
    shown: str

    def problem(self, id: str, what: str, severity: Severity = Severity.ERROR) -> Problem:
        """A gap in a term, or (empty id) in the whole list."""
        said = f"{id}: {what}" if id else what
        return Problem(self.shown, self.content.line((id,)), said, severity, self.language)


@dataclass(frozen=True)
class Asking:
    """Words of all languages: `fillers` may stand around a question without changing it; `lookalikes` resemble a term
    and are another word."""

    fillers: frozenset[str] = frozenset()
    lookalikes: frozenset[str] = frozenset()


def read_word_lists(
    folder: Path, shown: str, languages: Sequence[str]
) -> tuple[dict[str, WordList], list[Problem]]:
    """The list of each language; the source language must come first, because it says which terms there are.

    A broken term is left out of its list and listed as a problem; so is one that a language lacks.
    """
    problems: list[Problem] = []
    lists: dict[str, WordList] = {}
    for language in languages:
        name = f"{shown}/{language}.yml"
        if not (folder / f"{language}.yml").exists():
            problems.append(Problem(name, 1, "the glossary is missing", language=language))
            continue
        source = lists[SOURCE_LANGUAGE].terms if SOURCE_LANGUAGE in lists else {}
        found: list[Problem] = []
        lists[language] = _read(folder / f"{language}.yml", name, language, source, found)
        problems += [replace(problem, language=language) for problem in found]
    return lists, problems


def _read(path: Path, shown: str, language: str, source: Mapping[str, Term], problems: list[Problem]) -> WordList:
    content = read_mapping(path, shown, problems)
    terms: dict[str, Term] = {}
    for id in content.data:
        try:
            if id != ASK:
                terms[id] = _term(id, language, content, source)
        except Unreadable as error:
            problems += [Problem(shown, one.line, f"{id}: {one.what}") for one in error.mistakes]
    read = WordList(language, terms, _frames(content, shown, problems), content, shown)
    problems += _differences(read, source)
    return read


def _term(id: str, language: str, content: Yaml, source: Mapping[str, Term]) -> Term:
    if language == SOURCE_LANGUAGE:
        german = fit(TermShape, content, (id,))
        return Term(id=id, language=language, word=id, **german.model_dump())
    translated = fit(WordShape, content, (id,))
    entry = source[id].entry if id in source else None
    return Term(id=id, language=language, entry=entry, **translated.model_dump())


def _frames(content: Yaml, shown: str, problems: list[Problem]) -> tuple[str, ...]:
    asked = {ASK: content.data[ASK]} if ASK in content.data else {}
    try:
        return fit(AskShape, Yaml(asked, content.lines)).ask
    except Unreadable as error:
        problems += [Problem(shown, one.line, one.what) for one in error.mistakes]
        return ()


def _differences(read: WordList, source: Mapping[str, Term]) -> Iterable[Problem]:
    """Terms that the language lacks, and such as only it has."""
    if read.language == SOURCE_LANGUAGE or not read.content.data:
        return
    for id in source:
        if id not in read.content.data:
            yield read.problem("", f"{id} {MISSING_TERM}")
    for id in read.terms:
        if id not in source:
            yield read.problem(id, "the German glossary does not have this term")


def read_asking(path: Path, shown: str, languages: Sequence[str]) -> tuple[Asking, list[Problem]]:
    """What stands in `asking.yml`; nothing, with the reason, if it cannot be read."""
    problems: list[Problem] = []
    content = read_mapping(path, shown, problems)
    if problems:
        return Asking(), problems
    try:
        shape = fit(AskingShape, content)
    except Unreadable as error:
        return Asking(), [Problem(shown, one.line, one.what) for one in error.mistakes]
    line = content.line(("fillers",))
    missing = [code for code in languages if code not in shape.fillers]
    problems = [Problem(shown, line, f"fillers in {code} are missing", Severity.WARNING, code) for code in missing]
    return Asking(_all(shape.fillers), _all(shape.lookalikes)), problems


def _all(phrases: Mapping[str, Sequence[str]]) -> frozenset[str]:
    return frozenset(phrase for of_language in phrases.values() for phrase in of_language)
