"""Requests to the Bot API: python-telegram-bot's own door for another library than httpx."""

from __future__ import annotations

import json
from typing import Any

import aiohttp
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.connection import Connections

CONNECT_SECONDS, TURN_SECONDS = 10.0, 20.0
"""How long a connection may take to be made, and that together with waiting until one is free."""
NEVER_SENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)
"""Causes of a `NetworkError` that tell that nothing can have arrived: there was no connection."""
_QUOTED = str.maketrans({'"': "%22", "\r": "%0D", "\n": "%0A"})
"""In the name of a file only what would end it is written otherwise, as browsers do (HTML standard, multipart/form-data
encoding algorithm): Telegram shows the name as it comes."""


class Request(BaseRequest):
    """At most so many requests at once, of which each may wait so many seconds for Telegram's answer."""

    __slots__ = ("_connections", "_read_timeout")

    def __init__(self, connections: int, read_timeout: float) -> None:
        self._connections = Connections(connections, headers={"User-Agent": self.USER_AGENT})
        self._read_timeout = read_timeout

    @property
    def read_timeout(self) -> float | None:
        """Seconds, if a call names none of its own."""
        return self._read_timeout

    async def initialize(self) -> None:
        """Connections are opened when they are needed."""

    async def shutdown(self) -> None:
        """Close the connections."""
        await self._connections.close()

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE, *more_timeouts: Any, **named_timeouts: Any,
    ) -> tuple[int, bytes]:  # fmt: skip
        """Status and content of the answer. Of a call's own timeouts that for the answer counts, in seconds.

        Raises `TimedOut` and other kinds of `NetworkError`.
        """
        patience = self._read_timeout if read_timeout is BaseRequest.DEFAULT_NONE else read_timeout
        timeout = aiohttp.ClientTimeout(total=None, connect=TURN_SECONDS, sock_connect=CONNECT_SECONDS,
                                        sock_read=patience)  # fmt: skip
        try:
            async with self._connections.open.request(method, url, timeout=timeout, **_body(request_data)) as answer:
                return answer.status, await answer.read()
        except TimeoutError as error:
            raise TimedOut from error
        except aiohttp.ClientError as error:
            # What the error itself says may hold the address, and with it the token.
            raise NetworkError(type(error).__name__) from error


def _body(request: RequestData | None) -> dict[str, Any]:
    """What goes along: JSON, or a form of several parts if there are files."""
    if request is None:
        return {}
    if not request.contains_files:
        written = json.dumps(request.parameters, ensure_ascii=False)
        return {"data": written.encode(), "headers": {"Content-Type": "application/json"}}
    form = aiohttp.FormData(quote_fields=False, default_to_multipart=True)
    for name, value in request.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, kind) in (request.multipart_data or {}).items():
        form.add_field(name, content, filename=filename.translate(_QUOTED), content_type=kind)
    return {"data": form}
