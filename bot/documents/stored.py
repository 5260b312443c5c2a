"""A document as JSON, for the time between the decision to send it and its being printed."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from bot.documents.document import CheckItem, Document, Heading, Lines, Paragraph

KINDS = {kind.__name__: kind for kind in (Heading, Paragraph, CheckItem, Lines)}


def to_json(document: Document) -> dict[str, Any]:
    """Plain data, each block with the name of its kind."""
    blocks = [[type(block).__name__, asdict(block)] for block in document.blocks]
    return {**asdict(document), "blocks": blocks}


def from_json(stored: dict[str, Any]) -> Document:
    """The document that `to_json` was given."""
    blocks = tuple(KINDS[name](**fields) for name, fields in stored["blocks"])
    return Document(**{**stored, "blocks": blocks})
