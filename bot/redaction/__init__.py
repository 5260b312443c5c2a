"""Takes personal data out of a text before it is kept: `redact("call +49 30 23125 001", "en")` -> `call [phone]`."""

from bot.redaction.marks import Kind
from bot.redaction.redactor import Found, find, redact

__all__ = ["Found", "Kind", "find", "redact"]
