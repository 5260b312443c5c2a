"""The token never reaches a log, wherever in a record it stands."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import subprocess
import sys
import traceback
from collections.abc import Iterator
from dataclasses import fields
from typing import Any
from urllib.parse import quote, quote_plus

import aiohttp
import pytest
from pydantic import SecretStr
from telegram import File
from telegram.error import InvalidToken, NetworkError

from bot.app import App
from bot.rasa import Rasa
from bot.settings import Settings
from bot.telegram.client import HideToken, connect
from tests.bot.conftest import make_settings

TOKEN = "123456:a-secret-token"
ADDRESS = f"https://api.telegram.org/bot{TOKEN}/sendMessage"


@pytest.fixture
def written() -> Iterator[tuple[logging.Logger, io.StringIO]]:
    """A logger as the bot sets it up, and what it wrote."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(HideToken(TOKEN))
    logger = logging.getLogger("test.hide_token")
    logger.propagate = False
    logger.setLevel(logging.DEBUG)
    logger.addHandler(handler)
    yield logger, stream
    logger.removeHandler(handler)


def test_in_the_message(written: tuple[logging.Logger, io.StringIO]) -> None:
    logger, stream = written
    logger.info(f"asking {ADDRESS} now")
    assert stream.getvalue() == "asking https://api.telegram.org/bot<token>/sendMessage now\n"


@pytest.mark.parametrize("argument", [ADDRESS, ValueError(ADDRESS), {"url": ADDRESS}, [ADDRESS]])
def test_in_an_argument_of_any_kind(written: tuple[logging.Logger, io.StringIO], argument: object) -> None:
    logger, stream = written
    logger.warning("failed: %s (%s)", argument, "again")
    assert TOKEN not in stream.getvalue()
    assert "<token>" in stream.getvalue()
    assert "(again)" in stream.getvalue()


def test_e64_the_token_is_hidden_in_a_traceback_and_its_causes(written: tuple[logging.Logger, io.StringIO]) -> None:
    logger, stream = written
    try:
        try:
            raise ValueError(ADDRESS)
        except ValueError as error:
            raise RuntimeError(f"could not reach {ADDRESS}") from error
    except RuntimeError:
        logger.exception("a fault")
    assert "RuntimeError" in stream.getvalue()
    assert "ValueError" in stream.getvalue()
    assert TOKEN not in stream.getvalue()


def test_in_the_stack_that_a_record_may_carry(written: tuple[logging.Logger, io.StringIO]) -> None:
    logger, stream = written
    logger.info("where am I", stack_info=True)
    assert "where am I" in stream.getvalue()
    assert TOKEN not in stream.getvalue()


def test_everything_else_passes_unchanged(written: tuple[logging.Logger, io.StringIO]) -> None:
    logger, stream = written
    logger.info("%s of %d", "one", 2)
    assert stream.getvalue() == "one of 2\n"


PASSWORD = "p@ss/wort 'ß\\"
SECRETS = {"telegram_token": TOKEN, "rasa_token": "between-bot-and-rasa", "webhook_secret": "A-secret-of-the-webhook",
           "translation_api_key": "key-of-the-translator"}  # fmt: skip


def everything_secret() -> Settings:
    """Settings in which every secret is set."""
    address = f"postgresql+asyncpg://bot:{quote(PASSWORD, safe='')}@127.0.0.1/bot"
    return make_settings(**SECRETS, database_url=address, rasa_url="http://rasa:in-an-address@127.0.0.1:5005")


def test_every_secret_setting_is_planted_here() -> None:
    """A new secret is found by its type; this test fails until it is planted as well."""
    secret = {name for name, field in Settings.model_fields.items() if field.annotation is SecretStr}
    assert secret == set(SECRETS)


@pytest.mark.parametrize("spell", [str, quote, quote_plus, repr, json.dumps, lambda one: quote(one, safe=""),
                                   lambda one: quote(one, safe="").replace("%3A", "%3a")])  # fmt: skip
def test_all_secrets_are_hidden_however_they_are_spelt(written: tuple[logging.Logger, io.StringIO], spell) -> None:  # type: ignore[no-untyped-def]
    logger, stream = written
    logger.handlers[0].filters[:] = [HideToken(*everything_secret().secrets)]
    planted = [*SECRETS.values(), PASSWORD, "in-an-address"]
    for secret in planted:
        try:
            raise RuntimeError(f"at {spell(secret)}!")
        except RuntimeError:
            logger.exception("with %s", spell(secret))
    for secret in planted:
        assert spell(secret).strip("'\"") not in stream.getvalue()
    assert stream.getvalue().count("<token>") >= 2 * len(planted)


