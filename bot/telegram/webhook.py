"""Updates as Telegram brings them: the other way, beside asking for them (`bot.telegram.poller`)."""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from bot.operations.outages import Pauses
from bot.telegram.client import UPDATES
from bot.telegram.wellformed import tidied

log = logging.getLogger(__name__)

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
LARGEST_BODY = 1024 * 1024
"""An update is some kilobytes; Telegram sends no files with it."""
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
OK, BAD_REQUEST, FORBIDDEN, TOO_LARGE, UNAVAILABLE = 200, 400, 403, 413, 503


@dataclass(frozen=True)
class Webhook:
    """Takes updates at the path of `url` from whoever knows `secret`; 200 means that the disk has them.

    `keep` stores them, and says whether it could.
    """

    url: str
    secret: str
    keep: Callable[[list[dict[str, Any]]], Awaitable[bool]]

    def route(self) -> Route:
        """The route that Telegram posts to."""
        return Route(urlsplit(self.url).path or "/", self._receive, methods=["POST"])

    async def announce(self, bot: Bot) -> None:
        """Tell Telegram the address, again and again until it knows; then there is nothing more to do.

        Raises `InvalidToken` at once. Several workers share the address, so one of them telling it is enough.
        """
        pauses = Pauses(FIRST_PAUSE, LONGEST_PAUSE)
        while True:
            try:
                await bot.set_webhook(self.url, secret_token=self.secret, allowed_updates=UPDATES)
                break
            except InvalidToken:
                raise
            except TelegramError as error:
                log.warning("Telegram cannot be told where to bring updates: %s", type(error).__name__)
            await asyncio.sleep(pauses.next())
        await asyncio.Event().wait()

    async def _receive(self, request: Request) -> Response:
        if not hmac.compare_digest(request.headers.get(SECRET_HEADER, "").encode(), self.secret.encode()):
            return Response(status_code=FORBIDDEN)
        body = await _body(request)
        if body is None:
            return Response(status_code=TOO_LARGE)
        update = _update(body)
        if update is None:
            return Response(status_code=BAD_REQUEST)
        # Telegram holds on to what was not taken, and brings it again.
        return Response(status_code=OK if await self.keep([update]) else UNAVAILABLE)


async def _body(request: Request) -> bytes | None:
    """What was posted; None if it is too much, or broke off."""
    body = b""
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > LARGEST_BODY:
                return None
    except ClientDisconnect:
        return None
    return body


def _update(body: bytes) -> dict[str, Any] | None:
    """The update in a body; None if there is none."""
    try:
        return tidied(json.loads(body))
    except (ValueError, RecursionError):
        return None
