"""A phone in the simulator, held by a person or by somebody of the office; tests read as what that person does."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx

GROUP = -1001000000001
PATIENCE = 12.0
"""Seconds after which an answer that has not come counts as silence."""

Message = dict[str, Any]


@dataclass
class Phone:
    """Writes, presses and reads in one chat of the simulator."""

    http: httpx.AsyncClient
    user: int
    language: str = "de"
    chat: int = 0
    topic: int | None = None

    def __post_init__(self) -> None:
        self.chat = self.chat or self.user

    async def messages(self) -> list[Message]:
        """Everything in the chat (or topic), oldest first."""
        params = {} if self.topic is None else {"topic": str(self.topic)}
        answer = await self.http.get(f"/sim/chat/{self.chat}", params=params)
        return [message for message in answer.json() if not message["deleted"]]

    async def send(self, text: str | None = None, **more: Any) -> int:
        """Write a message; returns its id."""
        body = {"user": self.user, "language_code": self.language, "name": f"Person {self.user}", "chat": self.chat}
        if self.topic is not None:
            body["topic"] = self.topic
        body |= {"text": text} if text is not None else {}
        answer = await self.http.post("/sim/message", json=body | more)
        answer.raise_for_status()
        return int(answer.json()["message_id"])

    async def ask(self, text: str, **more: Any) -> Message:
        """Write a message and wait for the next message of the bot after it."""
        sent = await self.send(text, **more)
        return await self.next_from_bot(sent)

    async def next_from_bot(self, after: int, *, holding: str = "") -> Message:
        """The first message of the bot that is newer than `after` and holds a text."""
        return await self.until(
            lambda message: message["from"] == "bot" and message["message_id"] > after and holding in message["text"]
        )

    async def until(self, wanted: Callable[[Message], bool]) -> Message:
        """Wait for a message that fits. Fails with the whole chat if none comes."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            for message in await self.messages():
                if wanted(message):
                    return message
            await asyncio.sleep(0.05)
        seen = "\n".join(f"#{m['message_id']} {m['from']}: {m['text'][:120]!r}" for m in await self.messages())
        raise AssertionError(f"silence: what was waited for did not come. The chat:\n{seen}")

    async def sees(self, text: str) -> Message:
        """Wait until a message of the bot holds `text`."""
        return await self.until(lambda message: message["from"] == "bot" and text in message["text"])

    async def press(self, message: Message, label: str) -> dict[str, Any]:
        """Press the button whose label holds `label`; returns the bot's short answer (text, show_alert)."""
        buttons = [button for row in message["buttons"] for button in row if label in button["text"]]
        if not buttons:
            labels = [button["text"] for row in message["buttons"] for button in row]
            raise AssertionError(f"no button {label!r}; there are {labels}")
        return await self.press_data(message["message_id"], buttons[0]["data"])

    async def press_data(self, message_id: int, data: str, *, stale: bool = False) -> dict[str, Any]:
        """Send a press as such, even of a button that is not there any more."""
        body = {"user": self.user, "chat": self.chat, "message_id": message_id, "data": data, "stale": stale}
        answer = await self.http.post("/sim/press", json=body)
        answer.raise_for_status()
        query = answer.json()["callback_query_id"]
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            toast = (await self.http.get(f"/sim/callback/{query}")).json()
            if toast is not None:
                return dict(toast)
            await asyncio.sleep(0.05)
        raise AssertionError("the press was never answered")


async def topic_of(http: httpx.AsyncClient, number: str) -> int:
    """The group's topic whose title begins with a case number."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        for topic in (await http.get("/sim/topics")).json():
            if topic["name"].startswith(number) and not topic["deleted"]:
                return int(topic["id"])
        await asyncio.sleep(0.05)
    raise AssertionError(f"no topic for {number}")
