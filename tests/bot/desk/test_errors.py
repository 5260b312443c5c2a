"""When something goes wrong: a calm page in the person's language, and no word of anybody's in the log."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from starlette.responses import Response, StreamingResponse

from bot.desk.app import make_desk
from bot.desk.routing import Page, Role
from bot.desk.visit import Visit
from bot.storage.database import Database
from tests.bot.desk.conftest import World

SECRET = "what Rana told us"


async def broken(visit: Visit) -> Response:
    raise RuntimeError(SECRET)


@pytest.mark.parametrize(("language", "title"), [("de", "Da ist etwas schiefgegangen"), ("en", "Something went wrong")])
async def test_what_nobody_expected_is_logged_by_its_kind_only(
    world: World, caplog: pytest.LogCaptureFixture, language: str, title: str
) -> None:
    world.app = make_desk(world.desk, (Page("/broken", "broken", Role.AGENT, broken),))
    browser = await world.logged_in(language=language)
    with caplog.at_level(logging.DEBUG):
        answer = await browser.get("/broken")
    assert answer.status_code == 500
    assert title in answer.text
    assert SECRET not in answer.text
    assert "Traceback" not in answer.text
    assert SECRET not in caplog.text
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == [
        "a page of the desk failed: RuntimeError"
    ]


async def test_a_page_is_shown_even_if_the_database_is_what_is_broken(world: World) -> None:
    nowhere = Database("sqlite+aiosqlite:///:memory:")
    world.app = make_desk(replace(world.desk, database=nowhere))  # it has no tables
    answer = await world.browser(cookies={"desk": "some token"}).get("/profile")
    await nowhere.close()
    assert answer.status_code == 500
    assert "Da ist etwas schiefgegangen" in answer.text


async def test_an_answer_that_breaks_off_is_not_begun_a_second_time(world: World) -> None:
    async def half(visit: Visit) -> Response:
        async def parts() -> AsyncIterator[bytes]:
            yield b"so far"
            raise RuntimeError(SECRET)

        return StreamingResponse(parts())

    app = make_desk(world.desk, (Page("/half", "half", Role.NOBODY, half),))
    sent: list[Any] = []

    async def receive() -> Any:
        await asyncio.sleep(1)

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": "/half", "headers": [], "query_string": b"", "root_path": ""}
    await app(scope, receive, send)
    assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]
    assert sent[0]["status"] == 200


@pytest.mark.parametrize(("path", "status", "title"), [
    ("/nowhere", 404, "Nicht gefunden"), ("/staff", 403, "Das geht hier nicht"),
    ("/staff/7777777", 403, "Das geht hier nicht"),
    ("/logout", 405, "So lässt sich die Seite nicht öffnen"), ("/profile/", 404, "Nicht gefunden"),
])  # fmt: skip
async def test_every_refusal_says_what_can_be_done(world: World, path: str, status: int, title: str) -> None:
    browser = await world.logged_in()
    answer = await browser.get(path)
    assert answer.status_code == status
    assert title in answer.text
    assert 'href="/"' in answer.text


@pytest.mark.parametrize(("accepted", "text"), [
    ("en-GB,en;q=0.9", "Not found"), ("de", "Nicht gefunden"), ("", "Nicht gefunden"), ("fr-FR", "Nicht gefunden"),
    ("*;q=0.1, \xa0, --", "Nicht gefunden"), ("zz-invalid-xx,en", "Not found"),
])  # fmt: skip
async def test_whom_nobody_knows_is_answered_in_the_language_of_the_browser(
    world: World, accepted: str, text: str
) -> None:
    headers = {"accept-language": accepted.encode("latin-1")}
    answer = await world.browser().get("/nowhere", headers=headers)  # type: ignore[arg-type]
    assert text in answer.text


async def test_htmx_gets_a_sentence_instead_of_a_page(world: World) -> None:
    browser = await world.logged_in()
    answer = await browser.get("/nowhere", headers={"hx-request": "true"})
    assert answer.status_code == 404
    assert answer.text == "Diese Seite gibt es nicht, oder nicht mehr."
