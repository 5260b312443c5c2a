"""What the bot writes to standard error: a line for each thing, with the id of the work it belongs to."""

from __future__ import annotations

import json
import logging
import time
import traceback
from collections.abc import Iterator
from typing import Literal

from bot.operations import trace

Format = Literal["text", "json"]


def told(error: BaseException | None) -> str:
    """A traceback. While something of somebody is being worked on it names kinds of errors and places only.

    The words of an error may quote what that person wrote; what ends the program at its start has to be said in words.
    """
    if error is None:
        return ""
    lines = traceback.format_exception(error) if trace.current() is None else _without_words(error)
    return "".join(lines).rstrip("\n")


def _without_words(error: BaseException) -> Iterator[str]:
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        yield from _without_words(before)
        yield "\nAfter that:\n\n"
    yield "Traceback (most recent call last):\n"
    yield from traceback.format_tb(error.__traceback__)
    yield f"{type(error).__module__}.{type(error).__qualname__}\n"
    for part in error.exceptions if isinstance(error, BaseExceptionGroup) else ():
        yield from _without_words(part)


class TextLines(logging.Formatter):
    """`2026-11-24 10:00:00,000 WARNING u-0123456789 bot.rasa: ...`; a hyphen where the line belongs to no work."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(work)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """The record as text, a traceback below it."""
        record.work = trace.id_now()
        if record.exc_info and not record.exc_text:
            record.exc_text = told(record.exc_info[1])
        return super().format(record)


class JsonLines(logging.Formatter):
    """One JSON object a line; its fields stand in docs/operations.md."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON; a traceback is one of its fields."""
        line = {
            "time": f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(record.created))}.{int(record.msecs):03}Z",
            "level": record.levelname, "logger": record.name, "id": trace.id_now(), "message": record.getMessage(),
        }  # fmt: skip
        # A filter may have made the text of the traceback already, without what must not be seen.
        if record.exc_info and not record.exc_text:
            record.exc_text = told(record.exc_info[1])
        if record.exc_text:
            line["error"] = record.exc_text
        return json.dumps(line, ensure_ascii=False)


def formatter(kind: Format) -> logging.Formatter:
    """What makes lines of records."""
    return JsonLines() if kind == "json" else TextLines()
