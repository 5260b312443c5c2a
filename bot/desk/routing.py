"""The table of pages: which page needs which role."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from starlette.responses import Response

if TYPE_CHECKING:
    from bot.desk.visit import Visit

Handler = Callable[["Visit"], Awaitable[Response]]


class Role(IntEnum):
    """What somebody may do; each includes those before it. The names in lower case stand in the database."""

    NOBODY = 0
    AGENT = 1
    EDITOR = 2
    ADMIN = 3

    @classmethod
    def of(cls, stored: str) -> Role:
        """The role of a member of staff; an unknown one allows the least."""
        return cls.__members__.get(stored.upper(), cls.AGENT)


@dataclass(frozen=True)
class Page:
    """A path, and who may use it."""

    path: str
    name: str
    role: Role
    handler: Handler
    post: bool = False
    title: str = "desk.title"
    """Message id of the browser's title and of the label in the navigation."""
    menu: int = 0
    """Place in the navigation; 0: not in it."""
    quiet: bool = False
    """Fetched by the browser without anybody's doing."""
    early: bool = False
    """Also for somebody who has yet to choose a password of their own."""
    max_body: int = 64 * 1024
