"""What a button means, in 64 bytes: a name and ids, never a text."""

from __future__ import annotations

from dataclasses import dataclass

LIMIT = 64
"""Telegram takes 1 to 64 bytes of callback data (Bot API, InlineKeyboardButton)."""


@dataclass(frozen=True)
class Action:
    """A button's meaning, for example `Action("ask", ("rooms.event",))`."""

    name: str
    args: tuple[str, ...] = ()

    def encode(self) -> str:
        """The callback data. Raises `ValueError` if it does not fit or could not be read back."""
        data = ":".join((self.name, *self.args))
        if len(data.encode()) > LIMIT:
            raise ValueError(f"button data is longer than {LIMIT} bytes: {data}")
        if Action.decode(data) != self:
            raise ValueError(f"button data cannot be read back: {data}")
        return data

    @staticmethod
    def decode(data: str) -> Action:
        """Read callback data; whoever looks the name up has to expect one that is not known."""
        name, *args = data.split(":")
        return Action(name, tuple(args))


def case_action(name: str, case_id: int, version: int, *more: str) -> Action:
    """A button bound to a case as it stands now; pressed later, it is recognised as stale."""
    return Action(name, (str(case_id), str(version), *more))
