"""From the content folder to a shelf of entries: read every file, keep what is sound, list what is not."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from knowledge.checklist import Checklist, check_checklist, read_checklist
from knowledge.directory import read_contacts, read_topics
from knowledge.front import SourceFront, TranslationFront
from knowledge.funding_reader import FILE, FundingFile, read_funding
from knowledge.model import SOURCE_LANGUAGE, Contact, Entry, Fact, Method, Problem, Severity
from knowledge.phrases import PhraseFile, read_phrases
from knowledge.reader import Mistake, Page, Unreadable, fit, read_page
from knowledge.wordlist import MISSING_TERM, Asking, WordList, read_asking, read_word_lists

SUFFIX = ".md"
MISSING_TRANSLATION = "translation is missing"


@dataclass
class Shelf:
    """Everything that was read. `pages` keeps the files of `entries`, so that checks can name lines."""

    topics: dict[str, tuple[str, ...]]
    contacts: dict[str, Contact]
    folder: Path
    word_lists: dict[str, WordList] = field(default_factory=dict)
    asking: Asking = field(default_factory=Asking)
    checklist: Checklist = field(default_factory=Checklist)
    entries: dict[tuple[str, str], Entry] = field(default_factory=dict)
    pages: dict[tuple[str, str], Page] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    funding: FundingFile = field(default_factory=FundingFile)
    phrase_files: dict[str, PhraseFile] = field(default_factory=dict)

    @property
    def ids(self) -> list[str]:
        """Every id that ought to exist, in order."""
        return [f"{topic}.{name}" for topic, names in self.topics.items() for name in names]

    def path(self, id: str, language: str) -> Path:
        """Where the file of an entry in a language stands, or ought to."""
        topic, _, name = id.partition(".")
        return self.folder / topic / f"{name}.{language}{SUFFIX}"

    def shown(self, path: Path) -> str:
        """A path as editors know it, from the top of the checkout."""
        return (Path(self.folder.parent.name) / path.relative_to(self.folder.parent)).as_posix()

    def problem(
        self, id: str, language: str, line: int, what: str, severity: Severity = Severity.ERROR
    ) -> Problem:
        """A gap in an entry's file."""
        return Problem(self.shown(self.path(id, language)), line, what, severity, language)


def fill(languages: Sequence[str], folder: Path) -> Shelf:
    """Read all files of these languages; the source language must come first, because translations lean on it."""
    top = folder.parent
    topics, problems = read_topics(top / "topics.yml", f"{top.name}/topics.yml")
    contacts, more = read_contacts(top / "contacts.yml", f"{top.name}/contacts.yml", languages)
    lists, of_lists = read_word_lists(top / "glossary", f"{top.name}/glossary", languages)
    asking, of_asking = read_asking(top / "asking.yml", f"{top.name}/asking.yml", languages)
    problems += [*more, *of_lists, *of_asking]
    shelf = Shelf(topics, contacts, folder, lists, asking, problems=problems)
    shelf.problems += _unknown_files(shelf)
    for language in languages:
        for id in shelf.ids:
            _add(shelf, id, language)
    _drop_broken_references(shelf)
    shelf.checklist = read_checklist(top / "checklist.yml")
    shelf.problems += [*shelf.checklist.problems, *check_checklist(shelf.checklist, shelf.entries, languages)]
    shelf.funding, of_funding = read_funding(top / FILE, f"{top.name}/{FILE}", languages, shelf.entries, contacts)
    shelf.phrase_files, of_phrases = read_phrases(top / "phrases", f"{top.name}/phrases", languages)
    shelf.problems += [*of_funding, *of_phrases]
    return shelf


def is_untranslated(problem: Problem) -> bool:
    """Whether all that is wrong is that a language has something not yet; another one is shown until then."""
    return problem.what == MISSING_TRANSLATION or problem.what.endswith(MISSING_TERM)


