"""`python -m bot desk admin LOGIN --name NAME`: the first admin of the desk, or a forgotten password."""

from __future__ import annotations

import argparse
import getpass
import sys

from bot.desk.accounts import AccountError, add_admin
from bot.desk.app import desk_texts
from bot.settings import Settings
from bot.storage.schema import opened


async def run(settings: Settings, options: argparse.Namespace) -> int:
    """Ask for the password (or read a line from standard input) and register the admin; returns the exit code."""
    password = _password()
    if password is None:
        sys.stderr.write("the two passwords differ; nothing was changed\n")
        return 2
    try:
        async with opened(settings.database_url) as database:
            await add_admin(database, options.login, options.name or options.login, password)
    except AccountError as error:
        sys.stderr.write(f"{error.field}: {desk_texts(settings.zone).say('en', error.key)}\n")
        return 2
    sys.stdout.write(f"{options.login} is an admin of the desk; it is open while the bot runs (DESK_PORT)\n")
    return 0


def _password() -> str | None:
    """Never an argument: those stand in the list of processes and in the shell's history."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    password = getpass.getpass("Password (at least 12 characters): ")
    return password if password == getpass.getpass("Once more: ") else None
