"""What staff can pick instead of typing it, found by words in German: entries, phrases, terms, contacts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from knowledge.library import Library
from knowledge.model import SOURCE_LANGUAGE, Entry
from knowledge.spelling import plain_words

SHOWN = 5
"""Of what was found so much stands under a message in the group."""
OFFERED = 50
"""So much Telegram shows in the picker (Bot API, answerInlineQuery)."""
COMMANDS = {"entry": "antwort", "phrase": "satz", "term": "wort", "referral": "verweis"}
"""The command that sends a find, by the kind of the message."""


@dataclass(frozen=True)
class Find:
    """Something that can be sent. `text` may hold Markdown."""

    kind: str
    ref: str
    title: str
    text: str = ""

    @property
    def command(self) -> str:
        """What somebody types to send it."""
        return f"/{COMMANDS[self.kind]} {self.ref}"


def find(library: Library, kind: str, words: str) -> list[Find]:
    """What fits the words, best first; an exact id alone."""
    return {"entry": entries, "phrase": phrases, "term": terms, "referral": contacts}[kind](library, words)


def entries(library: Library, words: str) -> list[Find]:
    """Entries of the FAQ: such as the search finds, then such as have words in the question that begin so."""
    if library.has(words):
        return [_entry(library.entry(words, SOURCE_LANGUAGE))]
    listed = [entry for topic in library.topics for entry in library.entries(topic, SOURCE_LANGUAGE)]
    begin = [entry for entry in listed if _begins(words, (entry.question,))]
    searched = [library.entry(id, SOURCE_LANGUAGE) for id in library.search(words, SOURCE_LANGUAGE, SHOWN)]
    return [_entry(entry) for entry in {entry.id: entry for entry in (*searched, *begin)}.values()]


def _entry(entry: Entry) -> Find:
    return Find("entry", entry.id, entry.question, entry.text)


def phrases(library: Library, words: str) -> list[Find]:
    """Office phrases, with their blanks as they stand."""
    found = [library.phrases.get(words)] if words in library.phrases else library.phrases.search(words)
    return [Find("phrase", one.id, one.text[SOURCE_LANGUAGE]) for one in found]


def terms(library: Library, words: str) -> list[Find]:
    """Terms of the glossary: the one of that name, else such as resemble it."""
    glossary = library.glossary
    exact = glossary.find(words, SOURCE_LANGUAGE)
    found = [exact] if exact is not None else glossary.nearest(words, SOURCE_LANGUAGE, SHOWN)
    return [Find("term", term.id, term.id, glossary.term(term.id, SOURCE_LANGUAGE).explanation) for term in found]


def contacts(library: Library, words: str) -> list[Find]:
    """Bodies of the directory."""
    if words in library.contacts:
        exact = library.contact(words)
        return [Find("referral", exact.id, exact.name)]
    return [Find("referral", one.id, one.name, one.about.get(SOURCE_LANGUAGE, ""))
            for one in library.contacts.values()
            if _begins(words, (one.name, one.about.get(SOURCE_LANGUAGE, ""), one.id))]  # fmt: skip


def _begins(words: str, texts: Iterable[str]) -> bool:
    typed = [word.casefold() for word in plain_words(words)]
    there = [word.casefold() for text in texts for word in plain_words(text.replace("_", " "))]
    return bool(typed) and all(any(word.startswith(start) for word in there) for start in typed)


def offers(library: Library, words: str) -> list[Find]:
    """What the picker shows while somebody types: without words the phrases, which are needed most."""
    if not words.strip():
        return phrases(library, "")[:OFFERED]
    found = [*entries(library, words)[:20], *phrases(library, words)[:20], *terms(library, words)[:SHOWN],
             *contacts(library, words)[:SHOWN]]  # fmt: skip
    return found[:OFFERED]
