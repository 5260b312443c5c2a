"""Web servers inside a process that handles signals itself."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
from collections.abc import Iterator

import uvicorn
from starlette.applications import Starlette

from bot.settings import SettingsError


class Server(uvicorn.Server):
    """A server that leaves signals to the process."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave them to the process."""
        yield


def listen(host: str, port: int, setting: str, *, shared: bool = False) -> socket.socket:
    """A listening socket; `shared`: several processes of one machine may have the port at a time.

    Raises `SettingsError`, naming the setting, if it cannot be had.
    """
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if shared:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise SettingsError(_why(error, host, port, setting)) from error
    listening.listen()
    # asyncio switches Nagle's delay off only on sockets it made itself; on ours every answer would wait 40 ms.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


def _why(error: OSError, host: str, port: int, setting: str) -> str:
    """One line for the operator, which names the setting to change."""
    if error.errno == errno.EADDRINUSE:
        return f"setting {setting}: port {port} is taken by another program; choose another"
    if error.errno == errno.EACCES:
        return f"setting {setting}: this user may not listen on port {port}; choose one from 1024 on"
    if error.errno == errno.EADDRNOTAVAIL or isinstance(error, socket.gaierror):
        return f"setting {setting.replace('PORT', 'HOST')}: {host} is no address of this machine; 0.0.0.0 means all"
    return f"setting {setting}: cannot listen on {host}, port {port}: {error.strerror}"


async def serve(app: Starlette, listening: socket.socket) -> None:
    """Serve until cancelled; what is under way is finished then, and connections are closed."""
    # Without a configuration of its own what uvicorn says goes the way of all lines, which hides what is secret.
    config = uvicorn.Config(app, log_level="error", log_config=None, access_log=False, ws="none", lifespan="off",
                            server_header=False, timeout_keep_alive=75, timeout_graceful_shutdown=1)  # fmt: skip
    server = Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        await asyncio.shield(serving)
    except asyncio.CancelledError:
        server.should_exit = True
        await serving
        raise
