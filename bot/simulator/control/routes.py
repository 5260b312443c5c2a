"""The control side's addresses, as data."""

import inspect
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.simulator.control import inline, laboratory, looking, members, office, people
from bot.simulator.control.body import Body, read_body
from bot.simulator.errors import ControlError
from bot.simulator.world import World

ACTIONS: dict[str, Callable[[World, Body], Any]] = {
    "message": people.send_message,
    "album": people.send_album,
    "edit": people.edit_message,
    "press": people.press_button,
    "react": people.react,
    "block": people.block,
    "unblock": people.unblock,
    "inline": inline.ask,
    "choose": inline.choose,
    "botfather": inline.set_botfather,
    "member": members.set_member,
    "rights": members.set_rights,
    "topic": office.change_topic,
    "migrate": office.migrate,
    "fault": laboratory.order_fault,
    "limit": laboratory.set_limits,
    "redeliver": laboratory.redeliver,
    "reset": laboratory.reset,
}
VIEWS: dict[str, Callable[[World, Request], Any]] = {
    "chat/{chat_id:str}": lambda world, request: looking.chat_messages(
        world, _chat_id(request.path_params["chat_id"]), request.query_params
    ),
    "callback/{id:str}": lambda world, request: looking.callback_answer(world, request.path_params["id"]),
    "topics": lambda world, request: looking.topics(world),
    "commands": lambda world, request: looking.commands(world),
    "calls": lambda world, request: looking.calls(world, request.query_params),
    "pending": lambda world, request: len(world.updates),
    "users": lambda world, request: looking.people(world),
    "group": lambda world, request: looking.group(world),
}
Endpoint = Callable[[Request], Awaitable[Response]]


def control_routes(world: World) -> list[Route]:
    """Routes below /sim for one world."""
    posts = [Route(f"/sim/{name}", _posting(world, act), methods=["POST"]) for name, act in ACTIONS.items()]
    gets = [Route(f"/sim/{name}", _getting(world, view), methods=["GET"]) for name, view in VIEWS.items()]
    return [*posts, *gets]


def _posting(world: World, act: Callable[[World, Body], Any]) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        try:
            done = act(world, await read_body(request))
            return JSONResponse(await done if inspect.isawaitable(done) else done)
        except ControlError as error:
            return JSONResponse({"error": error.message}, error.status)

    return endpoint


def _getting(world: World, view: Callable[[World, Request], Any]) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        try:
            return JSONResponse(view(world, request))
        except ControlError as error:
            return JSONResponse({"error": error.message}, error.status)

    return endpoint


def _chat_id(text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise ControlError(f"the chat id must be a whole number, not {text!r}") from error
