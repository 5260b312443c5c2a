"""The libraries write request addresses at DEBUG: the token, a part of them, is taken out of every line."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest
from telegram.error import TelegramError

from bot.processes import free_port
from bot.telegram.client import HideToken, connect
from tests.bot.conftest import make_settings

LOUD = ("aiohttp", "telegram", "asyncio", "bot")


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """What is logged, at DEBUG and by everybody."""
    stream, root = io.StringIO(), logging.getLogger()
    handler = logging.StreamHandler(stream)
    handler.addFilter(HideToken(*make_settings().secrets))
    loggers = [logging.getLogger(name) for name in LOUD]
    levels = [logger.level for logger in loggers]
    root.addHandler(handler)
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


async def test_no_library_writes_the_token(stream: io.StringIO, simulator_url: str) -> None:
    token = make_settings().telegram_token.get_secret_value()
    nowhere = f"http://127.0.0.1:{free_port()}"
    for given, address in ((token, simulator_url), (token, nowhere), (f"{token}x", simulator_url)):
        bot = connect(given, address)
        try:
            async with bot:
                await bot.send_message(1, "hallo")
        except TelegramError:
            logging.getLogger("bot").exception("with %s at %s", bot, bot.base_url)
    said = stream.getvalue()
    assert "<token>" in said, "the library's own errors were heard"
    assert "Traceback" in said
    assert token not in said
