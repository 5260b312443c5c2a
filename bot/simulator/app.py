"""Composition of the simulator: one world, its Bot API, its control side and its page."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.routing import Route

from bot.simulator.bot_api import BotApi
from bot.simulator.control import control_routes
from bot.simulator.page import page_routes
from bot.simulator.webhook import Webhook
from bot.simulator.world import World


def create_app(token: str | None = None) -> Starlette:
    """A fresh simulated Telegram; with a token, calls with another one are refused (401)."""
    world = World(token)
    webhook = Webhook(world.updates)
    api = BotApi(world, webhook)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        yield
        await webhook.stop()

    routes = [
        Route("/bot{token}/{method}", api.handle, methods=["GET", "POST"]),
        Route("/file/bot{token}/{kind}/{file_id}/{name}", api.download),
        *control_routes(world),
        *page_routes(world),
    ]
    return Starlette(routes=routes, lifespan=lifespan)
