"""One real simulator for all tests of this room, emptied before each; talked to only over HTTP."""

import threading
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
from telegram import Bot
from telegram.request import HTTPXRequest

from bot.simulator import create_app
from bot.simulator.server import listen, make_server, url_of

TOKEN = "123456:test-token"
GROUP = -1001000000001
KINDS = ["message", "edited_message", "callback_query", "my_chat_member", "chat_member", "message_reaction",
         "inline_query", "chosen_inline_result"]  # fmt: skip


class Control:
    """The control side, for tests: `await control.post("message", user=1001, text="hi")`."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def post(self, action: str, /, **fields: Any) -> Any:
        answer = await self.client.post(f"/sim/{action}", json=fields)
        answer.raise_for_status()
        return answer.json()

    async def refused(self, action: str, /, **fields: Any) -> tuple[int, str]:
        answer = await self.client.post(f"/sim/{action}", json=fields)
        assert answer.is_error, answer.text
        return answer.status_code, str(answer.json()["error"])

    async def get(self, path: str) -> Any:
        answer = await self.client.get(f"/sim/{path}")
        answer.raise_for_status()
        return answer.json()


@pytest.fixture(scope="session")
def simulator_url() -> Iterator[str]:
    with listen("127.0.0.1", 0) as listening:
        server = make_server(create_app(TOKEN))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        yield url_of(listening)
        server.should_exit = True
        thread.join(timeout=5)


@pytest.fixture
async def control(simulator_url: str) -> AsyncIterator[Control]:
    async with httpx.AsyncClient(base_url=simulator_url, trust_env=False, timeout=10) as client:
        side = Control(client)
        await side.post("reset")
        yield side


def bot_at(url: str, token: str = TOKEN) -> Bot:
    """An unmodified python-telegram-bot client of the simulator (no certificates to load, hence quick)."""
    plain: dict[str, Any] = {"verify": False, "trust_env": False}
    return Bot(
        token,
        base_url=f"{url}/bot",
        base_file_url=f"{url}/file/bot",
        request=HTTPXRequest(httpx_kwargs=plain),
        get_updates_request=HTTPXRequest(httpx_kwargs=plain),
    )


@pytest.fixture
async def bot(simulator_url: str, control: Control) -> AsyncIterator[Bot]:
    async with bot_at(simulator_url) as bot:
        await bot.delete_webhook()
        await bot.get_updates(allowed_updates=KINDS)
        yield bot


@pytest.fixture
async def rana(control: Control) -> int:
    """A person who has written to the bot once (message 1)."""
    await control.post("message", user=1001, text="hello", language_code="ar")
    return 1001
