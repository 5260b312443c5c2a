"""The command line: `python -m bot --help` lists what it can do. Errors are one clear line and exit code 2."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gc
import logging
import os
import signal
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

import uvloop
from pydantic import SecretStr

from bot import settings
from bot.backup.archive import BackupError
from bot.conversation.crisis import CrisisFileError
from bot.locales import LocaleError
from bot.operations.logs import formatter
from bot.processes import STOP_OTHERS_SECONDS, STOP_SECONDS, ProcessFailed, family, rasa_token
from bot.settings import Settings, SettingsError
from bot.storage.database import DatabaseUnreachable

log = logging.getLogger("bot")

SHORTLY = 2.0
"""Seconds between killing a Rasa that does not end and ending ourselves."""
_with_us: list[Callable[[], None]] = []
"""What ends at once the processes that belong to this one."""
USER_ERRORS = (BackupError, SettingsError, LocaleError, DatabaseUnreachable, CrisisFileError, ProcessFailed)


def main(arguments: list[str] | None = None) -> int:
    """Run the command named in `arguments` (default: the process's own); returns the exit code."""
    options = _parser().parse_args(arguments)
    try:
        return _dispatch(options)
    except USER_ERRORS as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 0


def _dispatch(options: argparse.Namespace) -> int:
    if options.command == "demo":
        from bot import demo

        return demo.run(options.port, fast=options.fast)
    if options.command == "predict":
        from bot import predict

        return asyncio.run(predict.run(sys.stdin, sys.stdout))
    configured = settings.load()
    if options.command == "run" and options.with_rasa:
        # Made up before the first line is logged, or the log would not know that it is to hide it.
        token = configured.rasa_token.get_secret_value() or rasa_token()
        configured = configured.model_copy(update={"rasa_token": SecretStr(token)})
    _log_to_stderr(configured)
    if options.command == "staff":
        from bot import staff

        return asyncio.run(staff.run(configured, options))
    if options.command in {"retention", "mydata"}:
        from bot import records

        return asyncio.run(records.run(configured, options))
    if options.command in {"backup", "restore"}:
        from bot.backup import command as archives

        return asyncio.run(archives.run(configured, options))
    if options.command == "report":
        from bot import report

        return asyncio.run(report.run(configured, options))
    if options.command == "desk":
        from bot.desk import command

        return asyncio.run(command.run(configured, options))
    if options.with_rasa:
        return _until_stopped(_serve_with_rasa(configured), STOP_SECONDS + STOP_OTHERS_SECONDS + SHORTLY)
    return _until_stopped(_serve(configured), STOP_SECONDS)


async def _serve(configured: Settings) -> None:
    from bot.app import assemble

    async with assemble(configured) as app:
        # What has been loaded stays: looking through it for garbage would stop everybody for a tenth of a second.
        gc.collect()
        gc.freeze()
        await app.run()


async def _serve_with_rasa(configured: Settings) -> None:
    """Start a Rasa server where RASA_URL says, and the bot beside it. The bot goes on if Rasa ends."""
    address = urlsplit(configured.rasa_url.partition(",")[0])
    if address.hostname not in {"127.0.0.1", "localhost"} or not address.port:
        raise SettingsError("setting RASA_URL: --with-rasa starts Rasa on this machine; use http://127.0.0.1:5005")
    async with family() as members:
        _with_us.append(members.kill)
        await members.start_rasa(address.port, configured.actions_port, configured.rasa_token.get_secret_value())
        await _serve(configured)


class _Stop:
    """The first Ctrl-C or SIGTERM lets what is under way be finished, for so long; the second one ends everything."""

    def __init__(self, work: asyncio.Future[None], seconds: float) -> None:
        self._work = work
        self._seconds = seconds
        self._told = False

    def __call__(self, sign: signal.Signals) -> None:
        if self._told:
            self._end(128 + sign)
        self._told = True
        log.info("stopping; what is under way is finished first, for %.0f s at most", self._seconds)
        self._work.cancel()
        asyncio.get_running_loop().call_later(self._seconds, self._give_up)

    def _give_up(self) -> None:
        log.error("what was under way did not end; it is done at the next start")
        self._end(1)

    def _end(self, code: int) -> None:
        """As a power cut would, which the bot survives; only Rasa must not go on alone."""
        for kill in _with_us:
            kill()
        os._exit(code)


def _until_stopped(work: Coroutine[Any, Any, None], seconds: float) -> int:
    """Run until Ctrl-C or SIGTERM."""

    async def stoppable() -> None:
        """The work, which a signal ends."""
        task = asyncio.ensure_future(work)
        stop = _Stop(task, seconds)
        for sign in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(sign, stop, sign)
        with contextlib.suppress(asyncio.CancelledError):
            await task

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(stoppable())
    return 0


def _log_to_stderr(configured: Settings) -> None:
    from bot.telegram.client import HideToken

    handler = logging.StreamHandler()
    handler.setFormatter(formatter(configured.log_format))
    handler.addFilter(HideToken(*configured.secrets))
    logging.basicConfig(level=configured.log_level, handlers=[handler])
    for chatty in ("aiohttp", "httpx", "httpcore", "alembic", "aiosqlite", "telegram", "markdown_it", "fontTools"):
        # Some write request addresses, of which the token is a part, or what somebody wrote; others line upon line.
        logging.getLogger(chatty).setLevel(logging.WARNING)

    logging.captureWarnings(True)
    sys.excepthook = _log_what_ends_us


def _log_what_ends_us(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """A fault that nothing caught goes the way of all lines, which hides what is secret."""
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
    else:
        log.critical("the process ends by a fault", exc_info=(kind, error, trace))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="run the bot (make run starts Rasa as well)")
    run.add_argument("--with-rasa", action="store_true", help="start the Rasa server too")
    demo = commands.add_parser("demo", help="Rasa, bot and a Telegram simulator with a page, all on this machine")
    demo.add_argument("--port", type=int, default=8080, help="port of the page (0: any free one)")
    demo.add_argument("--fast", action="store_true", help="without Rasa: buttons and search by words only")
    commands.add_parser("predict", help="JSON lines in, what the bot understands out")
    staff = commands.add_parser("staff", help="who may take cases")
    actions = staff.add_subparsers(dest="action", required=True)
    add = actions.add_parser("add", help="register a member of the staff group")
    add.add_argument("telegram_id", type=int)
    add.add_argument("name", help="as people will see it, e.g. 'Frau A.'")
    remove = actions.add_parser("remove", help="take the right to handle cases away")
    remove.add_argument("telegram_id", type=int)
    actions.add_parser("list", help="show who is registered")
    backup = commands.add_parser("backup", help="copy the database into a file while the bot works")
    backup.add_argument("file", type=Path, nargs="?", help="default: a new one in BACKUP_FOLDER")
    restore = commands.add_parser("restore", help="put a backup in the database's place; stop every bot first")
    restore.add_argument("file", type=Path)
    restore.add_argument("--force", action="store_true", help="also if there are data in the database, which are lost")
    restore.add_argument("--erased", type=Path, action="append", default=[], metavar="FILE",
                         help="a list of who was erased, besides the one in BACKUP_FOLDER")  # fmt: skip
    commands.add_parser("retention", help="how long everything is kept, as a table")
    mydata = commands.add_parser("mydata", help="everything held about a person, as JSON")
    mydata.add_argument("telegram_id", type=int)
    mydata.add_argument("--notes", action="store_true", help="with internal notes, to be checked before they go out")
    report = commands.add_parser("report", help="the evaluation of a quarter on one page, as a PDF in German")
    report.add_argument("--quarter", required=True, help="e.g. 2026-Q3")
    report.add_argument("--out", required=True, metavar="FILE")
    desk = commands.add_parser("desk", help="the office's web desk")
    desk_actions = desk.add_subparsers(dest="action", required=True)
    admin = desk_actions.add_parser("admin", help="register an admin, or give them a new password (it is asked for)")
    admin.add_argument("login")
    admin.add_argument("--name", help="as people will see it, e.g. 'Frau A.' (default: the login)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
