"""Updates that Telegram brings: from whoever knows the secret, on the disk before they are acknowledged."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from sqlalchemy import func, select

from bot.app import App, assemble
from bot.processes import free_port
from bot.storage.away import DatabaseAway
from bot.storage.models import InboxUpdate
from bot.telegram.webhook import LARGEST_BODY, SECRET_HEADER
from tests.bot.conftest import make_settings, read_content
from tests.bot.telegram.test_inbox import update
from tests.bot.telegram.whole import Ticking
from tests.conftest import Templates
from tests.journeys.phone import Phone, eventually
from tests.simulator.conftest import Control

SECRET = "a-secret-of-the-office"
UPDATE = update(1, 1001, "/start")


def settings_for(url: str, simulator_url: str, **given: object) -> Any:
    """Of a bot that is brought its updates."""
    port = free_port()
    webhook: dict[str, object] = {"web_port": port, "webhook_url": f"http://127.0.0.1:{port}/telegram",
                                  "webhook_secret": SECRET}  # fmt: skip
    return make_settings(database_url=url, telegram_api_url=simulator_url, rasa_url="http://127.0.0.1:9",
                         actions_port=free_port(), **{**webhook, **given})  # fmt: skip


@pytest_asyncio.fixture
async def hooked(templates: Templates, tmp_path: Path, simulator_url: str, control: Control) -> AsyncIterator[App]:
    """Put together, not running."""
    url = await templates.sqlite(tmp_path / "hooked.db")
    async with assemble(settings_for(url, simulator_url), Ticking(), read_content()) as app:
        yield app


@contextlib.asynccontextmanager
async def at_work(app: App) -> AsyncIterator[None]:
    """The whole bot."""
    work = asyncio.create_task(app.run())
    try:
        yield
    finally:
        work.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await work


async def bring(app: App, content: bytes | None = None, *, secret: str | None = SECRET, **more: Any) -> int:
    """Post something to the bot's door; the status of its answer."""
    headers = {} if secret is None else {SECRET_HEADER.encode(): secret.encode()}
    body: dict[str, Any] = {"json": UPDATE} if content is None else {"content": content}
    transport = httpx.ASGITransport(app.web)
    async with httpx.AsyncClient(transport=transport, base_url="http://bot") as http:
        return (await http.request(more.get("method", "POST"), more.get("path", "/telegram"),
                                   headers=headers, **body)).status_code  # fmt: skip


async def stored(app: App) -> int:
    async with app.database.read() as session:
        return await session.scalar(select(func.count()).select_from(InboxUpdate)) or 0


async def test_what_people_write_is_brought_and_answered_and_an_office_that_goes_back_to_asking_gets_the_rest(
    hooked: App, simulator_url: str, control: Control
) -> None:
    rana = Phone(control.client, 1001)
    async with at_work(hooked):
        assert (await rana.ask("/start"))["text"]
        info = (await control.client.get("/bot123456:test-token/getWebhookInfo")).json()["result"]
        assert info["url"] == hooked.settings.webhook_url
        assert set(info["allowed_updates"]) >= {"message", "callback_query", "my_chat_member"}
    written = await rana.send("/start")
    url = hooked.settings.database_url
    asking = settings_for(url, simulator_url, webhook_url="", web_port=0)
    async with assemble(asking, Ticking(), read_content()) as app, at_work(app):
        await rana.next_from_bot(written)
    info = (await control.client.get("/bot123456:test-token/getWebhookInfo")).json()["result"]
    assert info["url"] == ""


@pytest.mark.parametrize("secret", [None, "", "a-secret-of-the-offic", SECRET + "x", "ä" * 20])
async def test_whoever_does_not_know_the_secret_is_refused_and_nothing_is_stored(
    hooked: App, secret: str | None
) -> None:
    assert await bring(hooked, secret=secret) == 403
    assert await stored(hooked) == 0


@pytest.mark.parametrize(
    ("content", "status"),
    [(b"", 400), (b"{", 400), (b"[]", 400), (b"null", 400), (b'{"update_id": "7"}', 400), (b'{"update_id": true}', 400),
     (b'{"update_id": 99999999999999999999}', 400), (b"\xff\xfe", 400), (b"[" * 100_000, 400),
     (b" " * (LARGEST_BODY + 1), 413)],
)  # fmt: skip
async def test_what_is_no_update_is_refused_without_a_fault(
    hooked: App, content: bytes, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    assert await bring(hooked, content) == status
    assert await stored(hooked) == 0
    assert "Traceback" not in caplog.text


async def test_only_the_one_path_and_method_lead_anywhere(hooked: App) -> None:
    assert await bring(hooked, method="GET") == 405
    assert await bring(hooked, path="/telegram2") == 404
    assert await stored(hooked) == 0


async def test_telegram_is_told_only_when_the_disk_has_it(hooked: App, monkeypatch: pytest.MonkeyPatch) -> None:
    written = asyncio.Event()
    monkeypatch.setattr(hooked.database, "settle", written.wait)
    answer = asyncio.create_task(bring(hooked))

    async def there() -> bool | None:
        return await stored(hooked) == 1 or None

    async def failed() -> str:
        return "nothing was stored"

    await eventually(there, failed, 2)
    assert not answer.done()
    written.set()
    assert await answer == 200
    assert await bring(hooked) == 200, "it may come twice"
    assert await stored(hooked) == 1


async def test_what_cannot_be_stored_is_not_acknowledged(hooked: App, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> None:
        raise DatabaseAway("disk full")

    monkeypatch.setattr("bot.telegram.receiver.store", away)
    assert await bring(hooked) == 503
