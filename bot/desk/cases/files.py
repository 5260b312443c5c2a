"""Files of a conversation, handed to a browser so that nothing in them can act."""

from __future__ import annotations

import re
from urllib.parse import quote

from starlette.responses import Response

from bot.storage.models import CaseMessage

LARGEST = 20 * 1024 * 1024
"""Bytes that a bot may fetch (Bot API, getFile)."""
UNKNOWN = "application/octet-stream"
PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
SOUNDS = frozenset({"audio/ogg", "audio/mpeg"})
SHOWN = PICTURES | SOUNDS | {"video/mp4"}
"""What a browser may show by itself; all else is only saved."""
_BEGINNINGS = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "image/png"),
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg"),
    (re.compile(rb"GIF8[79]a"), "image/gif"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "image/webp"),
    (re.compile(rb"OggS"), "audio/ogg"),
    (re.compile(rb"ID3|\xff[\xfb\xf3\xf2]"), "audio/mpeg"),
    (re.compile(rb"....ftyp", re.DOTALL), "video/mp4"),
    (re.compile(rb"%PDF-"), "application/pdf"),
)
DESCRIBED = frozenset({"location", "venue", "contact"})
"""Kinds of messages that have no file; where one's name would stand, they say what they are about."""
_CHEATING = r"\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069"
"""Signs that cannot be seen and make a text look like another."""
_UNWANTED = re.compile(rf"[\"\\/:*?<>|{_CHEATING}]")
"""In a file's name: what some system does not take, too."""


def type_of(data: bytes) -> str:
    """What the bytes are, as far as that is one of the kinds that may be told to a browser; never what was claimed."""
    return next((kind for beginning, kind in _BEGINNINGS if beginning.match(data)), UNKNOWN)


def clean_name(name: str | None, otherwise: str = "") -> str:
    """A file's name without folders and without signs that cheat."""
    last = re.split(r"[/\\]", name or "")[-1]
    return _UNWANTED.sub("", last).strip(". ")[-120:] or otherwise


def honest(text: str | None) -> str:
    """A text without signs that cheat."""
    return re.sub(f"[{_CHEATING}]", "", text or "")


def shown_as(message: CaseMessage) -> str:
    """How the page shows the file: picture, sound or link. Only a guess: the bytes decide when they are fetched."""
    kind = message.file_type or ""
    if message.media == "photo" or kind in PICTURES:
        return "picture"
    return "sound" if message.media in {"voice", "audio"} or kind in SOUNDS else "link"


def file_response(data: bytes, name: str) -> Response:
    """The file; shown by the browser only if it is harmless by its bytes."""
    kind = type_of(data)
    disposition = "inline" if kind in SHOWN else "attachment"
    return Response(
        data, media_type=kind,
        headers={
            "Content-Disposition": f"{disposition}; filename*=UTF-8''{quote(name, safe='')}",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )  # fmt: skip
