"""Office phrases: everyday sentences that staff pick in German and that reach a person in their language.

An editor writes them in `phrases/<language>.yml`; the head of `phrases/de.yml` explains the format.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from knowledge.directory import read_mapping
from knowledge.model import SECOND_LANGUAGE, SOURCE_LANGUAGE, Problem, Severity
from knowledge.reader import Yaml
from knowledge.spelling import plain_words
from knowledge.wordlist import MISSING_TERM

GROUPS = "groups"
"""The key of the headings in the German file."""
_BLANK = re.compile(r"\{([^{}]*)\}")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


class BlankKind(StrEnum):
    """What fills a blank; how it is read from staff and written in a language is the bot's."""

    DATE = "date"
    TIME = "time"
    PLACE = "place"
    NUMBER = "number"
    TEXT = "text"
    AMOUNT = "amount"
    NAME = "name"


_NAME = re.compile(rf"({'|'.join(BlankKind)})(_[a-z0-9]+)*")


@dataclass(frozen=True)
class Blank:
    """One place to fill in; `name` is what stands in the braces, such as `date_until`."""

    name: str
    kind: BlankKind


@dataclass(frozen=True)
class Phrase:
    """One sentence in every language that has it; German always does."""

    id: str
    group: str
    text: Mapping[str, str]
    """By language, with `{blanks}`."""
    blanks: tuple[Blank, ...]
    """In the order of the German text; every language has exactly these."""

    def shown_in(self, language: str) -> str:
        """The language that a reader of `language` gets: English or German where theirs lacks the phrase."""
        return next(code for code in (language, SECOND_LANGUAGE, SOURCE_LANGUAGE) if code in self.text)

    def filled(self, language: str, values: Mapping[str, str]) -> str:
        """The text in exactly this language with `values` in its blanks; raises KeyError if one is not given."""
        return _BLANK.sub(lambda found: values[found[1]], self.text[language])


@dataclass(frozen=True)
class PhraseFile:
    """The sound phrases of one language, by id; `content` keeps the lines, so that checks can name them."""

    language: str
    texts: Mapping[str, str]
    content: Yaml
    shown: str

    @property
    def headings(self) -> Mapping[str, str]:
        """Group -> heading, in the order of the file; only German has them."""
        found = self.content.data.get(GROUPS)
        return {name: text for name, text in found.items() if _is_text(text)} if isinstance(found, dict) else {}

    def problem(self, id: str, what: str, severity: Severity = Severity.ERROR) -> Problem:
        """A gap in a phrase or a group."""
        return _problem(self.content, self.shown, self.language, id, what, severity)


class Phrases:
    """All phrases; read-only."""

    def __init__(self, files: Mapping[str, PhraseFile]) -> None:
        german = files.get(SOURCE_LANGUAGE)
        ids = german.texts if german else {}
        self._headings = _in_order(german.headings, ids) if german else {}
        phrases = [_phrase(id, files) for id in ids]
        phrases.sort(key=lambda phrase: list(self._headings).index(phrase.group))
        self._phrases = {phrase.id: phrase for phrase in phrases}
        self._words = {phrase.id: _words(phrase.text[SOURCE_LANGUAGE]) for phrase in phrases}

    def __len__(self) -> int:
        return len(self._phrases)

    def __contains__(self, id: object) -> bool:
        return id in self._phrases

    def get(self, id: str) -> Phrase:
        """Raises KeyError if there is none, or no longer; ask with `in` before following an id from outside."""
        return self._phrases[id]

    def groups(self) -> list[tuple[str, list[Phrase]]]:
        """German heading and phrases of every group that has some, in the order of the German file."""
        listed = [(text, [one for one in self._phrases.values() if one.group == group])
                  for group, text in self._headings.items()]  # fmt: skip
        return [(heading, phrases) for heading, phrases in listed if phrases]

    def search(self, words: str) -> list[Phrase]:
        """Phrases whose German text or heading has a word that begins so for each of `words`; no words: all.

        Capitals do not count, "ü" may be typed as "u" or "ue". Such as have all the words in the text come first.
        """
        typed = plain_words(words)
        in_text = [one for one in self._phrases.values() if _begin(typed, self._words[one.id])]
        below = [one for one in self._phrases.values()
                 if _begin(typed, self._words[one.id] | _words(self._headings[one.group]))]  # fmt: skip
        return list({one.id: one for one in (*in_text, *below)}.values())


def _phrase(id: str, files: Mapping[str, PhraseFile]) -> Phrase:
    texts = {language: file.texts[id] for language, file in files.items() if id in file.texts}
    return Phrase(id, id.partition(".")[0], texts, blanks_of(texts[SOURCE_LANGUAGE]))


def _in_order(headings: Mapping[str, str], ids: Iterable[str]) -> dict[str, str]:
    """All headings; a group without one (an error for the check) keeps its phrases in reach under its own name."""
    groups = [id.partition(".")[0] for id in ids]
    return {**headings, **{group: group for group in groups if group not in headings}}


def _words(text: str) -> frozenset[str]:
    plain = _BLANK.sub(" ", text).casefold()
    return frozenset((*plain_words(plain), *plain_words(plain.translate(_UMLAUTS))))


