"""`make demo`: Rasa, bot and a Telegram simulator on loopback, with a page that shows two phones."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
import sys
from pathlib import Path

from bot.desk.passwords import Passwords
from bot.processes import Family, ProcessFailed, family, free_port
from bot.settings import ROOT
from bot.storage.models import Staff
from bot.storage.schema import opened

TOKEN = "1000000000:demo-token-for-the-simulator-only"
STAFF_CHAT_ID = -1001000000001
STAFF = {2001: ("Frau A.", "anna", "admin"), 2002: ("Herr B.", "bernd", "agent")}
"""The two staff members whom the simulator's group holds: name, login at the desk, role."""
PASSWORD = "only-for-the-demo"


def run(port: int, *, fast: bool) -> int:
    """Start everything, print `ready: <url>`, and end it all on Ctrl-C; returns the exit code.

    Raises `ProcessFailed` if a part ends by itself.
    """
    return asyncio.run(_play(port, fast=fast))


async def _play(port: int, *, fast: bool) -> int:
    stop = asyncio.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(sign, stop.set)
    async with family() as members:
        starting = asyncio.create_task(_start(members, port, fast=fast))
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({starting, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if stop.is_set():
            starting.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await starting
            return 0
        sys.stdout.write(f"ready: {await starting}\n")
        sys.stdout.flush()
        ending = asyncio.create_task(members.first_to_end())
        await asyncio.wait({ending, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if stop.is_set():
            ending.cancel()
            return 0
        raise ProcessFailed(f"{(await ending).name} ended; its messages stand above")


async def _start(members: Family, port: int, *, fast: bool) -> str:
    port = _usable(port)
    page = f"http://127.0.0.1:{port}/"
    rasa_port, actions_port, desk_port = free_port(), free_port(), free_port()
    simulator = await members.start_simulator(port, TOKEN)
    rasa = None if fast else await members.start_rasa(rasa_port, actions_port)
    database_url = await prepare_database(ROOT / "var" / "demo.db")
    bot = await members.start_bot({
        "TELEGRAM_TOKEN": TOKEN, "STAFF_CHAT_ID": str(STAFF_CHAT_ID), "TELEGRAM_API_URL": page.rstrip("/"),
        "DATABASE_URL": database_url, "RASA_URL": f"http://127.0.0.1:{rasa_port}", "LOG_LEVEL": "WARNING",
        "ACTIONS_PORT": str(actions_port), "DESK_PORT": str(desk_port), "OFFICE_HOURS": "Mon-Sun 00:00-24:00",
    })  # fmt: skip
    await simulator.answers(page)
    await bot.answers(f"{page}sim/commands", needle="mydata")
    if rasa is not None:
        await rasa.answers(f"http://127.0.0.1:{rasa_port}/status")
    # Not on standard output, which holds the one line that programs wait for.
    logins = " or ".join(login for _, login, _ in STAFF.values())
    sys.stderr.write(f"the office's desk: http://127.0.0.1:{desk_port}/ (log in as {logins}, password {PASSWORD})\n")
    return page


async def prepare_database(path: Path) -> str:
    """An empty database with the demo's staff: the simulator forgets everything, so the bot must not remember."""
    for file in path.parent.glob(f"{path.name}*"):
        file.unlink()
    url = f"sqlite+aiosqlite:///{path}"
    hashed = await Passwords().hash(PASSWORD)
    async with opened(url) as database, database.write() as session:
        session.add_all(
            Staff(telegram_id=telegram_id, name=name, login=login, role=role, password_hash=hashed)
            for telegram_id, (name, login, role) in STAFF.items()
        )
    return url


def _usable(port: int) -> int:
    """`port` if it is free, else another one."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return free_port()
        return int(probe.getsockname()[1])
