"""What the bot writes to standard error: a line for each thing, with the id of the work it belongs to."""

from __future__ import annotations

import json
import logging
import time
from typing import Literal

from bot.operations import trace

Format = Literal["text", "json"]


class TextLines(logging.Formatter):
    """`2026-11-24 10:00:00,000 WARNING u-0123456789 bot.rasa: ...`; a hyphen where the line belongs to no work."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(work)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """The record as text, a traceback below it."""
        record.work = trace.id_now()
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
            record.exc_text = self.formatException(record.exc_info)
        if record.exc_text:
            line["error"] = record.exc_text
        return json.dumps(line, ensure_ascii=False)


def formatter(kind: Format) -> logging.Formatter:
    """What makes lines of records."""
    return JsonLines() if kind == "json" else TextLines()
