"""The one door to Rasa: what it understands, and what it decides to say (symbols, never sentences)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

import httpx


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
    """A client of the channel in `flows/channel.py`."""

    def __init__(self, url: str, timeout: float) -> None:
        self._http = httpx.AsyncClient(base_url=url, timeout=timeout)

    async def ask(
        self, text: str, language: str, conversation: str, *, now: datetime, form: FormState | None = None,
        pressed: Pressed | None = None,
    ) -> Understanding:  # fmt: skip
        """Let Rasa read `text` as a message in `language`, or take what was `pressed`; `form`: the one that runs.

        `now` is aware, in the office's zone. Raises `RasaDown` if Rasa does not answer in time.
        """
        question: dict[str, Any] = {
            "message": text, "sender": conversation, "metadata": {"language": language, "now": now.isoformat()},
            "form": asdict(form) if form else None, "pressed": asdict(pressed) if pressed else None,
        }  # fmt: skip
        try:
            response = await self._http.post("/webhooks/wegweiser/webhook", json=question)
            response.raise_for_status()
            return _read(response.json())
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            # Neither the text nor the address belongs in the message.
            raise RasaDown(type(error).__name__) from error

    async def is_up(self) -> bool:
        """Whether Rasa answers and has a model loaded."""
        try:
            response = await self._http.get("/status")
        except httpx.HTTPError:
            return False
        return response.status_code == httpx.codes.OK

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()


def _read(document: Mapping[str, Any]) -> Understanding:
    understood = document["understood"]
    ranking = tuple(Guess(guess["name"], float(guess["confidence"])) for guess in understood["intent_ranking"])
    if not ranking:
        raise ValueError("an empty ranking")
    replies = tuple(message["custom"] for message in document["replies"] if "custom" in message)
    form = document.get("form")
    return Understanding(ranking, understood["decision"], understood["intent"], replies,
                         FormState(**form) if form else None)  # fmt: skip
