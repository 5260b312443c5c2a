"""Whoever has to wait sees that an answer is being made; whoever is answered at once does not."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.rasa import Rasa, RasaDown, Understanding
from tests.bot.telegram.whole import Whole

QUESTION = "Wie viele Mitglieder brauchen wir?"


@pytest.mark.parametrize(("seconds", "signs"), [(0.0, 0), (0.4, 1)])
async def test_a_sign_of_typing_comes_only_where_the_answer_takes_long(
    bot: Whole, monkeypatch: pytest.MonkeyPatch, seconds: float, signs: int
) -> None:
    async def ask(*_: Any, **__: Any) -> Understanding:
        await asyncio.sleep(seconds)
        raise RasaDown("slow")

    monkeypatch.setattr(Rasa, "ask", ask)
    monkeypatch.setattr("bot.telegram.processor.TYPING_AFTER", 0.2)
    await bot.phone().ask(QUESTION)
    assert await bot.calls("sendChatAction") == signs
