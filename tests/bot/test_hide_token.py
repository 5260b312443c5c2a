"""The token never reaches a log, wherever in a record it stands."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest

from bot.telegram.client import HideToken

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
