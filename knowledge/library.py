"""All entries and contacts in memory: what the bot asks for by id, topic or words. Read once at start by `load`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from knowledge.checklist import Checklist
from knowledge.funding import FundingLine
from knowledge.glossary import Glossary
from knowledge.loader import Shelf, fill
from knowledge.model import SECOND_LANGUAGE, SMALLTALK, SOURCE_LANGUAGE, Contact, Entry, Problem, Status, Term
from knowledge.phrases import Phrases
from knowledge.search import Index
from knowledge.spelling import words

CONTENT = Path(__file__).parent / "content"


class Library:
    """Read-only after loading, so it can be shared by everything that runs at the same time."""

    def __init__(self, languages: Sequence[str], shelf: Shelf) -> None:
        self.languages = tuple(languages)
        self.topics = tuple(topic for topic in shelf.topics if topic != SMALLTALK)
        self.problems: tuple[Problem, ...] = tuple(shelf.problems)
        self.shelf = shelf
        """What was read, file by file; for the checks. The bot uses the methods."""
        self.glossary = Glossary(shelf.word_lists, shelf.asking, _words_of(shelf.entries.values()))
        self.phrases = Phrases(shelf.phrase_files)
        self._indexes: dict[str, Index] = {}

    def has(self, id: str) -> bool:
        """Whether the entry can be shown in some language; ask before following an id from outside."""
        return (id, SOURCE_LANGUAGE) in self.shelf.entries

    def has_version(self, id: str, version: int) -> bool:
        """Whether the entry is still what it was in this version."""
        return self.has(id) and self.entry(id, SOURCE_LANGUAGE).version == version

    def entry(self, id: str, language: str) -> Entry:
        """The entry, in English or German where the language lacks it; raises KeyError if the id is unknown."""
        for code in (language, SECOND_LANGUAGE, SOURCE_LANGUAGE):
            entry = self.shelf.entries.get((id, code))
            if entry is not None:
                return entry
        raise KeyError(id)

    def entries(self, topic: str, language: str) -> list[Entry]:
        """All entries of a topic for its menu, in the order of topics.yml; raises KeyError on an unknown topic."""
        ids = [f"{topic}.{name}" for name in self.shelf.topics[topic]]
        return [self.entry(id, language) for id in ids if self.has(id)]

    def status(self, id: str, language: str) -> Status:
        """How far the entry in exactly this language can be relied on, without falling back to another."""
        entry = self.shelf.entries.get((id, language))
        return entry.status if entry else Status.MISSING

    def contact(self, id: str) -> Contact:
        """A contact an entry names; raises KeyError if there is none of that id (entries name only known ones)."""
        return self.contacts[id]

    @property
    def contacts(self) -> Mapping[str, Contact]:
        """The whole directory, for the checks and for staff."""
        return self.shelf.contacts

    @property
    def checklist(self) -> Checklist:
        """The steps to an association."""
        return self.shelf.checklist

    @property
    def funding(self) -> tuple[FundingLine, ...]:
        """The funding lines, in the order of their file; `knowledge.funding.match` sorts them for a group."""
        return self.shelf.funding.lines

    def about(self, term: Term, limit: int = 3) -> list[str]:
        """Ids of entries that need the term, for who wants to read on: the one about it first, then such as ask for it.

        Fixed texts are left out.
        """
        named = [entry for entry in self._shown_in(SOURCE_LANGUAGE) if term.id in entry.keywords]
        named.sort(key=lambda entry: not any(spelt in entry.question for spelt in self.glossary.spellings(term.id)))
        own = [term.entry] if term.entry and self.has(term.entry) else []
        return list(dict.fromkeys([*own, *(entry.id for entry in named)]))[:limit]

    def search(self, text: str, language: str, limit: int = 3) -> list[str]:
        """Ids by words, best first, for when Rasa is down; empty if nothing is close enough to be worth showing."""
        return self._index(language if language in self.languages else SOURCE_LANGUAGE).search(text, limit)

    def _index(self, language: str) -> Index:
        """Made when it is first needed, which is rare: Rasa must be down."""
        if language not in self._indexes:
            self._indexes[language] = Index(self._shown_in(language), self.glossary, language)
        return self._indexes[language]

    def _shown_in(self, language: str) -> list[Entry]:
        return [entry for topic in self.topics for entry in self.entries(topic, language)]


def _words_of(entries: Iterable[Entry]) -> frozenset[str]:
    """Every word of the answers, in the one spelling."""
    return frozenset(
        word for entry in entries for word in words(f"{entry.question} {entry.text} {entry.steps or ''}")
    )


def load(languages: Sequence[str], folder: Path = CONTENT) -> Library:
    """Read all content at start. A broken file loses its entry in that language and becomes a Problem, no exception.

    German is always read as well, because it carries what holds in every language. Beside `folder` stand
    `topics.yml`, `contacts.yml`, `asking.yml`, `checklist.yml`, `funding_lines.yml` and the folders
    `glossary` and `phrases`.
    """
    return Library(languages, fill(tuple(dict.fromkeys([SOURCE_LANGUAGE, *languages])), folder))
