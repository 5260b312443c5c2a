"""The shapes of what editors type: front matter of a source, of a translation, and a contact. Checked by pydantic."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

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
    keywords: dict[Words, Words]
    facts: tuple[FactShape, ...]
    flow: Words | None = None


class TranslationFront(Shape):
    """The front matter of every other language."""

    id: Words
    question: Words
    label: Words
    translation_of: Version
    method: Method
    reviewer: Words | None = None
    keywords: dict[Words, Words]


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
