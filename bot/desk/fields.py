"""The fields of a form, cleaned: what is missing is empty, and nothing in it can upset the database."""

from __future__ import annotations

import re
from datetime import date

from starlette.datastructures import FormData, UploadFile

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
LARGEST = 2**63 - 1
"""The largest number that a column holds."""


class Fields:
    """Reads a form; never raises for what somebody typed."""

    def __init__(self, form: FormData) -> None:
        self._form = form

    def raw(self, name: str) -> str:
        """The field as it was typed, for passwords; empty if missing."""
        value = self._form.get(name)
        return value if isinstance(value, str) else ""

    def text(self, name: str, longest: int = 200) -> str:
        """One line, without space around it and control characters, cut after `longest` characters."""
        return one_line(self.raw(name), longest)

    def lines(self, name: str, longest: int = 4096) -> str:
        """Several lines, their ends as `\\n`, without control characters, cut after `longest` characters."""
        return _CONTROL.sub("", self.raw(name).replace("\r\n", "\n")).strip()[:longest]

    def number(self, name: str) -> int | None:
        """A whole number that the database can hold, else None."""
        return whole_number(self.raw(name))

    def day(self, name: str) -> date | None:
        """A date as browsers send it (2026-11-24), else None."""
        try:
            return date.fromisoformat(self.raw(name))
        except ValueError:
            return None

    def ticked(self, name: str) -> bool:
        """Whether the box was ticked."""
        return bool(self.raw(name))

    def files(self, name: str) -> list[UploadFile]:
        """The files that were chosen."""
        return [file for file in self._form.getlist(name) if isinstance(file, UploadFile) and file.filename]

    def texts(self) -> dict[str, str]:
        """All fields, to fill the form again after an error."""
        return {name: self.text(name) for name in self._form}


def one_line(text: str, longest: int) -> str:
    """A text without space around it and control characters, cut after `longest` characters."""
    return " ".join(_CONTROL.sub("", text).split())[:longest]


def whole_number(text: str | None) -> int | None:
    """A number typed by somebody, if the database can hold it."""
    text = (text or "").strip()
    if not re.fullmatch(r"-?[0-9]{1,19}", text):
        return None
    return int(text) if abs(int(text)) <= LARGEST else None
