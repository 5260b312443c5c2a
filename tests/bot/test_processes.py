"""Child processes are ended kindly, and a bot may finish what it is doing."""

from __future__ import annotations

import signal
import socket
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.processes import STOP_SECONDS, Child, Family, ProcessFailed, family, free_port

SLOW_TO_END = """
import signal, sys, time

signal.signal(signal.SIGTERM, lambda *_: (time.sleep(0.5), sys.exit(7)))
time.sleep(60)
"""


async def _ended(patience: float) -> int | None:
    async with family() as members:
        child = await members.start("slow", sys.executable, "-c", SLOW_TO_END, patience=patience)
        await _ready(child)
    return child.process.returncode


async def _ready(child: Child) -> None:
    """Wait until it has said how it wants to end."""
    handled = ""
    while not int(handled or "0", 16) & 1 << (signal.SIGTERM - 1):
        with open(f"/proc/{child.process.pid}/status", encoding="ascii") as status:  # noqa: ASYNC230 - not on a disk
            handled = next(line.split()[1] for line in status if line.startswith("SigCgt"))


async def test_whoever_needs_a_while_to_end_gets_it() -> None:
    assert await _ended(patience=20) == 7


async def test_whoever_does_not_end_is_killed() -> None:
    assert await _ended(patience=0.1) == -signal.SIGKILL


async def test_a_bot_is_not_killed_before_it_gives_up_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[float] = []

    async def start(self: Family, *_: str, patience: float = 0, **__: Any) -> None:
        started.append(patience)

    monkeypatch.setattr(Family, "start", start)
    await Family().start_bot({})
    assert started[0] > STOP_SECONDS


def test_a_free_port_is_not_given_again_and_is_none_that_connections_get() -> None:
    ports = [free_port() for _ in range(200)]
    assert len(set(ports)) == 200
    first_for_connections = Path("/proc/sys/net/ipv4/ip_local_port_range").read_text(encoding="ascii").split()[0]
    assert max(ports) < int(first_for_connections)


def test_a_port_that_somebody_listens_on_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port := free_port()))
        taken.listen()
        monkeypatch.setattr("bot.processes.PORTS", range(port, port + 1))
        with pytest.raises(ProcessFailed, match=f"from {port} to {port} is free"):
            free_port()
