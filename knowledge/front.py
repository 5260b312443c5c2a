"""The shapes of what editors type: front matter, a contact, a term of the glossary. Checked by pydantic."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

from knowledge.model import FactKind, Method

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
DATE = r"^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$"
AsOf = Annotated[str, StringConstraints(pattern=DATE)]
Version = Annotated[int, Field(ge=1)]
DETAILS = ("phone", "email", "web", "address", "hours")


class Shape(BaseModel):
    """A field nobody knows is a typing mistake, so it is refused rather than ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class FactShape(Shape):
    """One declared fact."""

    id: Words
    kind: FactKind
    value: Words
    as_of: AsOf
    source: Words

    @model_validator(mode="after")
    def _can_be_found_again(self) -> Self:
        if self.kind is FactKind.DATE and not re.match(DATE, self.value):
            raise ValueError("a date must be YYYY, YYYY-MM or YYYY-MM-DD")
        if self.kind is not FactKind.LINK and not re.search(r"\d", self.value):
            raise ValueError(f"a fact of kind {self.kind} needs digits")
        return self


class SourceFront(Shape):
    """The front matter of a German file."""

    id: Words
    question: Words
    label: Words
    version: Version
    as_of: AsOf
    owner: Words
    review_by: date
    contacts: tuple[Words, ...]
    related: tuple[Words, ...]
    sensitive: bool
    counsel: bool
    keywords: tuple[Words, ...]
    facts: tuple[FactShape, ...]
    flow: Words | None = None

    @field_validator("contacts", "related", "keywords", "facts", mode="before")
    @classmethod
    def _left_empty_is_none_of_them(cls, value: object) -> object:
        return () if value is None else value


class TranslationFront(Shape):
    """The front matter of every other language."""

    id: Words
    question: Words
    label: Words
    translation_of: Version
    method: Method
    reviewer: Words | None = None


class DetailShape(Shape):
    """One way to reach a contact."""

    value: Words
    as_of: AsOf
    source: Words
    verified: bool


class ContactShape(Shape):
    """One contact of the directory."""

    name: Words
    about: dict[Words, Words]
    phone: DetailShape | None = None
    email: DetailShape | None = None
    web: DetailShape | None = None
    address: DetailShape | None = None
    hours: DetailShape | None = None
    to_fill: tuple[Words, ...] = ()


class TermShape(Shape):
    """One German term of the glossary."""

    explanation: Words
    forms: tuple[Words, ...] = ()
    entry: Words | None = None


class WordShape(Shape):
    """The same term in another language."""

    word: Words
    explanation: Words
    forms: tuple[Words, ...] = ()


class AskShape(Shape):
    """How a language asks for the meaning of a word; `{}` is the word."""

    ask: tuple[Words, ...]

    @model_validator(mode="after")
    def _each_has_one_place(self) -> Self:
        odd = next((frame for frame in self.ask if frame.count("{}") != 1 or not frame.replace("{}", "").strip()), None)
        if odd is not None:
            raise ValueError(f"`{odd}` must be words around one {{}}")
        return self


class AskingShape(Shape):
    """Words of every language that help to tell which term a question is about."""

    fillers: dict[Words, tuple[Words, ...]]
    lookalikes: dict[Words, tuple[Words, ...]] = {}
