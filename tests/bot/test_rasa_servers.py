"""Of several Rasa servers any answers: one that dies or hangs is passed over, and costs nobody an answer."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from bot.processes import free_port
from bot.rasa import Rasa, RasaDown
from bot.web import listen, serve

ANSWER = {"understood": {"intent_ranking": [{"name": "rooms.event", "confidence": 0.9}], "decision": "answer",
                         "intent": "rooms.event"}, "replies": [{"custom": {"answer": "rooms.event"}}]}  # fmt: skip


class Server:
    """In the place of a Rasa server: counts who asks."""

    def __init__(self, status: int = 200) -> None:
        self.asked = 0
        self.secrets: set[str] = set()
        self.status = status
        self.listening = listen("127.0.0.1", 0, "RASA_URL")
        self.url = f"http://127.0.0.1:{self.listening.getsockname()[1]}"

    async def _answer(self, request: Request) -> JSONResponse:
        self.asked += 1
        self.secrets.add(request.headers["authorization"])
        return JSONResponse(ANSWER, status_code=self.status)

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[Server]:
        """Until it dies at the end of the block."""
        web = Starlette(routes=[Route("/webhooks/wegweiser/webhook", self._answer, methods=["POST"])])
        serving = asyncio.create_task(serve(web, self.listening))
        try:
            yield self
        finally:
            serving.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await serving
            self.listening.close()


async def _ask(rasa: Rasa) -> str | None:
    return (await rasa.ask("Raum?", "de", "1", now=datetime.now(UTC))).intent


@contextlib.asynccontextmanager
async def _client(*urls: str, timeout: float = 2) -> AsyncIterator[Rasa]:
    rasa = Rasa(", ".join(urls), timeout, "secret")
    try:
        yield rasa
    finally:
        await rasa.close()


async def test_they_take_turns_and_when_one_dies_the_other_answers_at_once() -> None:
    one, other = Server(), Server()
    async with other.running(), _client(one.url, other.url) as rasa:
        async with one.running():
            assert [await _ask(rasa) for _ in range(6)] == ["rooms.event"] * 6
            assert (one.asked, other.asked) == (3, 3)
        async with asyncio.timeout(1):
            assert [await _ask(rasa) for _ in range(6)] == ["rooms.event"] * 6
        assert other.asked == 9


async def test_one_that_fails_at_a_message_does_not_keep_the_other_from_answering_it() -> None:
    broken, sound = Server(status=500), Server()
    async with broken.running(), sound.running(), _client(broken.url, sound.url) as rasa:
        assert [await _ask(rasa) for _ in range(4)] == ["rooms.event"] * 4


async def test_one_that_hangs_costs_one_person_its_time_and_then_nobody() -> None:
    with socket.socket() as hanging:
        hanging.bind(("127.0.0.1", 0))
        hanging.listen()
        sound = Server()
        url = f"http://127.0.0.1:{hanging.getsockname()[1]}"
        async with sound.running(), _client(url, sound.url, timeout=0.3) as rasa:
            await _ask(rasa)
            await _ask(rasa)
            async with asyncio.timeout(0.25):
                assert [await _ask(rasa) for _ in range(4)] == ["rooms.event"] * 4


async def test_without_any_the_bot_is_told_so() -> None:
    async with _client(f"http://127.0.0.1:{free_port()}", f"http://127.0.0.1:{free_port()}") as rasa:
        with pytest.raises(RasaDown):
            await _ask(rasa)
        assert not await rasa.is_up()
