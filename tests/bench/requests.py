"""What a request costs the bot, on the library's own httpx and on ours: `.venv/bin/python -m tests.bench.requests`.

CPU milliseconds of this process alone; the server is another one. Rounds take turns: both meet the same machine.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import time
from collections.abc import Callable, Mapping

import uvloop
from telegram import Bot
from telegram.request import BaseRequest, HTTPXRequest

from bot.processes import Family, family, free_port
from bot.telegram.calls import call
from bot.telegram.request import Request
from nlu.bench.table import markdown

REQUESTS, AT_ONCE, ROUNDS = 2000, 16, 5
MESSAGE = {"chat_id": 5_400_000_001, "parse_mode": "HTML", "text": "слово " * 150}
"""As long as a usual answer."""
SERVER = """
import sys, uvicorn
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

async def take(request):
    await request.body()
    return JSONResponse({"ok": True, "result": {"message_id": 1, "text": "слово " * 150}})

app = Starlette(routes=[Route("/{method:path}", take, methods=["GET", "POST"])])
uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="error")
"""
WAYS: Mapping[str, Callable[[], BaseRequest]] = {
    "python-telegram-bot's own (httpx)": lambda: HTTPXRequest(AT_ONCE, pool_timeout=20),
    "bot.telegram.request (aiohttp)": lambda: Request(AT_ONCE, read_timeout=20),
}


async def cost(bot: Bot) -> float:
    """CPU milliseconds of a message."""

    async def one_after_the_other(number: int) -> None:
        for _ in range(number):
            await call(bot, "sendMessage", MESSAGE)

    await asyncio.gather(*(one_after_the_other(5) for _ in range(AT_ONCE)))
    began = time.process_time()
    await asyncio.gather(*(one_after_the_other(REQUESTS // AT_ONCE) for _ in range(AT_ONCE)))
    return (time.process_time() - began) / REQUESTS * 1000


async def measure(members: Family) -> Mapping[str, list[float]]:
    """The costs of each round, by the way that requests go."""
    port = free_port()
    server = await members.start("server", sys.executable, "-c", SERVER, str(port))
    await server.answers(f"http://127.0.0.1:{port}/")
    costs: dict[str, list[float]] = {name: [] for name in WAYS}
    for _ in range(ROUNDS):
        for name, way in WAYS.items():
            async with way() as request:
                costs[name].append(await cost(Bot("1:x", base_url=f"http://127.0.0.1:{port}/bot", request=request)))
    return costs


async def main() -> None:
    """Print the table."""
    async with family() as members:
        costs = await measure(members)
    rows = [(name, f"{statistics.median(each):.2f}", f"{min(each):.2f}", f"{max(each):.2f}")
            for name, each in costs.items()]  # fmt: skip
    sys.stdout.writelines(f"{line}\n" for line in markdown(("requests", "median ms", "least", "most"), rows))


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())