def _begin(typed: Sequence[str], words: Iterable[str]) -> bool:
    return all(any(word.startswith(start) for word in words) for start in typed)


def blanks_of(text: str) -> tuple[Blank, ...]:
    """The blanks of a text, each once, in order; names of no known kind are left out."""
    found = (_NAME.fullmatch(name) for name in dict.fromkeys(_BLANK.findall(text)))
    return tuple(Blank(match[0], BlankKind(match[1])) for match in found if match)


def read_phrases(folder: Path, shown: str, languages: Sequence[str]) -> tuple[dict[str, PhraseFile], list[Problem]]:
    """The phrases of each language; the source language must come first, because it says which there are.

    A broken sentence is left out, so that staff or a person never meet it, and listed as a problem; so is one that a
    language lacks. Without the folder there are none.
    """
    files: dict[str, PhraseFile] = {}
    problems: list[Problem] = []
    for language in languages if folder.exists() else ():
        name = f"{shown}/{language}.yml"
        if not (folder / f"{language}.yml").exists():
            problems.append(Problem(name, 1, f"this file of office phrases {MISSING_TERM}", language=language))
            continue
        read = _Reading(folder / f"{language}.yml", name, language, files.get(SOURCE_LANGUAGE))
        files[language] = PhraseFile(language, read.texts, read.content, name)
        problems += read.problems
    return files, problems


class _Reading:
    """One file under way: `texts` are the sound sentences, `problems` says what became of the others."""

    def __init__(self, path: Path, shown: str, language: str, german: PhraseFile | None) -> None:
        found: list[Problem] = []
        self.content = read_mapping(path, shown, found)
        self.shown = shown
        self.language = language
        self.german = german
        self.problems = [Problem(one.file, one.line, one.what, language=language) for one in found]
        whole = dict(self._sentences())
        self.texts = {id: text for id, text in whole.items() if self._is_sound(id, text)}
        if language == SOURCE_LANGUAGE:
            self._compare_headings()
        elif self.content.data:
            self._compare_ids(whole)

    def _report(self, id: str, what: str) -> None:
        self.problems.append(_problem(self.content, self.shown, self.language, id, what))

    def _sentences(self) -> Iterator[tuple[str, str]]:
        for group, phrases in self.content.data.items():
            if group == GROUPS:
                continue
            if not isinstance(phrases, dict):
                self._report(group, "must be a list of `name: sentence` lines")
                continue
            for name, text in phrases.items():
                if _is_text(text):
                    yield f"{group}.{name}", text.strip()
                else:
                    self._report(f"{group}.{name}", "must be one sentence: write it between quotation marks")

    def _is_sound(self, id: str, text: str) -> bool:
        german = self.german.texts.get(id) if self.german else None
        found = [*_bad_blanks(text), *(_other_blanks(text, german) if german is not None else ())]
        for what in found:
            self._report(id, what)
        return not found

    def _compare_headings(self) -> None:
        headings = self.content.data.get(GROUPS, {})
        headings = headings if isinstance(headings, dict) else {}
        groups = [group for group in self.content.data if group != GROUPS]
        for group in groups:
            if not _is_text(headings.get(group)):
                self._report(group, f"has no heading: add one under `{GROUPS}`")
        for group in headings:
            if group not in groups:
                self._report(f"{GROUPS}.{group}", "is a heading without phrases: add some, or take it out")

    def _compare_ids(self, whole: Mapping[str, str]) -> None:
        if GROUPS in self.content.data:
            self._report(GROUPS, "headings stand in de.yml only: take them out here")
        known = _ids(self.german.content) if self.german else ()
        here = _ids(self.content)
        for id in known:
            if id not in here:
                line = self.content.line((id.partition(".")[0],))
                self.problems.append(Problem(self.shown, line, f"{id} {MISSING_TERM}", language=self.language))
        for id in whole:
            if id not in known:
                self._report(id, "de.yml does not have this phrase: add it there, or take it out here")


def _bad_blanks(text: str) -> Iterator[str]:
    for name in dict.fromkeys(_BLANK.findall(text)):
        if not _NAME.fullmatch(name):
            yield f"{{{name}}} is no blank: begin its name with {', '.join(BlankKind)}"
    if re.search(r"[{}]", _BLANK.sub("", text)):
        yield "has a brace without its other half: blanks are written {date}"


def _other_blanks(text: str, german: str) -> Iterator[str]:
    here, there = ({blank.name: None for blank in blanks_of(one)} for one in (text, german))
    for name in there:
        if name not in here:
            yield f"{{{name}}} is missing: put it in as in de.yml"
    for name in here:
        if name not in there:
            yield f"{{{name}}} does not stand in de.yml: take it out"


def _ids(content: Yaml) -> dict[str, None]:
    """Everything that is named in a file, sound or not."""
    return {f"{group}.{name}": None for group, phrases in content.data.items()
            if group != GROUPS and isinstance(phrases, dict) for name in phrases}  # fmt: skip


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _problem(
    content: Yaml, shown: str, language: str, id: str, what: str, severity: Severity = Severity.ERROR
) -> Problem:
    return Problem(shown, content.line(tuple(id.split(".", 1))), f"{id}: {what}", severity, language)
