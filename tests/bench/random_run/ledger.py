"""What people and staff have written, each text with a mark by which it is known wherever it turns up."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

_MARK = re.compile(r"\[(q\d{5})\]")


def last_mark(text: str | None) -> str | None:
    """The mark of what a message says; one that it quotes, as it was before an edit, stands before it."""
    found = _MARK.findall(text or "")
    return found[-1] if found else None


def marks(text: str | None) -> set[str]:
    """Every mark in a text."""
    return set(_MARK.findall(text or ""))


@dataclass(frozen=True)
class Said:
    """A message, or what one was edited to. `mark`: None where there is no text; `topic`: None for a person."""

    mark: str | None
    user: int
    chat: int
    message_id: int
    update_id: int
    topic: int | None = None
    edit: bool = False
    note: bool = False


@dataclass
class Ledger:
    """Everything written and pressed, in order. `done` counts the actions by name."""

    said: list[Said] = field(default_factory=list)
    updates: list[int] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    _marks: int = 0

    def marked(self, text: str) -> tuple[str, str]:
        """The text with a mark that nothing else has, and the mark."""
        self._marks += 1
        mark = f"q{self._marks:05d}"
        return f"{text} [{mark}]", mark

    def of(self, user: int) -> Iterator[Said]:
        """What somebody has written, the newest first."""
        return (one for one in reversed(self.said) if one.user == user and not one.edit)
