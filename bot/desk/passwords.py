"""Passwords: hashed with argon2id in a thread, the same time whether or not the login exists."""

from __future__ import annotations

import asyncio
import secrets
from functools import cache, cached_property
from pathlib import Path
from typing import NamedTuple

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 12
"""Characters; NIST SP 800-63B asks for at least 8, and more where there is no second factor."""
LONGEST = 200
"""So that nobody keeps the processor busy with a novel."""
START = "start "
"""Stands before the hash of a password that somebody else has seen: whoever logs in with it first chooses their own."""
_AT_ONCE = 2
"""Hashes being worked out at a time: each takes 64 MB."""


class Verdict(NamedTuple):
    """Whether a password was right, and the new hash to store if the old one was made with other parameters."""

    right: bool
    renewed: str | None = None


class Passwords:
    """Hashes and checks; never blocks the event loop."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._slots = asyncio.Semaphore(_AT_ONCE)

    async def hash(self, password: str) -> str:
        """The argon2id hash of a password, with its parameters and salt."""
        async with self._slots:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def check(self, stored: str | None, password: str) -> Verdict:
        """Compare with a stored hash; without one, with a hash that nothing fits, which takes as long."""
        async with self._slots:
            return await asyncio.to_thread(self._check, stored, password[: LONGEST + 1])

    @cached_property
    def _nobodys(self) -> str:
        return self._hasher.hash(secrets.token_urlsafe())

    def _check(self, stored: str | None, password: str) -> Verdict:
        nobodys = self._nobodys  # worked out by the first check of all, so that no later one takes longer
        bare = (stored or nobodys).removeprefix(START)
        try:
            self._hasher.verify(bare, password)
        except (VerificationError, InvalidHashError):
            return Verdict(right=False)
        if not self._hasher.check_needs_rehash(bare):
            return Verdict(right=stored is not None)
        mark = START if stored and stored.startswith(START) else ""
        return Verdict(stored is not None, mark + self._hasher.hash(password))


def is_start(stored: str | None) -> bool:
    """Whether the stored hash is that of a password given out by somebody else."""
    return bool(stored and stored.startswith(START))


@cache
def _common() -> frozenset[str]:
    """Passwords of 12 characters or more that everybody tries first, in lower case."""
    return frozenset((Path(__file__).parent / "common_passwords.txt").read_text().split())


def weakness(password: str, login: str, name: str) -> str | None:
    """The message id that says why a new password is refused; None if it is good enough."""
    plain = password.casefold()
    if len(password) < SHORTEST:
        return "password.too_short"
    if len(password) > LONGEST:
        return "password.too_long"
    if plain in {login.casefold(), name.casefold(), name.casefold().replace(" ", "")}:
        return "password.is_name"
    common = plain in _common() or len(set(plain)) < 4 or (login and plain.strip("0123456789!.-_ ") == login.casefold())
    return "password.common" if common else None


def made_up() -> str:
    """A start password that can be read out: 16 of 32 signs in groups, 80 bits."""
    alphabet = "abcdefghijkmnpqrstuvwxyz23456789"
    groups = ("".join(secrets.choice(alphabet) for _ in range(4)) for _ in range(4))
    return "-".join(groups)
