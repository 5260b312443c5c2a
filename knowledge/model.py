"""What an answer, a fact and a contact are. Plain frozen data; everything here is read from files by `library.load`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

SOURCE_LANGUAGE = "de"
SECOND_LANGUAGE = "en"
"""What is shown where a language lacks something, before German is."""
SMALLTALK = "smalltalk"
"""The folder of fixed texts that are no topic of the menu, such as the crisis text."""
_IN_ASCII = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


class Status(StrEnum):
    """How far an entry in one language can be relied on; computed from its files, never typed."""

    MISSING = "missing"
    DRAFT = "draft"
    CURRENT = "current"
    OUTDATED = "outdated"


class Method(StrEnum):
    """How a text in one language came about."""

    NATIVE = "native"
    MACHINE_DRAFT = "machine_draft"
    REVIEWED = "reviewed"


class FactKind(StrEnum):
    """What a fact's value is; decides how it is found again in a text."""

    NUMBER = "number"
    AMOUNT = "amount"
    DURATION = "duration"
    DATE = "date"
    PHONE = "phone"
    LINK = "link"
    SECTION = "section"


class Severity(StrEnum):
    """Whether a gap stops the build (error), wants work (warning) or is only worth knowing (notice)."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"


@dataclass(frozen=True)
class Problem:
    """A gap in the content, said so that an editor finds the line."""

    file: str
    line: int
    what: str
    severity: Severity = Severity.ERROR
    language: str = ""
    """Empty where the gap belongs to no single language (contacts, order of topics)."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}"


@dataclass(frozen=True, kw_only=True)
class Fact:
    """A number, deadline, phone or link an answer relies on, with its origin."""

    id: str
    kind: FactKind
    value: str
    as_of: str
    source: str


@dataclass(frozen=True, kw_only=True)
class Detail:
    """One way to reach a contact; `verified` once the office has confirmed it."""

    value: str
    as_of: str
    source: str
    verified: bool


@dataclass(frozen=True, kw_only=True)
class Contact:
    """A body the answers refer to; its name stays German, because it stands so on the door."""

    id: str
    name: str
    about: Mapping[str, str]
    phone: Detail | None = None
    email: Detail | None = None
    web: Detail | None = None
    address: Detail | None = None
    hours: Detail | None = None
    to_fill: tuple[str, ...] = ()

    @property
    def details(self) -> dict[str, Detail]:
        """What is known, by field name, in the order in which it is shown."""
        known = {"phone": self.phone, "email": self.email, "web": self.web, "address": self.address,
                 "hours": self.hours}  # fmt: skip
        return {name: detail for name, detail in known.items() if detail is not None}


@dataclass(frozen=True, kw_only=True)
class Term:
    """A German word that people meet on forms, as one language explains it."""

    id: str
    """The German word, the same in every language."""
    language: str
    word: str
    """What the language itself calls it; in German the id."""
    explanation: str
    forms: tuple[str, ...] = ()
    """Other words and inflected forms of the language for exactly this."""
    entry: str | None = None
    """The entry whose very question is what this is."""

    @property
    def slug(self) -> str:
        """The id as links and buttons can carry it: small letters, digits and hyphens."""
        return re.sub(r"[^a-z0-9]+", "-", self.id.lower().translate(_IN_ASCII)).strip("-")

    @property
    def base(self) -> str:
        """The word without what is added in brackets."""
        return re.sub(r"\s*\([^)]*\)", "", self.word).strip()


@dataclass(frozen=True, kw_only=True)
class Source:
    """The part of an entry that holds in every language; written once, in the German file."""

    id: str
    version: int
    as_of: str
    owner: str
    review_by: date
    contacts: tuple[str, ...]
    related: tuple[str, ...]
    sensitive: bool
    counsel: bool
    keywords: tuple[str, ...]
    """Ids of the terms that a reader needs, and that the glossary explains."""
    facts: tuple[Fact, ...]
    flow: str | None = None

    @property
    def topic(self) -> str:
        """The first half of the id."""
        return self.id.partition(".")[0]

    def expired(self, today: date) -> bool:
        """Whether the day of review has passed: still shown, but with a note that it is being checked."""
        return self.review_by < today


@dataclass(frozen=True, kw_only=True)
class Entry(Source):
    """An answer in one language, together with what holds in all of them."""

    language: str
    question: str
    label: str
    text: str
    steps: str | None
    method: Method
    translation_of: int
    """The version of the source this text was made from; the source's own version in the source language."""
    reviewer: str | None = None

    @property
    def status(self) -> Status:
        """A changed fact outweighs how the text was made: an old draft counts as outdated."""
        if self.translation_of < self.version:
            return Status.OUTDATED
        return Status.DRAFT if self.method is Method.MACHINE_DRAFT else Status.CURRENT


def in_language(texts: Mapping[str, str], language: str) -> str:
    """The text, in English or German where the language lacks it (which the check reports as an error)."""
    return next(texts[code] for code in (language, SECOND_LANGUAGE, SOURCE_LANGUAGE) if code in texts)
