"""Between password and code: who has shown the right password and still owes the second factor."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

ALLOWED = timedelta(minutes=5)
_KEPT = 1_000


@dataclass(frozen=True)
class Half:
    """Half a login. `password_hash` is the one that was right: a new password makes this worthless."""

    staff_id: int
    password_hash: str
    until: datetime


class Pending:
    """Half logins in memory, found by a random token; a restart of the process asks for the password again."""

    def __init__(self) -> None:
        self._halves: OrderedDict[str, Half] = OrderedDict()
        self._secrets: OrderedDict[str, str] = OrderedDict()

    def begin(self, staff_id: int, password_hash: str, now: datetime) -> str:
        """Remember that the password was right; returns the token for the cookie."""
        token = secrets.token_urlsafe(32)
        self._halves[token] = Half(staff_id, password_hash, now + ALLOWED)
        while len(self._halves) > _KEPT:
            self._halves.popitem(last=False)
        return token

    def find(self, token: str | None, now: datetime) -> Half | None:
        """What the token stands for, unless it is too late."""
        half = self._halves.get(token or "")
        return half if half and now < half.until else None

    def end(self, token: str | None) -> None:
        """Forget it: the login is complete, or was given up."""
        self._halves.pop(token or "", None)

    def secret_for(self, session: str, new: Callable[[], str]) -> str:
        """The TOTP secret that is being set up in this session (its token's hash); made by `new` the first time."""
        if session not in self._secrets:
            self._secrets[session] = new()
        while len(self._secrets) > _KEPT:
            self._secrets.popitem(last=False)
        return self._secrets[session]

    def forget_secret(self, session: str) -> None:
        """The secret is in use now, or was given up."""
        self._secrets.pop(session, None)
