"""How requests travel: aiohttp, which costs a tenth of what httpx does for one.

Every message makes two or three requests, and these were a quarter of all that a message cost (docs/performance.md).
"""

from __future__ import annotations

import ssl
from functools import cache
from typing import Any
from urllib.request import getproxies

import aiohttp
import certifi

KEEPALIVE_SECONDS = 30.0
"""How long a connection that nobody uses stays open."""


class Connections:
    """At most so many connections to one place, opened when they are first needed; `more`: of `aiohttp.ClientSession`.

    Where the environment names a proxy (HTTPS_PROXY and the like), requests go through it.
    """

    def __init__(self, limit: int, **more: Any) -> None:
        self._limit = limit
        self._more = more
        self._session: aiohttp.ClientSession | None = None

    @property
    def open(self) -> aiohttp.ClientSession:
        """What makes requests. Needs a running loop; closed, it is opened again."""
        if self._session is None or self._session.closed:
            connector = aiohttp.TCPConnector(limit=self._limit, keepalive_timeout=KEEPALIVE_SECONDS,
                                             ssl=_certificates())  # fmt: skip
            self._session = aiohttp.ClientSession(
                connector=connector, cookie_jar=aiohttp.DummyCookieJar(), trust_env=bool(getproxies()), **self._more
            )
        return self._session

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()


@cache
def _certificates() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=certifi.where())
