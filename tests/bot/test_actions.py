"""The actions answer Rasa over HTTP, name no text of a person when they fail, and share their port with another bot."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Iterator
from datetime import date
from typing import Any

import httpx
import pytest
import pytest_asyncio

from bot.actions import PATH, listen_for_actions, make_actions, serve_actions, served
from bot.processes import free_port
from bot.settings import SettingsError
from flows.discrimination_support.actions import last_day
from tests.bot.conftest import make_settings

SECRET = "Zitronenfalter"
TOKEN = "between-bot-and-rasa"
KNOWN = {"authorization": f"Bearer {TOKEN}"}
NOW = "2026-11-24T10:00:00+01:00"


def _call(action: str, *, text: str = "", **slots: Any) -> dict[str, Any]:
    """What Rasa sends, without its domain."""
    message = {"text": text, "intent": {"name": "nlu_fallback", "confidence": 0.3}, "entities": [],
               "metadata": {"language": "de", "now": NOW}}  # fmt: skip
    tracker = {"sender_id": "someone", "slots": slots, "latest_message": message, "events": [{"event": "user"}]}
    return {"next_action": action, "sender_id": "someone", "tracker": tracker}


@pytest_asyncio.fixture
async def rasa() -> AsyncIterator[httpx.AsyncClient]:
    """Rasa's side of the line."""
    transport = httpx.ASGITransport(app=make_actions(TOKEN), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://actions", headers=KNOWN) as client:
        yield client


async def test_a_form_is_carried_on_without_the_domain(rasa: httpx.AsyncClient) -> None:
    answers = {"purpose": SECRET, "requested_slot": "people"}
    response = await rasa.post(PATH, json=_call("validate_room_request_form", text="vierzig", **answers))
    assert response.status_code == 200
    assert {event["name"]: event["value"] for event in response.json()["events"]} == {
        "people": 40, "requested_slot": "rhythm"}  # fmt: skip


async def test_what_is_said_comes_as_a_symbol(rasa: httpx.AsyncClient) -> None:
    answers = {"danger": "no", "area": "work", "since": "2026-11-02", "wish": "counselling"}
    response = await rasa.post(PATH, json=_call("action_next_help", **answers))
    (said,) = response.json()["responses"]
    assert said["custom"] == {"help": "counselling", "area": "work", "last_day": "2027-01-02"}


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"danger": "yes", "area": "work", "since": "2026-11-02"}, {"help": "danger"}),
        ({"danger": "no", "area": "-", "since": "-", "wish": "person"},
         {"help": "person", "area": "-", "last_day": None}),
    ],
)  # fmt: skip
async def test_help_follows_from_the_answers(
    rasa: httpx.AsyncClient, answers: dict[str, str], expected: dict[str, Any]
) -> None:
    response = await rasa.post(PATH, json=_call("action_next_help", **answers))
    assert [said["custom"] for said in response.json()["responses"]] == [expected]


async def test_an_unknown_action_is_not_found(rasa: httpx.AsyncClient) -> None:
    response = await rasa.post(PATH, json=_call("action_of_another_bot", text=SECRET))
    assert response.status_code == 404
    assert SECRET not in response.text


@pytest.mark.parametrize(
    "body",
    [
        f'{{"next_action": "{SECRET}'.encode(),
        f'["{SECRET}"]'.encode(),
        f'"{SECRET}"'.encode(),
        f'{{"next_action": "action_next_help", "tracker": "{SECRET}"}}'.encode(),
        f'{{"next_action": "action_next_help", "text": "{SECRET}"}}'.encode(),
        b"\xff\xfe",
        b"",
    ],
)
async def test_a_broken_call_is_refused_without_its_text(
    rasa: httpx.AsyncClient, caplog: pytest.LogCaptureFixture, body: bytes
) -> None:
    caplog.set_level(logging.DEBUG)
    response = await rasa.post(PATH, content=body)
    assert response.status_code == 500
    assert SECRET not in response.text
    assert SECRET not in caplog.text


