"""The Bot API over HTTP: tokens, faults, the waiting methods and Telegram's result envelope."""

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from bot.simulator.errors import ApiError
from bot.simulator.faults import CUT, Fault
from bot.simulator.methods import METHODS
from bot.simulator.webhook import Webhook
from bot.simulator.wire import Params, read_params
from bot.simulator.world import World

LONGEST_POLL_S = 50
MOST_UPDATES = 100


class CutConnection(Response):
    """An answer that breaks off: the client sees a lost connection, not a status."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Promise more bytes than are sent, so the server has to drop the connection."""
        headers = [(b"content-length", b"1000000"), (b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"{", "more_body": True})


def refusal(error: ApiError) -> Response:
    """Telegram's envelope for a refused call."""
    body: dict[str, Any] = {"ok": False, "error_code": error.code, "description": error.description}
    if error.parameters:
        body["parameters"] = error.parameters
    return JSONResponse(body, error.code)


class BotApi:
    """Carries out calls on one world."""

    def __init__(self, world: World, webhook: Webhook) -> None:
        self._world = world
        self._webhook = webhook

    async def handle(self, request: Request) -> Response:
        """One call: `/bot<token>/<method>`."""
        method = request.path_params["method"]
        try:
            self.require_token(request.path_params["token"])
            params = await read_params(request)
        except ApiError as error:
            return refusal(error)
        fault = self._world.faults.take(method, params.maybe_number("chat_id") if _has_number(params) else None)
        response, problem = await self._with_fault(method, params, fault)
        if method.lower() != "getupdates":
            self._world.calls.add(method, _chat_id(params), problem)
        return response

    def require_token(self, token: str) -> None:
        """401 unless the token is the simulator's (any token fits when none was set)."""
        if self._world.token is not None and token != self._world.token:
            raise ApiError(401, "Unauthorized")

    async def _with_fault(self, method: str, params: Params, fault: Fault | None) -> tuple[Response, str | None]:
        if fault is None:
            return await self._run(method, params)
        if fault.delay:
            await asyncio.sleep(fault.delay)
        if fault.thread_ignored:
            params.drop("message_thread_id")
        ordered = fault.api_error()
        cut = fault.error == CUT or (fault.after and ordered is None)
        if fault.after or not (cut or ordered):
            response, problem = await self._run(method, params)
            if not fault.after:
                return response, problem
        if ordered is not None:
            return refusal(ordered), ordered.description
        return CutConnection(), "connection cut"

    async def _run(self, method: str, params: Params) -> tuple[Response, str | None]:
        try:
            self._world.limits.check(method.lower(), params)
            result = await self._call(method.lower(), params)
            self._world.limits.note(method.lower(), params)
        except ApiError as error:
            return refusal(error), error.description
        return JSONResponse({"ok": True, "result": result}), None

    async def _call(self, method: str, params: Params) -> Any:
        waiting = {
            "getupdates": self._get_updates,
            "setwebhook": self._set_webhook,
            "deletewebhook": self._delete_webhook,
            "getwebhookinfo": self._get_webhook_info,
        }.get(method)
        if waiting is not None:
            return await waiting(params)
        if method not in METHODS:
            raise ApiError(404, "Not Found")
        return METHODS[method](self._world, params)

    async def _get_updates(self, params: Params) -> Any:
        if self._webhook.url:
            raise ApiError(
                409,
                "Conflict: can't use getUpdates method while webhook is active;"
                " use deleteWebhook to delete the webhook first",
            )
        updates = self._world.updates
        updates.allow(params.data("allowed_updates"))
        limit = min(max(params.number("limit", MOST_UPDATES), 1), MOST_UPDATES)
        timeout = min(max(params.number("timeout"), 0), LONGEST_POLL_S)
        return await updates.read(params.number("offset"), limit, timeout)

    async def _set_webhook(self, params: Params) -> bool:
        self._world.updates.allow(params.data("allowed_updates"))
        if params.flag("drop_pending_updates"):
            self._world.updates.clear()
        await self._webhook.set(params.text("url"), params.text("secret_token"), params.number("max_connections", 40))
        return True

    async def _delete_webhook(self, params: Params) -> bool:
        if params.flag("drop_pending_updates"):
            self._world.updates.clear()
        await self._webhook.stop()
        return True

    async def _get_webhook_info(self, params: Params) -> Any:
        return self._webhook.info()

    async def download(self, request: Request) -> Response:
        """A file's bytes: `/file/bot<token>/<file_path>`."""
        try:
            self.require_token(request.path_params["token"])
        except ApiError as error:
            return refusal(error)
        stored = self._world.files.get(request.path_params["file_id"])
        if stored is None:
            return refusal(ApiError(404, "Not Found"))
        return Response(stored.data, media_type=stored.mime)


def _has_number(params: Params) -> bool:
    return params.text("chat_id").lstrip("-").isdigit()


def _chat_id(params: Params) -> int | str | None:
    return params.number("chat_id") if _has_number(params) else params.maybe_text("chat_id")
