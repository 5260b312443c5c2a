"""How the fields of calls and the page's events travel."""

from __future__ import annotations

import asyncio
import json
from urllib.parse import quote, urlencode

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.simulator.wire import parse_form
from tests.simulator.conftest import Control

EVENT_END = "\r\n\r\n"


@given(st.dictionaries(st.text(), st.text()))
def test_the_fields_of_a_form_come_as_they_were_sent(fields: dict[str, str]) -> None:
    assert parse_form(urlencode(fields)) == fields
    assert parse_form(urlencode(fields, quote_via=quote)) == fields


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ("", {}),
        ("a&b=&&c=d=e", {"a": "", "b": "", "c": "d=e"}),
        ("a=1&a=2", {"a": "2"}),
        ("a=100%+of+%zz", {"a": "100% of %zz"}),
        (r"a=\n%5Cx41+\x41", {"a": r"\n\x41 \x41"}),
        ("a=%C3+é%E2%82", {"a": "\ufffd é\ufffd"}),
    ],
)
def test_a_form_that_nobody_would_write_is_read_all_the_same(body: str, fields: dict[str, str]) -> None:
    assert parse_form(body) == fields


async def test_an_open_page_gets_every_event_by_itself_and_in_order(simulator_url: str, control: Control) -> None:
    async with httpx.AsyncClient(trust_env=False) as http, http.stream("GET", f"{simulator_url}/sim/events") as page:
        await control.post("message", user=1001, text="an\r\n\nÄnderung")
        await control.post("album", user=1001, items=["photo"] * 10, caption="ten at once")
        received = ""
        async with asyncio.timeout(5):
            async for piece in page.aiter_text():
                received += piece
                if received.count(EVENT_END) == 11:
                    break
    events = [json.loads(event.removeprefix("data: ")) for event in received.split(EVENT_END)[:-1]]
    texts = [event["message"]["text"] for event in events]
    assert texts == ["an\r\n\nÄnderung", "ten at once", *[""] * 9]
    assert [event["message"]["message_id"] for event in events] == list(range(1, 12))
