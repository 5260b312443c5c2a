"""Formatted text as Telegram keeps it: trimmed, with entities from markup, given ones, and found ones."""

import re
from typing import Any

from bot.simulator.errors import bad_request
from bot.simulator.html import parse_html, utf16_length
from bot.simulator.state import Json

TOP_DOMAINS = "de|com|org|net|eu|info|gov|io|app"
PATTERNS = {
    "bot_command": re.compile(r"(?<![\w/<>@])/[A-Za-z0-9_]{1,32}(?:@\w{3,32})?(?![\w/])"),
    "email": re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    "url": re.compile(
        r"(?<![\w@./-])(?:https?://[^\s<>\"]+[^\s<>\".,;:!?)\]]"
        rf"|(?:[\w-]+\.)+(?:{TOP_DOMAINS})\b(?:/[^\s<>\"]*[^\s<>\".,;:!?)\]])?)"
    ),
    "mention": re.compile(r"(?<![\w@.])@[A-Za-z]\w{3,31}"),
    "hashtag": re.compile(r"(?<![\w&])#\w*[^\W\d]\w*"),
    "phone_number": re.compile(r"(?<![\w+])\+\d[\d ()/-]{6,}\d"),
}
CLUES = {
    kind: re.compile(clue)
    for kind, clue in {
        "bot_command": "/", "email": "@", "url": rf"://|\.(?:{TOP_DOMAINS})\b", "mention": "@", "hashtag": "#",
        "phone_number": r"\+",
    }.items()
}  # fmt: skip
"""What no such entity is without and most texts lack; it is found, or not, far quicker than the pattern."""
COVERING = frozenset({"code", "pre", "text_link"})


def formatted(text: str, parse_mode: str | None, given: list[Json] | None) -> tuple[str, list[Json]]:
    """What Telegram would store; raises `ApiError` for broken markup, a bad entity or an unknown mode."""
    if parse_mode is None or parse_mode == "":
        entities = [_checked(entity, utf16_length(text)) for entity in given or []]
    elif parse_mode.lower() == "html":
        text, entities = parse_html(text)
    else:
        raise bad_request("unsupported parse_mode")
    text, entities = _trimmed(text, entities)
    return text, sorted([*entities, *_found(text, entities)], key=lambda e: (e["offset"], -e["length"]))


def _checked(entity: Any, size: int) -> Json:
    if not isinstance(entity, dict) or not isinstance(entity.get("type"), str):
        raise bad_request("can't parse MessageEntity: expected an object with a type")
    offset, length = entity.get("offset"), entity.get("length")
    if not isinstance(offset, int) or not isinstance(length, int):
        raise bad_request("can't parse MessageEntity: offset and length must be of type Number")
    if offset < 0 or length <= 0 or offset + length > size:
        raise bad_request(f"entity beginning at UTF-16 offset {offset} ends after the end of the text")
    return dict(entity)


def _trimmed(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Telegram removes white space around a text; entities move and shrink with it."""
    stripped = text.strip()
    if stripped == text:
        return text, entities
    shift = utf16_length(text[: len(text) - len(text.lstrip())])
    size = utf16_length(stripped)
    kept = []
    for entity in entities:
        start = max(entity["offset"] - shift, 0)
        end = min(entity["offset"] + entity["length"] - shift, size)
        if end > start:
            kept.append({**entity, "offset": start, "length": end - start})
    return stripped, kept


def _found(text: str, entities: list[Json]) -> list[Json]:
    """Commands, links, mail addresses and the like which Telegram marks by itself, outside code and links."""
    taken = [(e["offset"], e["offset"] + e["length"]) for e in entities if e["type"] in COVERING]
    found: list[Json] = []
    for kind, pattern in PATTERNS.items():
        if not CLUES[kind].search(text):
            continue
        for match in pattern.finditer(text):
            start = utf16_length(text[: match.start()])
            end = start + utf16_length(match.group())
            if all(end <= low or start >= high for low, high in taken):
                taken.append((start, end))
                found.append({"type": kind, "offset": start, "length": end - start})
    return found
