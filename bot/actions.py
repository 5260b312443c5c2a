"""The actions of the guided flows, served to the Rasa server on loopback (rasa-sdk behind one Starlette route)."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from collections.abc import AsyncIterator

from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import Action, ActionNotFoundException
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from bot.web import listen, serve
from flows.discrimination_support.actions import DiscriminationSupport, NextHelp
from flows.founding_checklist.actions import FoundingChecklist
from flows.funding_finder.actions import FundingFinder, MatchFunding
from flows.room_request.actions import RoomRequest

log = logging.getLogger(__name__)

PATH = "/webhook"
ACTIONS: tuple[type[Action], ...] = (
    FoundingChecklist, FundingFinder, MatchFunding, RoomRequest, DiscriminationSupport, NextHelp,
)  # fmt: skip


def make_actions() -> Starlette:
    """The application that Rasa calls: `POST /webhook`, as rasa-sdk's own server answers it."""
    executor = ActionExecutor()
    for action in ACTIONS:
        executor.register_action(action())

    async def webhook(request: Request) -> JSONResponse:
        """Run one action. An error is answered, and logged, by its kind only: its words may quote a person."""
        try:
            # The forms read their own domain.yml; Rasa's whole domain would be most of every call.
            result = await executor.run({"domain": {}, **await request.json()})
        except ActionNotFoundException:
            return JSONResponse({"error": "no such action"}, status_code=404)
        except Exception as error:
            log.error("an action failed: %s", type(error).__name__)
            return JSONResponse({"error": type(error).__name__}, status_code=500)
        return JSONResponse(result.model_dump() if result else {"events": [], "responses": []})

    return Starlette(routes=[Route(PATH, webhook, methods=["POST"])])


def listen_for_actions(port: int) -> socket.socket:
    """A socket on loopback. Several bots of one machine share it: an action needs nothing but what Rasa sends along.

    Raises `SettingsError` if another program has the port.
    """
    return listen("127.0.0.1", port, "ACTIONS_PORT", shared=True)


async def serve_actions(listening: socket.socket) -> None:
    """Serve the actions until cancelled."""
    await serve(make_actions(), listening)


@contextlib.asynccontextmanager
async def served(port: int) -> AsyncIterator[None]:
    """Serve the actions as long as the block runs."""
    listening = listen_for_actions(port)
    serving = asyncio.create_task(serve_actions(listening))
    try:
        yield
    finally:
        serving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await serving
        listening.close()
