"""Serving an application with uvicorn, tuned for many small requests on one machine."""

import logging
import socket

import uvicorn
from starlette.types import ASGIApp

GRACE_S = 1
KEEP_ALIVE_S = 75  # longer than clients keep idle connections, so that none is closed under a request


def listen(host: str, port: int) -> socket.socket:
    """A listening TCP socket (port 0 = any free one); raises `OSError` when the port is taken."""
    listening = socket.create_server((host, port))
    # asyncio switches Nagle's delay off only on sockets it made itself; on ours every answer would wait 40 ms.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


def url_of(listening: socket.socket) -> str:
    """The address of a listening socket, without a slash at the end."""
    host, port = listening.getsockname()[:2]
    return f"http://{host}:{port}"


class Server(uvicorn.Server):
    """A server to which calls and pages that are still open when it stops are no error: pollers wait for ever."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop as usual, without a report about each of them."""
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        await super().shutdown(sockets)


def make_server(app: ASGIApp) -> uvicorn.Server:
    """A server for `await server.serve(sockets=[listen(...)])`; it stops within a second."""
    return Server(
        uvicorn.Config(
            app,
            log_level="error",
            access_log=False,
            proxy_headers=False,
            ws="none",
            timeout_keep_alive=KEEP_ALIVE_S,
            timeout_graceful_shutdown=GRACE_S,
        )
    )
