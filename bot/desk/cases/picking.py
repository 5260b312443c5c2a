"""What staff can pick instead of writing: entries, phrases, terms of the glossary, contacts. Found by German words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.desk.visit import Visit
from bot.storage.models import CaseMessage
from knowledge.library import Library
from knowledge.model import SOURCE_LANGUAGE, in_language
from knowledge.phrases import Phrase
from knowledge.spelling import plain_words

MOST = 30
"""Results that are shown; more words find fewer."""
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


class Kind(StrEnum):
    """As `CaseMessage.kind`."""

    ENTRY = "entry"
    PHRASE = "phrase"
    TERM = "term"
    REFERRAL = "referral"


@dataclass(frozen=True)
class Pick:
    """Something to pick: its id, its German title, a line about it."""

    ref: str
    title: str
    more: str = ""


Group = tuple[str, list[Pick]]
"""Heading, empty where none is needed, and what stands below it."""


class Picker:
    """Looks into the knowledge as it stands now."""

    def __init__(self, visit: Visit) -> None:
        self._library: Library = visit.desk.parts.library
        self._locales = visit.desk.parts.locales
        self._office = visit.desk.parts.office_language

    def found(self, kind: Kind, typed: str) -> list[Group]:
        """What fits the words, best first; everything, in its groups, without words."""
        if typed.strip():
            hits = self._search(kind, typed)[:MOST]
            return [("", hits)] if hits else []
        return [(heading, picks) for heading, picks in self._all(kind) if picks]

    def knows(self, kind: Kind, ref: str) -> bool:
        """Whether that can be picked."""
        known = {
            Kind.ENTRY: self._is_entry,
            Kind.PHRASE: self._library.phrases.__contains__,
            Kind.TERM: self._library.glossary.__contains__,
            Kind.REFERRAL: self._library.contacts.__contains__,
        }
        return known[kind](ref)

    def title(self, kind: Kind, ref: str) -> str:
        """What it is called. Raises `KeyError`."""
        match kind:
            case Kind.ENTRY:
                return self._library.entry(ref, SOURCE_LANGUAGE).question
            case Kind.PHRASE:
                return self._library.phrases.get(ref).text[SOURCE_LANGUAGE]
            case Kind.TERM:
                return ref
            case Kind.REFERRAL:
                return self._library.contact(ref).name

    def phrase(self, ref: str) -> Phrase:
        """The phrase with its blanks. Raises `KeyError`."""
        return self._library.phrases.get(ref)

    def _is_entry(self, ref: str) -> bool:
        return ref.partition(".")[0] in self._library.topics and self._library.has(ref)

    def _search(self, kind: Kind, typed: str) -> list[Pick]:
        if kind is Kind.PHRASE:
            return [_of_phrase(phrase) for phrase in self._library.phrases.search(typed)]
        words = plain_words(typed)
        every = [pick for _, picks in self._all(kind) for pick in picks]
        in_title = [pick for pick in every if _begin(words, pick.title)]
        beside = [pick for pick in every if _begin(words, f"{pick.title} {pick.more}")]
        also = self._near(typed) if kind is Kind.ENTRY else []
        return list({pick.ref: pick for pick in (*in_title, *beside, *also)}.values())

    def _near(self, typed: str) -> list[Pick]:
        """Entries that say the words elsewhere, typing mistakes forgiven."""
        return [Pick(id, self._library.entry(id, SOURCE_LANGUAGE).question)
                for id in self._library.search(typed, SOURCE_LANGUAGE, 5)]  # fmt: skip

    def _all(self, kind: Kind) -> Iterable[Group]:
        match kind:
            case Kind.ENTRY:
                return [(self._topic(topic), [Pick(entry.id, entry.question)
                                              for entry in self._library.entries(topic, SOURCE_LANGUAGE)])
                        for topic in self._library.topics]  # fmt: skip
            case Kind.PHRASE:
                return [(heading, [_of_phrase(phrase) for phrase in phrases])
                        for heading, phrases in self._library.phrases.groups()]  # fmt: skip
            case Kind.TERM:
                terms = self._library.glossary.terms(SOURCE_LANGUAGE)
                return [("", [Pick(term.id, term.word, term.explanation) for term in terms])]
            case Kind.REFERRAL:
                contacts = sorted(self._library.contacts.values(), key=lambda contact: contact.name.casefold())
                return [("", [Pick(one.id, one.name, in_language(one.about, SOURCE_LANGUAGE) if one.about else "")
                              for one in contacts])]  # fmt: skip

    def _topic(self, topic: str) -> str:
        return self._locales.say(self._office, f"topic.{topic}")


def _of_phrase(phrase: Phrase) -> Pick:
    return Pick(phrase.id, phrase.text[SOURCE_LANGUAGE])


def _begin(typed: Sequence[str], text: str) -> bool:
    plain = text.casefold()
    words = {*plain_words(plain), *plain_words(plain.translate(_UMLAUTS))}
    return bool(typed) and all(any(word.startswith(start) for word in words) for start in typed)


def picked(kind: Kind, ref: str, blanks: dict[str, str] | None = None) -> dict[str, object]:
    """The columns of a message with what was picked."""
    return {"kind": kind.value, "ref": ref, "blanks": blanks or None}


def as_message(kind: Kind, ref: str, blanks: dict[str, str] | None = None) -> CaseMessage:
    """The same as a message that is not stored, for the preview."""
    return CaseMessage(**picked(kind, ref, blanks))
