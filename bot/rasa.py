"""The one door to Rasa: what it understands, and what it decides to say (symbols, never sentences).

Of several servers any can take any message: none keeps anything of a conversation.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Any

from aiohttp import ClientConnectionError, ClientError, ClientPayloadError, ClientResponseError, ClientTimeout

from bot.connection import Connections
from bot.operations import metrics, trace

CONNECTIONS = 64
DOWN_SECONDS = 5.0
"""So long a server that could not be reached is asked only after the others."""
WAKING_SECONDS = 1.0
"""How often one that hangs is looked at, and how long it may take to answer that."""
LOST = (ClientConnectionError, ClientPayloadError, TimeoutError)
"""There was no answer, or not all of it."""


class RasaDown(Exception):
    """Rasa does not answer, or not in a form that can be used; the bot goes on without it."""


@dataclass(frozen=True)
class Guess:
    """An intent and how sure the classifier is, between 0 and 1."""

    id: str
    confidence: float


@dataclass(frozen=True)
class FormState:
    """A running form: its name, the slots filled so far, and the one that is asked for. The bot keeps it, not Rasa."""

    name: str
    slots: Mapping[str, Any] = field(default_factory=dict)
    requested: str | None = None


@dataclass(frozen=True)
class Pressed:
    """What a button means to Rasa: an intent, and entities by name."""

    intent: str
    entities: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Understanding:
    """What Rasa made of a text: `ranking` best first, `decision` answer, choose or give_up, and what it wants said.

    `intent` is what it decided for if the decision is answer. An urgent one need not be first in the ranking.
    """

    ranking: tuple[Guess, ...]
    decision: str
    intent: str | None
    replies: tuple[Mapping[str, Any], ...]
    form: FormState | None = None
    """The form that runs now, if one does."""

    @property
    def best(self) -> Guess:
        """What was decided for, else the likeliest."""
        return next((guess for guess in self.ranking if guess.id == self.intent), self.ranking[0])


class Rasa:
    """A client of the channel in `flows/channel.py`. `urls`: where a server is, or several with commas between them.

    `token`: the secret that they know as well (RASA_TOKEN).
    """

    def __init__(self, urls: str, timeout: float, token: str) -> None:
        self._servers = [_Server(url.strip(), timeout, token) for url in urls.split(",")]
        self._turn = 0

    async def ask(
        self, text: str, language: str, conversation: str, *, now: datetime, form: FormState | None = None,
        pressed: Pressed | None = None,
    ) -> Understanding:  # fmt: skip
        """Let Rasa read `text` as a message in `language`, or take what was `pressed`; `form`: the one that runs.

        `now` is aware, in the office's zone. Raises `RasaDown` if no server answers in time.
        """
        question: dict[str, Any] = {
            "message": text, "sender": conversation, "metadata": {"language": language, "now": now.isoformat()},
            "form": asdict(form) if form else None, "pressed": asdict(pressed) if pressed else None,
        }  # fmt: skip
        *others, last = self._in_turn()
        for server in others:
            try:
                return await server.ask(question)
            except RasaDown:
                continue
        return await last.ask(question)

    async def is_up(self) -> bool:
        """Whether a server answers and has a model loaded."""
        return any([await server.is_up() for server in self._in_turn()])

    async def close(self) -> None:
        """Close the connections."""
        for server in self._servers:
            await server.close()

    def _in_turn(self) -> list[_Server]:
        """All servers, another one first each time; at the end those that could not be reached."""
        self._turn = (self._turn + 1) % len(self._servers)
        now = time.monotonic()
        return sorted(self._servers[self._turn :] + self._servers[: self._turn], key=lambda one: one.down_until > now)


class _Server:
    """One of the servers."""

    def __init__(self, url: str, timeout: float, token: str) -> None:
        self._connections = Connections(CONNECTIONS, base_url=url, headers={"Authorization": f"Bearer {token}"},
                                        timeout=ClientTimeout(total=timeout))  # fmt: skip
        self.down_until = 0.0
        self._waking: asyncio.Task[None] | None = None
        """Runs while the server hangs: whoever asks it then is told so at once."""

    @property
    def _hangs(self) -> bool:
        return self._waking is not None and not self._waking.done()

    async def ask(self, question: Mapping[str, Any]) -> Understanding:
        """What it makes of a message. Raises `RasaDown`."""
        if self._hangs:
            raise RasaDown("hangs")
        began = time.perf_counter()
        try:
            async with self._connections.open.post(
                "/webhooks/wegweiser/webhook", json=question, headers={trace.HEADER: trace.id_now()}
            ) as response:
                response.raise_for_status()
                understanding = _read(json.loads(await response.read()))
            metrics.RASA_SECONDS.observe(time.perf_counter() - began)
            return understanding
        except (ClientError, TimeoutError, ValueError, KeyError, TypeError) as error:
            metrics.RASA_FAILED[_kind(error)].inc()
            if isinstance(error, LOST):
                self.down_until = time.monotonic() + DOWN_SECONDS
            if isinstance(error, TimeoutError) and not self._hangs:
                self._waking = asyncio.create_task(self._until_it_moves())
            # Neither the text nor the address belongs in the message.
            raise RasaDown(_reason(error)) from error

    async def _until_it_moves(self) -> None:
        """Look whether it still hangs. One that answers, or refuses at once, costs nobody time and is asked again."""
        while True:
            try:
                await self._status(timeout=ClientTimeout(total=WAKING_SECONDS))
            except TimeoutError:
                await asyncio.sleep(WAKING_SECONDS)
            except ClientError:
                return
            else:
                self.down_until = 0.0
                return

    async def _status(self, **more: Any) -> int:
        async with self._connections.open.get("/status", **more) as response:
            return response.status

    async def close(self) -> None:
        """Close the connections."""
        if self._waking is not None:
            self._waking.cancel()
        await self._connections.close()

    async def is_up(self) -> bool:
        """Whether it answers and has a model loaded."""
        if self._hangs:
            return False
        try:
            return await self._status() == HTTPStatus.OK
        except (ClientError, TimeoutError):
            return False


def _reason(error: Exception) -> str:
    """For the operator, in a few words."""
    if isinstance(error, ClientResponseError) and error.status == HTTPStatus.UNAUTHORIZED:
        return "it refuses RASA_TOKEN: give bot and Rasa the same one"
    return type(error).__name__


def _kind(error: Exception) -> str:
    """One of `metrics.RASA_FAILURES`."""
    if isinstance(error, TimeoutError):
        return "timeout"
    return "connection" if isinstance(error, LOST) else "answer"


def _read(document: Mapping[str, Any]) -> Understanding:
    understood = document["understood"]
    ranking = tuple(Guess(guess["name"], float(guess["confidence"])) for guess in understood["intent_ranking"])
    if not ranking:
        raise ValueError("an empty ranking")
    replies = tuple(message["custom"] for message in document["replies"] if "custom" in message)
    form = document.get("form")
    return Understanding(ranking, understood["decision"], understood["intent"], replies,
                         FormState(**form) if form else None)  # fmt: skip
