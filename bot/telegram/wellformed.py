"""What an update may hold at all: whoever forges one must not upset what comes after.

Telegram writes well-formed updates; behind the webhook stands whoever knows its secret, and a library of the future.
"""

from __future__ import annotations

import types
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, get_args, get_type_hints

DEEPEST = 40
"""Levels of an update: one with a message, which answers a message, with a picture, has about ten."""
LONGEST_TEXT = 4096
"""Characters of a message or caption (Bot API, sendMessage)."""
_WHOLE = range(-(2**63), 2**63)
"""Numbers that the databases can hold."""


def tidied(update: object) -> dict[str, Any] | None:
    """The update without what no database takes (NUL, lone surrogates); None if it is none."""
    if not isinstance(update, dict):
        return None
    number = update.get("update_id")
    if type(number) is not int or number not in _WHOLE:
        return None
    cleaned: dict[str, Any] = _tidied(update, DEEPEST)
    return cleaned


def _tidied(value: Any, levels: int) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {clean(str(key)): _tidied(one, levels - 1) for key, one in value.items()} if levels else None
    if isinstance(value, list):
        return [_tidied(one, levels - 1) for one in value] if levels else None
    if isinstance(value, float) and (value != value or abs(value) == float("inf")):
        return None  # not JSON, though Python reads it
    return value


def clean(text: str) -> str:
    """The text without NUL, and with a mark in place of half a character."""
    if text.isascii():
        return text.replace("\0", " ") if "\0" in text else text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", " ")


def is_sound(value: object) -> bool:
    """Whether a message holds what its type promises: the library passes on whatever stands in an update."""
    if not is_dataclass(value) or isinstance(value, type):
        return _fits(value)
    return all(isinstance(one := getattr(value, name), kinds) and is_sound(one) and not _posing(one, kinds)
               for name, kinds in _kinds(type(value)).items())  # fmt: skip


def _fits(value: object) -> bool:
    return not isinstance(value, int) or value in _WHOLE


def _posing(value: object, kinds: tuple[type, ...]) -> bool:
    """True and False are numbers to Python, but no ids."""
    return isinstance(value, bool) and bool not in kinds


@cache
def _kinds(kind: type) -> dict[str, tuple[type, ...]]:
    """The fields of a dataclass, and of what kinds their values may be."""
    hints = get_type_hints(kind)
    return {one.name: tuple(_plain(hint) for hint in _alternatives(hints[one.name])) for one in fields(kind)}


def _alternatives(hint: Any) -> tuple[Any, ...]:
    return get_args(hint) if isinstance(hint, types.UnionType) else (hint,)


def _plain(hint: Any) -> type:
    """`tuple` for `tuple[str, ...]`."""
    return getattr(hint, "__origin__", hint)  # type: ignore[no-any-return]
