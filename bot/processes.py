"""Rasa, simulator and bot as child processes: started together, watched, ended together."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import random
import secrets
import signal
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field

import httpx

from bot.settings import ROOT, SettingsError

RASA_PYTHON = ROOT / ".venv-rasa" / "bin" / "python"
STANDARD_ERROR = 2
PATIENCE = 240.0
"""Seconds after which a process that does not get ready counts as failed."""
STOP_SECONDS = 20.0
"""How long a bot that is told to end may take to finish what is under way; it keeps to that by itself."""
STOP_OTHERS_SECONDS = 10.0
"""The same for Rasa and the simulator, which have nothing to finish: after that they are killed."""
COMPILED = {"PYTHONPYCACHEPREFIX": str(ROOT / "var" / "pycache"), "PYTHONDONTWRITEBYTECODE": ""}
"""Compiled modules are kept, even where the environment says not to: a process then starts in half the time."""
QUIET = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONWARNINGS": "ignore"}


RASA_TOKEN = "RASA_TOKEN"
"""The environment variable that holds what bot and Rasa prove themselves to each other with."""


def rasa_token() -> str:
    """The secret of the Rasa servers and bots started from here; made at the first call unless the environment has it.

    Every child finds it in its environment.
    """
    if not os.environ.get(RASA_TOKEN):
        os.environ[RASA_TOKEN] = secrets.token_urlsafe(32)
    return os.environ[RASA_TOKEN]


class ProcessFailed(Exception):
    """A child process ended, or did not get ready; the text says which."""


PORTS = range(20_000, 32_000)
"""Below those that systems give to outgoing connections (from 32768 on Linux, from 49152 by RFC 6335, section 6).

Any of those may be taken by a connection before whoever asked for it listens.
"""

# Each process begins elsewhere: those that look for ports at the same time would else be given the same ones.
_tries = itertools.count(random.SystemRandom().randrange(len(PORTS)))


def free_port() -> int:
    """A port on loopback that nobody listens on, and that this process was not given lately.

    Raises `ProcessFailed` if all of `PORTS` are taken.
    """
    for tried in itertools.islice(_tries, len(PORTS)):
        port = PORTS[tried % len(PORTS)]
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port
    raise ProcessFailed(f"no port from {PORTS.start} to {PORTS.stop - 1} is free; stop what listens there")


@dataclass
class Child:
    """One child process with a name for messages."""

    name: str
    process: asyncio.subprocess.Process
    patience: float = STOP_OTHERS_SECONDS
    """Seconds that it may take to end, once told to."""

    async def answers(self, url: str, needle: str = "") -> None:
        """Wait until `url` answers 200 with `needle` in it. Raises `ProcessFailed` if the process ends before."""
        async with httpx.AsyncClient() as http:
            for _ in range(int(PATIENCE / 0.2)):
                if self.process.returncode is not None:
                    raise ProcessFailed(f"{self.name} ended with code {self.process.returncode}")
                with contextlib.suppress(httpx.HTTPError):
                    response = await http.get(url)
                    if response.status_code == httpx.codes.OK and needle in response.text:
                        return
                await asyncio.sleep(0.2)
        raise ProcessFailed(f"{self.name} did not get ready within {PATIENCE:.0f} s")


@dataclass
class Family:
    """All child processes of one run."""

    children: list[Child] = field(default_factory=list)

    async def start(
        self, name: str, *command: str, env: Mapping[str, str] | None = None, patience: float = STOP_OTHERS_SECONDS
    ) -> Child:
        """Start a child in the project's folder, with `env` on top of the present environment.

        What it prints goes to standard error: standard output belongs to the command that was asked for.
        """
        process = await asyncio.create_subprocess_exec(
            *command, cwd=ROOT, start_new_session=True, stdout=STANDARD_ERROR,
            env={**os.environ, **COMPILED, **(env or {})},
        )  # fmt: skip
        child = Child(name, process, patience)
        self.children.append(child)
        return child

    async def start_rasa(self, port: int, actions_port: int, token: str = "") -> Child:
        """Start the Rasa server on loopback; it trains first if there is no model for the present data.

        `actions_port`: where a bot serves the actions of the flows. `token`: the bot's RASA_TOKEN, else one is made.
        """
        if not RASA_PYTHON.exists():
            raise SettingsError("the Rasa environment is missing: run `make setup`")
        return await self.start("Rasa", str(RASA_PYTHON), "-m", "nlu.serve", "--port", str(port),
                                env=QUIET | {"ACTIONS_URL": f"http://127.0.0.1:{actions_port}/webhook",
                                             RASA_TOKEN: token or rasa_token()})  # fmt: skip

    async def start_simulator(self, port: int, token: str) -> Child:
        """Start the stand-in for Telegram."""
        return await self.start("simulator", sys.executable, "-m", "bot.simulator", "--port", str(port),
                                "--token", token)  # fmt: skip

    async def start_bot(self, env: Mapping[str, str]) -> Child:
        """Start the bot with these settings."""
        # It ends by itself in time: killed before that, it would have to do some of it again.
        patience = STOP_SECONDS + STOP_OTHERS_SECONDS
        return await self.start("bot", sys.executable, "-m", "bot", "run", env=env, patience=patience)

    async def first_to_end(self) -> Child:
        """Wait until any child ends, and say which."""
        waits = {asyncio.ensure_future(child.process.wait()): child for child in self.children}
        done, rest = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for wait in rest:
            wait.cancel()
        return waits[done.pop()]

    async def stop(self) -> None:
        """End all children, kindly first, and the last one started before those it talks to."""
        for child in reversed(self.children):
            _signal(child.process, signal.SIGTERM)
            try:
                await asyncio.wait_for(child.process.wait(), child.patience)
            except TimeoutError:
                _signal(child.process, signal.SIGKILL)
                await child.process.wait()

    def kill(self) -> None:
        """End all children at once."""
        for child in self.children:
            _signal(child.process, signal.SIGKILL)


def _signal(process: asyncio.subprocess.Process, sign: signal.Signals) -> None:
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, sign)


@contextlib.asynccontextmanager
async def family() -> AsyncIterator[Family]:
    """Child processes that end when the block does."""
    rasa_token()
    members = Family()
    try:
        yield members
    finally:
        await members.stop()
