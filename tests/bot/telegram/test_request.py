"""The bot's requests to Telegram: what goes out, what a failure tells, and whether a message may have arrived."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from telegram import InputFile
from telegram.error import NetworkError, TimedOut
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

from bot.processes import free_port
from bot.telegram.request import NEVER_SENT, Request

Answers = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
MESSAGE = {"chat_id": 5_400_000_001, "text": "سلام & صبح بخیر", "reply_markup": {"inline_keyboard": [[{"text": "→"}]]}}


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


class Echo:
    """Keeps what was asked, head and body."""

    head, body = "", b""

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one question."""
        self.head = (await reader.readuntil(b"\r\n\r\n")).decode()
        lengths = [line.split(":")[1] for line in self.head.splitlines() if line.lower().startswith("content-length")]
        self.body = await reader.readexactly(int(lengths[0]))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")


@contextlib.asynccontextmanager
async def telegram(answers: Answers | None) -> AsyncIterator[str]:
    """The address of a server that behaves like this; None: there is no server."""
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
    yield f"http://127.0.0.1:{port}/bot1:secret/sendMessage"
    if server is not None:
        server.close()
        for _ in range(connections):
            await ended.acquire()


def of(**values: object) -> RequestData:
    """As the library hands them over."""
    return RequestData([RequestParameter.from_input(name, value) for name, value in values.items()])


@pytest.mark.parametrize(
    ("answers", "kind", "may_have_arrived"),
    [(None, NetworkError, False), (silent, TimedOut, True), (rude, NetworkError, True), (halfway, NetworkError, True)],
)
async def test_a_failure_tells_whether_the_message_may_have_arrived(
    answers: Answers | None, kind: type[Exception], *, may_have_arrived: bool
) -> None:
    """One that was never carried can be sent again without a thought."""
    async with telegram(answers) as address, Request(1, read_timeout=0.3) as request:
        with pytest.raises(NetworkError) as failure:
            await request.post(address, of(**MESSAGE))
    assert type(failure.value) is kind
    assert isinstance(failure.value.__cause__, NEVER_SENT) is not may_have_arrived
    assert "secret" not in repr(failure.value)


async def test_waiting_for_a_free_connection_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """One connection, and a question that is never answered on it: the next one is told so, and was not sent."""
    monkeypatch.setattr("bot.telegram.request.TURN_SECONDS", 0.1)
    async with telegram(silent) as address, Request(1, read_timeout=5) as request:
        first = asyncio.create_task(request.do_request(address, "POST"))
        await asyncio.sleep(0.05)
        with pytest.raises(TimedOut) as failure:
            await request.do_request(address, "POST")
        first.cancel()
    assert isinstance(failure.value.__cause__, NEVER_SENT)


async def test_it_can_be_closed_and_used_again() -> None:
    """The library does so when a bot is started again."""
    request = Request(1, read_timeout=1)
    async with telegram(polite) as address:
        for _ in range(2):
            async with request:
                assert await request.do_request(address, "GET") == (200, b"ok")


async def test_a_message_goes_out_as_it_was_meant() -> None:
    echo = Echo()
    async with telegram(echo) as address, Request(1, read_timeout=1) as request:
        await request.do_request(address, "POST", of(**MESSAGE))
    assert "content-type: application/json" in echo.head.lower()
    assert json.loads(echo.body) == MESSAGE


@pytest.mark.parametrize(
    ("name", "shown"),
    [("Satzung Ü.pdf", "Satzung Ü.pdf"), ("أهلا.pdf", "أهلا.pdf"),
     ('a"b.pdf', "a%22b.pdf"), ("a\r\nb.pdf", "a%0D%0Ab.pdf")],
)  # fmt: skip
async def test_a_file_goes_out_under_its_name(name: str, shown: str) -> None:
    echo = Echo()
    document = InputFile(b"%PDF-1.4", filename=name)
    async with telegram(echo) as address, Request(1, read_timeout=1) as request:
        await request.do_request(address, "POST", of(chat_id=1, caption="für Sie", document=document))
    *_, caption, sent, _ = echo.body.decode().split("\r\n--")
    assert caption.endswith('name="caption"\r\n\r\nfür Sie')
    assert "Content-Type: application/pdf\r\n" in sent
    assert sent.endswith(f'name="document"; filename="{shown}"\r\n\r\n%PDF-1.4')


async def test_where_a_proxy_is_named_requests_go_through_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """An office whose computers reach the world through a proxy."""
    proxy = Echo()
    async with telegram(proxy) as address, Request(1, read_timeout=1) as request:
        monkeypatch.setenv("http_proxy", address.removesuffix("/bot1:secret/sendMessage"))
        monkeypatch.setenv("no_proxy", "")
        await request.do_request("http://api.telegram.example/bot1:secret/sendMessage", "POST", of(**MESSAGE))
    assert proxy.head.startswith("POST http://api.telegram.example/bot1:secret/sendMessage HTTP/1.1")