@pytest.mark.parametrize(
    ("action", "answers"),
    [
        ("action_next_help", {"danger": "no", "since": SECRET}),
        ("validate_room_request_form", {"requested_slot": SECRET}),
    ],
)
async def test_an_action_that_fails_names_no_text(
    rasa: httpx.AsyncClient, caplog: pytest.LogCaptureFixture, action: str, answers: dict[str, str]
) -> None:
    caplog.set_level(logging.DEBUG)
    response = await rasa.post(PATH, json=_call(action, text=SECRET, **answers))
    assert response.status_code == 500
    assert SECRET not in response.text
    assert SECRET not in caplog.text
    assert "an action failed: " in caplog.text


async def test_a_text_that_is_understood_is_not_logged(
    rasa: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await rasa.post(PATH, json=_call("validate_room_request_form", text=SECRET, requested_slot="purpose"))
    assert SECRET not in caplog.text


async def test_a_call_without_an_action_changes_nothing(rasa: httpx.AsyncClient) -> None:
    assert (await rasa.post(PATH, json={})).json() == {"events": [], "responses": []}


@pytest.mark.parametrize(
    ("since", "until"),
    [
        ("2026-11-02", "2027-01-02"),
        ("2026-03-15", "2026-05-15"),
        ("2026-07-31", "2026-09-30"),  # September has no 31st
        ("2026-12-31", "2027-02-28"),
        ("2026-12-29", "2027-02-28"),
        ("2026-12-28", "2027-02-28"),
        ("2027-12-31", "2028-02-29"),  # a leap year
        ("2027-12-30", "2028-02-29"),
        ("2028-02-29", "2028-04-29"),
        ("2026-06-30", "2026-08-30"),  # the same number, not the last of the month
    ],
)
def test_the_limit_ends_two_months_later_on_the_same_day_or_the_last_of_the_month(since: str, until: str) -> None:
    assert last_day(date.fromisoformat(since)) == date.fromisoformat(until)


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which another program listens."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def test_a_port_of_another_program_is_a_line_for_the_operator(taken: int) -> None:
    with pytest.raises(SettingsError, match=f"^setting ACTIONS_PORT: port {taken} is taken by another program"):
        listen_for_actions(taken)


def test_the_port_is_a_setting() -> None:
    assert make_settings(actions_port=6001).actions_port == 6001


async def _is_served(port: int) -> bool:
    async with httpx.AsyncClient(timeout=5, headers=KNOWN) as client:
        for _ in range(50):
            try:
                address = f"http://127.0.0.1:{port}{PATH}"
                response = await client.post(address, json=_call("action_next_help", danger="yes"))
            except httpx.HTTPError:
                await asyncio.sleep(0.05)
            else:
                return response.status_code == 200
    return False


async def test_two_bots_share_the_port_and_one_goes_on_when_the_other_ends() -> None:
    port = free_port()
    async with served(port, TOKEN):
        async with served(port, TOKEN):
            assert await _is_served(port)
        assert await _is_served(port)
    with pytest.raises(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port), timeout=1):
        pass


async def test_serving_ends_when_it_is_cancelled() -> None:
    with listen_for_actions(free_port()) as listening:
        serving = asyncio.create_task(serve_actions(listening, TOKEN))
        await asyncio.sleep(0.2)
        serving.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(serving, 5)


@pytest.mark.parametrize("header", [None, "", "Bearer ", "Bearer wrong", TOKEN, f"Basic {TOKEN}", "Bearer \u00e9"])
async def test_whoever_does_not_know_the_secret_runs_nothing(
    caplog: pytest.LogCaptureFixture, header: str | None
) -> None:
    for token in (TOKEN, ""):
        transport = httpx.ASGITransport(app=make_actions(token), raise_app_exceptions=False)
        headers = {} if header is None else {b"authorization": header.encode()}
        async with httpx.AsyncClient(transport=transport, base_url="http://actions", headers=headers) as stranger:
            for _ in range(3):
                answer = await stranger.post(PATH, json=_call("action_next_help", danger="yes"))
                assert (answer.status_code, answer.json()) == (401, {"error": "wrong token"})
    assert caplog.text.count("without the right RASA_TOKEN") == 2  # once for each of the two servers
    assert TOKEN not in caplog.text
