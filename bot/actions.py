"""The actions of the guided flows, served to the Rasa server on loopback (rasa-sdk behind one Starlette route)."""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import logging
import secrets
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


class Doorkeeper:
    """Lets in who knows the token, and tells the operator once of who does not."""

    def __init__(self, token: str) -> None:
        # Without a token no header fits, least of all an empty one.
        self._expected = f"Bearer {token or secrets.token_hex()}".encode()
        self._told = False

    def lets_in(self, request: Request) -> bool:
        """Whether the request comes with the token."""
        if hmac.compare_digest(request.headers.get("authorization", "").encode(), self._expected):
            return True
        if not self._told:
            self._told = True
            log.warning("an action was asked for without the right RASA_TOKEN, and refused (said once)")
        return False


def make_actions(token: str) -> Starlette:
    """The application that Rasa calls: `POST /webhook`, as rasa-sdk's own server answers it.

    Whoever does not know `token` is refused; where none is set, that is everybody.
    """
    doorkeeper = Doorkeeper(token)
    executor = ActionExecutor()
    for action in ACTIONS:
        executor.register_action(action())

    async def webhook(request: Request) -> JSONResponse:
        """Run one action. An error is answered, and logged, by its kind only: its words may quote a person."""
        if not doorkeeper.lets_in(request):
            return JSONResponse({"error": "wrong token"}, status_code=401)
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


def listen_for_actions(port: int, host: str = "127.0.0.1") -> socket.socket:
    """A socket for Rasa. Several bots of one machine share it: an action needs nothing but what Rasa sends along.

    Raises `SettingsError` if another program has the port.
    """
    return listen(host, port, "ACTIONS_PORT", shared=True)


async def serve_actions(listening: socket.socket, token: str) -> None:
    """Serve the actions to whoever knows the token, until cancelled."""
    await serve(make_actions(token), listening)


@contextlib.asynccontextmanager
async def served(port: int, token: str) -> AsyncIterator[None]:
    """Serve the actions as long as the block runs."""
    listening = listen_for_actions(port)
    serving = asyncio.create_task(serve_actions(listening, token))
    try:
        yield
    finally:
        serving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await serving
        listening.close()
