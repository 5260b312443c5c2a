"""How requests travel: httpx as everybody knows it, on aiohttp, which costs a quarter of httpx's own transport.

Every message makes two or three requests, and these were a quarter of all that a message cost (docs/performance.md).
"""

from __future__ import annotations

import ssl
from functools import cache
from urllib.request import getproxies

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

KEEPALIVE_SECONDS = 30.0
"""How long a connection that nobody uses stays open."""


def transport(connections: int) -> httpx.AsyncBaseTransport | None:
    """What carries the requests of one `httpx.AsyncClient`, on at most so many connections at once.

    None where the environment names a proxy (HTTPS_PROXY and the like): there httpx finds its way by itself.
    """
    return None if getproxies() else _Transport(connections)


class _Transport(AiohttpTransport):
    """Says of a failure what httpx itself would say; closed, it can be opened again."""

    def __init__(self, connections: int) -> None:
        super().__init__(verify=_certificates(), client=self._open)
        self._connections = connections

    def _open(self) -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=KEEPALIVE_SECONDS,
                                         ssl=_certificates())  # fmt: skip
        return aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Make a request. Raises `httpx.TransportError`.

        The library calls every lost connection a timeout. But whether a message may have arrived depends on whether
        there was a connection at all, and a server that is not there is not one that hangs.
        """
        try:
            return await super().handle_async_request(request)
        except httpx.ConnectTimeout as error:
            cause = error.__cause__
            if isinstance(cause, TimeoutError):
                raise
            kind = httpx.ConnectError if isinstance(cause, aiohttp.ClientConnectorError) else httpx.ReadError
            raise kind(str(error), request=request) from cause

    async def aclose(self) -> None:
        """Close the connections."""
        await super().aclose()
        self.client = self._open


@cache
def _certificates() -> ssl.SSLContext:
    return httpx.create_ssl_context()
