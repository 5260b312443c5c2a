"""A phone in the simulator, held by a person or by somebody of the office; tests read as what that person does."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx

from tests.journeys.words import bare, label, pattern

GROUP = -1001000000001
PATIENCE = 12.0
"""Seconds after which an answer that has not come counts as silence."""
DELIVERED = "👌"

Message = dict[str, Any]
Seen = TypeVar("Seen")


async def eventually(
    look: Callable[[], Awaitable[Seen | None]], failed: Callable[[], Awaitable[str]], patience: float = PATIENCE
) -> Seen:
    """Look for so many seconds until there is something to see. Fails with the words of `failed` if it never comes."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        found = await look()
        if found is not None:
            return found
        await asyncio.sleep(0.04)
    raise AssertionError(await failed())


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

    async def control(self, what: str, /, **fields: Any) -> dict[str, Any]:
        """Do something on the simulator's control side."""
        answer = await self.http.post(f"/sim/{what}", json=fields)
        answer.raise_for_status()
        return dict(answer.json())

    async def messages(self) -> list[Message]:
        """Everything in the chat (or topic), oldest first, without invisible marks."""
        params = {} if self.topic is None else {"topic": str(self.topic)}
        answer = await self.http.get(f"/sim/chat/{self.chat}", params=params)
        return [message | {"text": bare(message["text"])} for message in answer.json() if not message["deleted"]]

    async def texts_of_bot(self, after: int = 0) -> list[str]:
        """What the bot has said, oldest first."""
        return [one["text"] for one in await self.messages() if one["from"] == "bot" and one["message_id"] > after]

    async def send(self, text: str | None = None, **more: Any) -> int:
        """Write a message; returns its id."""
        body = {"user": self.user, "language_code": self.language, "name": f"Person {self.user}", "chat": self.chat}
        if self.topic is not None:
            body["topic"] = self.topic
        body |= {"text": text} if text is not None else {}
        return int((await self.control("message", **body | more))["message_id"])

    async def ask(self, text: str | None = None, **more: Any) -> Message:
        """Write a message and wait for the next message of the bot after it."""
        sent = await self.send(text, **more)
        return await self.next_from_bot(sent)

    async def edit(self, message_id: int, text: str) -> None:
        """Change an own message."""
        await self.control("edit", user=self.user, chat=self.chat, message_id=message_id, text=text)

    async def next_from_bot(self, after: int, *, holding: str = "") -> Message:
        """The first message of the bot that is newer than `after` and holds a text."""
        return await self.until(
            lambda message: message["from"] == "bot" and message["message_id"] > after and holding in message["text"]
        )

    async def until(self, wanted: Callable[[Message], bool]) -> Message:
        """Wait for a message that fits. Fails with the whole chat if none comes."""

        async def look() -> Message | None:
            return next(filter(wanted, await self.messages()), None)

        async def failed() -> str:
            lines = (f"#{m['message_id']} {m['from']}: {m['text'][:160]!r}" for m in await self.messages())
            return "silence: what was waited for did not come. The chat:\n" + "\n".join(lines)

        return await eventually(look, failed)

    async def sees(self, text: str, *, after: int = 0) -> Message:
        """Wait until a message of the bot holds `text`."""
        return await self.next_from_bot(after, holding=text)

    async def reads(self, key: str, *, after: int = 0, **blanks: object) -> Message:
        """Wait until the bot has said its text `key` in this phone's language."""
        said = pattern(self.language, key, **blanks)
        return await self.until(
            lambda one: one["from"] == "bot" and one["message_id"] > after and said.search(one["text"]) is not None
        )

    async def until_any(self, *keys: str, after: int) -> Message:
        """Wait until the bot has said one of several texts."""
        said = [pattern(self.language, key) for key in keys]
        return await self.until(
            lambda one: one["from"] == "bot" and one["message_id"] > after
            and any(text.search(one["text"]) for text in said)
        )  # fmt: skip

    async def has_read(self, key: str) -> bool:
        """Whether the bot has said its text `key` up to now."""
        said = pattern(self.language, key)
        return any(said.search(text) for text in await self.texts_of_bot())

    async def delivered(self, message_id: int) -> Message:
        """Wait until the bot has confirmed a message. Whatever it had to say about it was said before."""
        return await self.until(lambda one: one["message_id"] == message_id and one["reactions"] == [
            {"from": "bot", "emoji": DELIVERED}])  # fmt: skip

    async def press(self, message: Message, name: str) -> dict[str, Any]:
        """Press a button by its message id, entry or label; returns the bot's short answer (text, show_alert)."""
        wanted = label(self.language, name)
        buttons = [button for row in message["buttons"] for button in row if wanted in bare(button["text"])]
        if not buttons:
            raise AssertionError(f"no button {wanted!r}; there are {labels(message)}")
        return await self.press_data(message["message_id"], buttons[0]["data"])

    async def follows(self, message: Message, payload: str) -> Message:
        """Tap on the link in a message that opens this chat with `payload`; the bot's answer to that."""
        links = [one["url"] for one in message["entities"] if one["type"] == "text_link"]
        if not any(url.startswith("https://t.me/") and url.endswith(f"?start={payload}") for url in links):
            raise AssertionError(f"no link with {payload}; there are {links}")
        return await self.ask(f"/start {payload}")

    async def press_data(self, message_id: int, data: str, *, stale: bool = False) -> dict[str, Any]:
        """Send a press as such, even of a button that is not there any more."""
        body = {"user": self.user, "chat": self.chat, "message_id": message_id, "data": data, "stale": stale}
        query = (await self.control("press", **body))["callback_query_id"]

        async def look() -> dict[str, Any] | None:
            toast: dict[str, Any] | None = (await self.http.get(f"/sim/callback/{query}")).json()
            return toast and toast | {"text": bare(toast.get("text") or "")}

        async def failed() -> str:
            return f"the press of {data} was never answered"

        return await eventually(look, failed)

    async def press_three_times(self, message_id: int, data: str) -> None:
        """Press as somebody impatient does: a later press may reach Telegram when the bot has changed the message."""
        await asyncio.gather(*(self.press_data(message_id, data, stale=True) for _ in range(3)))


def labels(message: Message) -> list[str]:
    """The labels under a message."""
    return [bare(button["text"]) for row in message["buttons"] for button in row]


async def topic_of(http: httpx.AsyncClient, number: str) -> int:
    """The group's topic whose title begins with a case number."""

    async def look() -> int | None:
        topics = (await http.get("/sim/topics")).json()
        return next((one["id"] for one in topics if one["name"].startswith(number) and not one["deleted"]), None)

    async def failed() -> str:
        return f"no topic for {number}"

    return await eventually(look, failed)
