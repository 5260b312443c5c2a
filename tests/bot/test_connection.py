"""What carries the bot's requests says of failures what httpx says, and leaves proxies to httpx."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

import httpx
import pytest

from bot.connection import transport
from bot.processes import free_port

Answers = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Take the question and say nothing."""
    await reader.read()


async def rude(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Take the question and hang up."""
    await reader.readuntil(b"\r\n\r\n")
    writer.transport.abort()


async def halfway(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Begin an answer and hang up."""
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
    await writer.drain()
    writer.transport.abort()


async def polite(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer every question."""
    while await reader.readuntil(b"\r\n\r\n"):
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")


@contextlib.asynccontextmanager
async def talking_to(answers: Answers | None) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a server that behaves like this; None: there is no server."""
    port, ended = free_port(), asyncio.Semaphore(0)
    connections = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        assert answers is not None
        with contextlib.suppress(asyncio.IncompleteReadError):
            await answers(reader, writer)
        writer.close()
        ended.release()

    server = await asyncio.start_server(serve, "127.0.0.1", port) if answers else None
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=0.3, transport=transport(1)) as client:
        yield client
    if server is not None:
        server.close()
        for _ in range(connections):
            await ended.acquire()


@pytest.mark.parametrize(("answers", "kind"), [(None, httpx.ConnectError), (silent, httpx.ReadTimeout),
                                               (rude, httpx.ReadError), (halfway, httpx.ReadError)])  # fmt: skip
async def test_a_failure_is_told_as_httpx_tells_it(answers: Answers | None, kind: type[Exception]) -> None:
    """A message that was never carried, and one of which nobody knows, are two things; so are gone and hanging."""
    async with talking_to(answers) as client:
        with pytest.raises(httpx.TransportError) as failure:
            await client.post("/", json={})
    assert isinstance(failure.value, kind)


async def test_waiting_for_a_free_connection_has_an_end() -> None:
    """One connection, and a question that is never answered on it: the next one is told so, as a timeout."""
    async with talking_to(silent) as client:
        first = asyncio.create_task(client.get("/", timeout=5))
        await asyncio.sleep(0.05)
        with pytest.raises(httpx.TimeoutException):
            await client.get("/", timeout=0.1)
        first.cancel()


async def test_it_can_be_closed_and_used_again() -> None:
    """The library of the Bot API makes a new client of the same transport when it is started again."""
    carrier = transport(1)
    assert carrier is not None
    async with talking_to(polite) as served:
        for _ in range(2):
            async with httpx.AsyncClient(base_url=served.base_url, transport=carrier) as client:
                assert (await client.get("/")).text == "ok"


def test_where_a_proxy_is_named_httpx_finds_its_own_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """An office whose computers reach the world through a proxy."""
    monkeypatch.setenv("https_proxy", "http://proxy.example:3128")
    assert transport(1) is None
