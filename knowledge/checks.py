"""Every gap of the content: too long, facts that differ, what is missing, outdated or due for review."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from knowledge.glossary_checks import check_glossary
from knowledge.library import Library
from knowledge.model import SOURCE_LANGUAGE, Entry, Fact, FactKind, Problem, Severity, Status
from knowledge.numbers import holds, undeclared
from knowledge.phrase_checks import check_phrases
from knowledge.plain import plain, unfit
from knowledge.reader import Page

LONGEST_SOURCE = {"text": 700, "steps": 900, "question": 60, "label": 28}
LONGEST_OTHER = {"text": 900, "steps": 1150, "question": 70, "label": 34}
"""Letters; other languages need more room than German, Telegram's buttons and bubbles do not grow with them."""


def check(library: Library, today: date) -> list[Problem]:
    """All problems, those of reading included; only severity `error` stands in the way of a release."""
    problems = [*library.problems, *check_glossary(library.shelf), *check_phrases(library.shelf)]
    for (id, language), entry in library.shelf.entries.items():
        problems += _Checked(library, id, language, entry).problems(today)
    return problems


class _Checked:
    """One entry in one language under the eyes of all rules."""

    def __init__(self, library: Library, id: str, language: str, entry: Entry) -> None:
        self.shelf = library.shelf
        self.id = id
        self.language = language
        self.entry = entry
        self.page = self.shelf.pages[id, language]
        self.source = self.shelf.entries[id, SOURCE_LANGUAGE]
        self.is_source = language == SOURCE_LANGUAGE

    def problems(self, today: date) -> Iterator[Problem]:
        """All that is wrong with it, rule by rule."""
        yield from self._lengths()
        yield from self._markdown()
        yield from self._undeclared()
        if self.is_source:
            yield from self._facts_of_source(today)
            yield from self._review(today)
        else:
            yield from self._facts_of_translation()
            yield from self._age()

    def _problem(self, line: int, what: str, severity: Severity = Severity.ERROR) -> Problem:
        return self.shelf.problem(self.id, self.language, line, what, severity)

    def _parts(self) -> Iterator[tuple[str, str, int]]:
        """Name, Markdown and first line of the short answer and of the steps."""
        yield "text", self.entry.text, self.page.text_line
        if self.entry.steps:
            yield "steps", self.entry.steps, self.page.steps_line

    def _lengths(self) -> Iterator[Problem]:
        limits = LONGEST_SOURCE if self.is_source else LONGEST_OTHER
        for name, markdown, line in self._parts():
            length = len(plain(markdown))
            if length > limits[name]:
                yield self._problem(line, f"{name} has {length} letters, {limits[name]} is the most")
        for name, words in (("question", self.entry.question), ("label", self.entry.label)):
            if len(words) > limits[name]:
                what = f"{name} has {len(words)} letters, {limits[name]} is the most"
                severity = Severity.ERROR if self.is_source else Severity.WARNING
                yield self._problem(_line(self.page, name), what, severity)

    def _markdown(self) -> Iterator[Problem]:
        for name, markdown, first in self._parts():
            for offset, what in unfit(markdown):
                yield self._problem(first + offset, f"{name} contains {what}, which Telegram cannot show")

    def _undeclared(self) -> Iterator[Problem]:
        names = [self.shelf.contacts[id].name for id in self.entry.contacts]
        for name, markdown, first in self._parts():
            for offset, what in undeclared(markdown, self.entry.facts, names):
                yield self._problem(first + offset, f"{what} stands in the {name}, but no fact declares it")

    def _facts_of_source(self, today: date) -> Iterator[Problem]:
        seen: set[str] = set()
        for index, fact in enumerate(self.entry.facts):
            line = self.page.front.line(("facts", index))
            if fact.id in seen:
                yield self._problem(line, f"fact {fact.id} stands twice")
            seen.add(fact.id)
            if not any(holds(markdown, fact) for _, markdown, _ in self._parts()):
                yield self._problem(line, f"fact {fact.id} ({fact.value}) stands neither in the text nor in the steps")
            if _past(fact, today):
                yield self._problem(line, f"fact {fact.id}: the day {fact.value} is past", Severity.WARNING)

    def _facts_of_translation(self) -> Iterator[Problem]:
        if bool(self.entry.steps) != bool(self.source.steps):
            yield self._problem(1, f"steps are {'missing' if self.source.steps else 'not in the German source'}")
        for name, markdown, line in self._parts():
            original = self.source.text if name == "text" else self.source.steps or ""
            for fact in self.entry.facts:
                if holds(original, fact) and not holds(markdown, fact):
                    yield self._problem(line, f"fact {fact.id} ({fact.value}) is missing in the {name}")

    def _age(self) -> Iterator[Problem]:
        made_from, version = self.entry.translation_of, self.entry.version
        line = _line(self.page, "translation_of")
        if made_from > version:
            yield self._problem(line, f"translation_of is {made_from}, but the German source has version {version}")
        elif self.entry.status is Status.OUTDATED:
            what = f"outdated: made from version {made_from}, the German source has {version}"
            yield self._problem(line, what, Severity.WARNING)

    def _review(self, today: date) -> Iterator[Problem]:
        if self.entry.expired(today):
            what = f"review was due by {self.entry.review_by}"
            yield self._problem(_line(self.page, "review_by"), what, Severity.WARNING)


def _line(page: Page, name: str) -> int:
    return page.front.line((name,))


def _past(fact: Fact, today: date) -> bool:
    return fact.kind is FactKind.DATE and len(fact.value) == len("YYYY-MM-DD") and fact.value < today.isoformat()
