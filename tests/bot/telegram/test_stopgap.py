"""What people are told while nothing can be stored: from memory, once, and in danger the fixed text."""

from __future__ import annotations

from typing import Any

import pytest

from bot.app import make_parts, make_renderer
from bot.conversation.content import Content
from bot.telegram import stopgap
from bot.telegram.staffchat import StaffChat
from bot.telegram.stopgap import Stopgap
from tests.bot.conftest import GROUP, make_settings, read_content
from tests.bot.telegram.conftest import RANA

DANGER = "Ich will nicht mehr leben"
HELPLINE = "0800 111 0 111"


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """All that is sent to Telegram."""
    sent: list[dict[str, Any]] = []

    async def call(_: object, method: str, payload: dict[str, Any]) -> None:
        sent.append(payload)

    monkeypatch.setattr(stopgap, "call", call)
    return sent


@pytest.fixture
def memory() -> Stopgap:
    """What can speak without a database."""
    content: Content = read_content()
    parts = make_parts(make_settings(), content=content)
    return Stopgap(None, make_renderer(parts), content, StaffChat(GROUP), "de")  # type: ignore[arg-type]


def from_rana(**message: Any) -> dict[str, Any]:
    return {"chat": {"id": RANA, "type": "private"}, "from": {"id": RANA, "language_code": "de"}, **message}


@pytest.mark.parametrize(
    "update",
    [{"message": from_rana(text=DANGER)}, {"message": from_rana(photo=[{}], caption=DANGER)},
     {"edited_message": from_rana(text=DANGER)}],
)  # fmt: skip
async def test_words_of_danger_get_the_fixed_text_wherever_they_stand(
    memory: Stopgap, said: list[dict[str, Any]], update: dict[str, Any]
) -> None:
    await memory.excuse([{"update_id": 1, **update}])
    assert [(one["chat_id"], HELPLINE in one["text"]) for one in said] == [(RANA, True)]


async def test_each_is_told_once_until_it_is_over(memory: Stopgap, said: list[dict[str, Any]]) -> None:
    pressed = {"callback_query": {"from": {"id": RANA}, "message": from_rana(text=DANGER)}}
    for update in ({"message": from_rana(text="hi")}, {"message": from_rana(text="hi")}, pressed):
        await memory.excuse([update])
    assert len(said) == 1
    assert HELPLINE not in said[0]["text"], "what stands above a pressed button was written by the bot"
    memory.over()
    await memory.excuse([pressed])
    assert len(said) == 2


@pytest.mark.parametrize(
    "update", [{"message": "x", "callback_query": {"message": from_rana()}}, {"message": from_rana(text=["x"])},
               {"message": 7}, {"callback_query": []}, {"message": {"chat": {"id": GROUP, "type": "supergroup"}}}, {}]
)  # fmt: skip
async def test_what_cannot_be_read_upsets_nothing(
    memory: Stopgap, said: list[dict[str, Any]], update: dict[str, Any]
) -> None:
    await memory.excuse([update])
    assert {one["chat_id"] for one in said} <= {RANA}
