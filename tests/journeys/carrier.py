"""What carries the requests of phones and pages: httpx as the tests know it, on aiohttp, which costs a quarter.

The tests share two cores with what they watch.
"""

from __future__ import annotations

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport


def transport(connections: int) -> httpx.AsyncBaseTransport:
    """For one `httpx.AsyncClient`, with at most so many connections."""
    return AiohttpTransport(client=lambda: aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=connections), cookie_jar=aiohttp.DummyCookieJar()
    ))  # fmt: skip