def objects() -> list[object]:
    """What holds a secret while the bot runs, and what the library raises."""
    settings, bot = everything_secret(), connect(TOKEN, "https://api.telegram.org")
    parts: dict[str, Any] = {field.name: None for field in fields(App)}
    app = App(**parts | {"settings": settings, "bot": bot})
    return [settings, bot, app, Rasa(settings.rasa_url, 1, "between-bot-and-rasa"), bot.request,
            File("f", "u", 1, f"https://api.telegram.org/file/bot{TOKEN}/documents/file_1.pdf", api_kwargs={}),
            aiohttp.InvalidURL(ADDRESS), aiohttp.ClientConnectionError(f"at {ADDRESS}"),
            InvalidToken(f"The token `{TOKEN}` was rejected."), NetworkError(f"at {ADDRESS}")]  # fmt: skip


@pytest.mark.parametrize("index", range(4))
def test_our_own_objects_do_not_tell_what_they_know(index: int) -> None:
    shown = objects()[index]
    for text in (repr(shown), str(shown), f"{shown!r:>10}"):
        secret = (*SECRETS.values(), PASSWORD, quote(PASSWORD, safe=""), "in-an-address")
        assert [one for one in secret if one in text] == []


def test_a_traceback_with_all_its_variables_tells_nothing(written: tuple[logging.Logger, io.StringIO]) -> None:
    """As tools write it that show what each name stood for."""
    logger, stream = written
    logger.handlers[0].filters[:] = [HideToken(*everything_secret().secrets)]

    def fails(*known: object) -> None:
        raise InvalidToken(f"The token `{TOKEN}` was rejected by the server.")

    try:
        fails(*objects(), everything_secret().telegram_token.get_secret_value())
    except InvalidToken as error:
        told = traceback.TracebackException.from_exception(error, capture_locals=True)
        logger.error("%s", "".join(told.format()), exc_info=True, stack_info=True)
    assert "known = " in stream.getvalue()
    assert [secret for secret in (*SECRETS.values(), PASSWORD) if secret in stream.getvalue()] == []


def test_what_asyncio_says_of_a_forgotten_fault_is_hidden(written: tuple[logging.Logger, io.StringIO]) -> None:
    _, stream = written
    handler = logging.StreamHandler(stream)
    handler.addFilter(HideToken(TOKEN))
    logging.getLogger().addHandler(handler)
    try:
        loop = asyncio.new_event_loop()
        loop.call_exception_handler({"message": ADDRESS, "exception": NetworkError(ADDRESS)})
        loop.close()
    finally:
        logging.getLogger().removeHandler(handler)
    assert stream.getvalue().count("<token>") >= 2
    assert TOKEN not in stream.getvalue()


SERVING = """
import asyncio, logging
from starlette.applications import Starlette
from bot.web import listen, serve

async def briefly():
    with listen("127.0.0.1", 0, "WEB_PORT") as listening:
        serving = asyncio.create_task(serve(Starlette(), listening))
        await asyncio.sleep(0.2)
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)
    print(*(logging.getLogger(name).handlers for name in ("uvicorn", "uvicorn.error", "uvicorn.access")))

asyncio.run(briefly())
"""


def test_the_web_server_has_no_lines_of_its_own() -> None:
    """With handlers of its own what it says would not pass the filter."""
    ended = subprocess.run([sys.executable, "-c", SERVING], capture_output=True, text=True, check=True)
    assert ended.stdout == "[] [] []\n"


def test_a_fault_that_ends_the_process_is_hidden_as_well() -> None:
    """What Python itself would print of an error that nothing caught."""
    code = (
        "import bot.__main__ as m, warnings; from bot.settings import load; s = load()\n"
        "m._log_to_stderr(s)\nwarnings.warn('at ' + s.telegram_token.get_secret_value())\n"
        "raise RuntimeError('at ' + s.telegram_token.get_secret_value())"
    )
    env = {"TELEGRAM_TOKEN": TOKEN, "STAFF_CHAT_ID": "-1", "LOG_LEVEL": "DEBUG", "PATH": ""}
    ended = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert "RuntimeError: at <token>" in ended.stderr
    assert "UserWarning: at <token>" in ended.stderr
    assert TOKEN not in ended.stderr


def test_a_secret_that_is_made_up_at_the_start_is_hidden_as_well() -> None:
    program = (
        "import logging, os, sys; import bot.__main__ as main;"
        "main._until_stopped = lambda work, _: work.close() or logging.warning('it is %s', os.environ['RASA_TOKEN']);"
        "main.main(['run', '--with-rasa']); sys.stdout.write(os.environ['RASA_TOKEN'])"
    )
    env = {"PATH": "/usr/bin:/bin", "TELEGRAM_TOKEN": TOKEN, "STAFF_CHAT_ID": "-100", "RASA_TOKEN": ""}
    ran = subprocess.run([sys.executable, "-c", program], env=env, check=True, capture_output=True, text=True)
    assert len(ran.stdout) > 20
    assert "it is <token>" in ran.stderr
    assert ran.stdout not in ran.stderr
