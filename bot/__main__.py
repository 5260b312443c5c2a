"""The command line: `python -m bot run | demo | predict | staff | desk`. Errors are one clear line and exit code 2."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gc
import logging
import signal
import sys
from collections.abc import Coroutine
from typing import Any
from urllib.parse import urlsplit

import uvloop

from bot import settings
from bot.conversation.crisis import CrisisFileError
from bot.locales import LocaleError
from bot.processes import ProcessFailed, family
from bot.settings import Settings, SettingsError
from bot.storage.database import DatabaseUnreachable

USER_ERRORS = (SettingsError, LocaleError, DatabaseUnreachable, CrisisFileError, ProcessFailed)


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
    _log_to_stderr(configured)
    if options.command == "staff":
        from bot import staff

        return asyncio.run(staff.run(configured, options))
    if options.command == "desk":
        from bot.desk import command

        return asyncio.run(command.run(configured, options))
    return _until_stopped(_serve_with_rasa(configured) if options.with_rasa else _serve(configured))


async def _serve(configured: Settings) -> None:
    from bot.app import assemble

    async with assemble(configured) as app:
        # What has been loaded stays: looking through it for garbage would stop everybody for a tenth of a second.
        gc.collect()
        gc.freeze()
        await app.run()


async def _serve_with_rasa(configured: Settings) -> None:
    """Start a Rasa server where RASA_URL says, and the bot beside it. The bot goes on if Rasa ends."""
    address = urlsplit(configured.rasa_url)
    if address.hostname not in {"127.0.0.1", "localhost"} or not address.port:
        raise SettingsError("setting RASA_URL: --with-rasa starts Rasa on this machine; use http://127.0.0.1:5005")
    async with family() as members:
        await members.start_rasa(address.port, configured.actions_port)
        await _serve(configured)


def _until_stopped(work: Coroutine[Any, Any, None]) -> int:
    """Run until Ctrl-C or SIGTERM; what is under way is finished first."""

    async def stoppable() -> None:
        task = asyncio.ensure_future(work)
        for sign in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(sign, task.cancel)
        with contextlib.suppress(asyncio.CancelledError):
            await task

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(stoppable())
    return 0


def _log_to_stderr(configured: Settings) -> None:
    from bot.telegram.client import HideToken

    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    handler.addFilter(HideToken(configured.telegram_token.get_secret_value()))
    logging.basicConfig(level=configured.log_level, handlers=[handler])
    for chatty in ("httpx", "httpcore", "alembic", "aiosqlite", "telegram"):
        # At INFO these write request addresses, and the token is part of them.
        logging.getLogger(chatty).setLevel(logging.WARNING)


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
    desk = commands.add_parser("desk", help="the office's web desk")
    desk_actions = desk.add_subparsers(dest="action", required=True)
    admin = desk_actions.add_parser("admin", help="register an admin, or give them a new password (it is asked for)")
    admin.add_argument("login")
    admin.add_argument("--name", help="as people will see it, e.g. 'Frau A.' (default: the login)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
