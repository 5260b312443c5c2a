"""What stands in a document: plain texts in the language of its reader, block by block."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["open", "done", "not_needed"]


@dataclass(frozen=True)
class Heading:
    """Begins a part of the document."""

    text: str


@dataclass(frozen=True)
class Paragraph:
    """Running text; a line break in it is one on paper."""

    text: str


@dataclass(frozen=True)
class CheckItem:
    """A thing to do, with a box; `german`: the words for it on German forms, may be empty; `hint`: how it is done."""

    text: str
    german: str
    state: State
    hint: str = ""


@dataclass(frozen=True)
class Lines:
    """A label, and below it `count` empty lines to write on by hand."""

    label: str
    count: int


Block = Heading | Paragraph | CheckItem | Lines


@dataclass(frozen=True)
class Document:
    """A4, as many pages as it takes; `language` decides the direction, `footer` stands on every page."""

    language: str
    title: str
    intro: str
    blocks: tuple[Block, ...]
    footer: str
