"""What the journeys of a bad day share: what the bot says of itself, what it wrote, and what it used."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from bot.processes import free_port
from bot.storage.database import Database
from bot.telegram.outbox import enqueue
from tests.journeys.conftest import World
from tests.journeys.phone import Phone, eventually
from tests.journeys.words import pattern

NOBODY = "http://127.0.0.1:9"
"""Where no Rasa is: these journeys do without, and most begin sooner."""
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Sight:
    """The port on which the bot tells how it is."""

    port: int

    @staticmethod
    def new() -> Sight:
        """One that is free."""
        return Sight(free_port())

    @property
    def settings(self) -> dict[str, str]:
        """What the bot has to be told."""
        return {"WEB_PORT": str(self.port)}

    async def asks(self, path: str) -> httpx.Response:
        """What the bot answers."""
        async with httpx.AsyncClient(timeout=10) as http:
            return await http.get(f"http://127.0.0.1:{self.port}{path}")

    async def until_ready(self, *, without: str = "", patience: float = 25.0) -> dict[str, Any]:
        """Wait until the bot is ready, or until it says that it is not, because of the part `without`."""
        answer: dict[str, Any] = {}

        async def look() -> dict[str, Any] | None:
            nonlocal answer
            response = await self.asks("/ready")
            answer = response.json()
            fits = without in answer["reasons"] if without else answer["ready"]
            assert response.status_code == (200 if answer["ready"] else 503)
            return answer if fits else None

        async def failed() -> str:
            return f"/ready goes on saying {answer}"

        return await eventually(look, failed, patience)

    async def figure(self, name: str) -> float:
        """One figure of /metrics, by its name with labels."""
        for line in (await self.asks("/metrics")).text.splitlines():
            if line.startswith(f"{name} "):
                return float(line.rsplit(" ", 1)[1])
        raise AssertionError(f"no figure {name}")


def lines(world: World, holding: str) -> list[str]:
    """The lines of the bot's log that hold a text."""
    return [line for line in world.log.read_text(encoding="utf-8").splitlines() if holding in line]


def cpu_seconds(pid: int) -> float:
    """What a process has used up to now."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


async def put_into_outbox(database_url: str, texts: dict[int, list[str]]) -> None:
    """Messages by chat, as the bot itself would have written them into its outbox."""
    database = Database(database_url)
    async with database.write() as session:
        for chat, said in texts.items():
            for text in said:
                enqueue(session, datetime.now(UTC), kind="system", method="sendMessage", payload={"text": text},
                        chat_id=chat)  # fmt: skip
    await database.close()


async def times_read(phone: Phone, key: str) -> int:
    """How often the bot has said its text `key` to a person."""
    said = pattern(phone.language, key)
    return sum(said.search(text) is not None for text in await phone.texts_of_bot())


async def until_read(phone: Phone, key: str, times: int) -> None:
    """Wait until the bot has said its text `key` so often, and no oftener."""

    async def look() -> bool | None:
        return True if await times_read(phone, key) >= times else None

    async def failed() -> str:
        return f"{key} was said {await times_read(phone, key)} times: {await phone.texts_of_bot()}"

    await eventually(look, failed)
    assert await times_read(phone, key) == times
