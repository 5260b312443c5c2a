"""What a line of the log looks like, and to which work it belongs."""

from __future__ import annotations

import asyncio
import io
import json
import logging
from collections.abc import Iterator

import pytest

from bot.operations import trace
from bot.operations.logs import Format, formatter
from bot.telegram.client import HideToken

TOKEN = "123456:a-secret-token"


class Log:
    """A logger as the bot sets it up, and what it wrote."""

    def __init__(self, kind: Format) -> None:
        self._stream = io.StringIO()
        handler = logging.StreamHandler(self._stream)
        handler.setFormatter(formatter(kind))
        handler.addFilter(HideToken(TOKEN))
        self.logger = logging.Logger("bot.room", logging.DEBUG)
        self.logger.addHandler(handler)

    @property
    def written(self) -> list[str]:
        """The lines."""
        return self._stream.getvalue().splitlines()


@pytest.fixture(autouse=True)
def _no_work() -> Iterator[None]:
    trace.begin(None)
    yield
    trace.begin(None)


def test_a_json_line_has_these_fields() -> None:
    log = Log("json")
    trace.begin("u-0123456789")
    log.logger.warning("sent: %s", "sendMessage")
    line = json.loads(log.written[0])
    assert line.pop("time").endswith("Z")
    assert line == {"level": "WARNING", "logger": "bot.room", "id": "u-0123456789", "message": "sent: sendMessage"}


def test_a_text_line_names_the_work_too() -> None:
    log = Log("text")
    log.logger.info("ready")
    trace.begin("t-0123456789")
    log.logger.info("due")
    assert log.written[0].endswith(" INFO - bot.room: ready")
    assert log.written[1].endswith(" INFO t-0123456789 bot.room: due")


@pytest.mark.parametrize("kind", ["text", "json"])
def test_a_traceback_is_kept_without_the_token(kind: Format) -> None:
    log = Log(kind)
    try:
        raise ValueError(f"https://api.telegram.org/bot{TOKEN}/getMe")
    except ValueError:
        log.logger.exception("a fault with %s", TOKEN)
    assert TOKEN not in "".join(log.written)
    assert "ValueError" in "".join(log.written)
    assert len(log.written) == 1 or kind == "text"


@pytest.mark.parametrize("kind", ["text", "json"])
def test_while_somebody_is_answered_a_traceback_quotes_nobody(kind: Format) -> None:
    log, words = Log(kind), "snebeL hcilrhäfeg tsi niem"[::-1]  # the lines of the program are quoted
    trace.begin("u-0123456789")
    try:
        try:
            int(words)
        except ValueError as error:
            raise ExceptionGroup(words, [KeyError(words), error]) from error
    except ExceptionGroup:
        log.logger.exception("a fault")
    written = "".join(log.written)
    assert words not in written
    assert all(kind in written for kind in ("ValueError", "KeyError", "ExceptionGroup", "test_logs.py"))


def test_what_ends_the_program_at_its_start_is_said_in_words() -> None:
    log = Log("text")
    try:
        raise ValueError("no such folder")
    except ValueError:
        log.logger.exception("a fault")
    assert "ValueError: no such folder" in "".join(log.written)


async def test_what_runs_side_by_side_does_not_mix_its_ids() -> None:
    seen: dict[int, tuple[str, str]] = {}

    async def work(number: int) -> None:
        trace.begin(trace.of_update(number))
        await asyncio.sleep(0)
        seen[number] = (trace.id_now(), await asyncio.create_task(_look()))

    await asyncio.gather(*(work(number) for number in range(20)))
    assert seen == {number: (trace.of_update(number),) * 2 for number in range(20)}
    assert len({trace.of_update(number) for number in range(20)}) == 20


async def _look() -> str:
    return trace.id_now()


def test_an_id_fits_the_outbox_and_holds_no_number_of_telegram() -> None:
    ids = [trace.of_update(987_654_321), trace.of_timer(), trace.of_desk()]
    assert [len(id) for id in ids] == [trace.LENGTH] * 3
    assert "987654321" not in ids[0]
