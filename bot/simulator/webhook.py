"""Delivering updates to a webhook, one after the other, again and again until it answers 2xx."""

import asyncio
import re
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx

from bot.simulator.errors import bad_request
from bot.simulator.state import Json
from bot.simulator.updates import UpdateQueue

SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
FIRST_PAUSE_S = 0.2
LONGEST_PAUSE_S = 5.0
REQUEST_TIMEOUT_S = 60.0
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(slots=True)
class Webhook:
    """Where updates go; `url` is empty while the bot polls."""

    updates: UpdateQueue
    url: str = ""
    secret: str = ""
    max_connections: int = 40
    last_error: str = ""
    last_error_at: int = 0
    _task: asyncio.Task[None] | None = field(default=None)

    async def set(self, url: str, secret: str, max_connections: int) -> None:
        """Start delivering to `url` (https, or http on this machine); raises `ApiError` for a bad address."""
        if url and urlsplit(url).scheme != "https" and urlsplit(url).hostname not in LOOPBACK:
            raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
        if secret and not SECRET.fullmatch(secret):
            raise bad_request("secret token contains unallowed characters")
        await self.stop()
        self.url, self.secret, self.max_connections = url, secret, max_connections
        self.last_error, self.last_error_at = "", 0
        if url:
            self.updates.interrupt()
            self._task = asyncio.create_task(self._deliver())

    async def stop(self) -> None:
        """Stop delivering and forget the address."""
        self.url = ""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    def info(self) -> Json:
        """A `WebhookInfo`."""
        shown: Json = {"url": self.url, "has_custom_certificate": False, "pending_update_count": len(self.updates)}
        if self.url:
            shown["max_connections"] = self.max_connections
        if self.last_error:
            shown |= {"last_error_date": self.last_error_at, "last_error_message": self.last_error}
        if self.updates.allowed is not None:
            shown["allowed_updates"] = self.updates.allowed
        return shown

    async def _deliver(self) -> None:
        headers = {SECRET_HEADER: self.secret} if self.secret else {}
        pause = FIRST_PAUSE_S
        async with httpx.AsyncClient(headers=headers, trust_env=False, timeout=REQUEST_TIMEOUT_S) as client:
            while True:
                await self.updates.wait(None)
                update = self.updates.peek(1)[0]
                problem = await self._post(client, update)
                if problem is None:
                    self.updates.remove(update)
                    pause = FIRST_PAUSE_S
                    continue
                self.last_error, self.last_error_at = problem, int(time.time())
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE_S)

    async def _post(self, client: httpx.AsyncClient, update: Json) -> str | None:
        try:
            answer = await client.post(self.url, json=update)
        except httpx.HTTPError as error:
            return f"Connection failed: {type(error).__name__}"
        if answer.is_success:
            return None
        return f"Wrong response from the webhook: {answer.status_code} {answer.reason_phrase}"