def languages_in(folder: Path) -> list[str]:
    """Every language that has at least one content file, the source language first."""
    found = {path.name.split(".")[-2] for path in folder.glob(f"*/*.*{SUFFIX}")}
    return [SOURCE_LANGUAGE, *sorted(found - {SOURCE_LANGUAGE})]


def _add(shelf: Shelf, id: str, language: str) -> None:
    path = shelf.path(id, language)
    if not path.exists():
        what = "German source is missing" if language == SOURCE_LANGUAGE else MISSING_TRANSLATION
        shelf.problems.append(shelf.problem(id, language, 1, what))
        return
    try:
        page = read_page(path)
        entry = _source(page) if language == SOURCE_LANGUAGE else _translation(page, shelf, id, language)
        if entry.id != id:
            raise Unreadable([Mistake(page.front.line(("id",)), f"id must be {id}, as the file is named")])
    except Unreadable as error:
        shelf.problems += [shelf.problem(id, language, one.line, one.what) for one in error.mistakes]
        return
    shelf.entries[id, language] = entry
    shelf.pages[id, language] = page


def _source(page: Page) -> Entry:
    front = fit(SourceFront, page.front)
    structure = {name: getattr(front, name) for name in SourceFront.model_fields if name != "facts"}
    return Entry(
        **structure, facts=tuple(Fact(**fact.model_dump()) for fact in front.facts), text=page.text, steps=page.steps,
        language=SOURCE_LANGUAGE, method=Method.NATIVE, translation_of=front.version,
    )  # fmt: skip


def _translation(page: Page, shelf: Shelf, id: str, language: str) -> Entry:
    front = fit(TranslationFront, page.front)
    source = shelf.entries.get((id, SOURCE_LANGUAGE))
    if source is None:
        raise Unreadable([Mistake(1, "its German source is missing or broken")])
    words = {name: getattr(front, name) for name in TranslationFront.model_fields}
    return replace(source, **words, language=language, text=page.text, steps=page.steps)


def _unknown_files(shelf: Shelf) -> Iterable[Problem]:
    """Files no menu would ever show: misnamed, or not listed in topics.yml."""
    known = set(shelf.ids)
    for path in sorted(path for path in shelf.folder.rglob("*") if path.is_file()):
        name, _, language = path.name.removesuffix(SUFFIX).rpartition(".")
        id = f"{path.parent.name}.{name}"
        if path.suffix != SUFFIX or not name or path.parent.parent != shelf.folder:
            yield Problem(shelf.shown(path), 1, "is not named <topic>/<name>.<language>.md")
        elif id not in known:
            yield Problem(shelf.shown(path), 1, f"unknown id {id}: it does not stand in topics.yml", language=language)


def _drop_broken_references(shelf: Shelf) -> None:
    """Take out of the entries what cannot be followed, so that no button, contact line or word leads nowhere."""
    ids = {id for id, _ in shelf.entries}
    terms = shelf.word_lists[SOURCE_LANGUAGE].terms if SOURCE_LANGUAGE in shelf.word_lists else {}
    known: dict[str, Container[str]] = {"contacts": shelf.contacts, "related": ids, "keywords": terms}
    for (id, language), entry in shelf.entries.items():
        kept: dict[str, Any] = {
            name: tuple(other for other in getattr(entry, name) if other in found and other != id)
            for name, found in known.items()
        }
        if language == SOURCE_LANGUAGE:
            shelf.problems += _broken_references(shelf, entry, kept)
        shelf.entries[id, language] = replace(entry, **kept)


def _broken_references(shelf: Shelf, entry: Entry, kept: Mapping[str, Sequence[str]]) -> Iterable[Problem]:
    for name, followed in kept.items():
        line = shelf.pages[entry.id, entry.language].front.line((name,))
        for other in getattr(entry, name):
            if other not in followed:
                missing = "the glossary does not explain" if name == "keywords" else "does not exist"
                what = f"{name} names {other}, which {missing}"
                yield shelf.problem(entry.id, entry.language, line, what)
