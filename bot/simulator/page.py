"""The web page with the two phones, and the stream of events that keeps it up to date."""

from collections.abc import AsyncIterator
from pathlib import Path

from sse_starlette import EventSourceResponse
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from bot.simulator.world import World

STATIC = Path(__file__).parent / "static"
PING_S = 15


def page_routes(world: World) -> list[BaseRoute]:
    """The page, its files, its live events and the pictures shown in it."""

    async def index(request: Request) -> Response:
        return FileResponse(STATIC / "index.html")

    async def events(request: Request) -> Response:
        return EventSourceResponse(_events(world), ping=PING_S)

    async def picture(request: Request) -> Response:
        stored = world.files.get(request.path_params["file_id"])
        return Response(status_code=404) if stored is None else Response(stored.data, media_type=stored.mime)

    return [
        Route("/", index),
        Route("/sim/events", events),
        Route("/sim/file/{file_id}", picture),
        Mount("/static", StaticFiles(directory=STATIC)),
    ]


async def _events(world: World) -> AsyncIterator[bytes]:
    """What has happened since the last piece was sent goes out as one piece, as the stream's own bytes."""
    queue = world.page.subscribe()
    try:
        while True:
            texts = [await queue.get()]
            while not queue.empty():
                texts.append(queue.get_nowait())
            yield "".join(f"data: {text}\r\n\r\n" for text in texts).encode()
    finally:
        world.page.unsubscribe(queue)
