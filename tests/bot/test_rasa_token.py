"""Bot and Rasa with different secrets: the operator reads why, once, and people are served without Rasa."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

import pytest

from bot.processes import RASA_TOKEN, rasa_token
from bot.rasa import Rasa, RasaDown
from bot.settings import load
from tests.bot.test_rasa_servers import Server


async def test_a_wrong_secret_is_named_and_not_shown(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    refusing = Server(status=401)
    rasa = Rasa(refusing.url, 1, "not-the-right-one")
    async with refusing.running():
        with pytest.raises(RasaDown, match="RASA_TOKEN") as raised:
            await rasa.ask("hallo", "de", "x", now=datetime.now(UTC))
        assert not await rasa.is_up()
        await rasa.close()
    assert refusing.secrets == {"Bearer not-the-right-one"}
    assert "not-the-right-one" not in f"{raised.value} {caplog.text}"


def test_one_is_made_for_all_children_unless_the_environment_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(RASA_TOKEN, raising=False)
    made = rasa_token()
    assert len(made) > 40
    assert rasa_token() == made == load(telegram_token="x", staff_chat_id=-1).rasa_token.get_secret_value()
    monkeypatch.setenv(RASA_TOKEN, "given")
    assert rasa_token() == "given"
